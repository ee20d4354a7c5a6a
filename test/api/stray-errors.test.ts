import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';

/** B1: what is thrown where nobody catches it ends a process well, or not at all. */
async function start() {
  const runner = path.join(__dirname, '../support/run-typescript.mjs');
  const child = spawn(process.execPath, [runner, path.join(__dirname, 'stray-server.ts')]);
  let log = '';
  child.stdout.on('data', (part: Buffer) => (log += part.toString()));
  const exited = once(child, 'exit');
  const [port] = (await once(child.stderr, 'data')) as [Buffer];
  const get = async (address: string): Promise<string> =>
    (await fetch(`http://127.0.0.1:${Number(port.toString())}${address}`)).text();
  return { child, exited, get, log: () => log };
}

it('B1 a promise that nobody waited for is logged, and the process goes on', async () => {
  const { child, get, log } = await start();
  expect(await get('/reject')).toBe('answered');
  expect(await get('/')).toBe('answered');
  expect(log()).toContain('"stray":"rejection"');
  expect(child.exitCode).toBeNull();
  child.kill();
});

it.each(['/throw', '/throw-twice'])(
  'B1 after an exception what is under way is answered, and the exit code asks for a new process: %s',
  async (address) => {
    const { exited, get, log } = await start();
    expect(await get(address)).toBe('answered');
    expect(await exited).toEqual([1, null]);
    expect(log()).toContain('"stray":"exception"');
  },
);

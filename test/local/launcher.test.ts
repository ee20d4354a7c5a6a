import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { describeError } from '../../local/checks.mjs';
import { choosePorts } from '../../local/choose-ports.mjs';
import { openMessageFile } from '../../local/message-file';
import { makePrivateFolder } from '../../local/paths.mjs';
import { PortClaims } from '../../local/port-claims.mjs';
import { PortTaken, Supervisor } from '../../local/processes.mjs';
import { runRecordIn } from '../../local/run-record.mjs';
import { waitUntil } from '../support/wait-until';

/**
 * What the launcher does when its machine is used by others, or full; `npm start` as a whole is tried in
 * start.test.ts.
 */
const root = path.join(__dirname, '..', '..');
let folder: string;
let said: string;
const nobody = { add: () => undefined, remove: () => undefined };
const nodeProgram = (name: string, code: string) => ({ name, command: process.execPath, args: ['-e', code] });

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'vardmote-launcher-'));
  said = '';
  jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
    said += String(text);
    return true;
  });
});
afterEach(() => {
  jest.restoreAllMocks();
  rmSync(folder, { recursive: true, force: true });
});

/** A launcher's choice in a process of its own, which holds its ports until it is ended. */
async function choosing(): Promise<{ ports: number[]; end: () => Promise<unknown> }> {
  const code = `
    const { choosePorts } = await import('./local/choose-ports.mjs');
    const { PortClaims } = await import('./local/port-claims.mjs');
    process.stderr.write(JSON.stringify(await choosePorts(new PortClaims())));
    setInterval(() => undefined, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], { cwd: root });
  const [text] = (await once(child.stderr, 'data')) as [Buffer];
  const ended = once(child, 'exit');
  return {
    ports: Object.values(JSON.parse(text.toString()) as Record<string, number>),
    end: () => (child.kill('SIGKILL'), ended),
  };
}

describe('B10 ports', () => {
  it('that are set to the same number are told before anything starts', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const port = String((server.address() as AddressInfo).port);
    server.close();
    await once(server, 'close');
    const before = { ...process.env };
    try {
      Object.assign(process.env, { PORT: port, LOCAL_MAIL_PORT: port });
      const told = `LOCAL_MAIL_PORT=${port} is the port of PORT, too.`;
      const claims = new PortClaims();
      await expect(choosePorts(claims)).rejects.toThrow(told);
      claims.releaseAll();
    } finally {
      process.env = before;
    }
  });

  it('that launchers choose in the same second are different ones, though nobody listens yet', async () => {
    const chosen = await Promise.all([choosing(), choosing(), choosing()]);
    const all = chosen.flatMap(({ ports }) => ports);
    expect(all).toHaveLength(18);
    expect(new Set(all).size).toBe(18);
    const claims = new PortClaims();
    expect(claims.claim(all[0]!)).toBe(false);
    // Set or chosen, it is held: the one who was told to take it hears so at once.
    const before = { ...process.env };
    try {
      process.env.LOCAL_DATABASE_PORT = String(all[0]);
      await expect(choosePorts(claims)).rejects.toThrow(
        `Port ${all[0]} (set by LOCAL_DATABASE_PORT) is in use.`,
      );
    } finally {
      process.env = before;
    }
    await Promise.all(chosen.map(({ end }) => end()));
    // A dead launcher holds nothing.
    expect(claims.claim(all[0]!)).toBe(true);
    claims.releaseAll();
  });

  it('a child that finds its port taken ends the try, and is not started on it again and again', async () => {
    const squatter = createServer().listen(0, '127.0.0.1');
    await once(squatter, 'listening');
    const { port } = squatter.address() as AddressInfo;
    const supervisor = new Supervisor(nobody, folder);
    await supervisor.start(nodeProgram('api', `require('net').createServer().listen(${port}, '127.0.0.1')`), {
      isServer: false,
    });
    await expect(supervisor.failed).rejects.toThrow(PortTaken);
    expect(said).not.toContain('started again');
    await supervisor.stop();
    squatter.close();
  });
});

describe('B16 a full disk', () => {
  it('does not end the launcher: its record is written when there is room', async () => {
    const record = runRecordIn(folder);
    await record.claim();
    symlinkSync('/dev/full', path.join(folder, 'run.json.new'));
    record.add('api', process.pid);
    const children = () =>
      (JSON.parse(readFileSync(path.join(folder, 'run.json'), 'utf8')) as { children: { name: string }[] })
        .children;
    expect(children()).toEqual([]);
    rmSync(path.join(folder, 'run.json.new'));
    await waitUntil(children, (all) => all[0]?.name === 'api');
    record.release();
  });

  it('is said once, and what ended of it is started again when there is room', async () => {
    // The first try finds no room; it takes the link away, and the next one finds some.
    symlinkSync('/dev/full', path.join(folder, 'room.try'));
    const supervisor = new Supervisor(nobody, folder);
    const begun = path.join(folder, 'begun');
    const code = `const fs = require('fs'); if (!fs.existsSync(${JSON.stringify(begun)})) {
      fs.writeFileSync(${JSON.stringify(begun)}, ''); process.exit(1); } setInterval(() => 0, 1000)`;
    await supervisor.start(nodeProgram('worker', code), { isServer: false });
    await waitUntil(
      () => said,
      (text) => text.includes('There is room again.'),
    );
    expect(said.match(/The disk is full/g)).toHaveLength(1);
    expect(said).not.toContain('ended (');
    await supervisor.stop();
  });

  it('at the start is one sentence, and what it left keeps nobody from starting', async () => {
    const full = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
    expect(describeError(full)).toBe('The disk is full: make room, then run the command again.');
    writeFileSync(path.join(folder, 'run.json'), '');
    const record = runRecordIn(folder);
    expect(await record.claim()).toEqual([]);
    await expect(runRecordIn(folder).claim()).rejects.toThrow('already runs from this checkout');
    record.release();
  });

  it('tears no message that comes after it', () => {
    const file = path.join(folder, 'messages.jsonl');
    const open = () => openMessageFile({ file, schema: z.object({ id: z.string() }) });
    const messages = open();
    messages.save({ id: 'before' });
    const kept = readFileSync(file, 'utf8');
    rmSync(file);
    symlinkSync('/dev/full', file);
    expect(() => messages.save({ id: 'full' })).toThrow(/ENOSPC/);
    rmSync(file);
    writeFileSync(file, `${kept}{"id":"fu`);
    messages.save({ id: 'after' });
    expect(open().messages()).toEqual([{ id: 'before' }, { id: 'after' }]);
  });
});

it('B14 what the launcher makes is for its user alone, also a folder that others could read before', async () => {
  const open = path.join(folder, 'database');
  makePrivateFolder(open);
  expect(statSync(open).mode & 0o777).toBe(0o700);
  const supervisor = new Supervisor(nobody, path.join(folder, 'logs'));
  const made = path.join(folder, 'made-by-a-child');
  await supervisor.start(
    nodeProgram(
      'api',
      `require('fs').writeFileSync(${JSON.stringify(made)}, ''); setInterval(() => 0, 1000)`,
    ),
    {
      isServer: false,
    },
  );
  await waitUntil(
    () => statSync(made, { throwIfNoEntry: false }),
    (stats) => stats !== undefined,
  );
  for (const file of [made, path.join(folder, 'logs', 'api.log')])
    expect(statSync(file).mode & 0o777).toBe(0o600);
  // The launcher's own files are as they were.
  writeFileSync(path.join(folder, 'own'), '');
  expect(statSync(path.join(folder, 'own')).mode & 0o777).toBe(0o644);
  await supervisor.stop();
});

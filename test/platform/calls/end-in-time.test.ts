import { once } from 'node:events';
import path from 'node:path';
import { startProcess } from '../../support/killed-process';

const GRACE_MS = 500;

it('B12 a process in which something hangs for ever ends on SIGTERM within its grace, and not before', async () => {
  const file = path.join(__dirname, '..', '..', 'support', 'hanging-process.ts');
  const child = startProcess(file, { graceMs: GRACE_MS }, { stderr: 'pipe' });
  let said = '';
  child.stderr!.on('data', (text: Buffer) => (said += text.toString()));
  await once(child.stderr!, 'data');
  child.kill('SIGTERM');
  const begun = performance.now();
  const [code] = (await once(child, 'exit')) as [number];
  expect([code, said]).toEqual([1, 'waits\nends anyway\n']);
  expect(performance.now() - begun).toBeGreaterThanOrEqual(GRACE_MS - 50);
});

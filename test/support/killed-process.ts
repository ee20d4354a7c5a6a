import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import path from 'node:path';

/** Runs a TypeScript file that ends with `runProcess` as a process of its own. */
export const startProcess = (
  file: string,
  settings: unknown,
  { stderr }: { stderr: 'pipe' | 'inherit' },
): ChildProcess =>
  spawn(process.execPath, [path.join(__dirname, 'run-typescript.mjs'), file], {
    env: { ...process.env, PROCESS_SETTINGS: JSON.stringify(settings) },
    stdio: ['ignore', 'ignore', stderr],
  });

/** Runs a file that `startProcess` has started; where a test imports it, it does nothing. */
export function runProcess(main: (settings: never) => Promise<void>): void {
  const settings = process.env.PROCESS_SETTINGS;
  if (settings === undefined) return;
  main(JSON.parse(settings) as never).then(
    () => process.exit(0),
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
}

/**
 * Kills this process with -9, and leaves the file as a sign of it; where the file is there it was killed
 * already, and goes on.
 */
export function killOnce(file: string): void {
  try {
    closeSync(openSync(file, 'wx'));
  } catch {
    return;
  }
  process.kill(process.pid, 'SIGKILL');
  // Nothing more may happen until the signal has come.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
}

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Problem } from './checks.mjs';
import { tail } from './logs.mjs';
import { makeFolder, root } from './paths.mjs';
import { waitUntil } from './waiting.mjs';

/**
 * A program that runs until it is stopped.
 * @typedef {{
 *   name: string,
 *   command: string,
 *   args: string[],
 *   env?: NodeJS.ProcessEnv,
 *   cwd?: string,
 *   isReady?: () => Promise<boolean>,
 * }} Program
 * @typedef {{ pid: number, ready: () => Promise<void>, stop: () => Promise<void> }} Running
 */

const readyMs = 60_000;
const graceMs = 10_000;

/**
 * @param {Program} program
 * @param {string} log its output is appended to this file
 * @param {{ detached: boolean }} options detached: as the leader of a process group of its own
 */
export function spawnProgram(program, log, { detached }) {
  // What it writes is for this user alone, its log too.
  const before = process.umask(0o077);
  /** @type {number | undefined} */
  let output;
  try {
    makeFolder(path.dirname(log));
    output = openSync(log, 'a', 0o600);
    return spawn(program.command, program.args, {
      cwd: program.cwd ?? root,
      env: program.env ?? process.env,
      detached,
      stdio: ['ignore', output, output],
    });
  } finally {
    if (output !== undefined) closeSync(output);
    process.umask(before);
  }
}

/**
 * Starts a program for as long as this process lives: for tests. It stays in the process group, so that it ends with
 * whatever ends the group, and nobody starts it again.
 * @param {Program} program
 * @param {string} log
 * @returns {Running}
 */
export function startProgram(program, log) {
  const child = spawnProgram(program, log, { detached: false });
  const ended = once(child, 'exit').catch(() => []);
  const hasEnded = () => child.pid === undefined || child.exitCode !== null || child.signalCode !== null;
  const killAtExit = () => void child.kill('SIGKILL');
  process.once('exit', killAtExit);
  // A server that nobody stops shall not keep its user's process alive.
  child.unref();
  return {
    pid: child.pid ?? 0,
    ready: () => untilReady(program, log, hasEnded),
    async stop() {
      process.off('exit', killAtExit);
      if (hasEnded()) return;
      child.ref();
      child.kill('SIGTERM');
      await Promise.race([ended, pause(graceMs, undefined, { ref: false })]);
      if (hasEnded()) return;
      child.kill('SIGKILL');
      await ended;
    },
  };
}

/**
 * @param {Program} program
 * @param {string} log
 * @param {() => boolean} hasEnded for good
 */
export async function untilReady(program, log, hasEnded) {
  const { isReady } = program;
  if (isReady === undefined) return;
  const result = await waitUntil(isReady, { timeoutMs: readyMs, giveUp: hasEnded });
  if (result.ok) return;
  const what = hasEnded() ? 'ended' : `did not answer within ${readyMs / 1000} s (${result.reason})`;
  throw new Problem(`${program.name} ${what}. The end of its log, ${log}:\n${tail(log)}`);
}

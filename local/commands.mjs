import { spawn } from 'node:child_process';
import { signalGroup } from './identity.mjs';
import { root, setting } from './paths.mjs';

/**
 * Commands that are run to their end, like npm and pip. Each has a process group of its own, so that all that it starts
 * can be ended with it.
 * @typedef {{ add(name: string, pid: number): void, remove(pid: number): void }} Register who must know of a process
 * @typedef {{ code: number, output: string }} Result
 */

/** @type {Set<number>} */
const running = new Set();
let closed = false;

/** @type {Register | undefined} */
let register;

/** @param {Register} other told of every command from now on */
export function registerCommandsWith(other) {
  register = other;
}

/** Ends all commands that run; none is started after that. */
export function killCommands() {
  closed = true;
  for (const pid of running) signalGroup(pid, 'SIGKILL');
}

/**
 * @param {string} command
 * @param {string[]} args
 * @param {{ env?: NodeJS.ProcessEnv, cwd?: string }} [options]
 * @returns {Promise<Result>} a command that cannot be started has ended with code 127, as in a shell
 */
export function runCommand(command, args, { env = process.env, cwd = root } = {}) {
  if (closed) return Promise.resolve({ code: 1, output: 'stopped' });
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    const { pid } = child;
    if (pid !== undefined) {
      running.add(pid);
      register?.add(command, pid);
    }
    /** @type {Buffer[]} */
    const output = [];
    child.stdout.on('data', (chunk) => output.push(chunk));
    child.stderr.on('data', (chunk) => output.push(chunk));
    /** @param {number} code @param {string} [note] */
    const end = (code, note = '') => {
      if (pid !== undefined && running.delete(pid)) register?.remove(pid);
      resolve({ code, output: output.map(String).join('') + note });
    };
    child.on('error', (error) => end(127, error.message));
    child.on('close', (code) => end(code ?? 1));
  });
}

/** @param {string[]} args */
export function runNpm(args) {
  // Under `npm start` this names the very npm that was called, which need not be the one on PATH.
  const npm = setting('npm_execpath');
  return npm?.endsWith('.js') ? runCommand(process.execPath, [npm, ...args]) : runCommand('npm', args);
}

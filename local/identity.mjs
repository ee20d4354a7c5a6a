import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/**
 * Which process a number stands for. Numbers are given out again, so a process that is remembered over a restart is
 * known by its number and the moment it started; its command line is no help, programs change theirs.
 * @typedef {{ pid: number, started: string }} Identity
 */

/** How far apart two readings of one start time may lie: it is derived from a clock that may be corrected. */
const toleranceMs = 5_000;

/** @param {number} pid @returns {Identity} */
export function identify(pid) {
  return { pid, started: startOf(pid) };
}

/** @param {Identity} identity */
export function isAlive(identity) {
  const now = startOf(identity.pid);
  if (now === '' || identity.started === '') return false;
  return now === identity.started || Math.abs(Date.parse(now) - Date.parse(identity.started)) <= toleranceMs;
}

/**
 * When a process started, or '' if there is none. `ps` is asked because it is the same on macOS and Linux.
 * @param {number} pid
 */
function startOf(pid) {
  const ps = spawnSync('ps', ['-o', 'stat=', '-o', 'lstart=', '-p', String(pid)], {
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], LC_ALL: 'C', TZ: 'UTC' },
  });
  if (ps.error !== undefined) return startFromProc(pid);
  const [state = '', ...started] = ps.stdout.trim().split(/\s+/);
  return state.startsWith('Z') ? '' : started.join(' ');
}

/**
 * Slim container images have no `ps`.
 * @param {number} pid
 */
function startFromProc(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name, in parentheses, may hold anything: what follows it is state, then 18 others, then the start.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? '' : `tick ${fields[19]}`;
  } catch {
    return '';
  }
}

/**
 * Sends a signal to a process group, or does nothing if it is gone.
 * @param {number} pid of the group's leader
 * @param {NodeJS.Signals} signal
 */
export function signalGroup(pid, signal) {
  try {
    process.kill(-pid, signal);
  } catch {
    // Gone already.
  }
}

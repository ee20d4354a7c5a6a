import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { identify, isAlive } from './identity.mjs';
import { say } from './progress.mjs';
import { pause } from './waiting.mjs';

/**
 * Does the work while no other process of this checkout does it: `npm start` and `npm test` may be called at once, and
 * both install. A lock whose owner has died is taken over.
 * @template T
 * @param {string} file
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withLock(file, work) {
  for (let tries = 0; !takeLock(file); tries++) {
    if (tries === 1) say('Another process installs in this checkout: waiting for it.');
    await pause(500);
  }
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
}

/**
 * @param {string} file
 * @returns {boolean} whether it is ours now; a dead owner's is taken away, and free for the next try
 */
export function takeLock(file) {
  try {
    writeFileSync(file, JSON.stringify(identify(process.pid)), { flag: 'wx' });
    return true;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EEXIST') throw error;
  }
  if (!ownerIsAlive(file)) rmSync(file, { force: true });
  return false;
}

/** @param {string} file */
function ownerIsAlive(file) {
  try {
    return isAlive(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    // Gone since, or killed before it had written its name.
    return false;
  }
}

import { rmSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import path from 'node:path';
import { takeLock } from './lock.mjs';
import { makeFolder } from './paths.mjs';

/**
 * Ports that launchers, test runs and rigs on this machine have chosen and may not listen on, yet or just now. Two
 * that start in the same second would else choose the same ones, and one would talk to the other's database before
 * its own has failed to listen.
 */
export class PortClaims {
  #folder = makeFolder(path.join(tmpdir(), `vardmote-ports-${userInfo().uid}`));
  /** @type {Set<string>} */
  #files = new Set();

  /** @param {number} port @returns {boolean} whether it is ours now; not where another launcher that lives has claimed it */
  claim(port) {
    const file = path.join(this.#folder, String(port));
    // The first try takes a dead launcher's claim away.
    const isOurs = this.#files.has(file) || takeLock(file) || takeLock(file);
    if (isOurs) this.#files.add(file);
    return isOurs;
  }

  /** @param {number} port */
  release(port) {
    const file = path.join(this.#folder, String(port));
    if (this.#files.delete(file)) rmSync(file, { force: true });
  }

  releaseAll() {
    for (const file of this.#files) rmSync(file, { force: true });
    this.#files.clear();
  }
}

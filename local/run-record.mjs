import { existsSync, linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Problem } from './checks.mjs';
import { isDiskFull } from './disk.mjs';
import { identify, isAlive, signalGroup } from './identity.mjs';
import { waitUntil } from './waiting.mjs';

/**
 * run.json in the state folder tells which launcher runs here and which children it has, so that there is never a
 * second one, and so that the next start can clear up after one that was killed.
 * @typedef {import('./identity.mjs').Identity} Identity
 * @typedef {import('./environment.mjs').Ports} Ports
 * @typedef {{ launcher: Identity, addresses: string[], ports?: Ports, children: (Identity & { name: string })[] }} Run
 */

const graceMs = 5_000;
const writeAgainMs = 2_000;

export class RunRecord {
  #file;
  /** @type {Run} */
  #run;
  /** Of a write that found no room. @type {NodeJS.Timeout | undefined} */
  #again;

  /** @param {string} file */
  constructor(file) {
    this.#file = file;
    this.#run = { launcher: identify(process.pid), addresses: [], children: [] };
  }

  /**
   * Makes this process the launcher of the state folder.
   * @returns {Promise<string[]>} the names of a dead launcher's children that were still there and are gone now
   */
  async claim() {
    /** @type {string[]} */
    let cleared = [];
    const earlier = this.#read();
    if (earlier !== undefined) {
      if (isAlive(earlier.launcher)) throw alreadyRunning(earlier);
      cleared = await endLeftovers(earlier);
      rmSync(this.#file, { force: true });
    } else if (existsSync(this.#file)) {
      // It is written whole or not at all: one that cannot be read was left by a full disk, in a version
      // before this one.
      rmSync(this.#file, { force: true });
    }
    const own = `${this.#file}.${process.pid}`;
    try {
      writeFileSync(own, JSON.stringify(this.#run));
      // Whole or not at all. Fails if another launcher was started at the same moment and came first.
      linkSync(own, this.#file);
    } catch (error) {
      const other = this.#read();
      throw other === undefined ? error : alreadyRunning(other);
    } finally {
      rmSync(own, { force: true });
    }
    return cleared;
  }

  /** @param {string[]} addresses @param {Ports} ports for those who look what runs here */
  setAddresses(addresses, ports) {
    this.#run.addresses = addresses;
    this.#run.ports = ports;
    this.#write();
  }

  /** @param {string} name @param {number} pid */
  add(name, pid) {
    this.#run.children.push({ name, ...identify(pid) });
    this.#write();
  }

  /** @param {number} pid */
  remove(pid) {
    this.#run.children = this.#run.children.filter((child) => child.pid !== pid);
    this.#write();
  }

  /** Only once all children have ended. */
  release() {
    clearTimeout(this.#again);
    rmSync(this.#file, { force: true });
  }

  #write() {
    clearTimeout(this.#again);
    try {
      // Written aside and renamed: whoever reads it, after whatever kill, reads all of it.
      writeFileSync(`${this.#file}.new`, JSON.stringify(this.#run, undefined, 2));
      renameSync(`${this.#file}.new`, this.#file);
    } catch (error) {
      if (!isDiskFull(error)) throw error;
      this.#again = setTimeout(() => this.#write(), writeAgainMs).unref();
    }
  }

  /** @returns {Run | undefined} */
  #read() {
    return readRun(this.#file);
  }
}

/** @param {string} file @returns {Run | undefined} */
function readRun(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

/**
 * What runs from this state folder now.
 * @param {string} folder the state folder
 */
export function runningIn(folder) {
  const run = readRun(path.join(folder, 'run.json'));
  return run && isAlive(run.launcher) ? run : undefined;
}

/** @param {string} folder the state folder */
export function runRecordIn(folder) {
  return new RunRecord(path.join(folder, 'run.json'));
}

/** @param {Run} run */
function alreadyRunning(run) {
  const where =
    run.addresses.length === 0 ? 'It is still starting.' : `It is at ${run.addresses.join(' and ')}.`;
  return new Problem(
    `vardmote already runs from this checkout (process ${run.launcher.pid}). ${where}`,
    'Stop it with Ctrl-C where it was started.',
  );
}

/** @param {Run} run */
async function endLeftovers(run) {
  const leftovers = run.children.filter(isAlive);
  const gone = () => !leftovers.some(isAlive);
  for (const child of leftovers) signalGroup(child.pid, 'SIGTERM');
  const ended = await waitUntil(gone, { timeoutMs: graceMs });
  if (!ended.ok) {
    for (const child of leftovers.filter(isAlive)) signalGroup(child.pid, 'SIGKILL');
    await waitUntil(gone, { timeoutMs: graceMs });
  }
  return leftovers.map((child) => child.name);
}

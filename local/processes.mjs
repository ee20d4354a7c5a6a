import { once } from 'node:events';
import path from 'node:path';
import { Problem } from './checks.mjs';
import { hasRoom, isDiskFull } from './disk.mjs';
import { signalGroup } from './identity.mjs';
import { followWarnings, rotate, tail } from './logs.mjs';
import { spawnProgram, untilReady } from './program.mjs';
import { say } from './progress.mjs';
import { pause } from './waiting.mjs';

/**
 * @typedef {import('./program.mjs').Program} Program
 * @typedef {import('./commands.mjs').Register} Register
 * @typedef {{
 *   program: Program,
 *   log: string,
 *   isServer: boolean,
 *   deaths: number[],
 *   pid?: number,
 *   exited?: Promise<unknown>,
 *   restart?: NodeJS.Timeout,
 *   unfollow: () => void,
 * }} Child
 */

const restartMs = 1_000;
const deathsMs = 60_000;
const mostDeaths = 5;
const graceMs = 10_000;
const roomMs = 2_000;

/**
 * Something listens on a port that a child was told to listen on: whatever was told of that port has to be
 * told of another.
 */
export class PortTaken extends Error {
  /** @param {string} name of the child */
  constructor(name) {
    super(`${name} found its port taken.`);
  }
}

/** How Node, Go, Rust and C++ say it. */
const takenWords = /EADDRINUSE|address already in use/i;

/** Keeps the children running until it is told to stop them, or one of them keeps dying. */
export class Supervisor {
  /** @type {Child[]} */
  #children = [];
  #stopping = false;
  #register;
  #logFolder;
  #saidFull = false;
  /** @type {(problem: Problem | PortTaken) => void} */
  #fail = () => undefined;

  /** Rejected once it makes no sense to go on, or not on these ports (PortTaken). */
  failed = /** @type {Promise<never>} */ (new Promise((_, reject) => (this.#fail = reject)));

  /**
   * @param {Register} register where the children's process ids are kept
   * @param {string} logFolder
   */
  constructor(register, logFolder) {
    this.#register = register;
    this.#logFolder = logFolder;
    this.failed.catch(() => undefined);
  }

  /**
   * @param {Program} program
   * @param {{ isServer: boolean }} kind servers are stopped after the processes that use them
   * @returns {Promise<void>} once it is ready
   */
  async start(program, { isServer }) {
    const log = this.logOf(program.name);
    rotate(log);
    /** @type {Child} */
    const child = { program, log, isServer, deaths: [], unfollow: () => undefined };
    this.#children.push(child);
    this.#launch(child);
    child.unfollow = followWarnings(log, (warning) => say(`${program.name}: ${warning}`));
    // Whoever else answers there, ours must be alive to be ready.
    const isReady = async () => child.pid !== undefined && (await program.isReady?.()) !== false;
    await untilReady({ ...program, isReady }, log, () => this.#stopping);
  }

  /** @param {string} name */
  logOf(name) {
    return path.join(this.#logFolder, `${name}.log`);
  }

  /** Lets the processes finish what they do, then the servers; who does not end in time is killed. */
  async stop() {
    this.#beginStopping();
    await this.#end(this.#children.filter((child) => !child.isServer));
    await this.#end(this.#children.filter((child) => child.isServer));
  }

  killNow() {
    this.#beginStopping();
    for (const { pid } of this.#children) if (pid !== undefined) signalGroup(pid, 'SIGKILL');
  }

  #beginStopping() {
    this.#stopping = true;
    for (const child of this.#children) {
      clearTimeout(child.restart);
      child.unfollow();
    }
  }

  /** @param {Child[]} children */
  async #end(children) {
    const all = Promise.all(children.map(async (child) => child.exited));
    for (const { pid } of children) if (pid !== undefined) signalGroup(pid, 'SIGTERM');
    await Promise.race([all, pause(graceMs, undefined, { ref: false })]);
    for (const { pid } of children) if (pid !== undefined) signalGroup(pid, 'SIGKILL');
    await all;
  }

  /** @param {Child} child */
  #launch(child) {
    if (this.#stopping) return;
    let spawned;
    try {
      spawned = spawnProgram(child.program, child.log, { detached: true });
    } catch (error) {
      if (!isDiskFull(error)) throw error;
      this.#waitForRoom(child);
      return;
    }
    const { pid } = spawned;
    if (pid !== undefined) this.#register.add(child.program.name, pid);
    child.pid = pid;
    child.exited = once(spawned, 'exit').then(
      ([code, signal]) => this.#exited(child, signal ?? `exit code ${code}`),
      (/** @type {unknown} */ error) => this.#exited(child, String(error)),
    );
  }

  /**
   * @param {Child} child
   * @param {string} how
   */
  #exited(child, how) {
    if (child.pid !== undefined) {
      // What it may have started itself must not outlive it.
      signalGroup(child.pid, 'SIGKILL');
      this.#register.remove(child.pid);
      delete child.pid;
    }
    if (this.#stopping) return;
    const { name } = child.program;
    if (takenWords.test(tail(child.log))) {
      this.#fail(new PortTaken(name));
      return;
    }
    if (!hasRoom(this.#logFolder)) {
      this.#waitForRoom(child);
      return;
    }
    child.deaths = [...child.deaths.filter((at) => at > Date.now() - deathsMs), Date.now()];
    if (child.deaths.length > mostDeaths) {
      this.#fail(
        new Problem(
          `${name} ended ${child.deaths.length} times within a minute (${how}). ${endOfLog(child.log)}`,
        ),
      );
      return;
    }
    say(`${name} ended (${how}) and is started again.`);
    // The first time its last words are shown; after that they would be the same.
    if (how.startsWith('exit code') && child.deaths.length === 1) say(endOfLog(child.log));
    child.restart = setTimeout(() => this.#launch(child), restartMs);
  }

  /**
   * A child that ended because the disk is full would only end again: it is started when there is room.
   * @param {Child} child
   */
  #waitForRoom(child) {
    if (!this.#saidFull)
      say('The disk is full: what has ended of it starts again by itself when there is room.');
    this.#saidFull = true;
    child.restart = setTimeout(() => {
      if (!hasRoom(this.#logFolder)) {
        this.#waitForRoom(child);
        return;
      }
      if (this.#saidFull) say('There is room again.');
      this.#saidFull = false;
      this.#launch(child);
    }, roomMs);
  }
}

/** @param {string} log */
export function endOfLog(log) {
  return `The end of its log, ${log}:\n${tail(log).replace(/^/gm, '  ')}`;
}

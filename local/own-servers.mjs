import path from 'node:path';
import { mongodbUri, startDatabase } from './database-server.mjs';
import { PortClaims } from './port-claims.mjs';
import { freePorts } from './ports.mjs';
import { startTemporal } from './temporal-server.mjs';

/**
 * @typedef {import('./program.mjs').Running} Running
 * @typedef {{
 *   temporal: string,
 *   database: { kind: 'mongod' | 'secantusd', path: string },
 *   preferredPorts: { temporal: number, ui: number, database: number },
 *   namespace: string,
 *   folder: string,
 *   temporalInMemory: boolean,
 * }} OwnServersOptions
 *   temporal: the binary; preferredPorts: best below those that systems give out by themselves, since Temporal's own inner ones are from
 *   there; folder: for data and logs; temporalInMemory: keeps nothing
 */

/** How often a server that ended at its start is started once more. */
const moreTries = 2;

/**
 * Starts Temporal and the database outside of a launcher, for tests and measurements, and waits until both answer.
 * @param {OwnServersOptions} options
 */
export async function startOwnServers({
  temporal,
  database,
  preferredPorts,
  namespace,
  folder,
  temporalInMemory,
}) {
  const claims = new PortClaims();
  const ports = await freePorts(preferredPorts, claims);
  const temporalLog = path.join(folder, 'temporal.log');
  /** @type {Running[]} */
  const running = [];
  let stopping = false;
  const stop = async () => {
    stopping = true;
    await Promise.all(running.map((server) => server.stop()));
    claims.releaseAll();
  };

  /**
   * Once more where it ended: Temporal's inner ports can be taken by another between its choice and its use of them.
   * @param {() => Running} start
   * @returns {Promise<number>} the process's id
   */
  async function untilReady(start, triesLeft = moreTries) {
    const server = start();
    running.push(server);
    try {
      await server.ready();
      return server.pid;
    } catch (error) {
      if (triesLeft === 0 || stopping) throw error;
      await server.stop();
      return untilReady(start, triesLeft - 1);
    }
  }

  /** @type {[number, number]} */
  let pids;
  try {
    pids = await Promise.all([
      untilReady(() =>
        startTemporal({
          binary: temporal,
          port: ports.temporal,
          uiPort: ports.ui,
          stateFile: temporalInMemory ? null : path.join(folder, 'temporal', 'temporal.db'),
          namespace,
          codecEndpoint: null,
          log: temporalLog,
        }),
      ),
      untilReady(() =>
        startDatabase({
          ...database,
          port: ports.database,
          dataFolder: path.join(folder, 'database'),
          log: path.join(folder, 'database.log'),
        }),
      ),
    ]);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    temporalAddress: `127.0.0.1:${ports.temporal}`,
    temporalLog,
    /** With `DATABASE` where its name goes. */
    mongodbUri: mongodbUri({ port: ports.database, database: 'DATABASE' }),
    /** Of the processes, for who measures them. */
    pids: { temporal: pids[0], database: pids[1] },
    stop,
  };
}

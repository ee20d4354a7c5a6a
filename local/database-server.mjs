import { makePrivateFolder } from './paths.mjs';
import { startProgram } from './program.mjs';
import { beReplicaSet } from './replica-set.mjs';

/**
 * @typedef {{ kind: 'mongod' | 'secantusd', path: string, port: number, dataFolder: string }} DatabaseOptions
 */

const loopback = '127.0.0.1';

/**
 * MongoDB, or the embedded server that speaks its protocol.
 * @param {DatabaseOptions} options
 * @returns {import('./program.mjs').Program}
 */
export function databaseProgram({ kind, path, port, dataFolder }) {
  makePrivateFolder(dataFolder);
  return {
    name: 'database',
    command: path,
    args: kind === 'mongod' ? mongodArgs(port, dataFolder) : secantusdArgs(port, dataFolder),
    // Both look into the working folder for settings.
    cwd: dataFolder,
    isReady: () => beReplicaSet(mongodbUri({ port, database: 'admin' }), `${loopback}:${port}`),
  };
}

/**
 * Starts it outside of a launcher, for tests. `ready()` once it takes writes.
 * @param {DatabaseOptions & { log: string }} options log: the file that its output is appended to
 */
export function startDatabase({ log, ...options }) {
  return startProgram(databaseProgram(options), log);
}

/** @param {{ port: number, database: string }} where */
export function mongodbUri({ port, database }) {
  return `mongodb://${loopback}:${port}/${database}?directConnection=true`;
}

/** @param {number} port @param {string} dataFolder */
function mongodArgs(port, dataFolder) {
  return [
    ...['--bind_ip', loopback, '--port', String(port), '--dbpath', dataFolder],
    ...['--replSet', 'rs0', '--wiredTigerCacheSizeGB', '0.25', '--quiet'],
  ];
}

/** @param {number} port @param {string} dataFolder */
function secantusdArgs(port, dataFolder) {
  return [
    ...['--host', loopback, '--port', String(port), '--storage-path', dataFolder],
    // What is acknowledged is on disk; and sizes fit for one developer's machine.
    ...['--sync-on-commit', '--cache-size', '256M', '--log-file-max', '128MB', '--log-level', 'WARNING'],
  ];
}

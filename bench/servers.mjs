import { Problem } from '../local/checks.mjs';
import { startOwnServers } from '../local/own-servers.mjs';
import { ensureServers } from '../local/servers.mjs';

/** Beside those of `npm start` and `npm test`. */
const preferredPorts = { temporal: 19_233, ui: 20_233, database: 27_317 };

/**
 * The servers that all is measured on, with ports and files of their own: Temporal as `npm start` runs it, and the
 * local database. Of others only those are loaded that the command line names, never those of the environment.
 * @param {string} folder
 * @param {ReturnType<import('./options.mjs').optionsOf>} options
 */
export async function startServers(folder, options) {
  delete process.env['TEMPORAL_ADDRESS'];
  delete process.env['MONGODB_URI'];
  const { temporal, database, testServer } = await ensureServers({ needTestServer: true });
  if (temporal === undefined || database === undefined || testServer === undefined)
    throw new Problem('A local server is missing.');
  const own = await startOwnServers({
    temporal,
    database,
    preferredPorts,
    namespace: options.namespace,
    folder,
    temporalInMemory: false,
  });
  return {
    stop: own.stop,
    addresses: {
      temporalAddress: options.temporal ?? own.temporalAddress,
      temporalKind: options.temporal === null ? 'dev-server' : 'cluster',
      namespace: options.namespace,
      mongodbUri: options.mongodb ?? own.mongodbUri,
      databaseKind: options.mongodb === null ? database.kind : 'mongod',
      testServer,
      pids: {
        temporal: options.temporal === null ? [own.pids.temporal] : options.pids.temporal,
        database: options.mongodb === null ? [own.pids.database] : options.pids.database,
      },
    },
  };
}

import { Problem } from '../local/checks.mjs';
import { startOwnServers } from '../local/own-servers.mjs';
import { ensureServers } from '../local/servers.mjs';

const namespace = 'bench';

/** Beside those of `npm start` and `npm test`. */
const preferredPorts = { temporal: 19_233, ui: 20_233, database: 27_317 };

/**
 * The servers that all is measured on, with ports and files of their own: Temporal as `npm start` runs it, and the local database.
 * Another server that the environment points to is never loaded.
 * @param {string} folder
 */
export async function startServers(folder) {
  delete process.env['TEMPORAL_ADDRESS'];
  delete process.env['MONGODB_URI'];
  const { temporal, database } = await ensureServers({ needTestServer: false });
  if (temporal === undefined || database === undefined) throw new Problem('A local server is missing.');
  const { temporalAddress, mongodbUri, stop } = await startOwnServers({
    temporal,
    database,
    preferredPorts,
    namespace,
    folder,
    temporalInMemory: false,
  });
  return { stop, addresses: { temporalAddress, namespace, mongodbUri, databaseKind: database.kind } };
}

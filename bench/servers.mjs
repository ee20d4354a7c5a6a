import path from 'node:path';
import { Problem } from '../local/checks.mjs';
import { mongodbUri, startDatabase } from '../local/database-server.mjs';
import { freePort } from '../local/ports.mjs';
import { ensureServers } from '../local/servers.mjs';
import { startTemporal } from '../local/temporal-server.mjs';

const namespace = 'bench';

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

  const taken = new Set();
  const portFrom = async (/** @type {number} */ preferred) => {
    const port = await freePort(preferred, taken);
    taken.add(port);
    return port;
  };
  // Below the ports that systems give out by themselves, and beside those of `npm start` and `npm test`.
  const ports = {
    temporal: await portFrom(19233),
    ui: await portFrom(20233),
    database: await portFrom(27317),
  };
  const running = [
    startTemporal({
      binary: temporal,
      port: ports.temporal,
      uiPort: ports.ui,
      stateFile: path.join(folder, 'temporal', 'temporal.db'),
      namespace,
      codecEndpoint: null,
      log: path.join(folder, 'temporal.log'),
    }),
    startDatabase({
      ...database,
      port: ports.database,
      dataFolder: path.join(folder, 'database'),
      log: path.join(folder, 'database.log'),
    }),
  ];
  const stop = async () => {
    await Promise.all(running.map((server) => server.stop()));
  };
  try {
    await Promise.all(running.map((server) => server.ready()));
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    stop,
    addresses: {
      temporalAddress: `127.0.0.1:${ports.temporal}`,
      namespace,
      mongodbUri: mongodbUri({ port: ports.database, database: 'DATABASE' }),
      databaseKind: database.kind,
    },
  };
}

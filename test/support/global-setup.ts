import { mkdtempSync, mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { bundleWorkflowCode } from '@temporalio/worker';
import { bundleSources } from '../../worker/bundle';

interface LocalServer {
  ready(): Promise<void>;
  stop(): Promise<void>;
}

declare global {
  var stopTestServers: (() => Promise<void>) | undefined;
}

/** Starts the real servers that all tests share, and bundles the workflows once. */
export default async function globalSetup(): Promise<void> {
  const {
    VARDMOTE_TEMPORAL: temporal,
    VARDMOTE_DATABASE: database,
    VARDMOTE_TEST_SERVER: testServer,
  } = process.env;
  if (!temporal || !database || !testServer) {
    throw new Error(
      'Run the tests with `npm test` (more arguments go to Jest): it gets the servers they need.',
    );
  }
  const { startTemporal } = await import('../../local/temporal-server.mjs');
  const { startDatabase, mongodbUri } = await import('../../local/database-server.mjs');
  const { freePort } = await import('../../local/ports.mjs');
  const folder = mkdtempSync(path.join(tmpdir(), 'vardmote-test-'));
  mkdirSync(path.join(folder, 'database'));

  const taken = new Set<number>();
  const portFrom = async (preferred: number): Promise<number> => {
    const port = await freePort(preferred, taken);
    taken.add(port);
    return port;
  };
  const ports = {
    temporal: await portFrom(17233),
    ui: await portFrom(18233),
    // Below the ports that systems give out by themselves: Temporal's own inner ones are from there.
    database: await portFrom(27217),
  };
  const [kind = '', ...rest] = database.split(':');
  const servers: LocalServer[] = [];
  globalThis.stopTestServers = async () => {
    await Promise.all(servers.map((server) => server.stop()));
  };
  /** Once more where it ended: Temporal's inner ports can be taken by another between its choice and its use of them. */
  const running = async (start: () => LocalServer, triesLeft = 2): Promise<void> => {
    const server = start();
    servers.push(server);
    try {
      await server.ready();
    } catch (error) {
      if (triesLeft === 0) throw error;
      await server.stop();
      await running(start, triesLeft - 1);
    }
  };
  const [{ code }] = await Promise.all([
    bundleWorkflowCode({ ...bundleSources, logger: silent }),
    running(() =>
      startTemporal({
        binary: temporal,
        port: ports.temporal,
        uiPort: ports.ui,
        // On disk, as bytes that are searched after all tests.
        stateFile: path.join(folder, 'temporal', 'temporal.db'),
        namespace: 'test',
        codecEndpoint: null,
        log: path.join(folder, 'temporal.log'),
      }),
    ),
    running(() =>
      startDatabase({
        kind: kind as 'mongod' | 'secantusd',
        path: rest.join(':'),
        port: ports.database,
        dataFolder: path.join(folder, 'database'),
        log: path.join(folder, 'database.log'),
      }),
    ),
  ]);
  const bundleFile = path.join(folder, 'workflow-bundle.js');
  writeFileSync(bundleFile, code);

  process.env.TEST_FOLDER = folder;
  process.env.TEST_TEMPORAL_ADDRESS = `127.0.0.1:${ports.temporal}`;
  process.env.TEST_TEMPORAL_LOG = path.join(folder, 'temporal.log');
  process.env.TEST_MONGODB_URI = mongodbUri({ port: ports.database, database: 'DATABASE' });
  process.env.TEST_WORKFLOW_BUNDLE = bundleFile;
}

const nothing = (): void => undefined;
const silent = { log: nothing, trace: nothing, debug: nothing, info: nothing, warn: nothing, error: nothing };

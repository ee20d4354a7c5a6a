import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Connection } from '@temporalio/client';
import { bundleWorkflowCode } from '@temporalio/worker';
import { registerSearchAttributes } from '../../temporal/search-attributes';
import { bundleSources } from '../../worker/bundle';

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
  const { startOwnServers } = await import('../../local/own-servers.mjs');
  const folder = mkdtempSync(path.join(tmpdir(), 'vardmote-test-'));
  const [kind = '', ...rest] = database.split(':');
  const [{ code }, servers] = await Promise.all([
    bundleWorkflowCode({ ...bundleSources, logger: silent }),
    startOwnServers({
      temporal,
      database: { kind: kind as 'mongod' | 'secantusd', path: rest.join(':') },
      preferredPorts: { temporal: 17_233, ui: 18_233, database: 27_217 },
      namespace: 'test',
      folder,
      // On disk, as bytes that are searched after all tests.
      temporalInMemory: false,
    }),
  ]);
  globalThis.stopTestServers = servers.stop;
  const connection = await Connection.connect({ address: servers.temporalAddress });
  await registerSearchAttributes(connection, 'test');
  await connection.close();
  const bundleFile = path.join(folder, 'workflow-bundle.js');
  writeFileSync(bundleFile, code);

  process.env.TEST_FOLDER = folder;
  process.env.TEST_TEMPORAL_ADDRESS = servers.temporalAddress;
  process.env.TEST_TEMPORAL_LOG = servers.temporalLog;
  process.env.TEST_MONGODB_URI = servers.mongodbUri;
  process.env.TEST_WORKFLOW_BUNDLE = bundleFile;
}

const nothing = (): void => undefined;
const silent = { log: nothing, trace: nothing, debug: nothing, info: nothing, warn: nothing, error: nothing };

import { Client, Connection } from '@temporalio/client';
import type { Connection as DatabaseConnection } from 'mongoose';
import { createRecords, type Records } from '../../records';
import { connectRecords } from '../../records/connection';
import { createDataConverter } from '../../temporal/data-converter';
import { registerSearchAttributes } from '../../temporal/search-attributes';
import { createTemporalGateway, type TemporalGateway } from '../../temporal/gateway';
import { databaseUri, keysOf, type BenchSettings } from '../settings';

/** Longer than in production: where the machine is busy the bench waits, and counts how long it took. */
const DEADLINE_MS = 60_000;

/** The service's way to its database and to Temporal. */
export interface Backend {
  database: DatabaseConnection;
  records: Records;
  client: Client;
  temporal: TemporalGateway;
  close(): Promise<void>;
}

/**
 * @param name of the database and of the task queue
 * @param options.prepares makes indexes and search attributes; once for each rig is enough
 */
export async function openBackend(
  settings: BenchSettings,
  name: string,
  { prepares = false }: { prepares?: boolean } = {},
): Promise<Backend> {
  const keys = keysOf(settings);
  const database = await connectRecords(databaseUri(settings, name));
  const records = createRecords(database, keys);
  if (prepares) await records.prepare();
  const connection = await Connection.connect({ address: settings.temporalAddress });
  if (prepares) await registerSearchAttributes(connection, settings.namespace);
  const client = new Client({
    connection,
    namespace: settings.namespace,
    dataConverter: createDataConverter(keys.payloadKeys),
  });
  return {
    database,
    records,
    client,
    temporal: createTemporalGateway(client, { taskQueue: name, deadlineMs: DEADLINE_MS }),
    async close() {
      await connection.close();
      await records.close();
    },
  };
}

import type { Client } from '@temporalio/client';
import type { Connection } from 'mongoose';
import type { opsSettings } from '../config';
import { createRecords, type Records } from '../records';
import { connectRecords } from '../records/connection';
import type { Clock } from '../rules/clock';
import { createClient } from '../temporal/connect';
import { createTemporalGateway, type TemporalGateway } from '../temporal/gateway';
import { TASK_QUEUE } from '../temporal/task-queues';
import type { WebUi } from '../temporal/web-ui';

/** The settings of the operator's command. */
export type OpsSettings = ReturnType<typeof opsSettings>;

/** The running service as the operator reaches it: its database and its Temporal. */
export interface Connections {
  settings: OpsSettings;
  database: Connection;
  records: Records;
  client: Client;
  temporal: TemporalGateway;
  taskQueue: string;
  clock: Clock;
  /** Null where nobody has said where it is. */
  webUi: WebUi | null;
  close(): Promise<void>;
}

const DEADLINE_MS = 10_000;

export async function openConnections(settings: OpsSettings, clock: Clock): Promise<Connections> {
  const database = await connectRecords(settings.MONGODB_URI);
  const records = createRecords(database, { fieldKeys: settings.FIELD_KEYS, hashKeys: settings.HASH_KEYS });
  const client = createClient(settings.temporal, settings.PAYLOAD_KEYS);
  return {
    settings,
    database,
    records,
    client,
    temporal: createTemporalGateway(client, { taskQueue: TASK_QUEUE, deadlineMs: DEADLINE_MS }),
    taskQueue: TASK_QUEUE,
    clock,
    webUi: webUiOf(settings),
    async close() {
      await Promise.allSettled([client.connection.close(), records.close()]);
    },
  };
}

/** Where the Web UI is, as far as the settings say. */
function webUiOf({ TEMPORAL_UI_URL: url, temporal }: OpsSettings): WebUi | null {
  return url === undefined ? null : { url, namespace: temporal.namespace ?? 'default' };
}

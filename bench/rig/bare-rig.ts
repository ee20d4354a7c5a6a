import { Client, Connection } from '@temporalio/client';
import type { bareLoop } from '../bare/workflows';
import type { Bench } from '../bench';
import type { Pids } from '../cpu';
import type { BareWorkerSettings } from '../processes/bare-worker';
import { startChild, type Child } from '../processes/child';
import { databaseUri, named } from '../settings';

/** The bare loop, or the honest floor, with its worker. */
export interface BareRig {
  client: Client;
  worker: Child<null>;
  pids: Pids;
  /** Starts one whose timer ends at the instant, in milliseconds since 1970; answers with its id. */
  start(dueAt: number): Promise<string>;
  close(): Promise<void>;
}

/** @param options.rows it writes the rows of the honest floor */
export async function openBareRig(
  { settings, bundles, provider }: Bench,
  measure: string,
  { execArgv = [], rows = false }: { execArgv?: string[]; rows?: boolean } = {},
): Promise<BareRig> {
  const { folder, temporalAddress, namespace, pids } = settings;
  const name = named(settings, measure);
  const connection = await Connection.connect({ address: temporalAddress });
  const client = new Client({ connection, namespace });
  const workerSettings: BareWorkerSettings = {
    folder,
    temporalAddress,
    namespace,
    taskQueue: name,
    bundle: bundles.bare,
    providerUrl: provider.url,
    databaseUri: rows ? databaseUri(settings, name) : null,
  };
  const worker = await startChild<null>('bare-worker', workerSettings, { execArgv });
  let started = 0;
  return {
    client,
    worker,
    pids: { ...pids, worker: [worker.pid] },
    async start(dueAt) {
      const id = `${name}-${(started += 1)}`;
      await client.workflow.start<typeof bareLoop>('bareLoop', {
        workflowId: id,
        taskQueue: name,
        args: [{ id, dueAt }],
      });
      return id;
    },
    async close() {
      await worker.stop();
      await connection.close();
    },
  };
}

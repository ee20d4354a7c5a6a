import { Client, Connection } from '@temporalio/client';
import type { BareWorkerSettings } from '../processes/bare-worker';
import { startChild, type Child } from '../processes/child';
import type { bareLoop } from '../bare/workflows';
import type { Bench } from '../bench';

/** The bare loop with its worker. */
export interface BareRig {
  client: Client;
  worker: Child<null>;
  /** Starts one whose timer ends at the instant, in milliseconds since 1970; answers with its id. */
  start(dueAt: number): Promise<string>;
  close(): Promise<void>;
}

export async function openBareRig(
  { settings, bundles, provider }: Bench,
  name: string,
  execArgv: string[] = [],
): Promise<BareRig> {
  const { folder, temporalAddress, namespace } = settings;
  const connection = await Connection.connect({ address: temporalAddress });
  const client = new Client({ connection, namespace });
  const workerSettings: BareWorkerSettings = {
    folder,
    temporalAddress,
    namespace,
    taskQueue: name,
    bundle: bundles.bare,
    providerUrl: provider.url,
  };
  const worker = await startChild<null>('bare-worker', workerSettings, { execArgv });
  let started = 0;
  return {
    client,
    worker,
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

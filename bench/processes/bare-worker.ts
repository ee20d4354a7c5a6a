import { NativeConnection, Worker } from '@temporalio/worker';
import { connectRecords } from '../../records/connection';
import { createBareActivities } from '../bare/activities';
import { createFloorRows } from '../floor/rows';
import type { BenchSettings } from '../settings';
import { measureMemory, untilQuiet } from './memory';
import { serve } from './serve';

/** What the bare loop's worker starts with. */
export type BareWorkerSettings = Pick<BenchSettings, 'folder' | 'temporalAddress' | 'namespace'> & {
  taskQueue: string;
  bundle: string;
  providerUrl: string;
  /** Where the honest floor's rows go; null for the bare loop, which has none. */
  databaseUri: string | null;
};

/** The worker of the bare loop, or of the honest floor: the SDK as it comes. */
serve(async (settings: BareWorkerSettings) => {
  const connection = await NativeConnection.connect({ address: settings.temporalAddress });
  const database = settings.databaseUri ? await connectRecords(settings.databaseUri) : null;
  const rows = database ? createFloorRows(database) : null;
  const worker = await Worker.create({
    connection,
    namespace: settings.namespace,
    taskQueue: settings.taskQueue,
    workflowBundle: { codePath: settings.bundle },
    activities: createBareActivities(settings.providerUrl, rows),
  });
  const ended = worker.run();
  return {
    ready: null,
    answers: {
      memory: () => measureMemory(worker),
      quiet: () => untilQuiet([worker]),
      async stop() {
        worker.shutdown();
        await ended;
        await connection.close();
        await database?.close();
      },
    },
  };
});

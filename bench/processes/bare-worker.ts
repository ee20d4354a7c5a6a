import { NativeConnection, Worker } from '@temporalio/worker';
import { createBareActivities } from '../bare/activities';
import type { BenchSettings } from '../settings';
import { measureMemory, untilQuiet } from './memory';
import { serve } from './serve';

/** What the bare loop's worker starts with. */
export type BareWorkerSettings = Pick<BenchSettings, 'folder' | 'temporalAddress' | 'namespace'> & {
  taskQueue: string;
  bundle: string;
  providerUrl: string;
};

/** The bare loop's worker: the SDK as it comes. */
serve(async (settings: BareWorkerSettings) => {
  const connection = await NativeConnection.connect({ address: settings.temporalAddress });
  const worker = await Worker.create({
    connection,
    namespace: settings.namespace,
    taskQueue: settings.taskQueue,
    workflowBundle: { codePath: settings.bundle },
    activities: createBareActivities(settings.providerUrl),
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
      },
    },
  };
});

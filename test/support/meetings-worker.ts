import { NativeConnection, Worker } from '@temporalio/worker';
import { createMeetingActivities } from '../../activities';
import { systemClock, type Clock } from '../../rules/clock';
import { createDataConverter } from '../../temporal/data-converter';
import { testKeys } from './keys';
import type { Service } from './service';

/**
 * Runs the meetings' side alone, so that what is due stands in the SMS queue until somebody takes of it.
 *
 * @returns what stops it
 */
export async function startMeetingsWorker(
  { records, temporal, taskQueue }: Service,
  workflowBundle = process.env.TEST_WORKFLOW_BUNDLE ?? '',
  clock: Clock = systemClock,
): Promise<() => Promise<void>> {
  const connection = await NativeConnection.connect({ address: process.env.TEST_TEMPORAL_ADDRESS ?? '' });
  const worker = await Worker.create({
    connection,
    namespace: 'test',
    taskQueue,
    dataConverter: createDataConverter(testKeys.payloadKeys),
    workflowBundle: { codePath: workflowBundle },
    activities: createMeetingActivities({
      records,
      temporal,
      clock,
      log: { warn: () => undefined },
      smsPerDay: 1_000_000,
    }),
  });
  const ended = worker.run();
  return async () => {
    worker.shutdown();
    await ended;
    await connection.close();
  };
}

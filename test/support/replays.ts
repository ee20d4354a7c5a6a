import { Worker } from '@temporalio/worker';
import { createDataConverter } from '../../temporal/data-converter';
import { testKeys } from './keys';
import type { Service } from './service';

/**
 * Replays what the service's own workflows have just been through (design, decision 13): a race of events is
 * where a history comes out otherwise than the code would make it again.
 *
 * @param most - so many of them at most, the newest
 * @returns how many were replayed
 * @throws DeterminismViolationError for the first that does not replay
 */
export async function replayOwn({ client, taskQueue }: Service, most: number): Promise<number> {
  const options = {
    workflowBundle: { codePath: process.env.TEST_WORKFLOW_BUNDLE ?? '' },
    dataConverter: createDataConverter(testKeys.payloadKeys),
  };
  let replayed = 0;
  for await (const { workflowId, runId } of client.workflow.list({ query: `TaskQueue = "${taskQueue}"` })) {
    if (replayed === most) break;
    const history = await client.workflow.getHandle(workflowId, runId).fetchHistory();
    await Worker.runReplayHistory(options, history, workflowId);
    replayed += 1;
  }
  return replayed;
}

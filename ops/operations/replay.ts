import { readFile } from 'node:fs/promises';
import { DeterminismViolationError } from '@temporalio/workflow';
import { ReplayError, Worker, type ReplayWorkerOptions } from '@temporalio/worker';
import type { History } from '@temporalio/common/lib/proto-utils';
import { temporal } from '@temporalio/proto';
import { createDataConverter } from '../../temporal/data-converter';
import { meetingWorkflowId } from '../../temporal/ids';
import { historyOf, workflowIdIn } from '../../temporal/inspect';
import { bundleSources } from '../../worker/bundle';
import { NotPossible, type Operation } from '../operation';
import { meetingOf } from '../record';
import type { OpsSettings } from '../connections';

/**
 * Replays a workflow's history with the code that is here: whether it would go on with it (design, decision
 * 13).
 */
export const replay: Operation = {
  name: 'replay',
  usage: 'MEETING | --file FILE',
  about: 'replays its history, or an exported one, with the workflow code that is here; nothing is changed',
  ofMeeting: false,
  isRecorded: false,
  changes: false,
  async run(connections, options, { say }) {
    let found: History | null;
    if (options.file === null) {
      const { meetingId } = await meetingOf(connections, options, 'replay');
      found = await historyOf(connections.client, meetingWorkflowId(meetingId));
    } else found = temporal.api.history.v1.History.decode(await readFile(options.file));
    const workflowId = found && workflowIdIn(found);
    if (!found || !workflowId) throw new NotPossible('There is no history of ours.');
    try {
      await Worker.runReplayHistory(optionsOf(connections.settings), found, workflowId);
    } catch (error) {
      if (error instanceof DeterminismViolationError)
        say(`${workflowId} does not replay: this code would have done otherwise.`);
      // Where it meets an answer that was for another question, or a key is missing. What it says is
      // encrypted, or may be anything.
      else if (error instanceof ReplayError) say(`${workflowId} does not replay: this code fails on it.`);
      else throw error;
      return false;
    }
    say(`${workflowId} replays: ${found.events?.length ?? 0} events.`);
    return true;
  },
};

function optionsOf({ PAYLOAD_KEYS, WORKFLOW_BUNDLE }: OpsSettings): ReplayWorkerOptions {
  const dataConverter = createDataConverter(PAYLOAD_KEYS);
  return WORKFLOW_BUNDLE
    ? { dataConverter, workflowBundle: { codePath: WORKFLOW_BUNDLE } }
    : { dataConverter, workflowsPath: bundleSources.workflowsPath };
}

import { readdirSync } from 'node:fs';
import { DeterminismViolationError } from '@temporalio/workflow';
import { Worker, type ReplayWorkerOptions } from '@temporalio/worker';
import { createDataConverter } from '../../temporal/data-converter';
import { historiesFolder, readHistory, workflowIdOf } from '../support/histories';
import { testKeys } from '../support/keys';
import '../support/quiet-runtime';

/** Meetings are open for months: the code of today must replay the histories of every release (decision 13). */
const files = readdirSync(historiesFolder).filter((file) => file.endsWith('.binpb'));
const options = (): ReplayWorkerOptions => ({
  workflowBundle: { codePath: process.env.TEST_WORKFLOW_BUNDLE ?? '' },
  dataConverter: createDataConverter(testKeys.payloadKeys),
});

it('has histories of the branches of a meeting', () => {
  expect(files.length).toBeGreaterThanOrEqual(8);
});

it.each(files)('replays %s', async (file) => {
  const history = readHistory(file);
  await expect(Worker.runReplayHistory(options(), history, workflowIdOf(history))).resolves.toBeUndefined();
});

it('catches a history that this code would not make', async () => {
  const history = readHistory(files[0] ?? '');
  const scheduled = history.events.find((event) => event.activityTaskScheduledEventAttributes);
  scheduled!.activityTaskScheduledEventAttributes!.activityType!.name = 'glance';
  await expect(Worker.runReplayHistory(options(), history, workflowIdOf(history))).rejects.toThrow(
    DeterminismViolationError,
  );
});

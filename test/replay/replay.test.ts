import { readdirSync } from 'node:fs';
import { DeterminismViolationError } from '@temporalio/workflow';
import { Worker, type ReplayWorkerOptions } from '@temporalio/worker';
import { createDataConverter } from '../../temporal/data-converter';
import { historiesFolder, readHistory, workflowIdOf } from '../support/histories';
import { testKeys } from '../support/keys';
import '../support/quiet-runtime';

/**
 * Meetings are open for months: the code of today must replay the histories of every release (decision 13).
 */
const files = readdirSync(historiesFolder).filter((file) => file.endsWith('.binpb'));
const options = (): ReplayWorkerOptions => ({
  workflowBundle: { codePath: process.env.TEST_WORKFLOW_BUNDLE ?? '' },
  dataConverter: createDataConverter(testKeys.payloadKeys),
});

/**
 * What the first release did. A history is never taken away: each stands for workflows that may still be
 * open.
 */
const ofFirstRelease = [
  'cancelled-in-time',
  'cancelled-late',
  'case-answered',
  'case-breached',
  'case-bursts',
  'case-gone-on',
  'case-held-up',
  'clinic-absent',
  'completed',
  'could-not-start',
  'invoice-approved',
  'invoice-corrected-long-after',
  'invoice-held',
  'invoice-let-through',
  'invoice-never-registered',
  'invoice-objected-and-waived',
  'invoice-registered',
  'moved-by-clinic',
  'moved-by-patient',
  'no-show',
  'ran-over',
  'unclear-then-decided',
  'unclear-without-notice',
];

it('F4 has the history of each branch of a meeting, an invoice and a case', () => {
  const names = ofFirstRelease.map((name) => `v0.1.0-${name}.binpb`);
  expect(files).toEqual(expect.arrayContaining(names));
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

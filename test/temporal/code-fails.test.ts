import path from 'node:path';
import { NativeConnection, Worker } from '@temporalio/worker';
import { createDataConverter } from '../../temporal/data-converter';
import { createTemporalGateway } from '../../temporal/gateway';
import { lookAtWorkflow } from '../../temporal/inspect';
import { CARE_MEETING_WORKFLOW } from '../../workflows/meeting/messages';
import { meetingWorkflowId } from '../../temporal/ids';
import { taskIn } from '../api/clinic/after-meetings';
import { testKeys } from '../support/keys';
import { waitUntil } from '../support/wait-until';
import * as broken from './broken-workflow';
import {
  booked,
  cancelBy,
  failing,
  holdReconciler,
  notCarriedOut,
  patient,
  clinic,
  service,
  withStoredCommands,
} from '../worker/stored-commands';

withStoredCommands();

/** Runs what the release that fails on every meeting would, until it is ended. */
async function startBrokenWorker(): Promise<() => Promise<void>> {
  const connection = await NativeConnection.connect({ address: process.env.TEST_TEMPORAL_ADDRESS ?? '' });
  const worker = await Worker.create({
    connection,
    namespace: 'test',
    taskQueue: service.taskQueue,
    workflowsPath: path.join(__dirname, 'broken-workflow.ts'),
    dataConverter: createDataConverter(testKeys.payloadKeys),
  });
  const ended = worker.run();
  return async () => {
    worker.shutdown();
    await ended;
    await connection.close();
  };
}

it('A4 a workflow whose code fails is a failure of ours, workers that are away are none: patience ends with a task', async () => {
  expect(Object.keys(broken)).toEqual([CARE_MEETING_WORKFLOW]);
  const meeting = await booked();
  const temporal = createTemporalGateway(service.client, { taskQueue: service.taskQueue, deadlineMs: 2_000 });
  holdReconciler();
  const command = await cancelBy(patient(), meeting);
  const failures = async () =>
    (await service.database.collection('commands').findOne({ _id: command.commandId as never }))
      ?.failures as unknown;

  await service.stopWorkers();
  for (let tries = 0; tries < 2; tries += 1)
    expect(await failing(command, { temporal })).toMatchObject({ status: 503 });
  expect(await failures()).toBeUndefined();

  const endBroken = await startBrokenWorker();
  await waitUntil(
    () => lookAtWorkflow(service.client, meetingWorkflowId(meeting.meetingId)),
    (look) => look?.taskTrouble === 'failed',
    30_000,
  );
  expect(await failing(command, { temporal })).toMatchObject({ status: 503 });
  expect(await failures()).toBe(1);
  const came = [];
  while (came.length < 20 && came.at(-1)?.status !== 500) {
    const answer = await failing(command, { temporal });
    if (answer === 'failed') throw new Error('it failed');
    came.push(answer);
  }
  expect(came.length).toBeGreaterThan(4);
  expect(came.at(-1)).toMatchObject({ status: 500, body: { title: 'given-up' } });
  await endBroken();
  await service.startWorkers();
  const task = await taskIn(clinic, meeting, 'not-carried-out', 'open');
  expect(task.because).toEqual(['meeting-cancel', 'by-patient', 'given-up']);
  expect(await notCarriedOut(meeting)).toHaveLength(1);
  // What staff were told is so: it was not cancelled behind their backs when the code was mended.
  const { state, outcome } = (await waitUntil(
    () => service.temporal.meetingStatus(meeting.meetingId).catch(() => null),
    (status) => status !== null,
  )) as Awaited<ReturnType<typeof service.temporal.meetingStatus>>;
  expect([state, outcome]).toEqual(['booked', null]);
}, 120_000);

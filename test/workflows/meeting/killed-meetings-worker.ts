import { NativeConnection } from '@temporalio/worker';
import pino from 'pino';
import type { ActivityDeps } from '../../../activities/deps';
import { createRecords } from '../../../records';
import { connectRecords } from '../../../records/connection';
import { saveInvoice } from '../../../use-cases/read-models/meeting-and-invoice';
import { systemClock } from '../../../rules/clock';
import { createClient } from '../../../temporal/connect';
import { createTemporalGateway, type TemporalGateway } from '../../../temporal/gateway';
import { createWorkers } from '../../../worker/workers';
import { testKeys } from '../../support/keys';
import { killOnce, runProcess } from '../../support/killed-process';
import '../../support/quiet-runtime';

export interface KilledMeetingsWorkerSettings {
  mongodbUri: string;
  temporalAddress: string;
  taskQueue: string;
  /** After what the process is killed, once: what has been done by then has been done. */
  killAfter: 'saved' | 'proposal' | 'handed-over';
  /** A file that is there when it has been killed. */
  killed: string;
}

/**
 * The workers as a process of its own, which kills itself with -9 when an activity has done its work and
 * nobody knows of it yet.
 */
async function main(settings: KilledMeetingsWorkerSettings): Promise<void> {
  const { temporalAddress, taskQueue, killAfter } = settings;

  const kill = (): void => killOnce(settings.killed);
  const records = createRecords(await connectRecords(settings.mongodbUri), testKeys);
  const client = createClient(
    { connectionOptions: { address: temporalAddress }, namespace: 'test' },
    testKeys.payloadKeys,
  );
  const gateway = createTemporalGateway(client, { taskQueue, deadlineMs: 10_000 });
  const temporal: TemporalGateway = {
    ...gateway,
    async propose(input, proposal) {
      const answer = await gateway.propose(input, proposal);
      if ('snapshot' in answer) await saveInvoice(records, answer.snapshot, new Date());
      if (killAfter === 'proposal') kill();
      return answer;
    },
  };
  let isDone = false;
  const meetings: typeof records.meetings = {
    ...records.meetings,
    saveCourse(course, session) {
      isDone ||= killAfter === 'saved';
      return records.meetings.saveCourse(course, session);
    },
  };
  const charges: typeof records.charges = {
    ...records.charges,
    save(charge, session) {
      isDone ||=
        killAfter === 'handed-over' && charge.course.invoices.some(({ state }) => state === 'handed-over');
      return records.charges.save(charge, session);
    },
  };
  const transaction: typeof records.transaction = async (work) => {
    const result = await records.transaction(work);
    if (isDone) kill();
    return result;
  };
  const unused = new Proxy({}, { get: () => () => Promise.reject(new Error('not used here')) });
  const deps: ActivityDeps = {
    records: { ...records, meetings, charges, transaction },
    clock: systemClock,
    temporal,
    mailer: unused as ActivityDeps['mailer'],
    elks: unused as ActivityDeps['elks'],
    sms: unused as ActivityDeps['sms'],
    log: pino({ level: 'silent' }),
    smsPerDay: 1_000_000,
  };
  const workers = await createWorkers({
    connection: await NativeConnection.connect({ address: temporalAddress }),
    namespace: 'test',
    taskQueue,
    payloadKeys: testKeys.payloadKeys,
    deps,
    smsPerMinute: 100_000,
    workflowBundle: { codePath: process.env.TEST_WORKFLOW_BUNDLE ?? '' },
  });
  await Promise.all(workers.map((worker) => worker.run()));
}

runProcess(main);

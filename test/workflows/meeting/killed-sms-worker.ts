import { NativeConnection, Worker } from '@temporalio/worker';
import path from 'node:path';
import pino from 'pino';
import type { ActivityDeps } from '../../../activities/deps';
import { createHandOverActivities } from '../../../activities';
import { createRecords } from '../../../records';
import { connectRecords } from '../../../records/connection';
import { systemClock } from '../../../rules/clock';
import { createElksClient } from '../../../integrations/sms/elks';
import { createDataConverter } from '../../../temporal/data-converter';
import type { NoticeOrder } from '../../../workflows/shared/hand-over-contract';
import { smsTaskQueue } from '../../../temporal/task-queues';
import { startSmsHistoryLooks } from '../../../worker/sms-history';
import { testKeys } from '../../support/keys';
import { killOnce, runProcess } from '../../support/killed-process';
import '../../support/quiet-runtime';

/** Where a process is killed, in the order in which a hand-over comes by. */
export const killPoints = [
  'before-the-row',
  'before-the-post',
  'after-acceptance',
  'before-completion',
] as const;
export type KillPoint = (typeof killPoints)[number];

export interface KilledWorkerSettings {
  mongodbUri: string;
  temporalAddress: string;
  taskQueue: string;
  elksUrl: string;
  leaseMs: number;
  /** By meeting, where its hand-over is killed, once. */
  points: Record<string, KillPoint>;
  /** Holds a file for each meeting whose process has been killed. */
  killed: string;
}

/**
 * The SMS worker as a process of its own, which kills itself with -9 at the point that is set for a meeting:
 * the activity and the loop are the real ones, over deps that are.
 */
async function main(settings: KilledWorkerSettings): Promise<void> {
  const records = createRecords(await connectRecords(settings.mongodbUri), testKeys);
  const elks = createElksClient({
    baseUrl: settings.elksUrl,
    username: 'user',
    password: 'pass',
    // Shorter than the lease.
    timeoutMs: 5_000,
  });
  /** The meeting whose hand-over is under way: there is one at a time. */
  let meetingId = '';

  function killAt(point: KillPoint): void {
    if (settings.points[meetingId] !== point) return;
    killOnce(path.join(settings.killed, meetingId));
  }

  const unused = new Proxy({}, { get: () => () => Promise.reject(new Error('not used here')) });
  const deps: ActivityDeps = {
    records,
    clock: systemClock,
    temporal: unused as ActivityDeps['temporal'],
    mailer: unused as ActivityDeps['mailer'],
    elks: {
      ...elks,
      async send(sms) {
        killAt('before-the-post');
        const result = await elks.send(sms);
        killAt('after-acceptance');
        return result;
      },
    },
    log: pino({ level: 'silent' }),
    smsPerDay: 1_000_000,
    sms: {
      sender: 'Vardmote',
      linkKeys: testKeys.linkKeys,
      publicUrl: 'https://mote.example',
      // Nobody is there: what became of an SMS is told by the provider's history alone.
      hooksUrl: 'http://127.0.0.1:9',
      leaseMs: settings.leaseMs,
    },
  };
  const { handOver, giveNotice } = createHandOverActivities(deps);
  async function killedIn<T>(of: string, work: () => Promise<T>): Promise<T> {
    meetingId = of;
    killAt('before-the-row');
    const done = await work();
    killAt('before-completion');
    return done;
  }
  const worker = await Worker.create({
    connection: await NativeConnection.connect({ address: settings.temporalAddress }),
    namespace: 'test',
    taskQueue: smsTaskQueue(settings.taskQueue),
    dataConverter: createDataConverter(testKeys.payloadKeys),
    maxConcurrentActivityTaskExecutions: 1,
    activities: {
      handOver: (rowId: string) => killedIn(rowId.split(':')[0] ?? '', () => handOver(rowId)),
      giveNotice: (order: NoticeOrder) => killedIn(order.subjectId, () => giveNotice(order)),
    },
  });
  const stopLooks = startSmsHistoryLooks(deps, pino({ level: 'silent' }));
  await worker.run();
  await stopLooks();
}

runProcess(main);

import { randomUUID } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import { NativeConnection, Worker } from '@temporalio/worker';
import { toInstant } from '../../../rules/instant';
import { meetingTime } from '../../../rules/meeting';
import type { PlannedNotice } from '../../../rules/notices';
import { createDataConverter } from '../../../temporal/data-converter';
import type { MeetingActivities } from '../../../workflows/meeting/activities';
import {
  entryUpdate,
  MEETING_WORKFLOW,
  type MeetingSight,
  type MeetingInput,
} from '../../../workflows/meeting/messages';
import { testKeys } from '../../support/keys';
import { waitUntil } from '../../support/wait-until';
import '../../support/quiet-runtime';

/**
 * When a meeting's workflow wakes, looks and settles: the workflow as it is, over activities that say what
 * the test wants (decision 4).
 */
let connection: Connection;
let native: NativeConnection;
beforeAll(async () => {
  const address = process.env.TEST_TEMPORAL_ADDRESS ?? '';
  connection = await Connection.connect({ address });
  native = await NativeConnection.connect({ address });
});
afterAll(async () => {
  await Promise.all([connection.close(), native.close()]);
});

const dataConverter = createDataConverter(testKeys.payloadKeys);
const nobody: MeetingSight = {
  refused: [],
  deliveries: [],
  startVersion: 1,
  gates: { consentGiven: true, formsMissing: [] },
  clinicPresent: false,
  patientPresent: false,
  haveMet: false,
  clinicReady: true,
  correctedTo: null,
};
const inMs = (ms: number): Date => new Date(Date.now() + ms);

function inputOf(endAt: Date, notices: PlannedNotice[]): MeetingInput {
  const startAt = toInstant(new Date(endAt.getTime() - 30 * 60_000));
  return {
    meetingId: randomUUID(),
    clinicId: 'clinic-1',
    bookedAt: toInstant(inMs(-24 * 3_600_000)),
    planned: {
      time: meetingTime(1, startAt, 30, { doorOpensMinutesBefore: 15, graceMinutes: 15, overrunMinutes: 60 }),
      notices,
      registrationReminders: [],
    },
    gates: { consentGiven: true, formsMissing: [] },
  };
}

async function withMeeting(
  input: MeetingInput,
  activities: Partial<MeetingActivities>,
  test: (handle: Awaited<ReturnType<Client['workflow']['start']>>) => Promise<void>,
): Promise<void> {
  const taskQueue = randomUUID();
  const worker = await Worker.create({
    connection: native,
    namespace: 'test',
    taskQueue,
    dataConverter,
    workflowBundle: { codePath: process.env.TEST_WORKFLOW_BUNDLE ?? '' },
    activities: {
      lookAtMeeting: () => Promise.resolve(nobody),
      saveSnapshot: () => Promise.resolve(),
      prepareNotice: () => Promise.resolve({ toSend: [], notBefore: null, told: [] }),
      settleOutcome: () => Promise.resolve({ outcome: 'unclear', because: [] }),
      proposeInvoice: () => Promise.resolve(),
      ...activities,
    },
  });
  const client = new Client({ connection, namespace: 'test', dataConverter });
  await worker.runUntil(async () => {
    const handle = await client.workflow.start(MEETING_WORKFLOW, {
      taskQueue,
      workflowId: `meeting-${input.meetingId}`,
      args: [input],
    });
    try {
      await test(handle);
    } finally {
      await handle.terminate().catch(() => undefined);
    }
  });
}

it('R2.9 a clock that is some seconds behind at the end of the quiet hours makes the workflow ask again, not all the time', async () => {
  const dueAt = toInstant(inMs(2_000));
  const nightIsOverAt = Date.parse(dueAt) + 3_000;
  let asked = 0;
  let prepared = false;
  const notice = { kind: 'booking', dueAt, lastUsefulAt: toInstant(inMs(3_600_000)), skip: null } as const;
  await withMeeting(
    inputOf(inMs(24 * 3_600_000), [notice]),
    {
      prepareNotice: () => {
        asked += 1;
        prepared = Date.now() >= nightIsOverAt;
        return Promise.resolve({ toSend: [], notBefore: prepared ? null : dueAt, told: [] });
      },
    },
    async () => {
      await waitUntil(
        () => prepared,
        (done) => done,
      );
    },
  );
  expect(asked).toBeLessThan(10);
}, 60_000);

it('R5.6 whether a meeting runs over is looked at after its booked end, also where the workflow was held up across it', async () => {
  const endAt = inMs(6_000);
  let entered = false;
  const order: string[] = [];
  const input = inputOf(endAt, []);
  await withMeeting(
    input,
    {
      lookAtMeeting: () => {
        const isOver = new Date() >= endAt;
        order.push(isOver ? 'looked after the end' : 'looked before');
        // They met, left, and came back.
        return Promise.resolve({ ...nobody, haveMet: true, clinicPresent: isOver, patientPresent: isOver });
      },
      async saveSnapshot() {
        if (entered && new Date() < endAt) {
          await new Promise((resolve) => setTimeout(resolve, endAt.getTime() - Date.now() + 500));
        }
      },
      settleOutcome: () => {
        order.push('settled');
        return Promise.resolve({ outcome: 'completed', because: [] });
      },
    },
    async (handle) => {
      await waitUntil(
        () => order.length,
        (length) => length > 0,
      );
      await waitUntil(
        () => endAt.getTime() - Date.now(),
        (leftMs) => leftMs < 2_000,
      );
      entered = true;
      const command = { startVersion: 1, receivedAt: toInstant(new Date()), participantId: 'p-1' };
      await handle.executeUpdate(entryUpdate, { args: [command] });
      await waitUntil(
        () => order,
        (all) => all.includes('looked after the end') || all.includes('settled'),
      );
    },
  );
  expect(order).toContain('looked after the end');
  expect(order).not.toContain('settled');
}, 60_000);

import { randomUUID } from 'node:crypto';
import { Client, Connection, type WorkflowHandle } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { NativeConnection, Worker } from '@temporalio/worker';
import { toInstant } from '../../../rules/instant';
import { meetingTime } from '../../../rules/meeting';
import type { PlannedNotice } from '../../../rules/notices';
import { createDataConverter } from '../../../temporal/data-converter';
import { smsTaskQueue } from '../../../temporal/task-queues';
import type { MeetingActivities } from '../../../workflows/meeting/activities';
import {
  cancelUpdate,
  CARE_MEETING_WORKFLOW,
  factSignal,
  outcomeUpdate,
  registerUpdate,
  statusQuery,
  type CancelCommand,
  type MeetingInput,
  type MeetingSnapshot,
} from '../../../workflows/meeting/messages';
import type { HandOverActivities, NoticeOrder } from '../../../workflows/shared/hand-over-contract';
import { testKeys } from '../../support/keys';
import { waitUntil } from '../../support/wait-until';
import '../../support/quiet-runtime';

/**
 * When a meeting's workflow wakes, and what it asks for then: the workflow as it is, over activities that say
 * what the test wants (decision 4).
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
const inMs = (ms: number): Date => new Date(Date.now() + ms);
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

function inputOf(endAt: Date, notices: PlannedNotice[], more: Partial<MeetingInput> = {}): MeetingInput {
  const startAt = toInstant(new Date(endAt.getTime() - 30 * MINUTE));
  return {
    meetingId: randomUUID(),
    clinicId: 'clinic-1',
    bookedAt: toInstant(inMs(-DAY)),
    planned: {
      time: meetingTime(1, startAt, 30, { doorOpensMinutesBefore: 15, graceMinutes: 15, overrunMinutes: 60 }),
      notices,
      registrationReminders: [],
    },
    gates: { consentGiven: true, formsMissing: [] },
    recipients: [{ participantId: 'p-1', number: 1, queue: 'sms' }],
    ...more,
  };
}
const notice = (kind: PlannedNotice['kind'], dueAt: Date, lastUsefulAt = inMs(DAY)): PlannedNotice => ({
  kind,
  dueAt: toInstant(dueAt),
  lastUsefulAt: toInstant(lastUsefulAt),
  skip: null,
});

type Activities = MeetingActivities & Pick<HandOverActivities, 'giveNotice'>;
type Handle = WorkflowHandle;
const sent = { recipient: 1, channel: 'sms', state: 'sent', reason: null } as const;
const ended = () => ({ kind: 'ended' as const, delivery: { ...sent, at: toInstant(new Date()) } });

/**
 * @param smsWorker false where nobody takes of the queue for SMS
 */
async function withMeeting(
  input: MeetingInput,
  activities: Partial<Activities>,
  test: (handle: Handle) => Promise<void>,
  { smsWorker = true } = {},
): Promise<void> {
  const taskQueue = randomUUID();
  const common = {
    connection: native,
    namespace: 'test',
    dataConverter,
    activities: {
      saveMeeting: () => Promise.resolve(),
      settleMeeting: () => Promise.resolve({ outcome: 'unclear', because: [], together: 'not-yet' }),
      giveNotice: () => Promise.resolve(ended()),
      ...activities,
    } satisfies Activities,
  };
  const workflowBundle = { codePath: process.env.TEST_WORKFLOW_BUNDLE ?? '' };
  const workers = [await Worker.create({ ...common, taskQueue, workflowBundle })];
  if (smsWorker) workers.push(await Worker.create({ ...common, taskQueue: smsTaskQueue(taskQueue) }));
  const running = Promise.all(workers.map((worker) => worker.run()));
  const client = new Client({ connection, namespace: 'test', dataConverter });
  try {
    const handle = await client.workflow.start(CARE_MEETING_WORKFLOW, {
      taskQueue,
      workflowId: `meeting-${input.meetingId}`,
      args: [input],
    });
    try {
      await test(handle);
    } finally {
      await handle.terminate().catch(() => undefined);
    }
  } finally {
    for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
    await running;
  }
}

const cancellation = (startsInMs = DAY): CancelCommand => {
  const now = toInstant(new Date());
  return {
    startVersion: 1,
    receivedAt: now,
    calledAt: now,
    outcome: 'cancelled-in-time',
    notice: notice('cancellation', new Date(), inMs(startsInMs)),
  };
};
const eventsOf = async (handle: Handle) => (await handle.fetchHistory()).events ?? [];
const statusOf = (handle: Handle): Promise<MeetingSnapshot> => handle.query(statusQuery);

it('R2.9 a clock that is some seconds behind at the end of the quiet hours makes the workflow ask again, not all the time', async () => {
  const dueAt = inMs(2_000);
  const nightIsOverAt = dueAt.getTime() + 3_000;
  let asked = 0;
  let given = false;
  await withMeeting(
    inputOf(inMs(DAY), [notice('booking', dueAt, inMs(3_600_000))]),
    {
      giveNotice: () => {
        asked += 1;
        given = Date.now() >= nightIsOverAt;
        return Promise.resolve(given ? ended() : { kind: 'not-before', at: toInstant(dueAt) });
      },
    },
    async () => {
      await waitUntil(
        () => given,
        (done) => done,
      );
    },
  );
  expect(asked).toBeLessThan(10);
}, 60_000);

it('R2.4 a notice whose try fails after it was called back is asked for once more, and the meeting ends', async () => {
  const tries: (() => void)[] = [];
  await withMeeting(
    inputOf(inMs(2 * DAY), [notice('booking', inMs(-1_000))]),
    {
      giveNotice: ({ kind }) =>
        kind === 'cancellation' || tries.length > 0
          ? (tries.push(() => undefined), Promise.resolve(ended()))
          : new Promise((_, reject) => tries.push(() => reject(new Error('a command has it')))),
    },
    async (handle) => {
      await waitUntil(
        () => tries.length,
        (begun) => begun === 1,
      );
      await handle.executeUpdate(cancelUpdate, { args: [cancellation()] });
      await waitUntil(
        () => eventsOf(handle),
        (events) => events.some((event) => event.activityTaskCancelRequestedEventAttributes),
      );
      tries[0]!();
      const { closed, notices } = (await handle.result()) as MeetingSnapshot;
      expect([closed, ...notices.map(({ kind, state }) => [kind, state])]).toEqual([
        true,
        ['booking', 'done'],
        ['cancellation', 'done'],
      ]);
      // The one that failed, the one that came to its end, and the cancellation.
      expect(tries).toHaveLength(3);
    },
  );
}, 60_000);

it('R5.6 clinic and patient who are in the room at the booked end are not thrown out, whatever was told before', async () => {
  let settled = 0;
  let saved: MeetingSnapshot | null = null;
  await withMeeting(
    inputOf(inMs(3_000), []),
    {
      settleMeeting() {
        settled += 1;
        return Promise.resolve({ outcome: 'completed', because: [], together: 'in-the-room' });
      },
      saveMeeting({ snapshot }) {
        saved = snapshot;
        return Promise.resolve();
      },
    },
    async (handle) => {
      await waitUntil(
        () => saved?.state,
        (state) => state === 'under-way',
      );
      expect(await statusOf(handle)).toMatchObject({ state: 'under-way', outcome: null, somebodyIsIn: true });
      const at = toInstant(new Date());
      await handle.signal(factSignal, {
        kind: 'presence',
        startVersion: 1,
        together: 'have-left',
        number: 1,
        at,
      });
      await waitUntil(
        () => settled,
        (times) => times > 1,
      );
    },
  );
}, 60_000);

it('decision 4: what a command changes is answered; what follows from it is saved with what it is charged', async () => {
  const saves: MeetingSnapshot[] = [];
  await withMeeting(
    inputOf(inMs(DAY), []),
    {
      saveMeeting({ snapshot }) {
        saves.push(snapshot);
        return Promise.resolve();
      },
    },
    async (handle) => {
      const answer = await handle.executeUpdate(cancelUpdate, { args: [cancellation()] });
      expect(answer).toMatchObject({ state: 'ended', outcome: { outcome: 'cancelled-in-time' } });
      await handle.result();
    },
  );
  // That all is over, when the cancellation has been given; its proposal comes with it.
  expect(saves.map(({ state, closed }) => [state, closed])).toEqual([
    ['ended', false],
    ['ended', true],
  ]);
}, 60_000);

it('R2.4, decision 4: a change calls back what nobody has begun; it is never given, and the rest goes on', async () => {
  const given: NoticeOrder[] = [];
  await withMeeting(
    inputOf(inMs(DAY), [notice('booking', new Date())]),
    {
      giveNotice(order) {
        given.push(order);
        return Promise.resolve(ended());
      },
    },
    async (handle) => {
      await waitUntil(
        () => eventsOf(handle),
        (events) =>
          events.some(({ activityTaskScheduledEventAttributes }) => activityTaskScheduledEventAttributes),
      );
      await handle.executeUpdate(cancelUpdate, { args: [cancellation()] });
      await waitUntil(
        () => statusOf(handle),
        ({ notices }) => notices.some(({ kind, state }) => kind === 'booking' && state === 'dropped'),
      );
      expect((await statusOf(handle)).notices).toMatchObject([
        { kind: 'booking', state: 'dropped', skip: 'meeting-cancelled' },
        { kind: 'cancellation', state: 'under-way' },
      ]);
    },
    { smsWorker: false },
  );
  expect(given).toEqual([]);
}, 60_000);

it('R2.4, decision 4: a change calls back what waits for its next try, at once', async () => {
  let tries = 0;
  await withMeeting(
    inputOf(inMs(DAY), [notice('booking', new Date())]),
    {
      giveNotice(order) {
        if (order.kind !== 'booking') return Promise.resolve(ended());
        tries += 1;
        return Promise.reject(
          ApplicationFailure.create({ message: 'not yet', type: 'wait', nextRetryDelay: '10 minutes' }),
        );
      },
    },
    async (handle) => {
      await waitUntil(
        () => tries,
        (count) => count === 1,
      );
      await handle.executeUpdate(cancelUpdate, { args: [cancellation()] });
      const { notices } = (await handle.result()) as MeetingSnapshot;
      expect(notices).toMatchObject([
        { kind: 'booking', state: 'dropped', skip: 'meeting-cancelled' },
        { kind: 'cancellation', state: 'done' },
      ]);
    },
  );
  expect(tries).toBe(1);
}, 60_000);

it('R2.6, decision 4: what helps nobody any more leaves the queue for SMS and is ended through the other', async () => {
  const given: NoticeOrder[] = [];
  await withMeeting(
    inputOf(inMs(DAY), [notice('booking', new Date(), inMs(2_000))]),
    {
      giveNotice(order) {
        given.push(order);
        return Promise.resolve(ended());
      },
    },
    async (handle) => {
      await waitUntil(
        () => statusOf(handle),
        ({ notices }) => notices[0]?.state === 'done',
      );
    },
    { smsWorker: false },
  );
  expect(given.map(({ queue }) => queue)).toEqual(['email']);
}, 60_000);

it('decision 4: an SMS that came through the queue for e-mail is asked for again through its own, and from then on there', async () => {
  const given: NoticeOrder[] = [];
  const recipients = [{ participantId: 'p-1', number: 1, queue: 'email' as const }];
  await withMeeting(
    inputOf(inMs(DAY), [notice('booking', new Date()), notice('morning', inMs(2_000))], { recipients }),
    {
      giveNotice(order) {
        given.push(order);
        return Promise.resolve(order.queue === 'sms' ? ended() : { kind: 'through-sms' });
      },
    },
    async (handle) => {
      await waitUntil(
        () => statusOf(handle),
        ({ notices }) => notices.every(({ state }) => state === 'done'),
      );
    },
  );
  expect(given.map(({ kind, queue }) => [kind, queue])).toEqual([
    ['booking', 'email'],
    ['booking', 'sms'],
    ['morning', 'sms'],
  ]);
}, 60_000);

it('R5.11, decision 6: the last reminder to register, told to the manager, ends the workflow', async () => {
  const planned = {
    ...inputOf(inMs(500), []).planned,
    registrationReminders: [toInstant(inMs(1_500)), toInstant(inMs(2_500))],
  };
  await withMeeting(
    inputOf(inMs(500), [], { planned }),
    { settleMeeting: () => Promise.resolve({ outcome: 'completed', because: [], together: 'have-left' }) },
    async (handle) => {
      expect(await handle.result()).toMatchObject({
        closed: true,
        registration: { state: 'given-up', remindAt: [], reminders: 2 },
      });
    },
  );
}, 60_000);

it('R5.11, decision 6: the last command ends the workflow with its answer, and has it again when it is sent again', async () => {
  const saves: boolean[] = [];
  await withMeeting(
    inputOf(inMs(DAY), [], {
      planned: {
        ...inputOf(inMs(DAY), []).planned,
        registrationReminders: [toInstant(inMs(2 * DAY)), toInstant(inMs(3 * DAY))],
      },
    }),
    {
      saveMeeting({ snapshot }) {
        saves.push(snapshot.closed);
        return Promise.resolve();
      },
    },
    async (handle) => {
      const command = { startVersion: 1, receivedAt: toInstant(new Date()) };
      await handle.executeUpdate(outcomeUpdate, {
        args: [{ ...command, outcome: 'back-up-routine', way: 'telephone' }],
      });
      await waitUntil(
        () => saves.length,
        (count) => count > 0,
      );
      const register = { updateId: 'register-1', args: [command] as [typeof command] };
      const answer = await handle.executeUpdate(registerUpdate, register);
      expect(answer).toMatchObject({ closed: true, registration: { state: 'registered' } });
      await handle.result();
      // Whoever gave it may have died before it was saved: the answer is there for the next one.
      expect(await handle.executeUpdate(registerUpdate, register)).toEqual(answer);
    },
  );
  expect(saves).not.toContain(true);
}, 60_000);

it('decision 4: a fact that comes late, or twice, changes nothing; each is heard once', async () => {
  await withMeeting(inputOf(inMs(DAY), []), {}, async (handle) => {
    const fact = (number: number, consentGiven: boolean) =>
      handle.signal(factSignal, {
        kind: 'gates',
        gates: { consentGiven, formsMissing: [] },
        number,
        at: toInstant(new Date()),
      });
    await fact(2, false);
    await fact(1, true);
    await fact(2, true);
    const { gates, happenings, heard } = await statusOf(handle);
    expect(gates.consentGiven).toBe(false);
    expect(heard).toEqual({ gates: 2 });
    expect(happenings.map(({ what }) => what)).toEqual(['booked', 'gates-closed']);
  });
}, 60_000);

it('decision 4: a history goes on as a new one before it grows; nothing is lost, and no command is done twice', async () => {
  const given: NoticeOrder[] = [];
  await withMeeting(
    inputOf(inMs(DAY), [notice('booking', new Date())]),
    {
      giveNotice(order) {
        given.push(order);
        return Promise.resolve(ended());
      },
    },
    async (handle) => {
      const { runId } = await handle.describe();
      const close = (number: number, consentGiven: boolean) =>
        handle.signal(factSignal, {
          kind: 'gates',
          gates: { consentGiven, formsMissing: [] },
          number,
          at: toInstant(new Date()),
        });
      for (let number = 1; (await handle.describe()).runId === runId; number += 1)
        await close(number, number % 2 === 0);
      expect((await eventsOf(handle)).length).toBeLessThan(100);
      const status = await statusOf(handle);
      expect(status.notices).toMatchObject([{ kind: 'booking', state: 'done' }]);
      expect(status.heard?.gates).toBeGreaterThan(100);
    },
  );
  expect(given).toHaveLength(1);
}, 120_000);

import { randomUUID } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import { NativeConnection, Worker, type WorkflowBundleWithSourceMap } from '@temporalio/worker';
import { toInstant, type Instant } from '../../rules/instant';
import { meetingTime } from '../../rules/meeting';
import type { NoticeKind, PlannedNotice } from '../../rules/notices';
import { createDataConverter } from '../../temporal/data-converter';
import { meetingWorkflowId } from '../../temporal/ids';
import { smsTaskQueue } from '../../temporal/task-queues';
import type { HandOverActivities } from '../../workflows/shared/hand-over-contract';
import type { MeetingActivities } from '../../workflows/meeting/activities';
import {
  cancelUpdate,
  CARE_MEETING_WORKFLOW,
  factSignal,
  outcomeUpdate,
  rebookUpdate,
  type MeetingInput,
  type MeetingSnapshot,
  type PlannedTime,
} from '../../workflows/meeting/messages';
import { testKeys } from '../support/keys';
import { waitUntil } from '../support/wait-until';
import '../support/quiet-runtime';
import { bundleOfNextRelease } from './changed-workflows';

/**
 * A changed workflow is deployed while 200 meetings are open, in every part of their lives (design, decision
 * 13): the workflows are as they are, over activities that say what the test wants. On the real server: the
 * time-skipping one never gives a workflow to another worker than the one that has it in memory. No time has
 * to pass: what ends them are commands.
 */
const MEETINGS = 200;
const AT_ONCE = 20;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

const parts = ['door-open', 'form-missing', 'ready', 'nudged', 'moved'] as const;
type Part = (typeof parts)[number];

interface OpenMeeting {
  meetingId: string;
  part: Part;
  end: 'cancelled-by-clinic' | 'back-up-routine';
}
const meetings: OpenMeeting[] = Array.from({ length: MEETINGS }, (_, number) => ({
  meetingId: randomUUID(),
  part: parts[number % parts.length]!,
  end: number % 2 === 0 ? 'cancelled-by-clinic' : 'back-up-routine',
}));
const partOf = new Map(meetings.map(({ meetingId, part }) => [meetingId, part]));

const taskQueue = randomUUID();
const dataConverter = createDataConverter(testKeys.payloadKeys);
let connection: Connection;
let native: NativeConnection;
let client: Client;
beforeAll(async () => {
  const address = process.env.TEST_TEMPORAL_ADDRESS ?? '';
  connection = await Connection.connect({ address });
  native = await NativeConnection.connect({ address });
  client = new Client({ connection, namespace: 'test', dataConverter });
});
afterAll(async () => {
  await Promise.all([connection.close(), native.close()]);
});

/** How often each notice was handed over, and each meeting looked at. */
const handedOver = new Map<string, number>();
const looks = new Map<string, number>();
const count = (counts: Map<string, number>, key: string): void =>
  void counts.set(key, (counts.get(key) ?? 0) + 1);

const activities: MeetingActivities & HandOverActivities = {
  saveMeeting: () => Promise.resolve(),
  settleMeeting({ meetingId }) {
    count(looks, meetingId);
    return Promise.resolve({ outcome: 'unclear', because: [], together: 'not-yet' });
  },
  giveNotice({ subjectId, occasion, kind }) {
    count(handedOver, [subjectId, occasion, kind].join(':'));
    const delivery = { recipient: 1, channel: 'sms', state: 'sent', reason: null, at: now() } as const;
    return Promise.resolve({ kind: 'ended', delivery });
  },
  handOver: () => Promise.reject(new Error('nothing of 0.1.0 is here')),
};

const now = (): Instant => toInstant(new Date());

function plannedTime(startVersion: number, startsInMs: number): PlannedTime {
  const startAt = toInstant(new Date(Date.now() + startsInMs));
  const time = meetingTime(startVersion, startAt, 30, {
    doorOpensMinutesBefore: 15,
    graceMinutes: 15,
    overrunMinutes: 30,
  });
  const notice = (kind: NoticeKind, dueAt: Instant): PlannedNotice => ({
    kind,
    dueAt,
    lastUsefulAt: time.endAt,
    skip: null,
  });
  const first = startVersion === 1 ? 'booking' : 'change';
  return {
    time,
    notices: [notice(first, now()), notice('soon', time.doorOpensAt), notice('start', startAt)],
    registrationReminders: [],
  };
}

/** Does the same for all meetings, some at a time. */
async function withEach<T>(act: (meeting: OpenMeeting) => Promise<T>): Promise<T[]> {
  const done: T[] = [];
  for (let from = 0; from < meetings.length; from += AT_ONCE)
    done.push(...(await Promise.all(meetings.slice(from, from + AT_ONCE).map(act))));
  return done;
}

async function begin({ meetingId, part }: OpenMeeting): Promise<void> {
  // With its door open the soon notice has been due, too.
  const planned = plannedTime(1, part === 'door-open' ? 10 * MINUTE : 48 * HOUR);
  const input: MeetingInput = {
    meetingId,
    clinicId: 'clinic-1',
    bookedAt: now(),
    planned,
    gates: { consentGiven: true, formsMissing: part === 'form-missing' ? ['form-1'] : [] },
    recipients: [{ participantId: 'p-1', number: 1, queue: 'sms' }],
  };
  const handle = await client.workflow.start(CARE_MEETING_WORKFLOW, {
    workflowId: meetingWorkflowId(meetingId),
    taskQueue,
    args: [input],
  });
  if (part === 'nudged')
    await handle.signal(factSignal, { kind: 'readiness', startVersion: 1, number: 1, at: now() });
  if (part === 'moved') {
    const command = {
      startVersion: 1,
      receivedAt: now(),
      calledAt: now(),
      by: 'clinic',
      late: false,
    } as const;
    await handle.executeUpdate(rebookUpdate, { args: [{ ...command, planned: plannedTime(2, 72 * HOUR) }] });
  }
}

async function finish({ meetingId, part, end }: OpenMeeting): Promise<MeetingSnapshot> {
  const handle = client.workflow.getHandle(meetingWorkflowId(meetingId));
  const command = { startVersion: part === 'moved' ? 2 : 1, receivedAt: now() };
  if (end === 'back-up-routine') {
    await handle.executeUpdate(outcomeUpdate, { args: [{ ...command, outcome: end, way: 'telephone' }] });
  } else {
    const lastUsefulAt = toInstant(new Date(Date.now() + HOUR));
    const notice: PlannedNotice = { kind: 'cancellation', dueAt: now(), lastUsefulAt, skip: null };
    await handle.executeUpdate(cancelUpdate, {
      args: [{ ...command, calledAt: now(), outcome: end, notice }],
    });
  }
  return handle.result() as Promise<MeetingSnapshot>;
}

/** The notices that a meeting gives in all its life here. */
const noticesOf = ({ meetingId, part, end }: OpenMeeting): string[] => [
  `${meetingId}:1:booking`,
  ...(part === 'door-open' ? [`${meetingId}:1:soon`] : []),
  ...(part === 'moved' ? [`${meetingId}:2:change`] : []),
  ...(end === 'cancelled-by-clinic' ? [`${meetingId}:${part === 'moved' ? 2 : 1}:cancellation`] : []),
];

/**
 * Lets workers with these workflows work while something is done; then they are shut down, as a deployment
 * does it.
 */
async function working<T>(
  workflowBundle: WorkflowBundleWithSourceMap | { codePath: string },
  act: () => Promise<T>,
): Promise<T> {
  const common = {
    connection: native,
    namespace: 'test',
    dataConverter,
    activities,
    shutdownGraceTime: '15s',
  } as const;
  const workers = await Promise.all([
    Worker.create({ ...common, taskQueue, workflowBundle, stickyQueueScheduleToStartTimeout: '2s' }),
    Worker.create({ ...common, taskQueue: smsTaskQueue(taskQueue) }),
  ]);
  const running = Promise.all(workers.map((worker) => worker.run()));
  try {
    return await act();
  } finally {
    for (const worker of workers) worker.shutdown();
    await running;
  }
}

const historyOf = (meetingId: string) =>
  client.workflow.getHandle(meetingWorkflowId(meetingId)).fetchHistory();

it('all 200 go on with the changed workflow, and end as they should; without the patch replay says so', async () => {
  const guarded = await bundleOfNextRelease({ guarded: true });
  const unguarded = await bundleOfNextRelease({ guarded: false });

  const givenBefore = meetings.flatMap(noticesOf).filter((row) => !row.endsWith(':cancellation'));
  await working({ codePath: process.env.TEST_WORKFLOW_BUNDLE ?? '' }, async () => {
    await withEach(begin);
    // A move can come before the booking was told, which is dropped then.
    await waitUntil(
      () => givenBefore.filter((row) => !handedOver.has(row) && partOf.get(row.split(':')[0]!) !== 'moved'),
      (missing) => missing.length === 0,
      90_000,
    );
    await waitUntil(
      () =>
        meetings.filter(
          ({ meetingId, part }) => part === 'moved' && !handedOver.has(`${meetingId}:2:change`),
        ),
      (missing) => missing.length === 0,
      90_000,
    );
  });
  const looksBefore = new Map(looks);

  for (const { meetingId } of meetings.slice(0, parts.length)) {
    const history = await historyOf(meetingId);
    const replay = (workflowBundle: WorkflowBundleWithSourceMap): Promise<void> =>
      Worker.runReplayHistory({ workflowBundle, dataConverter }, history, meetingWorkflowId(meetingId));
    await expect(replay(guarded)).resolves.toBeUndefined();
    await expect(replay(unguarded)).rejects.toThrow(/Replay failed|Nondeterminism/);
  }

  const ended = await working(guarded, () => withEach(finish));
  expect(ended.map(({ outcome, closed }) => [outcome?.outcome, closed])).toEqual(
    meetings.map(({ end }) => [end, true]),
  );
  // Nobody got anything twice, nothing that was not planned, and only what a move had overtaken was left out.
  expect([...handedOver.values()].filter((times) => times !== 1)).toEqual([]);
  const planned = meetings.flatMap(noticesOf);
  expect([...handedOver.keys()].filter((row) => !planned.includes(row))).toEqual([]);
  expect(planned.filter((row) => !handedOver.has(row) && !row.endsWith(':1:booking'))).toEqual([]);
  // The change is at work in meetings that began before it: each cancellation was looked at first.
  const notLooked = meetings.filter(
    ({ meetingId, end }) =>
      end === 'cancelled-by-clinic' && looks.get(meetingId) === looksBefore.get(meetingId),
  );
  expect(notLooked).toEqual([]);
  for (const { meetingId } of meetings) {
    const { events } = await historyOf(meetingId);
    expect(events!.filter((event) => event.workflowTaskFailedEventAttributes)).toEqual([]);
  }
}, 300_000);

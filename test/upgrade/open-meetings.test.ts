import { randomUUID } from 'node:crypto';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { Client, type WorkflowHandle } from '@temporalio/client';
import { Worker, type WorkflowBundleWithSourceMap } from '@temporalio/worker';
import { meetingTime } from '../../rules/meeting';
import { toInstant } from '../../rules/instant';
import type { NoticeKind } from '../../rules/notices';
import { createDataConverter } from '../../temporal/data-converter';
import { registerSearchAttributes } from '../../temporal/search-attributes';
import { smsTaskQueue } from '../../temporal/task-queues';
import type { HandOverActivities, MeetingActivities } from '../../workflows/meeting/activities';
import {
  cancelUpdate,
  MEETING_WORKFLOW,
  type MeetingInput,
  type MeetingSnapshot,
} from '../../workflows/meeting/messages';
import { testKeys } from '../support/keys';
import { skipTo } from '../support/skipped-time';
import { waitUntil } from '../support/wait-until';
import '../support/quiet-runtime';
import { bundleOfNextRelease } from './changed-workflows';

/**
 * A changed workflow is deployed while 200 meetings are open, in every part of their lives (design, decision 13): the workflows are as they are,
 * over activities that say what the test wants, and time is skipped.
 */
const MEETINGS = 200;
const MINUTE = 60_000;
const TASK_QUEUE = 'upgrade';
/** As they are spread: some have had their booking message, some all of their morning's, one in five is under way. */
const START_AFTER_MINUTES = [10, 30, 120, 600, 3_000] as const;

const LAST_END_MINUTES = Math.max(...START_AFTER_MINUTES) + 30;
/** When something is due in one of them: the door with its notice, the start, the end. */
const dueMinutes = START_AFTER_MINUTES.flatMap((start) => [start - 15, start, start + 30]).sort(
  (a, b) => a - b,
);

const dataConverter = createDataConverter(testKeys.payloadKeys);
let env: TestWorkflowEnvironment;
let client: Client;
/** How often each row of the ledger was handed over. */
const handedOver = new Map<string, number>();
/** How often each meeting was looked at. */
const looks = new Map<string, number>();

beforeAll(async () => {
  const path = process.env.VARDMOTE_TEST_SERVER ?? '';
  env = await TestWorkflowEnvironment.createTimeSkipping({
    server: { executable: { type: 'existing-path', path } },
  });
  await registerSearchAttributes(env.connection, env.namespace ?? 'default');
  client = new Client({ connection: env.connection, namespace: env.namespace ?? 'default', dataConverter });
});
afterAll(() => env.teardown());

const activities: MeetingActivities & HandOverActivities = {
  lookAtMeeting(meetingId) {
    looks.set(meetingId, (looks.get(meetingId) ?? 0) + 1);
    return Promise.resolve({
      startVersion: 1,
      gates: { consentGiven: true, formsMissing: [] },
      clinicPresent: false,
      patientPresent: false,
      haveMet: false,
      clinicReady: true,
      correctedTo: null,
      refused: [],
      deliveries: [],
    });
  },
  saveSnapshot: () => Promise.resolve(),
  prepareNotice: ({ meetingId, kind }) =>
    Promise.resolve({
      toSend: [{ rowId: `${meetingId}:${kind}`, channel: 'sms', recipient: 1 }],
      notBefore: null,
      told: [],
    }),
  settleOutcome: () => Promise.resolve({ outcome: 'clinic-absent', because: ['clinic-never-came'] }),
  proposeInvoice: () => Promise.resolve(),
  handOver(rowId) {
    handedOver.set(rowId, (handedOver.get(rowId) ?? 0) + 1);
    return Promise.resolve('sent');
  },
};

function inputOf(now: number, number: number): MeetingInput {
  const startMs = now + START_AFTER_MINUTES[number % START_AFTER_MINUTES.length]! * MINUTE;
  const notice = (kind: NoticeKind, dueMs: number) => ({
    kind,
    dueAt: toInstant(new Date(dueMs)),
    lastUsefulAt: toInstant(new Date(startMs + 10 * MINUTE)),
    skip: null,
  });
  return {
    meetingId: `${number}-${randomUUID()}`,
    clinicId: 'clinic-1',
    bookedAt: toInstant(new Date(now)),
    planned: {
      time: meetingTime(1, toInstant(new Date(startMs)), 30, {
        doorOpensMinutesBefore: 15,
        graceMinutes: 15,
        overrunMinutes: 30,
      }),
      notices: [notice('booking', now), notice('soon', startMs - 15 * MINUTE), notice('start', startMs)],
      registrationReminders: [],
    },
    gates: { consentGiven: true, formsMissing: [] },
  };
}

/** Lets workers with these workflows work while something is done; then they are shut down, as a deployment does it. */
async function working<T>(
  workflowBundle: WorkflowBundleWithSourceMap | { codePath: string },
  act: () => Promise<T>,
): Promise<T> {
  const common = {
    connection: env.nativeConnection,
    namespace: env.namespace ?? 'default',
    dataConverter,
    activities,
    shutdownGraceTime: '15s',
  } as const;
  const workers = await Promise.all([
    // Keeps nothing: a real server learns from a worker that shuts down that nothing is kept there any more, this one would wait for ever.
    Worker.create({ ...common, taskQueue: TASK_QUEUE, workflowBundle, maxCachedWorkflows: 0 }),
    Worker.create({ ...common, taskQueue: smsTaskQueue(TASK_QUEUE) }),
  ]);
  const running = Promise.all(workers.map((worker) => worker.run()));
  try {
    return await act();
  } finally {
    for (const worker of workers) worker.shutdown();
    await running;
  }
}

const eventsOf = async (handle: WorkflowHandle) => (await handle.fetchHistory()).events ?? [];

it('all 200 go on with the changed workflow, and end as they should; without the patch replay says so', async () => {
  const present = { codePath: process.env.TEST_WORKFLOW_BUNDLE ?? '' };
  const [guarded, unguarded] = await Promise.all([
    bundleOfNextRelease({ guarded: true }),
    bundleOfNextRelease({ guarded: false }),
  ]);
  const startedAt = await env.currentTimeMs();
  const inputs = Array.from({ length: MEETINGS }, (_, number) => inputOf(startedAt, number));
  const handles = new Map<string, WorkflowHandle>();
  let passed = 0;
  /** Minute by minute at which something is due: no command may meet a timer that fires (test/support/skipped-time.ts). */
  const passTo = async (minute: number): Promise<void> => {
    for (const due of dueMinutes.filter((each) => each > passed && each <= minute))
      await skipTo(env, new Date(startedAt + due * MINUTE));
    passed = minute;
  };

  await working(present, async () => {
    for (const input of inputs) {
      const { meetingId } = input;
      handles.set(
        meetingId,
        await client.workflow.start(MEETING_WORKFLOW, {
          workflowId: `meeting-${meetingId}`,
          taskQueue: TASK_QUEUE,
          args: [input],
        }),
      );
    }
    await waitUntil(
      () => handedOver.size,
      (size) => size >= MEETINGS,
      200_000,
    );
    // In the middle of the first ones, and before the others.
    await passTo(20);
    await waitUntil(
      () => handedOver.size,
      (size) => size >= MEETINGS + (3 * MEETINGS) / 5,
      120_000,
    );
  });
  const before = new Map(handedOver);
  const looksBefore = new Map(looks);

  // What is open can go on by the guarded change, and cannot by the other.
  const [someId = ''] = handles.keys();
  const history = { events: await eventsOf(handles.get(someId)!) };
  const replay = (workflowBundle: WorkflowBundleWithSourceMap): Promise<void> =>
    Worker.runReplayHistory({ workflowBundle, dataConverter }, history, `meeting-${someId}`);
  await expect(replay(guarded)).resolves.toBeUndefined();
  await expect(replay(unguarded)).rejects.toThrow(/Replay failed|Nondeterminism/);

  const ended = await working(guarded, async () => {
    // Commands reach meetings that began before.
    const cancelled = inputs.at(-1)!;
    const at = toInstant(new Date(await env.currentTimeMs()));
    await handles.get(cancelled.meetingId)!.executeUpdate(cancelUpdate, {
      args: [
        {
          startVersion: 1,
          receivedAt: at,
          calledAt: at,
          outcome: 'cancelled-in-time',
          notice: { kind: 'cancellation', dueAt: at, lastUsefulAt: cancelled.planned.time.endAt, skip: null },
        },
      ],
    });
    await passTo(LAST_END_MINUTES);
    return Promise.all([...handles.values()].map((handle) => handle.result() as Promise<MeetingSnapshot>));
  });

  expect(ended).toHaveLength(MEETINGS);
  const outcomes = ended.map(({ outcome, closed }) => `${outcome?.outcome ?? ''} ${String(closed)}`);
  expect(outcomes.filter((outcome) => outcome === 'clinic-absent true')).toHaveLength(MEETINGS - 1);
  expect(outcomes.filter((outcome) => outcome === 'cancelled-in-time true')).toHaveLength(1);
  // Nobody got anything twice, nor was anything left out.
  expect([...handedOver.values()].filter((times) => times !== 1)).toEqual([]);
  expect(handedOver.size).toBe((MEETINGS - 1) * 3 + 2);
  expect([...before.keys()].every((rowId) => handedOver.get(rowId) === 1)).toBe(true);
  // The change is at work in those that began before it.
  const lookedMore = inputs.filter(
    ({ meetingId }) => looks.get(meetingId)! - looksBefore.get(meetingId)! > 1,
  );
  expect(lookedMore.length).toBeGreaterThan(MEETINGS / 2);
  for (const handle of handles.values()) {
    const failed = (await eventsOf(handle)).filter((event) => event.workflowTaskFailedEventAttributes);
    expect(failed).toEqual([]);
  }
}, 240_000);

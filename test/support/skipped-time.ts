import { temporal } from '@temporalio/proto';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { DateTime } from 'luxon';
import type { Clock } from '../../rules/clock';
import { meetingWorkflowId } from '../../temporal/ids';
import { createClinic, type TestClinic } from './clinic';
import { startService, type Service } from './service';
import { waitUntil } from './wait-until';

const { EventType } = temporal.api.enums.v1;
const TASK_EVENTS = new Set([
  EventType.EVENT_TYPE_WORKFLOW_TASK_SCHEDULED,
  EventType.EVENT_TYPE_WORKFLOW_TASK_STARTED,
  EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED,
  EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED,
  EventType.EVENT_TYPE_WORKFLOW_TASK_TIMED_OUT,
]);

/**
 * When a workflow cancels a timer (a command has ended its wait) that fires while it does so, this server
 * refuses the whole answer, gives the workflow no task any more, and skips no time any more: everything
 * stands still. A real server takes it. So here no command may meet a timer that fires. A timer fires later
 * than its instant by as long as the workflow took to set it, in real time once a pass has ended: after this
 * margin it has fired. What is due soon after the instant passed to is for the test to keep away from, by
 * half a minute or more.
 */
const DUE_HAS_FIRED_MS = 2_000;

/**
 * Likewise no command may call back a notice that is just ending: after a booking its notice is waited for,
 * if there is a worker that gives it.
 */
const NOTICE_IS_GIVEN_WITHIN_MS = 5_000;
const ACTIVITY_ENDS = new Set([
  EventType.EVENT_TYPE_ACTIVITY_TASK_COMPLETED,
  EventType.EVENT_TYPE_ACTIVITY_TASK_FAILED,
  EventType.EVENT_TYPE_ACTIVITY_TASK_TIMED_OUT,
  EventType.EVENT_TYPE_ACTIVITY_TASK_CANCELED,
]);

/**
 * The whole service over a Temporal server that skips time: weeks pass in moments, for API and activities
 * too.
 */
export interface SkippedTime {
  service: Service;
  clinic: TestClinic;
  now(): Date;
  /** Lets time pass until just after the instant; everything due on the way happens. */
  passTo(instant: Date): Promise<void>;
  passMinutes(minutes: number): Promise<void>;
  close(): Promise<void>;
}

export async function startSkippedTime(
  settings: Parameters<typeof createClinic>[1] = {},
): Promise<SkippedTime> {
  const path = process.env.VARDMOTE_TEST_SERVER;
  if (!path) throw new Error('VARDMOTE_TEST_SERVER is missing: run the tests with npm test');
  const env = await TestWorkflowEnvironment.createTimeSkipping({
    server: { executable: { type: 'existing-path', path } },
  });
  let skippedMs = 0;
  const clock: Clock = { now: () => new Date(Date.now() + skippedMs) };
  const readClock = async (): Promise<void> => {
    skippedMs = (await env.currentTimeMs()) - Date.now();
  };
  await readClock();
  const service = await startService({
    clock,
    temporal: {
      connection: env.connection,
      native: env.nativeConnection,
      namespace: env.namespace ?? 'default',
    },
    beforeActivity: readClock,
  });

  /** Workflows that have a task to do, or are at it. */
  async function busyWorkflows(): Promise<string[]> {
    const { workflowService } = env.client.connection;
    const namespace = env.namespace ?? 'default';
    const { executions } = await workflowService.listOpenWorkflowExecutions({ namespace });
    const tasks = await Promise.all(
      executions.map(async ({ execution }) => {
        const { events } = await env.client.workflow.getHandle(execution!.workflowId!).fetchHistory();
        const last = events?.findLast((event) => TASK_EVENTS.has(event.eventType!));
        const isBusy = last?.eventType !== EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED;
        return isBusy ? [execution!.workflowId!] : [];
      }),
    );
    return tasks.flat();
  }

  /** Whether a workflow has a task to do, or waits for an activity that it has asked for. */
  async function isAtWork(workflowId: string): Promise<boolean> {
    const { events } = await env.client.workflow.getHandle(workflowId).fetchHistory();
    const last = events?.findLast((event) => TASK_EVENTS.has(event.eventType!));
    if (last?.eventType !== EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED) return true;
    const asked = events?.filter(
      ({ eventType }) => eventType === EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED,
    );
    const ended = events?.filter(({ eventType }) => ACTIVITY_ENDS.has(eventType!));
    return (asked?.length ?? 0) > (ended?.length ?? 0);
  }

  const clinic = await createClinic(service, settings);
  const book: TestClinic['book'] = async (...booking) => {
    const booked = await clinic.book(...booking);
    await waitUntil(
      () => isAtWork(meetingWorkflowId(booked.meetingId)),
      (atWork) => !atWork,
      NOTICE_IS_GIVEN_WITHIN_MS,
    ).catch(() => undefined);
    return booked;
  };

  async function passTo(instant: Date): Promise<void> {
    await waitUntil(busyWorkflows, (busy) => busy.length === 0);
    const ms = instant.getTime() - (await env.currentTimeMs());
    if (ms > 0) await env.sleep(ms + DUE_HAS_FIRED_MS);
    await readClock();
  }

  return {
    service,
    clinic: { ...clinic, book },
    now: () => clock.now(),
    passTo,
    passMinutes: async (minutes) => passTo(new Date((await env.currentTimeMs()) + minutes * 60_000)),
    async close() {
      await service.close();
      await env.teardown();
    },
  };
}

/** A wall-clock time in Stockholm, as tests write it: `2027-03-27T21:30`. Not for the repeated hour. */
export const stockholm = (wallClock: string): Date =>
  DateTime.fromISO(wallClock, { zone: 'Europe/Stockholm' }).toJSDate();

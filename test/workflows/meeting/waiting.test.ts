import pino from 'pino';
import { defaultNoticeRules } from '../../../rules/notices';
import { meetingWorkflowId } from '../../../temporal/ids';
import { createLateNotices } from '../../../worker/late-notices';
import { DAY, inMs, MINUTE, testClock } from '../../api/helpers';
import { createClinic, nextMobile, type TestClinic } from '../../support/clinic';
import { startMeetingsWorker } from '../../support/meetings-worker';
import { startService, type Service } from '../../support/service';
import { waitUntil } from '../../support/wait-until';

/** Notices that stand in the real queue of SMS, of which nobody takes. */
const clock = testClock();
let service: Service;
let clinic: TestClinic;
beforeAll(async () => {
  service = await startService({ workers: false, clock });
  clinic = await createClinic(service, { noticeRules: { ...defaultNoticeRules, quietHours: null } });
});
afterEach(() => clock.release());
afterAll(() => service.close());

const handle = (meetingId: string) => service.client.workflow.getHandle(meetingWorkflowId(meetingId));

const rowsOf = async (meetingId: string) =>
  (await service.records.ledger.ofMeeting(meetingId)).map(({ kind, state, late, waits, history }) => ({
    kind,
    state,
    late,
    waits,
    steps: history.map((step) => step.state),
  }));
const tasksOf = async (meetingId: string) =>
  (await service.records.tasks.ofMeeting(meetingId)).map(({ kind, state, because }) => [
    kind,
    state,
    ...because,
  ]);
/** What the worker's loop does when it looks. */
const look = (): Promise<void> => {
  const { records, temporal } = service;
  const deps = { records, temporal, clock, smsPerMinute: 1_000_000, smsPerDay: 1_000_000 };
  return createLateNotices(deps, pino({ level: 'silent' })).doAll();
};
const toldOf = async (meetingId: string) =>
  (await service.records.meetings.get(meetingId)).facts.deliveries?.deliveries.map(
    ({ state, waits }) => waits ?? state,
  );

describe('R2.10 F7 a notice that waits in the queue of SMS', () => {
  it('is entered once it is overdue, told, becomes a task when it is late, and goes once', async () => {
    const stopMeetings = await startMeetingsWorker(service, undefined, clock);
    const mobile = nextMobile();
    const patientId = await clinic.addPatient({ mobile });
    const { meetingId } = await clinic.book({ patientId, startAt: inMs(10 * DAY) });
    await waitUntil(
      async () => (await handle(meetingId).describe()).raw.pendingActivities?.length ?? 0,
      (pending) => pending === 1,
      30_000,
    );
    await look();
    clock.passMs(4 * MINUTE);
    await look();
    expect([await rowsOf(meetingId), await toldOf(meetingId)]).toEqual([[], undefined]);

    clock.passMs(MINUTE + 10_000);
    // Two workers at once.
    await Promise.all([look(), look()]);
    await look();
    const waits = { kind: 'booking', state: 'planned', waits: 'overdue', steps: ['planned'] };
    expect(await rowsOf(meetingId)).toEqual([waits]);
    expect(await toldOf(meetingId)).toEqual(['overdue']);
    expect(await tasksOf(meetingId)).toEqual([]);

    clock.passMs(10 * MINUTE);
    await look();
    expect(await tasksOf(meetingId)).toEqual([['nobody-reached', 'open', 'late']]);
    expect(service.sentTo(mobile)).toEqual([]);

    await service.startWorkers();
    await waitUntil(
      () => tasksOf(meetingId),
      (tasks) => tasks.every(([, state]) => state === 'withdrawn'),
      60_000,
    );
    await waitUntil(
      async () => (await handle(meetingId).describe()).raw.pendingActivities?.length ?? 0,
      (pending) => pending === 0,
      30_000,
    );
    expect(service.sentTo(mobile)).toHaveLength(1);
    const [row, ...others] = await rowsOf(meetingId);
    expect(others).toEqual([]);
    expect(row!.steps.slice(0, 3)).toEqual(['planned', 'handing-over', 'sent']);
    await service.stopWorkers();
    await stopMeetings();
  }, 180_000);

  it('R2.6 past its time by Temporal’s clock is asked for a few times while a worker’s is behind', async () => {
    const mobile = nextMobile();
    const patientId = await clinic.addPatient({ mobile });
    const startAt = inMs(8_000);
    const { meetingId } = await clinic.book({ patientId, startAt });
    await waitUntil(
      () => Promise.resolve(Date.now()),
      (now) => now > Date.parse(startAt),
    );
    // By the worker's clock there is half a minute left.
    clock.passMs(Date.parse(startAt) - 30_000 - Date.now());
    await service.startWorkers();
    const asked = async (): Promise<number> => {
      const { events } = await handle(meetingId).fetchHistory();
      return (events ?? []).filter(
        ({ activityTaskScheduledEventAttributes: scheduled }) =>
          scheduled?.activityType?.name === 'giveNotice',
      ).length;
    };
    await waitUntil(asked, (times) => times >= 4, 60_000);
    clock.release();
    await waitUntil(
      () => rowsOf(meetingId),
      (rows) => rows.some(({ kind, state }) => kind === 'booking' && state === 'expired'),
      60_000,
    );
    await service.stopWorkers();
    expect(await asked()).toBeLessThan(12);
    expect(service.sentTo(mobile).filter(({ message }) => message.startsWith('Hej! Du har'))).toEqual([]);
  }, 180_000);
});

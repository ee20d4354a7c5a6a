import { reminderBefore } from '../../../local/made-up-clinic';
import type { LedgerRow } from '../../../records/ledger';
import { defaultNoticeRules, urgency, type ReminderRule } from '../../../rules/notices';
import { meetingWorkflowId } from '../../../temporal/ids';
import { smsTaskQueue } from '../../../temporal/task-queues';
import { createClinic, type TestClinic } from '../../support/clinic';
import { startMeetingsWorker } from '../../support/meetings-worker';
import { startService, type Service } from '../../support/service';
import { waitUntil } from '../../support/wait-until';

/**
 * More SMS at one instant than the provider takes, over the real queue. The server keeps the queue's priorities
 * approximately (facts), and on a busy machine one burst says little: what is asked here is that each notice
 * stands in the queue as urgent as it is, and that nothing goes twice or when it no longer helps. In which
 * order they reach the provider is measured by `npm run bench` (300 meetings at one time).
 */
const EACH = 20;
/** Of those that start soon the booking, *soon* and *start*; of the others the booking. */
const NOTICES = 4 * EACH;
const DAY_MS = 24 * 3_600_000;
/** Time for the bookings of those that start soon, which take a second on a busy machine. */
const STARTS_IN_MS = 12_000;
const USEFUL_MS = 6_000;

let service: Service;
let clinic: TestClinic;
beforeAll(async () => {
  service = await startService({ workers: false, smsPerMinute: 600 });
  const atStart = (usefulMs: number): ReminderRule => reminderBefore(0, usefulMs / 60_000);
  const reminders = {
    ...defaultNoticeRules.reminders,
    morning: reminderBefore(1_440),
    soon: atStart(USEFUL_MS),
    start: atStart(60 * 60_000),
  };
  clinic = await createClinic(service, { noticeRules: { reminders, quietHours: null } });
});
afterAll(() => service.close());

/** Patients with a phone each: fictitious numbers, the same in each burst, which has a database of its own. */
const addPatients = (from: number): Promise<string[]> =>
  Promise.all(
    Array.from({ length: EACH }, (_each, index) => clinic.addPatient({ mobile: `+46701740${from + index}` })),
  );

/** Books a meeting of each patient; answers with their ids. */
async function book(patients: string[], startAt: Date): Promise<string[]> {
  const booked = await Promise.all(
    patients.map((patientId) => clinic.book({ patientId, startAt: startAt.toISOString() })),
  );
  return booked.map(({ meetingId }) => meetingId);
}

const rowsOf = async (meetingIds: string[]): Promise<LedgerRow[]> =>
  (await Promise.all(meetingIds.map((meetingId) => service.records.ledger.ofMeeting(meetingId)))).flat();

/** So many notices of each meeting wait for their turn. */
async function allQueued(meetingIds: string[], each: number): Promise<boolean> {
  const described = await Promise.all(
    meetingIds.map((meetingId) => service.client.workflow.getHandle(meetingWorkflowId(meetingId)).describe()),
  );
  return described.every(({ raw }) => (raw.pendingActivities?.length ?? 0) >= each);
}

const until = (at: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, Math.max(0, at - Date.now())));
/** How urgent each notice stands in the queue of SMS: 1 is the most urgent. */
async function urgencyInQueue(meetingIds: string[]): Promise<number[]> {
  const histories = await Promise.all(
    meetingIds.map((meetingId) =>
      service.client.workflow.getHandle(meetingWorkflowId(meetingId)).fetchHistory(),
    ),
  );
  return histories.flatMap(({ events }) =>
    (events ?? []).flatMap(({ activityTaskScheduledEventAttributes: asked }) =>
      asked?.taskQueue?.name === smsTaskQueue(service.taskQueue) ? [asked.priority?.priorityKey ?? 0] : [],
    ),
  );
}

it('R2.6 R2.7 a burst stands in the queue by its urgency; what no longer helps is not sent, and nothing twice', async () => {
  const [patientsOfSoon, patientsOfFarOff] = [await addPatients(605), await addPatients(605 + EACH)];
  const farOff = await book(patientsOfFarOff, new Date(Date.now() + 10 * DAY_MS));
  const startAt = new Date(Date.now() + STARTS_IN_MS);
  const starting = await book(patientsOfSoon, startAt);
  const all = [...starting, ...farOff];
  await until(startAt.getTime());

  const stopMeetings = await startMeetingsWorker(service);
  await waitUntil(
    async () => (await allQueued(starting, 2)) && (await allQueued(farOff, 1)),
    (queued) => queued,
    60_000,
  );
  // In the queue the reminder that the meeting begins soon has had its time.
  await until(startAt.getTime() + USEFUL_MS);
  await service.startWorkers();
  await stopMeetings();

  const rows = await waitUntil(
    () => rowsOf(all),
    (now) => now.length === NOTICES && now.every(({ state }) => state === 'delivered' || state === 'expired'),
    90_000,
  );
  const statesOf = (meetingIds: string[], kind: string): string[] => [
    ...new Set(
      rows.filter((row) => meetingIds.includes(row.subjectId) && row.kind === kind).map((row) => row.state),
    ),
  ];
  expect(statesOf(farOff, 'booking')).toEqual(['delivered']);
  expect(statesOf(starting, 'start')).toEqual(['delivered']);
  expect(statesOf(starting, 'soon')).toEqual(['expired']);
  expect(statesOf(starting, 'booking')).toEqual(['expired']);

  const messages = service.outbox.messages();
  // Each phone got the one SMS that still helped.
  expect(messages).toHaveLength(2 * EACH);
  expect(new Set(messages.map(({ to }) => to)).size).toBe(2 * EACH);
  const countOf = (text: RegExp): number => messages.filter(({ message }) => text.test(message)).length;
  expect([countOf(/börjar nu/), countOf(/^Hej! Du har/)]).toEqual([EACH, EACH]);
  expect(new Set(await urgencyInQueue(starting))).toEqual(new Set([urgency('start')]));
  expect(new Set(await urgencyInQueue(farOff))).toEqual(new Set([urgency('booking')]));
  expect(urgency('start')).toBeLessThan(urgency('booking'));
}, 240_000);

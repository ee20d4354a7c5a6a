import type { LedgerRow } from '../../../records/ledger';
import { hasReached, type DeliveryState } from '../../../rules/ledger';
import { defaultNoticeRules, type NoticeKind } from '../../../rules/notices';
import { createClinic, nextMobile, type TestClinic, type TestMeeting } from '../../support/clinic';
import { seededRandom } from '../../../local/seeded-random';
import { startService, type Service } from '../../support/service';
import { waitUntil } from '../../support/wait-until';

/**
 * Cancelled in the very instant in which a reminder is due, in real time over the real server: update and
 * timer meet in the workflow, command and hand-over meet in the database. However slow the machine, all that
 * is asserted holds; a slow one only meets less often.
 */
const MEETINGS = 30;
/** One reminder after the other, or the meetings would only wait for one another. */
const APART_MS = 100;
const SPREAD_MS = 300;
const SEED = 20261122;
const MINUTE = 60_000;

let service: Service;
let clinic: TestClinic;
beforeAll(async () => {
  service = await startService({ deadlineMs: 30_000 });
  const { reminders } = defaultNoticeRules;
  clinic = await createClinic(service, {
    noticeRules: {
      reminders: { ...reminders, soon: { ...reminders.soon, when: { minutesBefore: 1 } } },
      quietHours: null,
    },
    doorOpensMinutesBefore: 120,
  });
});
afterAll(() => service.close());

interface Booked extends TestMeeting {
  mobile: string;
  /** When its reminder is due, in milliseconds. */
  dueAt: number;
}

async function newPatient(): Promise<{ patientId: string; mobile: string }> {
  const mobile = nextMobile();
  return { mobile, patientId: await clinic.addPatient({ mobile }) };
}

const texts: [NoticeKind, RegExp][] = [
  ['booking', /^Hej/],
  ['soon', /börjar snart/],
  ['cancellation', /är avbokat/],
];
const kindsSentTo = (mobile: string): (NoticeKind | undefined)[] =>
  service.sentTo(mobile).map(({ message }) => texts.find(([, text]) => text.test(message))?.[0]);

const soonsSentTo = (mobile: string): number => kindsSentTo(mobile).filter((kind) => kind === 'soon').length;

const until = (at: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, Math.max(0, at - Date.now())));

/** Cancels now; answers with how many reminders had gone out when the answer came. */
async function cancel({ path, mobile }: Booked): Promise<number> {
  const { status, body } = await clinic.call('POST', `${path}/cancel`, { body: { by: 'patient' } });
  expect({ status, outcome: body.outcome?.outcome }).toEqual({ status: 200, outcome: 'cancelled-late' });
  return soonsSentTo(mobile);
}

const reminderIs = (states: DeliveryState[], { meetingId }: Booked) =>
  waitUntil(
    () => service.records.ledger.ofMeeting(meetingId),
    (rows) => rows.some(({ kind, state }) => kind === 'soon' && states.includes(state)),
    MINUTE,
  );

/**
 * What a cancellation waits for after its instant, so that it meets each step of the reminder on a machine of
 * any speed.
 */
const waitFor: ((meeting: Booked) => Promise<unknown>)[] = [
  // Nothing: the update meets the timer.
  () => Promise.resolve(),
  // The update comes after the timer, and the command meets the hand-over.
  (meeting) => reminderIs(['planned', 'handing-over', 'sent', 'delivered'], meeting),
  // The provider has it, or is being given it.
  (meeting) => reminderIs(['handing-over', 'sent', 'delivered'], meeting),
];

it(`R2.4, R2.7 ${MEETINGS} cancelled in the instant their reminder is due: after the answer there is only the cancellation, once`, async () => {
  const random = seededRandom(SEED);
  const begunAt = Date.now();
  const patients = await Promise.all(Array.from({ length: MEETINGS }, newPatient));
  // Time enough to book them all before the first reminder is due: to enter the patients took longer than the
  // bookings will.
  const firstDueAt = Date.now() + 3_000 + 2 * (Date.now() - begunAt);
  const meetings = await Promise.all(
    patients.map(async ({ patientId, mobile }, index): Promise<Booked> => {
      const dueAt = firstDueAt + index * APART_MS;
      const startAt = new Date(dueAt + MINUTE).toISOString();
      return { ...(await clinic.book({ patientId, startAt })), mobile, dueAt };
    }),
  );

  const remindedBefore = await Promise.all(
    meetings.map(async (meeting, index) => {
      await until(meeting.dueAt + Math.round((random() * 2 - 1) * SPREAD_MS));
      await waitFor[index % waitFor.length]!(meeting);
      return cancel(meeting);
    }),
  );
  // Not all came before it: reminders did go out at their instants.
  expect(remindedBefore).toContain(1);

  for (const [index, { meetingId, mobile }] of meetings.entries()) {
    const rows = await settledRows(meetingId);
    const kinds = kindsSentTo(mobile);
    // A reminder that went out before the answer was true then.
    expect(kinds.filter((kind) => kind === 'soon')).toHaveLength(remindedBefore[index]!);
    expect(remindedBefore[index]).toBeLessThanOrEqual(1);
    expect(kinds.filter((kind) => kind === 'cancellation')).toHaveLength(1);
    expect(kinds.at(-1)).toBe('cancellation');
    expectLedger(rows, kinds);
  }
}, 180_000);

/**
 * The ledger of a meeting whose workflow has closed, with nothing under way and the read model as the
 * workflow says it.
 */
async function settledRows(meetingId: string): Promise<LedgerRow[]> {
  await waitUntil(
    async () => {
      const status = await service.temporal.meetingStatus(meetingId);
      return { status, course: (await service.records.meetings.get(meetingId)).course };
    },
    ({ status, course }) => status.closed && JSON.stringify(status) === JSON.stringify(course),
    MINUTE,
  );
  return service.records.ledger.ofMeeting(meetingId);
}

/**
 * Every row has ended; what the provider accepted is what was sent, and what was not sent says why (R2.7).
 */
function expectLedger(rows: LedgerRow[], received: (NoticeKind | undefined)[]): void {
  expect(
    rows
      .filter(({ state }) => hasReached(state))
      .map(({ kind }) => kind)
      .sort(),
  ).toEqual([...received].sort());
  for (const { state, reason } of rows.filter((row) => !hasReached(row.state))) {
    expect({ state, reason }).toEqual({
      state: expect.stringMatching(/^(skipped|expired)$/),
      reason: expect.stringMatching(/^[a-z-]+$/),
    });
  }
}

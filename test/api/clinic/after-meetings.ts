import type { ClinicEvent } from '../../../rules/events';
import type { CallAnswer, CallOptions, TestClinic, TestMeeting } from '../../support/clinic';
import type { Service } from '../../support/service';
import { waitUntil } from '../../support/wait-until';
import { DAY, HOUR, MINUTE, inMs, type TestClock } from '../helpers';

/** What comes after a meeting, at the clinic's API: its outcome, and what is charged for it. */

/** An invoice as the clinic reads it. */
export interface ShownInvoice {
  invoiceId: string;
  state: string;
  cause: string;
  kind: string;
  amountOre: number | null;
  payer: string | null;
  needsApproval: boolean;
  because: { rule: string; reason: string }[];
  letThroughAt: string | null;
  objected: boolean;
  steps: { at: string; what: string; reason: string | null; by: string | null }[];
}

/** A task as the clinic reads it. */
export interface ShownTask {
  taskId: string;
  meetingId: string;
  invoiceId: string | null;
  kind: string;
  state: string;
  because: string[];
  dueAt: string;
  assignedTo: string | null;
  doneBy: string | null;
  doneAt: string | null;
  result: string | null;
}

/** A meeting as the clinic reads it. */
export interface ShownMeeting {
  startAt: string;
  endAt: string;
  startVersion: number;
  state: string;
  clinicReady: boolean;
  outcome: { outcome: string; because: string[]; way: string | null } | null;
  corrections: object[];
  registration: { state: string; reminders: number } | null;
  participants: { role: string; participantId: string }[];
}

export const readMeeting = async (clinic: TestClinic, { path }: TestMeeting): Promise<ShownMeeting> =>
  (await clinic.call('GET', path)).body as ShownMeeting;

/**
 * A patient who will never hear of anything: tests of what comes afterwards need no notices. The clinic may
 * see the care history, so that a missed visit costs (R5.5).
 */
export async function quietPatient(clinic: TestClinic, person: object = {}): Promise<string> {
  const personId = await clinic.addPatient({ mobile: null, ...person }, false);
  const body = { given: true, givenBy: 'person' };
  await mustBe(200, clinic.call('PUT', `/clinic/people/${personId}/care-history-consent`, { body }));
  return personId;
}

/** A meeting in two hours, booked days ago: the clinic did not set it inside its notice (R5.5). */
export async function bookedEarly(
  clinic: TestClinic,
  clock: TestClock,
  booking: { patientId: string } & Record<string, unknown>,
): Promise<TestMeeting> {
  const now = new Date();
  clock.holdAt(new Date(now.getTime() - 3 * DAY));
  try {
    return await clinic.book({ startAt: inMs(2 * HOUR, now), ...booking });
  } finally {
    clock.release();
  }
}

/**
 * R5.3: the patient cancelled late, so that a missed-visit fee is proposed, which waits for approval (R5.7).
 */
export async function cancelledLate(
  clinic: TestClinic,
  clock: TestClock,
  booking: { patientId: string } & Record<string, unknown>,
): Promise<TestMeeting & { invoice: ShownInvoice }> {
  const meeting = await bookedEarly(clinic, clock, booking);
  await mustBe(200, clinic.call('POST', `${meeting.path}/cancel`, { body: { by: 'patient' } }));
  return { ...meeting, invoice: await firstInvoice(clinic, meeting) };
}

/**
 * R5.2: the meeting took place, so that its fee is proposed and goes out by itself, where nothing else is in
 * the way.
 */
export async function completed(
  clinic: TestClinic,
  booking: { patientId: string } & Record<string, unknown>,
): Promise<TestMeeting & { invoice: ShownInvoice }> {
  const meeting = await clinic.book({ startAt: inMs(5 * MINUTE), ...booking });
  await mustBe(200, clinic.call('POST', `${meeting.path}/outcome`, { body: { outcome: 'completed' } }));
  return { ...meeting, invoice: await firstInvoice(clinic, meeting) };
}

async function firstInvoice(clinic: TestClinic, meeting: TestMeeting): Promise<ShownInvoice> {
  const [first] = await waitUntil(
    () => invoicesOf(clinic, meeting),
    (invoices) => invoices.length > 0,
  );
  return first!;
}

export const invoicesOf = async (clinic: TestClinic, { path }: TestMeeting): Promise<ShownInvoice[]> =>
  (await clinic.call('GET', `${path}/invoices`)).body.items as ShownInvoice[];

export const statesOf = async (clinic: TestClinic, meeting: TestMeeting): Promise<string[]> =>
  (await invoicesOf(clinic, meeting)).map(({ state }) => state);

export const sendInvoice = (
  clinic: TestClinic,
  { invoiceId }: Pick<ShownInvoice, 'invoiceId'>,
  what: string,
  options: CallOptions = {},
): Promise<CallAnswer> => clinic.call('POST', `/clinic/invoices/${invoiceId}/${what}`, options);

/** Approved by staff and accepted by the clinic's billing (R5.8). */
export async function issue(clinic: TestClinic, invoice: ShownInvoice): Promise<void> {
  await mustBe(200, sendInvoice(clinic, invoice, 'approve', { body: {} }));
  await mustBe(200, billingSays(clinic, invoice, 'basis', true));
}

export const billingSays = (
  clinic: TestClinic,
  invoice: Pick<ShownInvoice, 'invoiceId'>,
  to: 'basis' | 'credit',
  accepted: boolean,
): Promise<CallAnswer> =>
  sendInvoice(clinic, invoice, 'billing-answer', {
    body: { to, accepted },
    role: 'system',
    staffId: 'billing',
  });

export const tasksOf = async (clinic: TestClinic, { path }: TestMeeting): Promise<ShownTask[]> =>
  (await clinic.call('GET', `${path}/tasks`)).body.items as ShownTask[];

/** The meeting's task of a kind, once it is in that state. */
export async function taskIn(
  clinic: TestClinic,
  meeting: TestMeeting,
  kind: string,
  state: string,
): Promise<ShownTask> {
  const tasks = await waitUntil(
    () => tasksOf(clinic, meeting),
    (all) => all.some((task) => task.kind === kind && task.state === state),
  );
  return tasks.find((task) => task.kind === kind && task.state === state)!;
}

/** What the clinic's system is told of a meeting, in order. */
export async function eventsOf(
  { records }: Service,
  { clinicId }: TestClinic,
  { meetingId }: Pick<TestMeeting, 'meetingId'>,
): Promise<ClinicEvent[]> {
  const all = { clinicId, from: null, until: null, state: null, cursor: null, limit: 1_000 };
  const { items } = await records.events.list(all);
  return items
    .filter(({ subject }) => subject === meetingId)
    .sort((one, other) => one.sequence - other.sequence);
}

/** What the clinic's billing was handed: `billing.basis 40000` (R5.8). */
export async function billedFor(
  service: Service,
  clinic: TestClinic,
  meeting: Pick<TestMeeting, 'meetingId'>,
): Promise<string[]> {
  return (await eventsOf(service, clinic, meeting)).flatMap((event) =>
    event.type === 'billing.basis' || event.type === 'billing.credit'
      ? [`${event.type} ${event.data.amountOre}`]
      : [],
  );
}

/** What an answer must be for a test to go on. */
export async function mustBe(status: number, asked: Promise<CallAnswer>): Promise<CallAnswer> {
  const answer = await asked;
  if (answer.status !== status) throw new Error(`${answer.status} ${JSON.stringify(answer.body)}`);
  return answer;
}

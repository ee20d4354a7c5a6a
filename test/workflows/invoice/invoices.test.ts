import { endOfWeekdayAfter } from '../../../rules/calendar/weekdays';
import { isLive } from '../../../rules/invoice';
import type { TestMeeting } from '../../support/clinic';
import { keepHistory } from '../../support/histories';
import { roomOf } from '../../support/room';
import { startSkippedTime, type SkippedTime } from '../../support/skipped-time';
import { waitUntil } from '../../support/wait-until';
import { invoiceWorkflowId } from '../../../temporal/ids';

/** The life of an invoice after its meeting, over the whole service with time skipped (R5.7, R5.8). */
let time: SkippedTime;
beforeAll(async () => {
  time = await startSkippedTime();
});
afterAll(async () => {
  for (const [name, workflowId] of branches) await keepHistory(time.service, name, workflowId);
  await time.close();
});

/** A history of each branch is kept at a release, for replay. */
const branches = new Map<string, string>();

interface ShownInvoice {
  invoiceId: string;
  state: string;
  kind: string;
  amountOre: number | null;
  letThroughAt: string | null;
  steps: { what: string; by: string | null }[];
}

interface ShownTask {
  kind: string;
  state: string;
  because: string[];
}

const minutesAfter = (at: Date, minutes: number): Date => new Date(at.getTime() + minutes * 60_000);

/** A meeting that patient and clinic have had: an ordinary fee, that goes out by itself. */
async function completedMeeting(
  branch: string,
  person: object = {},
): Promise<TestMeeting & { patientId: string }> {
  const patientId = await time.clinic.addPatient(person);
  await time.clinic.call('PUT', `/clinic/people/${patientId}/care-history-consent`, {
    body: { given: true, givenBy: 'person' },
  });
  const startAt = minutesAfter(time.now(), 48 * 60);
  const meeting = await time.clinic.book({ patientId, startAt: startAt.toISOString() });
  branches.set(`invoice-${branch}`, invoiceWorkflowId(meeting.meetingId, 1));
  const room = await roomOf(time.service, meeting.meetingId);
  await time.passTo(minutesAfter(startAt, -2));
  await room.joined(meeting.staffParticipantId, time.now());
  await room.joined(meeting.patientParticipantId, time.now());
  await time.passTo(minutesAfter(startAt, 20));
  await room.left(meeting.patientParticipantId, time.now());
  await room.left(meeting.staffParticipantId, time.now());
  await time.passTo(minutesAfter(startAt, 31));
  await waitUntil(
    () => invoicesOf(meeting),
    (invoices) => invoices.length > 0,
  );
  return { ...meeting, patientId };
}

const invoicesOf = async ({ path }: TestMeeting): Promise<ShownInvoice[]> =>
  ((await time.clinic.call('GET', `${path}/invoices`)).body as { items: ShownInvoice[] }).items;

const lastOf = async (meeting: TestMeeting): Promise<ShownInvoice> => (await invoicesOf(meeting)).at(-1)!;

const untilState = (meeting: TestMeeting, state: string): Promise<ShownInvoice> =>
  waitUntil(
    () => lastOf(meeting),
    (invoice) => invoice.state === state,
  );

async function send(invoice: ShownInvoice, what: string, body?: object): Promise<number> {
  const { status } = await time.clinic.call('POST', `/clinic/invoices/${invoice.invoiceId}/${what}`, {
    ...(body ? { body } : {}),
  });
  return status;
}

const billingSays = (invoice: ShownInvoice, to: 'basis' | 'credit', accepted: boolean): Promise<number> =>
  send(invoice, 'billing-answer', { to, accepted });

/** What the clinic's billing was handed, from the outbox. */
async function billed(meeting: TestMeeting): Promise<string[]> {
  const { items } = await time.service.records.events.list({
    clinicId: time.clinic.clinicId,
    from: null,
    until: null,
    state: null,
    cursor: null,
    limit: 1_000,
  });
  return items
    .filter(({ subject, type }) => subject === meeting.meetingId && type.startsWith('billing.'))
    .map(({ type, data }) => `${type} ${'amountOre' in data ? String(data.amountOre) : ''}`);
}

it('R5.7 an ordinary invoice goes out by itself after two weekdays, and not a moment before', async () => {
  const meeting = await completedMeeting('let-through');
  const invoice = await lastOf(meeting);
  const goesOutAt = endOfWeekdayAfter(time.now(), 2);
  expect(invoice).toMatchObject({
    state: 'proposed',
    kind: 'visit-fee',
    amountOre: 30_000,
    letThroughAt: goesOutAt.toISOString(),
  });
  await time.passTo(minutesAfter(goesOutAt, -1));
  expect((await lastOf(meeting)).state).toBe('proposed');
  expect(await billed(meeting)).toEqual([]);
  await time.passTo(minutesAfter(goesOutAt, 1));
  await untilState(meeting, 'handed-over');
  expect(await billed(meeting)).toEqual(['billing.basis 30000']);
  expect(await billingSays(invoice, 'basis', true)).toBe(200);
  expect((await lastOf(meeting)).state).toBe('issued');
});

it('R5.8 an issued one is credited before it is replaced, long after its workflow has ended', async () => {
  const meeting = await completedMeeting('corrected-long-after');
  const [first] = await invoicesOf(meeting);
  await time.passTo(new Date(first!.letThroughAt!));
  await untilState(meeting, 'handed-over');
  await billingSays(first!, 'basis', true);
  const handle = time.service.client.workflow.getHandle(invoiceWorkflowId(meeting.meetingId, 1));
  await waitUntil(
    async () => (await handle.describe()).status.name,
    (status) => status === 'COMPLETED',
  );
  await time.passMinutes(60 * 24 * 60);

  const corrected = await time.clinic.call('POST', `${meeting.path}/outcome/corrections`, {
    body: { outcome: 'no-show', was: 'completed', reason: 'wrong-evidence' },
  });
  expect(corrected.status).toBe(200);
  expect(corrected.body).toMatchObject({ outcome: { outcome: 'no-show', decidedBy: 'correction' } });
  expect((await invoicesOf(meeting)).map(({ state }) => state)).toEqual(['crediting']);
  expect(await billingSays(first!, 'credit', true)).toBe(200);
  const [credited, second] = await invoicesOf(meeting);
  expect(credited).toMatchObject({ state: 'credited', kind: 'visit-fee' });
  expect(second).toMatchObject({ state: 'proposed', kind: 'missed-visit-fee', letThroughAt: null });

  expect(await send(second!, 'approve', {})).toBe(200);
  expect(await lastOf(meeting)).toMatchObject({
    state: 'handed-over',
    steps: expect.arrayContaining([expect.objectContaining({ what: 'handed-over', by: 'clinician-1' })]),
  });
  expect(await billed(meeting)).toEqual([
    'billing.basis 30000',
    'billing.credit 30000',
    'billing.basis 40000',
  ]);
});

it('R5.7 what the patient objects to waits for staff, who waive it', async () => {
  const meeting = await completedMeeting('objected-and-waived');
  const invoice = await lastOf(meeting);
  expect(await send(invoice, 'objection')).toBe(200);
  await time.passMinutes(30 * 24 * 60);
  expect(await lastOf(meeting)).toMatchObject({ state: 'proposed', letThroughAt: null, objected: true });
  expect(await send(invoice, 'waive', { reason: 'patient-explained' })).toBe(200);
  expect((await lastOf(meeting)).state).toBe('waived');
  expect(await billed(meeting)).toEqual([]);
});

it('R5.7, R7.5 of one whose identity became protected after the proposal it waits for staff, who approve it', async () => {
  const meeting = await completedMeeting('held');
  const { letThroughAt } = await lastOf(meeting);
  const person = `/clinic/people/${meeting.patientId}`;
  const changed = await time.clinic.call('PATCH', person, { body: { protectedIdentity: true } });
  expect(changed.status).toBe(200);
  await time.passTo(minutesAfter(new Date(letThroughAt!), 1));
  const { items } = await waitUntil(
    async () => (await time.clinic.call('GET', `${meeting.path}/tasks`)).body as { items: ShownTask[] },
    (tasks) => tasks.items.some(({ kind }) => kind === 'approve-invoice'),
  );
  expect(items.find(({ kind }) => kind === 'approve-invoice')).toMatchObject({
    state: 'open',
    because: ['visit-fee', 'protected-identity'],
  });
  await time.passMinutes(10 * 24 * 60);
  const invoice = await lastOf(meeting);
  expect(invoice).toMatchObject({ state: 'proposed', letThroughAt: null });
  expect(await billed(meeting)).toEqual([]);
  expect(await send(invoice, 'approve', {})).toBe(200);
  expect(await billed(meeting)).toEqual(['billing.basis 30000']);
});

it('R5.7 over 84 it goes out only when staff approve it, however long that takes', async () => {
  const meeting = await completedMeeting('approved', { birthDate: '1930-01-01' });
  await time.passMinutes(90 * 24 * 60);
  const invoice = await lastOf(meeting);
  expect(invoice).toMatchObject({ state: 'proposed', letThroughAt: null });
  expect(await send(invoice, 'approve', {})).toBe(200);
  // Nobody answers: staff are told after a week.
  await time.passMinutes(7 * 24 * 60 + 1);
  const tasks = await waitUntil(
    async () => (await time.clinic.call('GET', `${meeting.path}/tasks`)).body.items as { kind: string }[],
    (items) => items.some(({ kind }) => kind === 'billing-silent'),
  );
  expect(tasks.map(({ kind }) => kind)).toEqual(
    expect.arrayContaining(['approve-invoice', 'billing-silent']),
  );
  expect(await billingSays(invoice, 'basis', false)).toBe(200);
  expect((await lastOf(meeting)).state).toBe('refused');
  // Refused by billing it is live no more; what takes its place is a new proposal.
  expect(await send(invoice, 'replace')).toBe(200);
  const invoices = await invoicesOf(meeting);
  expect(invoices.map(({ state }) => state)).toEqual(['refused', 'proposed']);
  expect(invoices.filter(({ state }) => isLive(state as 'proposed'))).toHaveLength(1);
});

it('R5.11 staff are reminded each weekday until the visit is registered; then nothing is left to do', async () => {
  const meeting = await completedMeeting('registered');
  const task = async () =>
    (
      (await time.clinic.call('GET', `${meeting.path}/tasks`)).body.items as {
        kind: string;
        state: string;
        reminders: number;
        overdue: boolean;
        doneBy: string | null;
      }[]
    ).find(({ kind }) => kind === 'register-visit');
  expect(await waitUntil(task, (shown) => shown !== undefined)).toMatchObject({
    state: 'open',
    reminders: 0,
  });
  await time.passTo(endOfWeekdayAfter(time.now(), 2));
  expect(await waitUntil(task, (shown) => shown?.reminders === 2)).toMatchObject({ state: 'open' });
  expect((await time.clinic.call('POST', `${meeting.path}/registration`)).status).toBe(200);
  expect(await task()).toMatchObject({ state: 'done', reminders: 2, doneBy: 'clinician-1' });
  await time.passMinutes(20 * 24 * 60);
  expect(await task()).toMatchObject({ state: 'done', reminders: 2 });
});

it('R5.11 when nobody registers it the manager is told, the workflow ends, and the task stays', async () => {
  const meeting = await completedMeeting('never-registered');
  await time.passMinutes(20 * 24 * 60);
  const read = await waitUntil(
    async () =>
      (await time.clinic.call('GET', meeting.path)).body as { registration: object; waitingFor: object[] },
    ({ waitingFor }) => waitingFor.length === 0,
  );
  expect(read.registration).toEqual({ state: 'given-up', reminders: 6 });
  const events = await time.service.records.events.list({
    clinicId: time.clinic.clinicId,
    from: null,
    until: null,
    state: null,
    cursor: null,
    limit: 1_000,
  });
  const told = events.items
    .filter(({ subject, type }) => subject === meeting.meetingId && type.startsWith('task.'))
    .map(({ type }) => type);
  expect(told.filter((type) => type === 'task.reminder')).toHaveLength(5);
  expect(told.filter((type) => type === 'task.overdue')).toHaveLength(1);
  // Late is better than never.
  expect((await time.clinic.call('POST', `${meeting.path}/registration`)).status).toBe(200);
  const { items } = (await time.clinic.call('GET', `${meeting.path}/tasks`)).body as {
    items: { kind: string; state: string; doneBy: string | null }[];
  };
  expect(items.find(({ kind }) => kind === 'register-visit')).toMatchObject({
    state: 'done',
    doneBy: 'clinician-1',
  });
});

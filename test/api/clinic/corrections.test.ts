import { randomUUID } from 'node:crypto';
import { correctOutcome } from '../../../use-cases/meeting/correct-outcome';
import { toInstant } from '../../../rules/instant';
import { isLive, type InvoiceState } from '../../../rules/invoice';
import { createClinic, type CallOptions, type TestClinic, type TestMeeting } from '../../support/clinic';
import { testKeys } from '../../support/keys';
import { startService, type Service } from '../../support/service';
import { waitUntil } from '../../support/wait-until';
import {
  billedFor,
  billingSays,
  bookedEarly,
  cancelledLate,
  eventsOf,
  invoicesOf,
  issue,
  mustBe,
  readMeeting,
  quietPatient,
  sendInvoice,
  statesOf,
  taskIn,
  tasksOf,
  type ShownInvoice,
} from './after-meetings';
import { DAY, MINUTE, expectProblem, inMs, testClock } from '../helpers';

/**
 * R5.1: staff correct what a meeting came to, each correction is kept, and what is charged follows it (R5.8).
 */
const clock = testClock();
let service: Service;
let clinic: TestClinic;
let patientId: string;

beforeAll(async () => {
  service = await startService({ clock });
  clinic = await createClinic(service);
  patientId = await quietPatient(clinic);
});
afterEach(() => clock.release());
afterAll(() => service.close());

const correct = (
  { path }: TestMeeting,
  outcome: string,
  was: string,
  more: CallOptions & { way?: string } = {},
) =>
  clinic.call('POST', `${path}/outcome/corrections`, {
    body: { outcome, was, reason: 'wrong-entry', ...(more.way ? { way: more.way } : {}) },
    ...more,
  });
const read = (meeting: TestMeeting) => readMeeting(clinic, meeting);
const last = async (meeting: TestMeeting): Promise<ShownInvoice | undefined> =>
  (await invoicesOf(clinic, meeting)).at(-1);

/** Refused with its reason; outcome, invoices and what was told stay as they were. */
async function expectRefused(
  meeting: TestMeeting,
  ask: () => ReturnType<typeof correct>,
  reason: string,
  status = 409,
): Promise<void> {
  const contents = async () => ({
    meeting: (({ outcome, corrections }) => ({ outcome, corrections }))(await read(meeting)),
    invoices: await invoicesOf(clinic, meeting),
    told: (await eventsOf(service, clinic, meeting)).filter(
      ({ type }) => type === 'meeting.outcome-corrected' || /^(invoice|billing)\./.test(type),
    ),
  });
  const before = await contents();
  const answer = await ask();
  expectProblem(answer, status);
  expect(answer.body).toMatchObject({ title: reason });
  expect(await contents()).toEqual(before);
}

it('R5.1 a correction whose commit was not known to have happened is one correction, and no refusal', async () => {
  const meeting = await cancelledLate(clinic, clock, { patientId });
  const { records } = service;
  const answer = await correctOutcome(
    {
      records: {
        ...records,
        // As the driver does where the database went away between its commit and its answer.
        transaction: async (work) => {
          await records.transaction(work);
          return records.transaction(work);
        },
      },
      temporal: service.temporal,
      clock,
      roomKey: testKeys.roomKey,
    },
    {
      commandId: randomUUID(),
      targetId: randomUUID(),
      clinicId: clinic.clinicId,
      operation: 'correct-outcome',
      actor: { kind: 'staff', staffId: 'nurse-7', role: 'operations-manager' },
      reason: null,
      params: { meetingId: meeting.meetingId },
      body: { outcome: 'cancelled-in-time', was: 'cancelled-late', way: null, reason: 'wrong-entry' },
      receivedAt: toInstant(clock.now()),
    },
  );
  expect(answer.status).toBe(200);
  expect((await read(meeting)).corrections).toMatchObject([{ number: 1, by: 'nurse-7' }]);
  const told = await eventsOf(service, clinic, meeting);
  expect(told.filter(({ type }) => type === 'meeting.outcome-corrected')).toHaveLength(1);
});

it('R5.1 a correction is kept with who, when and why, and read as the outcome', async () => {
  const meeting = await cancelledLate(clinic, clock, { patientId });
  const before = new Date().toISOString();
  const answer = await correct(meeting, 'cancelled-in-time', 'cancelled-late', {
    staffId: 'nurse-7',
    role: 'operations-manager',
    // Without one the manager sees status only (R8.1).
    reason: 'the patient called',
  });
  expect(answer.status).toBe(200);
  expect(answer.body).toMatchObject({
    outcome: { outcome: 'cancelled-in-time', decidedBy: 'correction', because: ['wrong-entry'], way: null },
    corrections: [
      {
        number: 1,
        was: 'cancelled-late',
        outcome: 'cancelled-in-time',
        by: 'nurse-7',
        reason: 'wrong-entry',
        way: null,
      },
    ],
  });
  const { at } = answer.body.corrections[0];
  expect(at >= before && at <= new Date().toISOString()).toBe(true);
  const second = await correct(meeting, 'back-up-routine', 'cancelled-in-time', { way: 'physical-visit' });
  expect(second.body.corrections).toMatchObject([{ number: 1 }, { number: 2, way: 'physical-visit' }]);
  expect(await read(meeting)).toMatchObject({
    outcome: { outcome: 'back-up-routine', way: 'physical-visit' },
    corrections: second.body.corrections,
  });
  const told = await eventsOf(service, clinic, meeting);
  expect(
    told.filter(({ type }) => type === 'meeting.outcome-corrected').map(({ data }) => data),
  ).toMatchObject([
    { number: 1, was: 'cancelled-late', outcome: 'cancelled-in-time' },
    { number: 2, was: 'cancelled-in-time', outcome: 'back-up-routine' },
  ]);
  const { body: timeline } = await clinic.call('GET', `${meeting.path}/timeline`);
  expect(
    (timeline.happenings as { what: string; detail: string }[])
      .filter(({ what }) => what === 'outcome-corrected')
      .map(({ detail }) => detail),
  ).toEqual(['cancelled-in-time wrong-entry', 'back-up-routine wrong-entry']);
});

it('decision 6: the same key again is the same correction', async () => {
  const meeting = await cancelledLate(clinic, clock, { patientId });
  const key = randomUUID();
  const first = await correct(meeting, 'cancelled-by-clinic', 'cancelled-late', { key });
  const again = await correct(meeting, 'cancelled-by-clinic', 'cancelled-late', { key });
  expect(again.body).toEqual(first.body);
  expect((await read(meeting)).corrections).toHaveLength(1);
});

describe('R5.1 is refused', () => {
  it('where the outcome is another than its corrector read', async () => {
    const meeting = await cancelledLate(clinic, clock, { patientId });
    await expectRefused(meeting, () => correct(meeting, 'no-show', 'completed'), 'corrected-meanwhile');
    await correct(meeting, 'cancelled-in-time', 'cancelled-late');
    await expectRefused(meeting, () => correct(meeting, 'no-show', 'cancelled-late'), 'corrected-meanwhile');
  });

  it('where nothing changes; another way of the back-up routine is a change', async () => {
    const meeting = await cancelledLate(clinic, clock, { patientId });
    await expectRefused(
      meeting,
      () => correct(meeting, 'cancelled-late', 'cancelled-late'),
      'nothing-changes',
      422,
    );
    await mustBe(200, correct(meeting, 'back-up-routine', 'cancelled-late', { way: 'telephone' }));
    const same = () => correct(meeting, 'back-up-routine', 'back-up-routine', { way: 'telephone' });
    await expectRefused(meeting, same, 'nothing-changes', 422);
    const answer = await correct(meeting, 'back-up-routine', 'back-up-routine', { way: 'text-thread' });
    expect(answer.body.outcome).toMatchObject({ way: 'text-thread' });
  });

  it('before the meeting has an outcome', async () => {
    const meeting = await clinic.book({ patientId, startAt: inMs(10 * DAY) });
    await expectRefused(meeting, () => correct(meeting, 'no-show', 'completed'), 'not-ended');
    const underWay = await clinic.book({ patientId, startAt: inMs(5 * MINUTE) });
    await waitUntil(
      () => read(underWay),
      ({ state }) => state === 'door-open',
    );
    await expectRefused(underWay, () => correct(underWay, 'no-show', 'unclear'), 'not-ended');
  });

  it('R4.6 in a way that does not suit the person', async () => {
    const deaf = await quietPatient(clinic, { unsuitableWays: ['telephone'] });
    const meeting = await cancelledLate(clinic, clock, { patientId: deaf });
    const ask = () => correct(meeting, 'back-up-routine', 'cancelled-late', { way: 'telephone' });
    await expectRefused(meeting, ask, 'does-not-suit-the-person', 422);
  });

  it('R8.1 by the clinic’s system', async () => {
    const meeting = await cancelledLate(clinic, clock, { patientId });
    const ask = () => correct(meeting, 'no-show', 'cancelled-late', { role: 'system' });
    await expectRefused(meeting, ask, 'role-not-allowed', 403);
  });
});

/** What each outcome is charged, of a visit that was agreed, told of and booked in time (R5.2–R5.5). */
const charged: Record<string, string> = {
  completed: 'visit-fee',
  'no-show': 'missed-visit-fee',
  'cancelled-late': 'missed-visit-fee',
  'cancelled-in-time': 'none',
  'cancelled-by-clinic': 'none',
  'back-up-routine': 'none',
  'clinic-absent': 'none',
  'could-not-start': 'none',
};

it('R5.8 through every outcome, one after another: what was proposed is withdrawn, and one at most is live', async () => {
  const { invoice, ...meeting } = await cancelledLate(clinic, clock, { patientId });
  let was = 'cancelled-late';
  const kinds = [invoice.kind];
  // Each outcome follows on another, and none on itself.
  for (const outcome of [...Object.keys(charged), ...Object.keys(charged).reverse().slice(1)]) {
    const way = outcome === 'back-up-routine' ? { way: 'telephone' } : {};
    await mustBe(200, correct(meeting, outcome, was, way));
    was = outcome;
    kinds.push(charged[outcome]!);
    const invoices = await invoicesOf(clinic, meeting);
    expect(invoices.map(({ kind }) => kind)).toEqual(kinds);
    expect(invoices.at(-1)).toMatchObject({
      cause: outcome,
      state: charged[outcome] === 'none' ? 'nothing-to-charge' : 'proposed',
    });
    expect(invoices.slice(0, -1).filter(({ state }) => isLive(state as InvoiceState))).toEqual([]);
  }
  expect((await read(meeting)).corrections).toHaveLength(15);
  expect(await billedFor(service, clinic, meeting)).toEqual([]);
});

describe('R5.8 what has gone out', () => {
  it('issued: is credited first, and replaced when billing has credited it', async () => {
    const { invoice, ...meeting } = await cancelledLate(clinic, clock, { patientId });
    await issue(clinic, invoice);
    await mustBe(200, correct(meeting, 'completed', 'cancelled-late'));
    expect(await statesOf(clinic, meeting)).toEqual(['crediting']);
    // Corrected again meanwhile: it is the last one that takes the place.
    await mustBe(200, correct(meeting, 'clinic-absent', 'completed'));
    await mustBe(200, correct(meeting, 'no-show', 'clinic-absent'));
    expect(await statesOf(clinic, meeting)).toEqual(['crediting']);
    await mustBe(200, billingSays(clinic, invoice, 'credit', true));
    expect(await invoicesOf(clinic, meeting)).toMatchObject([
      { state: 'credited', cause: 'cancelled-late' },
      { state: 'proposed', cause: 'no-show', kind: 'missed-visit-fee', letThroughAt: null },
    ]);
    expect(await billedFor(service, clinic, meeting)).toEqual([
      'billing.basis 40000',
      'billing.credit 40000',
    ]);
  });

  it('issued, and nothing to charge after all: is credited, and that is all', async () => {
    const { invoice, ...meeting } = await cancelledLate(clinic, clock, { patientId });
    await issue(clinic, invoice);
    await mustBe(200, correct(meeting, 'clinic-absent', 'cancelled-late'));
    await mustBe(200, billingSays(clinic, invoice, 'credit', true));
    expect(await statesOf(clinic, meeting)).toEqual(['credited', 'nothing-to-charge']);
  });

  it('issued, and the same is charged: it stands', async () => {
    const { invoice, ...meeting } = await cancelledLate(clinic, clock, { patientId });
    await issue(clinic, invoice);
    await mustBe(200, correct(meeting, 'no-show', 'cancelled-late'));
    expect(await statesOf(clinic, meeting)).toEqual(['issued']);
    expect(await billedFor(service, clinic, meeting)).toEqual(['billing.basis 40000']);
  });

  it.each([
    [true, ['crediting']],
    [false, ['refused', 'proposed']],
  ])('handed over: waits for billing’s answer (%p)', async (accepted, states) => {
    const { invoice, ...meeting } = await cancelledLate(clinic, clock, { patientId });
    await mustBe(200, sendInvoice(clinic, invoice, 'approve', { body: {} }));
    await mustBe(200, correct(meeting, 'completed', 'cancelled-late'));
    expect(await statesOf(clinic, meeting)).toEqual(['handed-over']);
    await mustBe(200, billingSays(clinic, invoice, 'basis', accepted));
    expect(await statesOf(clinic, meeting)).toEqual(states);
  });

  it('a credit that billing refuses: nothing takes its place before it is credited', async () => {
    const { invoice, ...meeting } = await cancelledLate(clinic, clock, { patientId });
    await issue(clinic, invoice);
    await mustBe(200, correct(meeting, 'completed', 'cancelled-late'));
    await mustBe(200, billingSays(clinic, invoice, 'credit', false));
    expect(await statesOf(clinic, meeting)).toEqual(['issued']);
    await taskIn(clinic, meeting, 'credit-refused', 'open');
    // Staff have it made anew: by what the meeting came to as corrected, not by what the invoice was made
    // for.
    await mustBe(200, sendInvoice(clinic, invoice, 'replace'));
    await mustBe(200, billingSays(clinic, invoice, 'credit', true));
    expect(await invoicesOf(clinic, meeting)).toMatchObject([
      { state: 'credited' },
      { state: 'proposed', cause: 'completed', kind: 'visit-fee' },
    ]);
  });
});

describe('R5.5 corrected to a no-show although by our own records', () => {
  it.each([
    ['a form was missing', async () => ({ formIds: [await clinic.addForm()] })],
    [
      'the interpreter who was needed never came',
      () => ({
        interpreterNeeded: true,
        participants: [{ role: 'staff', staffId: 'clinician-1' }, { role: 'interpreter' }],
      }),
    ],
  ])('%s: nothing is charged', async (_what, more) => {
    const meeting = await bookedEarly(clinic, clock, { patientId, ...(await more()) });
    await mustBe(200, clinic.call('POST', `${meeting.path}/cancel`, { body: { by: 'clinic' } }));
    await waitUntil(
      () => statesOf(clinic, meeting),
      (states) => states.length > 0,
    );
    await mustBe(200, correct(meeting, 'no-show', 'cancelled-by-clinic'));
    expect(await last(meeting)).toMatchObject({
      cause: 'no-show',
      state: 'nothing-to-charge',
      amountOre: 0,
      because: [{ rule: 'R5.5', reason: 'form-consent-or-interpreter-missing' }],
    });
  });
});

it('R5.11 a visit that took place after all is registered like any other', async () => {
  const meeting = await bookedEarly(clinic, clock, { patientId });
  await mustBe(200, clinic.call('POST', `${meeting.path}/cancel`, { body: { by: 'clinic' } }));
  await waitUntil(
    () => statesOf(clinic, meeting),
    (states) => states.length > 0,
  );
  await mustBe(200, correct(meeting, 'completed', 'cancelled-by-clinic'));
  await taskIn(clinic, meeting, 'register-visit', 'open');
  const answer = await clinic.call('POST', `${meeting.path}/registration`, { staffId: 'nurse-7' });
  expect(answer.status).toBe(200);
  expect(await taskIn(clinic, meeting, 'register-visit', 'done')).toMatchObject({ doneBy: 'nurse-7' });
});

it('R5.6, R5.7 the approval that is not asked for any more is no task any more', async () => {
  const { invoice, ...meeting } = await cancelledLate(clinic, clock, { patientId });
  await taskIn(clinic, meeting, 'approve-invoice', 'open');
  await mustBe(200, correct(meeting, 'cancelled-in-time', 'cancelled-late'));
  expect(await taskIn(clinic, meeting, 'approve-invoice', 'withdrawn')).toMatchObject({
    invoiceId: invoice.invoiceId,
  });
  expect((await tasksOf(clinic, meeting)).filter(({ kind }) => kind === 'approve-invoice')).toHaveLength(1);
});

describe('at the same instant', () => {
  it('two corrections: both kept in order or one refused, and never two live invoices', async () => {
    for (let round = 0; round < 4; round += 1) {
      const meeting = await cancelledLate(clinic, clock, { patientId });
      const answers = await Promise.all([
        correct(meeting, 'no-show', 'cancelled-late', { staffId: 'one' }),
        correct(meeting, 'clinic-absent', 'cancelled-late', { staffId: 'other' }),
      ]);
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
      const first = answers[0].status === 200;
      const refused = answers.find(({ status }) => status === 409)!;
      expect(refused.body).toMatchObject({ title: 'corrected-meanwhile' });
      const { outcome, corrections } = await read(meeting);
      expect([outcome?.outcome, corrections.length]).toEqual([first ? 'no-show' : 'clinic-absent', 1]);
      expect(await statesOf(clinic, meeting)).toEqual([
        'withdrawn',
        first ? 'proposed' : 'nothing-to-charge',
      ]);
    }
  });

  it('a correction and an approval: billing is handed what is taken back, or nothing', async () => {
    for (let round = 0; round < 4; round += 1) {
      const { invoice, ...meeting } = await cancelledLate(clinic, clock, { patientId });
      const [corrected, approved] = await Promise.all([
        correct(meeting, 'cancelled-in-time', 'cancelled-late'),
        sendInvoice(clinic, invoice, 'approve', { body: {} }),
      ]);
      expect(corrected.status).toBe(200);
      expect([200, 409]).toContain(approved.status);
      if (approved.status === 200) await mustBe(200, billingSays(clinic, invoice, 'basis', true));
      const course = (await service.temporal.chargeStatus(meeting.meetingId, 1))!;
      const states = await waitUntil(
        () => statesOf(clinic, meeting),
        (shown) => shown.join() === course.invoices.map(({ state }) => state).join(),
      );
      expect(states).toEqual(approved.status === 200 ? ['crediting'] : ['withdrawn', 'nothing-to-charge']);
      expect((await last(meeting))?.state).toBe(states.at(-1));
    }
  });

  it('corrected as soon as it was cancelled, before anything was proposed: one invoice, and it was told', async () => {
    for (let round = 0; round < 4; round += 1) {
      const meeting = await bookedEarly(clinic, clock, { patientId });
      await mustBe(200, clinic.call('POST', `${meeting.path}/cancel`, { body: { by: 'clinic' } }));
      // Where it has to wait for the first proposal it is stored, and carried out after it.
      expect([200, 503]).toContain((await correct(meeting, 'no-show', 'cancelled-by-clinic')).status);
      const invoice = await waitUntil(
        () => last(meeting),
        (shown) => shown?.cause === 'no-show',
      );
      expect(invoice).toMatchObject({ state: 'proposed', kind: 'missed-visit-fee' });
      const told = await eventsOf(service, clinic, meeting);
      expect(told.filter(({ type }) => type === 'invoice.proposed').map(({ data }) => data)).toMatchObject([
        { invoiceId: invoice!.invoiceId, amountOre: 40_000 },
      ]);
    }
  });
});

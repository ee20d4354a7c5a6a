import { randomUUID } from 'node:crypto';
import { randomId } from '../../../platform/keys/random-id';
import { isLive, type InvoiceState } from '../../../rules/invoice';
import { invoiceWorkflowId } from '../../../temporal/ids';
import { createClinic, suitable, testSettings, type CallAnswer, type TestClinic } from '../../support/clinic';
import { startService, type Service } from '../../support/service';
import { waitUntil } from '../../support/wait-until';
import {
  billedFor,
  billingSays,
  cancelledLate,
  completed,
  eventsOf,
  invoicesOf,
  issue,
  quietPatient,
  sendInvoice,
  statesOf,
  taskIn,
  type ShownInvoice,
} from './after-meetings';
import { bornYearsAgo, expectProblem, openDatabase, testClock, type RawDatabase } from '../helpers';

/**
 * R5.7–R5.10 at the clinic's API: what is proposed is approved, waived, objected to, handed over, answered,
 * credited, replaced.
 */
const clock = testClock();
let service: Service;
let clinic: TestClinic;
let other: TestClinic;
let patientId: string;
let raw: RawDatabase;

beforeAll(async () => {
  service = await startService({ clock });
  clinic = await createClinic(service);
  other = await createClinic(service);
  patientId = await quietPatient(clinic);
  raw = await openDatabase(service);
});
afterEach(() => clock.release());
afterAll(async () => {
  await raw.close();
  await service.close();
});

const missed = (person: string = patientId, of: TestClinic = clinic) =>
  cancelledLate(of, clock, { patientId: person });
const attended = () => completed(clinic, { patientId });

const lastStepIn = ({ body }: CallAnswer) => (body.items as ShownInvoice[])[0]!.steps.at(-1);

/** All that is charged, and all that the clinics' systems were told of it. */
async function charged(): Promise<unknown> {
  const charges = await raw.db.collection('charges').find().sort({ _id: 1 }).toArray();
  const events = await raw.db.collection('events').find().sort({ _id: 1 }).toArray();
  return { charges, told: events.filter(({ type }) => /^(invoice|billing)\./.test(String(type))) };
}

/** The command is refused with its reason, and nothing that is charged is changed. */
async function expectRefused(ask: () => Promise<CallAnswer>, reason: string, status = 409): Promise<void> {
  const before = await charged();
  const answer = await ask();
  expectProblem(answer, status);
  expect(answer.body).toMatchObject({ title: reason });
  expect(await charged()).toEqual(before);
}

describe('R5.7 approve', () => {
  it('a named member of staff lets it go to billing, once; who it was stands in its steps', async () => {
    const { invoice, ...meeting } = await missed();
    expect(invoice).toMatchObject({
      state: 'proposed',
      kind: 'missed-visit-fee',
      cause: 'cancelled-late',
      amountOre: 40_000,
      payer: 'patient',
      needsApproval: true,
      letThroughAt: null,
      because: [{ rule: 'R5.3', reason: 'cancelled-late' }],
    });
    const answer = await sendInvoice(clinic, invoice, 'approve', {
      body: {},
      staffId: 'nurse-7',
      role: 'booker',
    });
    expect(answer.status).toBe(200);
    const [shown] = answer.body.items;
    expect(shown).toMatchObject({ invoiceId: invoice.invoiceId, state: 'handed-over' });
    expect(shown.steps).toMatchObject([
      { what: 'proposed', reason: 'cancelled-late', by: null },
      { what: 'handed-over', reason: 'approved', by: 'nurse-7' },
    ]);
    // Decision 1: what one has just done, one reads.
    expect(await invoicesOf(clinic, meeting)).toEqual(answer.body.items);
    expect(await billedFor(service, clinic, meeting)).toEqual(['billing.basis 40000']);
    const [basis] = (await eventsOf(service, clinic, meeting)).filter(({ type }) => type === 'billing.basis');
    expect(basis!.data).toMatchObject({
      invoiceId: invoice.invoiceId,
      patientId,
      payer: 'patient',
      feeCode: 'visit',
      currency: 'SEK',
      because: [{ rule: 'R5.3', reason: 'cancelled-late' }],
    });
  });

  it('the same key again gets the same answer; another key after it is told why not', async () => {
    const { invoice, ...meeting } = await missed();
    const key = randomUUID();
    const first = await sendInvoice(clinic, invoice, 'approve', { key, body: {} });
    expect(first.status).toBe(200);
    const again = await sendInvoice(clinic, invoice, 'approve', { key, body: {} });
    expect({ status: again.status, body: again.body as unknown }).toEqual({
      status: 200,
      body: first.body as unknown,
    });
    for (const [what, body] of [
      ['approve', {}],
      ['waive', { reason: 'goodwill' }],
    ] as const) {
      await expectRefused(() => sendInvoice(clinic, invoice, what, { body }), 'not-proposed');
    }
    expect(await billedFor(service, clinic, meeting)).toEqual(['billing.basis 40000']);
  });

  it.each(['approve', 'waive', 'credit', 'replace'])('not the clinic’s system: %s', async (what) => {
    const { invoice } = await missed();
    const bodies: Record<string, object> = {
      approve: {},
      waive: { reason: 'other' },
      credit: { reason: 'other' },
    };
    const ask = () => sendInvoice(clinic, invoice, what, { role: 'system', body: bodies[what] });
    await expectRefused(ask, 'role-not-allowed', 403);
  });

  it('one that goes out by itself needs none', async () => {
    const { invoice } = await attended();
    expect(invoice).toMatchObject({
      kind: 'visit-fee',
      needsApproval: false,
      letThroughAt: expect.any(String),
    });
    await expectRefused(() => sendInvoice(clinic, invoice, 'approve', { body: {} }), 'needs-no-approval');
  });

  it.each([
    ['17', { birthDate: bornYearsAgo(17) }, true],
    ['84', { birthDate: bornYearsAgo(84) }, false],
    ['85', { birthDate: bornYearsAgo(85) }, false],
    ['protected', { protectedIdentity: true }, false],
  ])('also an ordinary fee of a patient who is %s', async (who, person, child) => {
    const personId = await quietPatient(clinic, person);
    const { invoice } = await completed(clinic, { patientId: personId, suitability: suitable({ child }) });
    expect(invoice).toMatchObject({ kind: 'visit-fee', needsApproval: who !== '84' });
    expect(invoice.letThroughAt === null).toBe(who !== '84');
  });
});

describe('R5.10 who pays', () => {
  const child = async (age: number) => {
    const personId = await quietPatient(clinic, { birthDate: bornYearsAgo(age) });
    return cancelledLate(clinic, clock, { patientId: personId, suitability: suitable({ child: age < 18 }) });
  };

  it.each([13, 17])('at %i it must be said by who approves', async (age) => {
    const { invoice, ...meeting } = await child(age);
    expect(invoice).toMatchObject({ payer: 'staff-decides' });
    await expectRefused(() => sendInvoice(clinic, invoice, 'approve', { body: {} }), 'payer-missing');
    const none = { body: { payer: null } };
    await expectRefused(() => sendInvoice(clinic, invoice, 'approve', none), 'payer-missing');
    const said = { body: { payer: age === 13 ? 'guardian' : 'patient' } };
    const answer = await sendInvoice(clinic, invoice, 'approve', said);
    expect([answer.status, answer.body.items[0].payer]).toEqual([200, said.body.payer]);
    const [basis] = (await eventsOf(service, clinic, meeting)).filter(({ type }) => type === 'billing.basis');
    expect(basis!.data).toMatchObject({ payer: said.body.payer });
  });

  it.each([
    [12, 'guardian', 'patient'],
    [18, 'patient', 'guardian'],
  ])('at %i it follows from the age: %s, and cannot be said otherwise', async (age, payer, otherwise) => {
    const { invoice } = await child(age);
    expect(invoice).toMatchObject({ payer });
    const wrong = { body: { payer: otherwise } };
    await expectRefused(() => sendInvoice(clinic, invoice, 'approve', wrong), 'payer-is-decided');
    expect((await sendInvoice(clinic, invoice, 'approve', { body: { payer } })).status).toBe(200);
  });
});

it('R5.9 without an amount for the day nothing goes out until the table is mended', async () => {
  const third = await createClinic(service, {
    fees: [{ ...testSettings.fees[0]!, validUntil: '2020-12-31' }],
  });
  const { invoice, ...meeting } = await missed(await quietPatient(third), third);
  expect(invoice).toMatchObject({ amountOre: null, kind: 'missed-visit-fee' });
  const approve = (key: string) => sendInvoice(third, invoice, 'approve', { key, body: {} });
  await expectRefused(() => approve('the-first-try-of-all'), 'amount-missing');
  expect(await taskIn(third, meeting, 'approve-invoice', 'open')).toMatchObject({
    because: ['missed-visit-fee', 'no-amount-in-the-fee-table'],
  });

  const { body: settings } = await third.call('GET', '/clinic/settings');
  const fees = [
    ...(settings.fees as object[]),
    {
      feeCode: 'visit',
      validFrom: '2021-01-01',
      validUntil: null,
      visitFeeOre: 25_000,
      missedVisitFeeOre: 35_000,
    },
  ];
  const mended = { body: { ...settings, fees }, role: 'operations-manager' };
  expect((await third.call('PUT', '/clinic/settings', mended)).status).toBe(200);
  const answer = await approve('the-second-try-of-all');
  expect([answer.status, answer.body.items[0].amountOre]).toEqual([200, 35_000]);
  expect(await billedFor(service, third, meeting)).toEqual(['billing.basis 35000']);
});

it('R3.2, R5.9 what has no amount is not let go for 0 öre because the patient has said no since', async () => {
  const third = await createClinic(service, {
    fees: [{ ...testSettings.fees[0]!, validUntil: '2020-12-31' }],
  });
  const person = await quietPatient(third);
  const { invoice, ...meeting } = await missed(person, third);
  expect(invoice).toMatchObject({ amountOre: null, kind: 'missed-visit-fee' });
  const refused = { body: { given: false, givenBy: 'person' } };
  expect((await third.call('PUT', `/clinic/people/${person}/care-history-consent`, refused)).status).toBe(
    200,
  );
  await expectRefused(() => sendInvoice(third, invoice, 'approve', { body: {} }), 'amount-missing');
  expect(await billedFor(service, third, meeting)).toEqual([]);
});

describe('R5.7 waive', () => {
  it('with a reason; nothing goes to billing, and nothing more can be done with it', async () => {
    const { invoice, ...meeting } = await attended();
    const answer = await sendInvoice(clinic, invoice, 'waive', {
      body: { reason: 'technical-fault' },
      staffId: 'nurse-7',
    });
    expect(answer.status).toBe(200);
    expect(answer.body.items[0]).toMatchObject({ state: 'waived' });
    expect(lastStepIn(answer)).toMatchObject({
      what: 'waived',
      reason: 'technical-fault',
      by: 'nurse-7',
    });
    for (const [what, body, reason] of [
      ['approve', {}, 'not-proposed'],
      ['waive', { reason: 'goodwill' }, 'not-proposed'],
      ['objection', undefined, 'not-issued'],
      ['billing-answer', { to: 'basis', accepted: true }, 'not-handed-over'],
      ['credit', { reason: 'other' }, 'not-issued'],
    ] as const) {
      await expectRefused(() => sendInvoice(clinic, invoice, what, { ...(body && { body }) }), reason);
    }
    expect(await billedFor(service, clinic, meeting)).toEqual([]);
  });
});

describe('R5.7 the patient objects', () => {
  it('what would go out by itself waits for staff, who approve it', async () => {
    const { invoice, ...meeting } = await attended();
    const answer = await sendInvoice(clinic, invoice, 'objection', { role: 'booker', staffId: 'desk-2' });
    expect(answer.status).toBe(200);
    expect(answer.body.items[0]).toMatchObject({ state: 'proposed', objected: true, letThroughAt: null });
    expect(lastStepIn(answer)).toMatchObject({ what: 'objected', by: 'desk-2' });
    expect(await taskIn(clinic, meeting, 'approve-invoice', 'open')).toMatchObject({
      because: ['visit-fee', 'patient-objects'],
      invoiceId: invoice.invoiceId,
    });
    await expectRefused(() => sendInvoice(clinic, invoice, 'objection'), 'objected-already');
    expect((await sendInvoice(clinic, invoice, 'approve', { body: {} })).status).toBe(200);
    expect(await billedFor(service, clinic, meeting)).toEqual(['billing.basis 30000']);
  });

  it('one that has gone out stands, and staff are told', async () => {
    const { invoice, ...meeting } = await missed();
    await issue(clinic, invoice);
    const answer = await sendInvoice(clinic, invoice, 'objection');
    expect(answer.body.items[0]).toMatchObject({ state: 'issued', objected: true });
    expect(await taskIn(clinic, meeting, 'objection-after-issue', 'open')).toMatchObject({
      invoiceId: invoice.invoiceId,
    });
    expect(await billedFor(service, clinic, meeting)).toEqual(['billing.basis 40000']);
  });

  it('what takes the place of one that was objected to waits for staff too', async () => {
    const { invoice, ...meeting } = await attended();
    await sendInvoice(clinic, invoice, 'objection');
    await sendInvoice(clinic, invoice, 'waive', { body: { reason: 'clinic-mistake' } });
    expect((await sendInvoice(clinic, invoice, 'replace')).status).toBe(200);
    const [, second] = await invoicesOf(clinic, meeting);
    expect(second).toMatchObject({ state: 'proposed', kind: 'visit-fee', letThroughAt: null });
  });
});

describe('R5.8 the clinic’s billing', () => {
  it('is not asked before it was handed anything', async () => {
    const { invoice } = await missed();
    await expectRefused(() => billingSays(clinic, invoice, 'basis', true), 'not-handed-over');
    await expectRefused(() => billingSays(clinic, invoice, 'credit', true), 'not-handed-over');
  });

  it('accepts: issued, and the answer is taken once', async () => {
    const { invoice, ...meeting } = await missed();
    await sendInvoice(clinic, invoice, 'approve', { body: {} });
    await expectRefused(() => billingSays(clinic, invoice, 'credit', true), 'not-handed-over');
    await expectRefused(
      () => sendInvoice(clinic, invoice, 'credit', { body: { reason: 'other' } }),
      'waits-for-billing',
    );
    await expectRefused(() => sendInvoice(clinic, invoice, 'replace'), 'waits-for-billing');
    const answer = await billingSays(clinic, invoice, 'basis', true);
    expect(answer.body.items[0]).toMatchObject({ state: 'issued' });
    expect(lastStepIn(answer)).toMatchObject({
      what: 'issued',
      reason: 'accepted-by-billing',
      by: 'billing',
    });
    await expectRefused(() => billingSays(clinic, invoice, 'basis', false), 'not-handed-over');
    expect(await statesOf(clinic, meeting)).toEqual(['issued']);
  });

  it('refuses: staff are told, and another can take its place', async () => {
    const { invoice, ...meeting } = await missed();
    await sendInvoice(clinic, invoice, 'approve', { body: {} });
    const answer = await billingSays(clinic, invoice, 'basis', false);
    expect(answer.body.items[0]).toMatchObject({ state: 'refused' });
    await taskIn(clinic, meeting, 'invoice-refused', 'open');
    expect((await sendInvoice(clinic, invoice, 'replace')).status).toBe(200);
    expect(await statesOf(clinic, meeting)).toEqual(['refused', 'proposed']);
    await taskIn(clinic, meeting, 'invoice-refused', 'withdrawn');
    await expectRefused(() => sendInvoice(clinic, invoice, 'replace'), 'replaced');
  });
});

describe('R5.8 credit and replace', () => {
  it('an issued one is credited with nothing in its place', async () => {
    const { invoice, ...meeting } = await missed();
    await expectRefused(
      () => sendInvoice(clinic, invoice, 'credit', { body: { reason: 'other' } }),
      'not-issued',
    );
    await issue(clinic, invoice);
    const answer = await sendInvoice(clinic, invoice, 'credit', {
      body: { reason: 'wrong-person' },
      staffId: 'nurse-7',
    });
    expect(answer.body.items[0]).toMatchObject({ state: 'crediting' });
    expect(lastStepIn(answer)).toMatchObject({ reason: 'wrong-person', by: 'nurse-7' });
    await expectRefused(
      () => sendInvoice(clinic, invoice, 'credit', { body: { reason: 'other' } }),
      'waits-for-billing',
    );
    await expectRefused(() => billingSays(clinic, invoice, 'basis', true), 'not-handed-over');
    expect((await billingSays(clinic, invoice, 'credit', true)).status).toBe(200);
    expect(await statesOf(clinic, meeting)).toEqual(['credited']);
    expect(await billedFor(service, clinic, meeting)).toEqual([
      'billing.basis 40000',
      'billing.credit 40000',
    ]);
  });

  it('a credit that billing refuses leaves it issued, and staff are told', async () => {
    const { invoice, ...meeting } = await missed();
    await issue(clinic, invoice);
    await sendInvoice(clinic, invoice, 'credit', { body: { reason: 'clinic-mistake' } });
    expect((await billingSays(clinic, invoice, 'credit', false)).body.items[0]).toMatchObject({
      state: 'issued',
    });
    await taskIn(clinic, meeting, 'credit-refused', 'open');
  });

  it('what would be the same is not made anew', async () => {
    const proposed = await missed();
    await expectRefused(() => sendInvoice(clinic, proposed.invoice, 'replace'), 'nothing-changes');
    await issue(clinic, proposed.invoice);
    await expectRefused(() => sendInvoice(clinic, proposed.invoice, 'replace'), 'nothing-changes');
  });

  it('by the table of now: an issued one is credited first, and never are two live', async () => {
    const third = await createClinic(service);
    const { invoice, ...meeting } = await missed(await quietPatient(third), third);
    await issue(third, invoice);
    const { body: settings } = await third.call('GET', '/clinic/settings');
    const fees = [{ ...testSettings.fees[0]!, missedVisitFeeOre: 20_000 }];
    await third.call('PUT', '/clinic/settings', { body: { ...settings, fees }, role: 'operations-manager' });
    const replaced = await sendInvoice(third, invoice, 'replace', { staffId: 'nurse-7' });
    expect([replaced.status, await statesOf(third, meeting)]).toEqual([200, ['crediting']]);
    expect((await billingSays(third, invoice, 'credit', true)).status).toBe(200);
    const [credited, second] = await invoicesOf(third, meeting);
    expect([credited, second]).toMatchObject([
      { state: 'credited', amountOre: 40_000 },
      { state: 'proposed', amountOre: 20_000, letThroughAt: null },
    ]);
    await issue(third, second!);
    expect(await billedFor(service, third, meeting)).toEqual([
      'billing.basis 40000',
      'billing.credit 40000',
      'billing.basis 20000',
    ]);
    await expectRefused(() => sendInvoice(third, invoice, 'approve', { body: {} }), 'replaced');
  });
});

describe('whose invoice', () => {
  it.each(['approve', 'waive', 'objection', 'billing-answer', 'credit', 'replace'])(
    'R8.1 %s of another clinic’s is the same as of one that nobody has: 404',
    async (what) => {
      const { invoice } = await missed();
      const bodies: Record<string, object> = {
        approve: {},
        waive: { reason: 'other' },
        'billing-answer': { to: 'basis', accepted: true },
        credit: { reason: 'other' },
      };
      for (const { invoiceId } of [invoice, { invoiceId: randomId() }]) {
        const ask = () => sendInvoice(other, { invoiceId }, what, { body: bodies[what] });
        await expectRefused(ask, 'not-found', 404);
      }
    },
  );

  it('R8.2 each decision is logged with whose it was', async () => {
    const { invoice } = await missed();
    await sendInvoice(clinic, invoice, 'approve', { body: {}, staffId: 'nurse-9' });
    expect(await raw.audit({ subjectId: invoice.invoiceId })).toMatchObject([
      { operation: 'invoice.approve', staffId: 'nurse-9', personId: patientId, allowed: true },
    ]);
  });
});

describe('at the same instant', () => {
  it('one approves and one waives: exactly one of them has decided', async () => {
    for (let round = 0; round < 4; round += 1) {
      const { invoice, ...meeting } = await missed();
      const answers = await Promise.all([
        sendInvoice(clinic, invoice, 'approve', { body: {}, staffId: 'approver' }),
        sendInvoice(clinic, invoice, 'waive', { body: { reason: 'goodwill' }, staffId: 'waiver' }),
      ]);
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
      const approved = answers[0].status === 200;
      const [shown] = await invoicesOf(clinic, meeting);
      expect(shown).toMatchObject({ state: approved ? 'handed-over' : 'waived' });
      expect(shown!.steps.map(({ by }) => by)).toEqual([null, approved ? 'approver' : 'waiver']);
      expect(await billedFor(service, clinic, meeting)).toEqual(approved ? ['billing.basis 40000'] : []);
    }
  });

  it('ten approve: one has, and billing is handed one basis', async () => {
    const { invoice, ...meeting } = await missed();
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, index) =>
        sendInvoice(clinic, invoice, 'approve', { body: {}, staffId: `nurse-${index}` }),
      ),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([
      200,
      ...Array.from({ length: 9 }, () => 409),
    ]);
    expect(await billedFor(service, clinic, meeting)).toEqual(['billing.basis 40000']);
  });

  it('R5.7, R5.8 an objection that was read before billing’s answer ended the workflow is kept, and nothing forks', async () => {
    const { invoice, ...meeting } = await missed();
    expect((await sendInvoice(clinic, invoice, 'approve', { body: {} })).status).toBe(200);
    const { charges } = service.records;
    const find = charges.findByInvoice.bind(charges);
    let sayRead: () => void = () => undefined;
    const hasRead = new Promise<void>((resolve) => (sayRead = resolve));
    let goOn: () => void = () => undefined;
    const answered = new Promise<void>((resolve) => (goOn = resolve));
    // The objection has read the charge, and its process is busy elsewhere.
    charges.findByInvoice = async (...args) => {
      charges.findByInvoice = find;
      const found = await find(...args);
      sayRead();
      await answered;
      return found;
    };
    const objection = sendInvoice(clinic, invoice, 'objection');
    await hasRead;
    expect((await billingSays(clinic, invoice, 'basis', true)).status).toBe(200);
    const handle = service.client.workflow.getHandle(invoiceWorkflowId(meeting.meetingId, 1));
    await waitUntil(
      async () => (await handle.describe()).status.name,
      (status) => status === 'COMPLETED',
    );
    goOn();
    expect((await objection).status).toBe(200);
    expect(await invoicesOf(clinic, meeting)).toMatchObject([{ state: 'issued', objected: true }]);
    const agreed = async () => {
      const saved = await charges.find(meeting.meetingId, 1);
      expect(await service.temporal.chargeStatus(meeting.meetingId, 1)).toEqual(saved?.course);
    };
    await agreed();
    // The run that the objection started goes on from there.
    const credit = { body: { reason: 'clinic-mistake' } };
    expect((await sendInvoice(clinic, invoice, 'credit', credit)).status).toBe(200);
    expect((await billingSays(clinic, invoice, 'credit', true)).status).toBe(200);
    expect(await invoicesOf(clinic, meeting)).toMatchObject([{ state: 'credited', objected: true }]);
    await agreed();
    expect(await billedFor(service, clinic, meeting)).toEqual([
      'billing.basis 40000',
      'billing.credit 40000',
    ]);
  });

  it('one whose command was on its way while the other’s decision was carried out and closed is refused', async () => {
    const { invoice, ...meeting } = await missed();
    const { approveInvoice } = service.temporal;
    // The approval has read the invoice, and stands still before it is sent.
    service.temporal.approveInvoice = async (...sent) => {
      await new Promise((resolve) => setTimeout(resolve, 2_000));
      return approveInvoice(...sent);
    };
    try {
      const approving = sendInvoice(clinic, invoice, 'approve', { body: {} });
      await new Promise((resolve) => setTimeout(resolve, 500));
      expect((await sendInvoice(clinic, invoice, 'waive', { body: { reason: 'goodwill' } })).status).toBe(
        200,
      );
      const answer = await approving;
      expect([answer.status, answer.body.title]).toEqual([409, 'not-proposed']);
    } finally {
      service.temporal.approveInvoice = approveInvoice;
    }
    const course = await service.temporal.chargeStatus(meeting.meetingId, 1);
    expect(course?.invoices.map(({ state }) => state)).toEqual(['waived']);
    expect(await statesOf(clinic, meeting)).toEqual(['waived']);
  });

  it('R5.8 ledger, read model and workflow agree, and at most one invoice is live', async () => {
    const { invoice, ...meeting } = await missed();
    await issue(clinic, invoice);
    await Promise.all([
      sendInvoice(clinic, invoice, 'credit', { body: { reason: 'other' } }),
      sendInvoice(clinic, invoice, 'objection'),
      sendInvoice(clinic, invoice, 'replace'),
      billingSays(clinic, invoice, 'basis', false),
    ]);
    const course = (await service.temporal.chargeStatus(meeting.meetingId, 1))!;
    const shown = await waitUntil(
      () => statesOf(clinic, meeting),
      (states) => states.join() === course.invoices.map(({ state }) => state).join(),
    );
    expect(shown.filter((state) => isLive(state as InvoiceState))).toHaveLength(1);
  });
});

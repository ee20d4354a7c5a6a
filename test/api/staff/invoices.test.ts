import type { StaffMember } from '../../../records/staff';
import {
  suitable,
  createClinic,
  testSettings,
  type TestClinic,
  type TestMeeting,
} from '../../support/clinic';
import { formIn, type Shown, type Visitor } from '../../support/patient';
import { withRowOfBefore } from '../../support/earlier-release';
import { startService, type Service } from '../../support/service';
import { addStaff, staffVisitor } from '../../support/staff';
import {
  billedFor,
  billingSays,
  cancelledLate,
  completed,
  invoicesOf,
  issue,
  quietPatient,
  sendInvoice,
  type ShownInvoice,
} from '../clinic/after-meetings';
import {
  addInvoiceAndTask,
  bornYearsAgo,
  DAY,
  dayInStockholm,
  expectProblem,
  inMs,
  openDatabase,
  testClock,
  type AuditRow,
  type RawDatabase,
} from '../helpers';

/** The invoices of a clinic on the desk (R5.3, R5.7–R5.10, R8.8). */
const clock = testClock();
let service: Service;
let clinic: TestClinic;
let raw: RawDatabase;
let nurse: StaffMember;
let atNurse: Visitor;
let atBooker: Visitor;

beforeAll(async () => {
  service = await startService({ clock });
  clinic = await createClinic(service);
  raw = await openDatabase(service);
  nurse = await addStaff(service, clinic, { id: 'S001', name: 'Anna Ek', staffIds: ['clinician-1'] });
  atNurse = await staffVisitor(service, nurse);
  atBooker = await staffVisitor(
    service,
    await addStaff(service, clinic, { id: 'R001', name: 'Bo Berg', roles: ['booker'] }),
  );
});
afterEach(() => clock.release());
afterAll(async () => {
  await raw.close();
  await service.close();
});

type WithInvoice = TestMeeting & { invoice: ShownInvoice };
const missed = async (person: object = {}, of = clinic): Promise<WithInvoice> => {
  const patientId = await quietPatient(of, person);
  const child = 'birthDate' in person;
  return cancelledLate(of, clock, { patientId, suitability: suitable({ child }) });
};

const path = ({ invoiceId }: Pick<ShownInvoice, 'invoiceId'>, page = ''): string =>
  `/desk/invoices/${invoiceId}${page && `/${page}`}`;
const lastOf = async (operation: string): Promise<AuditRow | undefined> =>
  (await raw.audit({ operation })).at(-1);
const stateOf = async (meeting: WithInvoice, of = clinic) => (await invoicesOf(of, meeting)).at(-1)!.state;
const follow = (browser: Visitor, shown: Shown): Promise<Shown> => {
  expect(shown.status).toBe(303);
  return browser.get(shown.location!);
};
const idsOn = ({ text }: Shown): string[] =>
  [...text.matchAll(/<a href="\/desk\/invoices\/([A-Za-z0-9_-]{22})"/g)].map(([, id]) => id!);
/** What is charged of a clinic, and all that its billing was told. */
async function charged(): Promise<unknown> {
  const charges = await raw.db.collection('charges').find().sort({ _id: 1 }).toArray();
  const events = await raw.db.collection('events').find().sort({ _id: 1 }).toArray();
  return { charges, told: events.filter(({ type }) => /^(invoice|billing)\./.test(String(type))) };
}

describe('R5.7 the list of all meetings’ invoices', () => {
  let own: TestClinic;
  let browser: Visitor;
  const list = (query = ''): Promise<Shown> => browser.get(`/desk/invoices${query}`);
  beforeAll(async () => {
    own = await createClinic(service);
    browser = await staffVisitor(service, await addStaff(service, own, { id: 'S002', roles: ['booker'] }));
  });

  it('by where they stand: each invoice is in one part, and moves with what happens to it', async () => {
    const toDecide = await missed({ name: 'Sen Återbudsson' }, own);
    const goingOut = await completed(own, { patientId: await quietPatient(own) });
    const refused = await missed({}, own);
    await sendInvoice(own, refused.invoice, 'approve', { body: {} });
    const parts = async (): Promise<Record<string, string[]>> =>
      Object.fromEntries(
        await Promise.all(
          ['to-decide', 'going-out', 'at-billing', 'billing-refused', 'issued', 'over'].map(
            async (standing) => [standing, idsOn(await list(`?standing=${standing}`))] as const,
          ),
        ),
      );
    const id = ({ invoice }: WithInvoice): string => invoice.invoiceId;
    expect(await parts()).toEqual({
      'to-decide': [id(toDecide)],
      'going-out': [id(goingOut)],
      'at-billing': [id(refused)],
      'billing-refused': [],
      issued: [],
      over: [],
    });
    const shown = await list();
    expect(shown.text).toContain('Sen Återbudsson');
    expect(shown.text).toContain('400 kr');
    expect(shown.text).toContain('Patienten avbokade senare än kallelsen säger (R5.3)');
    expect(await lastOf('invoice.list')).toMatchObject({ loggedIn: true, allowed: true });

    await billingSays(own, refused.invoice, 'basis', false);
    await sendInvoice(own, goingOut.invoice, 'objection');
    await sendInvoice(own, toDecide.invoice, 'waive', { body: { reason: 'goodwill' } });
    expect(await parts()).toEqual({
      'to-decide': [id(goingOut)],
      'going-out': [],
      'at-billing': [],
      'billing-refused': [id(refused)],
      issued: [],
      over: [id(toDecide)],
    });
    expect((await list()).text).toContain('Patienten invänder');
    expect(idsOn(await list('?cause=cancelled-late'))).toEqual([]);
    expect(idsOn(await list('?cause=completed'))).toEqual([id(goingOut)]);
    const today = dayInStockholm(goingOut.invoice.steps[0]!.at);
    expect(idsOn(await list(`?day=${today}`))).toEqual([id(goingOut)]);
    expect(idsOn(await list('?day=2026-01-01'))).toEqual([]);
    for (const odd of ['?standing=x&cause=y&day=2026-02-30', '?after=x'])
      expect(idsOn(await list(odd))).toEqual([id(goingOut)]);

    // The same over the API.
    const ask = (query = '') => own.call('GET', `/clinic/invoices${query}`);
    const { body } = await ask('?cause=completed');
    const patientId = (await service.records.meetings.get(goingOut.meetingId)).patientId;
    expect(body).toMatchObject({
      items: [{ invoiceId: id(goingOut), patientId, standing: 'to-decide', state: 'proposed' }],
      next: null,
    });
    const [same] = await invoicesOf(own, goingOut);
    const [{ patientId: _, standing: __, ...listed }] = body.items;
    expect(listed).toEqual(same);
    expect((await ask('?standing=over')).body.items).toMatchObject([{ invoiceId: id(toDecide) }]);
    expectProblem(await ask('?standing=none'), 400);
    expectProblem(await ask('?day=2026-02-30'), 400);
    expect(((await clinic.call('GET', '/clinic/invoices?standing=over')).body.items as object[]).length).toBe(
      0,
    );
  });

  it('50 a page, oldest first, each once; another clinic’s are not in it', async () => {
    const many = await createClinic(service);
    const at = await staffVisitor(service, await addStaff(service, many, { id: 'S002' }));
    const { meetingId } = await many.book({
      patientId: await quietPatient(many),
      startAt: inMs(10 * DAY),
    });
    await addInvoiceAndTask(service, meetingId);
    const charges = raw.db.collection<{ _id: string; proposedAt: string; course: { invoices: object[] } }>(
      'charges',
    );
    const [first] = await charges.find({ meetingId } as never).toArray();
    const proposedAt = (index: number): string => inMs(-(1 + Math.floor(index / 2)) * DAY);
    const rows = Array.from({ length: 60 }, (_, index) => {
      const invoiceId = `invoice-${index}`.padEnd(22, '0');
      const course = structuredClone(first!.course);
      Object.assign(course.invoices[0]!, { invoiceId, proposedAt: proposedAt(index) });
      return {
        ...first!,
        _id: `${meetingId}:${index + 2}`,
        startVersion: index + 2,
        invoiceIds: [invoiceId],
        proposedAt: proposedAt(index),
        course,
      };
    });
    await charges.insertMany(rows);
    const inOrder = [...rows].sort((a, b) =>
      a.proposedAt === b.proposedAt ? (a._id < b._id ? -1 : 1) : a.proposedAt < b.proposedAt ? -1 : 1,
    );
    const expected = inOrder.map((row) => (row as unknown as { invoiceIds: string[] }).invoiceIds[0]);
    const page = await at.get('/desk/invoices');
    expect(page.text.length).toBeLessThan(60_000);
    const [, next] = /href="(\/desk\/invoices\?after=[^"]*)"/.exec(page.text)!;
    const rest = await at.get(next!);
    const own = [...idsOn(page), ...idsOn(rest)];
    expect(own.slice(0, 60)).toEqual(expected);
    expect(own).toHaveLength(61);
    expect(rest.text).not.toContain('/desk/invoices?after=');
    expect(idsOn(await list()).filter((each) => own.includes(each))).toEqual([]);
  });

  it('what an earlier release wrote is in it, once it has been looked at', async () => {
    const old = await missed({}, own);
    const row = {
      collection: 'charges',
      _id: `${old.meetingId}:1`,
      without: ['standing', 'cause', 'proposedAt'],
    };
    await withRowOfBefore(service, row, async (records) => {
      const waiting = async (cause: 'cancelled-late' | null): Promise<string[]> => {
        const standing = 'to-decide' as const;
        const query = { clinicId: own.clinicId, standing, cause, proposed: null, cursor: null, limit: 10 };
        return (await records.charges.list(query)).items.map(({ meetingId }) => meetingId);
      };
      expect(await waiting(null)).toEqual([]);
      await records.prepare();
      expect(await waiting(null)).toEqual([old.meetingId]);
      expect(await waiting('cancelled-late')).toEqual([old.meetingId]);
    });
  });

  it('R8.8 nobody with protected data is named, in the list or on the page', async () => {
    const person = { name: 'Hemlig Testsson', protectedIdentity: true };
    const { invoice } = await completed(own, { patientId: await quietPatient(own, person) });
    for (const page of [
      await list(),
      await browser.get(path(invoice)),
      await browser.get(path(invoice, 'waive')),
    ]) {
      expect(page.status).toBe(200);
      expect(page.text).toContain('Skyddade personuppgifter');
      expect(page.text).not.toMatch(/Hemlig|1980-05-17/);
    }
  });
});

describe('one invoice', () => {
  it('R5.3 says what is charged, by which rule, who pays, what it rests on and what has happened', async () => {
    const { invoice, meetingId } = await missed({ name: 'Sen Återbudsson' });
    const page = await atNurse.get(path(invoice));
    expect(page.status).toBe(200);
    for (const text of [
      '400 kr',
      'Patienten avbokade senare än kallelsen säger (R5.3)',
      'ska alltid godkännas (R5.7)',
      'Sen Återbudsson, född 1980-05-17',
      'Föreslagen: Sent avbokat',
      'Tiden var överenskommen',
      `href="/desk/meetings/${meetingId}"`,
    ])
      expect(page.text).toContain(text);
    expect(page.text).not.toMatch(/<title>[^<]*(Sen|1980)/);
    expect(page.text).not.toMatch(/undefined|\[object/);
    expect(await lastOf('invoice.read')).toMatchObject({ subjectId: invoice.invoiceId, allowed: true });
  });

  it('R8.1 the evidence is shown to those who take part, and not to bookers', async () => {
    const { invoice } = await completed(clinic, { patientId: await quietPatient(clinic) });
    const evidence = 'Genomfört. Personal har angett det.';
    expect((await atNurse.get(path(invoice))).text).toContain(evidence);
    const bookers = await atBooker.get(path(invoice));
    expect(bookers.text).not.toContain('Personal har angett det.');
    expect(bookers.text).toContain(path(invoice, 'why'));
    expect((await atBooker.get(path(invoice, 'why'))).status).toBe(403);
    expect((await atNurse.get(path(invoice, 'why'))).location).toBe(path(invoice));
  });

  it('R5.7 approve: it goes to billing once, also when the form is posted twice', async () => {
    const meeting = await missed();
    const { invoice } = meeting;
    const page = await atNurse.get(path(invoice));
    const form = formIn(page, path(invoice, 'approve'));
    const forged = await atNurse.post(path(invoice, 'approve'), { ...form, csrf: 'x'.repeat(43) });
    expect(forged.status).toBe(403);
    expect(await stateOf(meeting)).toBe('proposed');
    const approve = () => atNurse.post(path(invoice, 'approve'), form);
    const answer = await approve();
    expect(answer.location).toBe(`${path(invoice)}?said=approve`);
    const after = await follow(atNurse, answer);
    expect(after.text).toContain('Fakturan är godkänd');
    expect(after.text).toContain('Hos faktureringen: godkänd, Anna Ek');
    expect((await approve()).location).toBe(`${path(invoice)}?said=approve`);
    expect(await billedFor(service, clinic, meeting)).toEqual(['billing.basis 40000']);
    expect(await lastOf('invoice.approve')).toMatchObject({ staffId: 'clinician-1', loggedIn: true });
  });

  it('two at once: one decides, and the other is told what and who; nothing is done twice', async () => {
    const meeting = await missed();
    const { invoice } = meeting;
    const [forApproval, forWaiving] = await Promise.all([
      atNurse.get(path(invoice)),
      atBooker.get(path(invoice, 'waive')),
    ]);
    const answers = await Promise.all([
      atNurse.submit(forApproval, path(invoice, 'approve')),
      atBooker.submit(forWaiving, path(invoice, 'waive'), { reason: 'goodwill' }),
    ]);
    const refused = answers.findIndex(({ location }) => location?.includes('refused=not-proposed'));
    expect(answers.filter(({ location }) => location?.includes('said='))).toHaveLength(1);
    const [second, first] =
      refused === 0
        ? [atNurse, 'Tas inte ut: Goodwill, Bo Berg']
        : [atBooker, 'Hos faktureringen: godkänd, Anna Ek'];
    const told = await follow(second, answers[refused]!);
    expect(told.text).toContain('Den är redan avgjord.');
    expect(told.text).toContain(`Senast: ${first}`);
    expect(await stateOf(meeting)).toBe(refused === 0 ? 'waived' : 'handed-over');
    expect(await billedFor(service, clinic, meeting)).toEqual(refused === 0 ? [] : ['billing.basis 40000']);
    // A page that asks whether it is meant is not shown for what is decided.
    const late = await follow(atBooker, await atBooker.get(path(invoice, 'waive')));
    expect(late.text).toContain('Det går inte som det står nu.');
    expect(late.text).toContain('Senast:');
  });

  it('R5.7 waive: asks whether it is meant and why; without a reason nothing changes', async () => {
    const meeting = await missed();
    const { invoice } = meeting;
    const confirm = await atNurse.get(path(invoice, 'waive'));
    const before = await charged();
    for (const reason of [undefined, 'because', '']) {
      const lacking = await atNurse.submit(
        confirm,
        path(invoice, 'waive'),
        reason === undefined ? {} : { reason },
      );
      expect(lacking.status).toBe(422);
      expect(lacking.text).toContain('<a href="#reason">Välj ett skäl.</a>');
    }
    expect(await charged()).toEqual(before);
    const answer = await atNurse.submit(confirm, path(invoice, 'waive'), { reason: 'technical-fault' });
    expect((await follow(atNurse, answer)).text).toContain('Tas inte ut: Tekniskt fel, Anna Ek');
    expect(await stateOf(meeting)).toBe('waived');
    expect(await billedFor(service, clinic, meeting)).toEqual([]);
  });

  it('R5.10 at 13 to 17 staff say who pays; at 12 they are not asked', async () => {
    const meeting = await missed({ birthDate: bornYearsAgo(15) });
    const { invoice } = meeting;
    const page = await atNurse.get(path(invoice));
    expect(page.text).toContain('Fråga barnet först');
    const before = await charged();
    for (const payer of [{}, { payer: 'somebody' }] as Record<string, string>[]) {
      const lacking = await atNurse.submit(page, path(invoice, 'approve'), payer);
      expect([lacking.status, lacking.text]).toEqual([
        422,
        expect.stringContaining('<a href="#payer">Välj vem som ska betala.</a>'),
      ]);
      expect(await charged()).toEqual(before);
    }
    const again = await atNurse.get(path(invoice));
    const answer = await atNurse.submit(again, path(invoice, 'approve'), { payer: 'patient' });
    expect(answer.location).toBe(`${path(invoice)}?said=approve`);
    expect((await invoicesOf(clinic, meeting))[0]).toMatchObject({ payer: 'patient', state: 'handed-over' });

    const young = await missed({ birthDate: bornYearsAgo(12) });
    const ofYoung = await atNurse.get(path(young.invoice));
    expect(ofYoung.text).toContain('Vårdnadshavaren');
    expect(ofYoung.text).not.toContain('name="payer"');
  });

  it('R5.9 what has no amount is not approved unseen: the table is mended, and it is made anew', async () => {
    const third = await createClinic(service, {
      fees: [{ ...testSettings.fees[0]!, validUntil: '2020-12-31' }],
    });
    const browser = await staffVisitor(service, await addStaff(service, third, { id: 'S002' }));
    const meeting = await missed({}, third);
    const page = await browser.get(path(meeting.invoice));
    expect(page.text).toContain('Belopp saknas');
    expect(page.text).toContain('Avgiftstabellen har inget belopp för dagen.');
    expect(page.text).not.toContain(path(meeting.invoice, 'approve'));
    const anew = async () => {
      const confirm = await browser.get(path(meeting.invoice, 'replace'));
      return follow(browser, await browser.submit(confirm, path(meeting.invoice, 'replace')));
    };
    expect((await anew()).text).toContain('Avgiftstabellen har fortfarande inget belopp');
    expect(await invoicesOf(third, meeting)).toHaveLength(1);

    const { body: settings } = await third.call('GET', '/clinic/settings');
    const fees = [...(settings.fees as object[]), { ...testSettings.fees[0]!, validFrom: '2021-01-01' }];
    const mended = { body: { ...settings, fees }, role: 'operations-manager' };
    expect((await third.call('PUT', '/clinic/settings', mended)).status).toBe(200);
    const shown = await anew();
    expect(shown.text).toContain('400 kr');
    expect(shown.path).toContain(path((await invoicesOf(third, meeting))[1]!));
    expect(shown.text).toContain('Godkänn fakturan');
  });

  it('R5.7 the patient objects, by way of staff: what would go out by itself waits', async () => {
    const meeting = await completed(clinic, { patientId: await quietPatient(clinic) });
    const { invoice } = meeting;
    const page = await atBooker.get(path(invoice));
    expect(page.text).toContain('Av sig själv');
    expect(page.text).not.toContain(path(invoice, 'approve'));
    const confirm = await atBooker.get(path(invoice, 'objection'));
    const answer = await atBooker.submit(confirm, path(invoice, 'objection'));
    expect((await follow(atBooker, answer)).text).toContain('Invändningen är noterad');
    expect((await invoicesOf(clinic, meeting))[0]).toMatchObject({ objected: true, letThroughAt: null });
    expect((await atBooker.get(path(invoice))).text).toContain(path(invoice, 'approve'));
  });

  it('R5.8 credit and replace: billing credits first, then another can take its place', async () => {
    const meeting = await missed();
    const { invoice } = meeting;
    await issue(clinic, invoice);
    const confirm = await atNurse.get(path(invoice, 'credit'));
    const answer = await atNurse.submit(confirm, path(invoice, 'credit'), { reason: 'wrong-person' });
    expect((await follow(atNurse, answer)).text).toContain('Inget går att göra förrän den har svarat.');
    expect(await stateOf(meeting)).toBe('crediting');
    await billingSays(clinic, invoice, 'credit', true);

    const replace = await atNurse.get(path(invoice, 'replace'));
    const form = formIn(replace, path(invoice, 'replace'));
    const replaced = await atNurse.post(path(invoice, 'replace'), form);
    const second = (await invoicesOf(clinic, meeting))[1]!;
    expect(replaced.location).toBe(`${path(second)}?said=replace`);
    expect((await follow(atNurse, replaced)).text).toContain('Andra fakturor för samma möte');
    expect((await atNurse.post(path(invoice, 'replace'), form)).location).toBe(replaced.location);
    expect(await invoicesOf(clinic, meeting)).toHaveLength(2);
    const first = await atNurse.get(path(invoice));
    expect(first.text).toContain(`<a href="${path(second)}">Visa den som gäller</a>`);
    expect(first.text).not.toContain(path(invoice, 'replace'));
    expect(await billedFor(service, clinic, meeting)).toEqual([
      'billing.basis 40000',
      'billing.credit 40000',
    ]);
  });

  it('R8.1 another clinic’s is an unknown one, and one without a role decides nothing', async () => {
    const meeting = await missed();
    const { invoice } = meeting;
    const page = await atNurse.get(path(invoice));
    const other = await createClinic(service);
    const stranger = await staffVisitor(service, await addStaff(service, other, { id: 'S002' }));
    const { csrf = '' } = formIn(await stranger.get('/desk/invoices'), '/desk/logout');
    const before = await charged();
    for (const act of ['approve', 'waive', 'credit', 'replace', 'objection']) {
      const refused = await stranger.post(path(invoice, act), { csrf, reason: 'other', payer: 'patient' });
      expect([act, refused.status]).toEqual([act, 404]);
      expect(await lastOf(act === 'objection' ? 'invoice.object' : `invoice.${act}`)).toMatchObject({
        allowed: false,
        clinicId: other.clinicId,
      });
    }
    expect((await stranger.get(path(invoice))).status).toBe(404);

    const { records } = service;
    const without = { ...nurse, roles: [], changedAt: inMs(0) };
    expect(await records.staff.change(without)).toBe('changed');
    expect((await atNurse.submit(page, path(invoice, 'approve'))).status).toBe(403);
    expect(await charged()).toEqual(before);
    expect(await records.staff.change({ ...nurse, changedAt: inMs(1) })).toBe('changed');
  });
});

import {
  createClinic,
  suitable,
  testSettings,
  type TestClinic,
  type TestMeeting,
} from '../../support/clinic';
import { startService, type Service } from '../../support/service';
import { waitUntil } from '../../support/wait-until';
import { bookedEarly, invoicesOf, mustBe, quietPatient } from './after-meetings';
import { DAY, bornYearsAgo, HOUR, expectProblem, inMs, openDatabase, testClock } from '../helpers';

/** The dry run: what a meeting would cost, and why, is what is then really proposed. */
const clock = testClock();
let service: Service;
let clinic: TestClinic;

beforeAll(async () => {
  service = await startService({ clock });
  // The door is open long before the start, so that an outcome can be stated at once.
  clinic = await createClinic(service, {
    doorOpensMinutesBefore: 120,
    fees: [
      ...testSettings.fees,
      { ...testSettings.fees[0]!, feeCode: 'past', validUntil: '2020-12-31' },
      { ...testSettings.fees[0]!, feeCode: 'call', visitFeeOre: 10_000 },
    ],
  });
});
afterEach(() => clock.release());
afterAll(() => service.close());

interface Cost {
  if: string;
  kind: string;
  feeCode: string;
  amountOre: number | null;
  payer: string | null;
  needsApproval: boolean;
  because: { rule: string; reason: string }[];
}
const costsOf = async ({ path }: TestMeeting, query = ''): Promise<Cost[]> =>
  (await mustBe(200, clinic.call('GET', `${path}/costs${query}`))).body.items as Cost[];
const costIf = async (meeting: TestMeeting, alternative: string, query = ''): Promise<Cost> =>
  (await costsOf(meeting, query)).find((cost) => cost.if === alternative)!;

/** What a cost and an invoice have in common. */
const shown = ({ kind, feeCode, amountOre, payer, needsApproval, because }: Omit<Cost, 'if'>) => ({
  kind,
  feeCode,
  amountOre,
  payer,
  needsApproval,
  because,
});

const post = ({ path }: TestMeeting, what: string, body: object) =>
  mustBe(200, clinic.call('POST', `${path}/${what}`, { body }));

/** Lets an alternative become true. */
const really: Record<string, (meeting: TestMeeting) => Promise<unknown>> = {
  attended: (meeting) => post(meeting, 'outcome', { outcome: 'completed' }),
  // A no-show is stated after the end: here as a correction of what it came to.
  missed: async (meeting) => {
    await post(meeting, 'cancel', { by: 'clinic' });
    await waitUntil(
      () => invoicesOf(clinic, meeting),
      (all) => all.length > 0,
    );
    const was = 'cancelled-by-clinic';
    await post(meeting, 'outcome/corrections', { outcome: 'no-show', was, reason: 'wrong-entry' });
  },
  'cancelled-by-patient': (meeting) => post(meeting, 'cancel', { by: 'patient' }),
  'moved-by-patient': (meeting) => post(meeting, 'rebook', { by: 'patient', startAt: inMs(20 * DAY) }),
  'cancelled-by-clinic': (meeting) => post(meeting, 'cancel', { by: 'clinic' }),
};

const movedInTime = { noticeHours: 1 };
const patients: [who: string, person: object, booking: object][] = [
  ['an adult', {}, {}],
  ['a child of 9', { birthDate: bornYearsAgo(9) }, { suitability: suitable({ child: true }) }],
  ['a child of 15', { birthDate: bornYearsAgo(15) }, { suitability: suitable({ child: true }) }],
  ['one of 90', { birthDate: bornYearsAgo(90) }, {}],
  ['one with protected identity', { protectedIdentity: true }, {}],
  ['a time that was not agreed', {}, { agreed: false }],
  ['one who was not told of the fee', {}, { toldOfFee: false }],
  ['another contact with its own code', {}, { correspondsToVisit: false, agreed: false, feeCode: 'call' }],
  ['a day that the table has no amount for', {}, { feeCode: 'past' }],
  ['a notice of an hour', {}, movedInTime],
];

it('R1.5 moved in time: nothing, and no invoice says so', async () => {
  const patientId = await quietPatient(clinic);
  const meeting = await bookedEarly(clinic, clock, { patientId, startAt: inMs(1.5 * HOUR), ...movedInTime });
  expect(await costIf(meeting, 'moved-by-patient')).toMatchObject({
    kind: 'none',
    amountOre: 0,
    payer: null,
    needsApproval: false,
    because: [{ rule: 'R1.5', reason: 'moved-in-time' }],
  });
  await really['moved-by-patient']!(meeting);
  await mustBe(200, clinic.call('POST', `${meeting.path}/cancel`, { body: { by: 'clinic' } }));
  const [only] = await waitUntil(
    () => invoicesOf(clinic, meeting),
    (all) => all.length > 0,
  );
  expect(only).toMatchObject({ cause: 'cancelled-by-clinic' });
});

describe.each(Object.keys(really))('%s costs what was said', (alternative) => {
  // One who moves in time has no invoice at all.
  const inQuestion = patients.filter(
    ([, , booking]) => alternative !== 'moved-by-patient' || booking !== movedInTime,
  );
  it.each(inQuestion)('%s', async (_who, person, booking) => {
    const patientId = await quietPatient(clinic, person);
    const meeting = await bookedEarly(clinic, clock, { patientId, startAt: inMs(1.5 * HOUR), ...booking });
    const said = await costIf(meeting, alternative);
    await really[alternative]!(meeting);
    const invoices = await waitUntil(
      () => invoicesOf(clinic, meeting),
      (all) => all.length > 0 && (alternative !== 'missed' || all.at(-1)!.cause === 'no-show'),
    );
    expect(shown(invoices.at(-1) as unknown as Cost)).toEqual(shown(said));
  });
});

it('R3.2, R5.5 one who said no, and a time that the clinic set inside the notice, cost no missed visit', async () => {
  const said = async (meeting: TestMeeting) => (await costsOf(meeting)).map((cost) => [cost.if, cost.kind]);
  const nothing = [
    ['attended', 'visit-fee'],
    ['missed', 'none'],
    ['cancelled-by-patient', 'none'],
    ['moved-by-patient', 'none'],
    ['cancelled-by-clinic', 'none'],
  ];
  const patientId = await quietPatient(clinic);
  const late = await clinic.book({ patientId, startAt: inMs(3 * HOUR) });
  expect(await said(late)).toEqual(nothing);
  const early = await bookedEarly(clinic, clock, { patientId, startAt: inMs(3 * HOUR) });
  expect((await said(early)).map(([, kind]) => kind)).toEqual([
    'visit-fee',
    'missed-visit-fee',
    'missed-visit-fee',
    'missed-visit-fee',
    'none',
  ]);
  await clinic.call('PUT', `/clinic/people/${patientId}/care-history-consent`, {
    body: { given: false, givenBy: 'person' },
  });
  expect(await said(early)).toEqual(nothing);
});

it.each([
  ['by the clinic, which says nothing of it', { by: 'clinic' }, false],
  ['by the clinic, agreed with the patient', { by: 'clinic', agreed: true }, true],
  ['by the patient, who agrees by asking', { by: 'patient' }, true],
  ['by the patient, to a time that was not agreed', { by: 'patient', agreed: false }, false],
])(
  'R1.1, R5.2, R5.5 a time moved %s: said and charged by whether it is agreed',
  async (_how, move, isAgreed) => {
    clock.holdAt(new Date(Date.now() - 3 * DAY));
    const patientId = await quietPatient(clinic);
    const meeting = await clinic.book({ patientId, startAt: inMs(2 * HOUR) });
    await post(meeting, 'rebook', { startAt: inMs(1.5 * HOUR), ...move });
    clock.release();
    const kinds = isAgreed ? ['visit-fee', 'missed-visit-fee'] : ['none', 'none'];
    const said = [await costIf(meeting, 'attended'), await costIf(meeting, 'missed')];
    expect(said.map(({ kind }) => kind)).toEqual(kinds);

    await post(meeting, 'outcome', { outcome: 'completed' });
    await waitUntil(
      () => invoicesOf(clinic, meeting),
      (all) => all.length === 1,
    );
    const correction = { outcome: 'no-show', was: 'completed', reason: 'wrong-entry' };
    await post(meeting, 'outcome/corrections', correction);
    const invoices = await invoicesOf(clinic, meeting);
    expect(invoices.map((invoice) => shown(invoice as unknown as Cost))).toEqual(said.map(shown));
    const reasons = invoices.flatMap(({ because }) => because.map(({ reason }) => reason));
    expect(reasons.filter((reason) => reason.includes('not-agreed'))).toHaveLength(isAgreed ? 0 : 2);
  },
);

it('R5.3 to the millisecond: 24 hours before is in time, and what comes later is not', async () => {
  const startAt = inMs(10 * DAY);
  const meeting = await clinic.book({ patientId: await quietPatient(clinic), startAt });
  const at = (ms: number): string => `?at=${inMs(ms, new Date(startAt))}`;
  for (const alternative of ['cancelled-by-patient', 'moved-by-patient']) {
    expect((await costIf(meeting, alternative, at(-DAY))).kind).toBe('none');
    expect((await costIf(meeting, alternative, at(-DAY + 1))).kind).toBe('missed-visit-fee');
  }
  expect((await costIf(meeting, 'cancelled-by-clinic', at(-DAY + 1))).kind).toBe('none');
  expect((await clinic.call('GET', `${meeting.path}/costs${at(-DAY)}`)).body).toMatchObject({
    meetingId: meeting.meetingId,
    at: inMs(-DAY, new Date(startAt)),
  });
});

it('the rules are named, and nothing is changed by asking', async () => {
  const quiet = await startService({ workers: false, deadlineMs: 1_000 });
  const raw = await openDatabase(quiet);
  const there = await createClinic(quiet);
  const other = await createClinic(quiet);
  const { path } = await there.book({ patientId: await quietPatient(there), startAt: inMs(10 * DAY) });
  const commands = () => raw.db.collection('commands').countDocuments();
  const before = [await raw.contents(), await commands()];
  const { body } = await there.call('GET', `${path}/costs`, { role: 'system' });
  expect(
    (body.items as Cost[]).map((cost) => [cost.if, cost.because.map(({ rule }) => rule).join(' ')]),
  ).toEqual([
    ['attended', 'R5.2'],
    ['missed', 'R5.3'],
    ['cancelled-by-patient', 'R5.3'],
    ['moved-by-patient', 'R1.5'],
    ['cancelled-by-clinic', 'R1.5'],
  ]);
  expectProblem(await other.call('GET', `${path}/costs`), 404);
  expect([await raw.contents(), await commands()]).toEqual(before);
  await raw.close();
  await quiet.close();
});

import { questionsAsked, type Suitability } from '../../../rules/suitability';
import { inStockholm } from '../../../rules/calendar/stockholm';
import { bookingOf, createClinic, suitable, type TestClinic } from '../../support/clinic';
import { startService, type Service } from '../../support/service';
import { DAY, expectProblem, inMs, openDatabase, type RawDatabase } from '../helpers';

/**
 * What booking staff assess, over HTTP (R1.2), and what else a booking says of itself. No workers: nothing
 * but the requests.
 */
let service: Service;
let clinic: TestClinic;
let raw: RawDatabase;

beforeAll(async () => {
  service = await startService({ workers: false, deadlineMs: 1_000 });
  clinic = await createClinic(service);
  raw = await openDatabase(service);
});
afterAll(async () => {
  await raw.close();
  await service.close();
});

/** Noon in Stockholm, ten days ahead. */
const start = inStockholm(new Date(inMs(10 * DAY))).set({ hour: 12, minute: 0, second: 0, millisecond: 0 });
const bornYearsBefore = (years: number, days = 0): string =>
  start.minus({ years }).plus({ days }).toISODate();

const book = (patientId: string, booking: object) =>
  clinic.call('POST', '/clinic/meetings', {
    body: bookingOf({ patientId, startAt: start.toJSDate().toISOString(), ...booking }),
  });
const read = async (answer: { body: { meetingId: string } }) =>
  (await clinic.call('GET', `/clinic/meetings/${answer.body.meetingId}`)).body as Record<string, unknown>;

async function expectNotSuitable(
  patientId: string,
  suitability: Suitability,
  expected: [question: string, reason: string][],
): Promise<void> {
  const before = await raw.contents();
  const answer = await book(patientId, { suitability });
  const errors = expectProblem(answer, 422);
  expect((answer.body as { title: string }).title).toBe('not-suitable');
  expect(errors.map(({ field, reason }) => [field, reason])).toEqual(
    expected.map(([question, reason]) => [`/body/suitability/answers/${question}`, reason]),
  );
  expect(await raw.contents()).toEqual(before);
}

describe('R1.2 suitability', () => {
  it.each([
    ['an adult', 30, { child: false, disability: false }],
    ['a child', 17, { child: true, disability: false }],
    ['a small child with a disability', 3, { child: true, disability: true }],
  ])('%s: all yes is booked, kept with who answered, and read again', async (_who, years, asked) => {
    const patientId = await clinic.addPatient({ birthDate: bornYearsBefore(years) });
    const suitability = { ...suitable(asked), assessedBy: 'nurse-7' };
    const answer = await book(patientId, { suitability });
    expect(answer.status).toBe(201);
    const { meetingId } = answer.body as { meetingId: string };
    const kept = await clinic.call('GET', `/clinic/meetings/${meetingId}/suitability`);
    expect({ status: kept.status, body: kept.body as unknown }).toEqual({ status: 200, body: suitability });
    // It tells of the patient's health: only those who take part read it (R8.1), and the database holds it
    // sealed.
    const stranger = await clinic.call('GET', `/clinic/meetings/${meetingId}/suitability`, {
      staffId: 'clinician-2',
    });
    expect(stranger.status).toBe(403);
    expect(JSON.stringify(await raw.db.collection('suitabilities').find().toArray())).not.toContain(
      'adapted-to-the-person',
    );
  });

  it('each single no refuses the booking and changes nothing', async () => {
    const patientId = await clinic.addPatient({ birthDate: bornYearsBefore(9) });
    const right = suitable({ child: true, disability: true });
    for (const question of questionsAsked(true, true)) {
      const suitability = { ...right, answers: { ...right.answers, [question]: false } };
      await expectNotSuitable(patientId, suitability, [[question, 'not-suitable']]);
    }
  });

  it('a child assessed like an adult is refused with all that was not asked', async () => {
    const patientId = await clinic.addPatient({ birthDate: bornYearsBefore(9) });
    await expectNotSuitable(patientId, suitable(), [
      ['child-needs-met', 'answer-missing'],
      ['child-can-be-examined', 'answer-missing'],
      ['child-protected', 'answer-missing'],
    ]);
    await expectNotSuitable(patientId, { ...suitable({ child: true }), disability: true }, [
      ['maturity-assessed', 'answer-missing'],
      ['able-to-take-part', 'answer-missing'],
    ]);
  });

  it('an adult assessed like a child is refused; a disability is not asked about either', async () => {
    const patientId = await clinic.addPatient();
    await expectNotSuitable(patientId, suitable({ child: true }), [
      ['child-needs-met', 'not-asked-here'],
      ['child-can-be-examined', 'not-asked-here'],
      ['child-protected', 'not-asked-here'],
    ]);
    const answer = await book(patientId, { suitability: { ...suitable(), disability: true } });
    expect(expectProblem(answer, 422)).toMatchObject([
      { field: '/body/suitability/disability', reason: 'not-asked-here' },
    ]);
  });

  it('the age is that of the meeting’s day in Stockholm, not of the day of booking', async () => {
    const turnsEighteen = await clinic.addPatient({ birthDate: bornYearsBefore(18) });
    const dayBefore = await clinic.addPatient({ birthDate: bornYearsBefore(18, 1) });
    const child = { suitability: suitable({ child: true }) };
    expect((await book(turnsEighteen, {})).status).toBe(201);
    expectProblem(await book(turnsEighteen, child), 422);
    expectProblem(await book(dayBefore, {}), 422);
    expect((await book(dayBefore, child)).status).toBe(201);
    // 18 from midnight in Stockholm, which in UTC is still the day before.
    const atMidnight = start.plus({ days: 1 }).startOf('day');
    expect((await book(dayBefore, { startAt: atMidnight.toUTC().toISO() })).status).toBe(201);
    expectProblem(await book(dayBefore, { startAt: atMidnight.minus({ seconds: 1 }).toUTC().toISO() }), 422);
  });

  it('a refused booking is not held against the next one', async () => {
    const patientId = await clinic.addPatient();
    const no = { ...suitable(), answers: { ...suitable().answers, 'enough-known': false } };
    expectProblem(await book(patientId, { suitability: no }), 422);
    expect((await book(patientId, {})).status).toBe(201);
  });
});

describe('interpreter and reference', () => {
  it('R5.1 a needed interpreter takes part, also where nobody is named yet', async () => {
    const patientId = await clinic.addPatient();
    const staff = { role: 'staff', staffId: 'clinician-1' };
    const unclaimed = { role: 'interpreter', personId: null };
    const needed = { interpreterNeeded: true };
    expect(expectProblem(await book(patientId, needed), 400)).toMatchObject([
      { field: '/body/participants' },
    ]);
    const answer = await book(patientId, { ...needed, participants: [staff, unclaimed] });
    expect(answer.status).toBe(201);
    expect(await read(answer)).toMatchObject({ terms: { interpreterNeeded: true } });
    // One may come along without being needed.
    const along = await book(patientId, { participants: [staff, unclaimed] });
    expect(await read(along)).toMatchObject({ terms: { interpreterNeeded: false } });
  });

  it('R1.4 the PAS reads its own reference again, null where it gave none', async () => {
    const patientId = await clinic.addPatient();
    const reference = 'Visit:2026/11-23_a.7';
    expect(await read(await book(patientId, { reference }))).toMatchObject({ reference });
    expect(await read(await book(patientId, {}))).toMatchObject({ reference: null });
    expect((await book(patientId, { reference: 'x'.repeat(64) })).status).toBe(201);
    for (const wrong of ['', 'x'.repeat(65), 'å', '=cmd', 'a;b', '"', 'a\tb', 7]) {
      expect(expectProblem(await book(patientId, { reference: wrong }), 400)).toMatchObject([
        { field: '/body/reference' },
      ]);
    }
  });
});

import { randomUUID } from 'node:crypto';
import type { FeeRow } from '../../../rules/fee';
import { daysLater } from '../../../rules/calendar-date';
import { inStockholm } from '../../../rules/calendar/stockholm';
import { createClinic, testSettings, testSettingsBody, type TestClinic } from '../../support/clinic';
import { startService, type Service } from '../../support/service';
import { DAY, HOUR, expectProblem, inMs, openDatabase, testClock, type RawDatabase } from '../helpers';

/** The clinic's fee table over HTTP (R5.9). No workers: nothing but the requests can change anything. */
const clock = testClock();
let service: Service;
let raw: RawDatabase;

beforeAll(async () => {
  service = await startService({ workers: false, deadlineMs: 1_000, clock });
  raw = await openDatabase(service);
});
afterEach(() => {
  clock.release();
});
afterAll(async () => {
  await raw.close();
  await service.close();
});

const today = inStockholm(new Date()).toISODate();
const row = (validFrom: string, validUntil: string | null, visitFeeOre = 30_000): FeeRow => ({
  feeCode: 'visit',
  validFrom,
  validUntil,
  visitFeeOre,
  missedVisitFeeOre: 40_000,
});
const HEADER = 'feeCode;validFrom;validUntil;visitFeeOre;missedVisitFeeOre';
const csvOf = (...rows: FeeRow[]): string =>
  [
    HEADER,
    ...rows.map((each) =>
      [each.feeCode, each.validFrom, each.validUntil ?? '', each.visitFeeOre, each.missedVisitFeeOre].join(
        ';',
      ),
    ),
  ].join('\n');

const importing = (clinic: TestClinic, csv: string, more: object = {}) =>
  clinic.call('POST', '/clinic/fees/import', { role: 'operations-manager', body: { csv, ...more } });
const feesOf = async (clinic: TestClinic) =>
  (await clinic.call('GET', '/clinic/fees')).body as { rows: FeeRow[]; csv: string };

async function expectRefused(clinic: TestClinic, csv: string, expected: [field: string, reason: string][]) {
  const before = await raw.contents();
  const errors = expectProblem(await importing(clinic, csv), 422);
  expect(errors.map(({ field, reason }) => [field, reason])).toEqual(expected);
  expect(await raw.contents()).toEqual(before);
}

/** The table that every clinic of these tests has, ended today, and another amount from tomorrow. */
const next = [row('2020-01-01', today), row(daysLater(today, 1), null, 35_000)];

it('R5.9 what is read is what can be imported: the round trip changes nothing', async () => {
  const clinic = await createClinic(service);
  const { rows, csv } = await feesOf(clinic);
  expect(rows).toEqual(testSettings.fees);
  const answer = await importing(clinic, csv);
  expect(answer.status).toBe(200);
  expect(answer.body).toEqual({ dryRun: false, added: [], ended: [], changed: [], unchanged: 1 });
  expect(await feesOf(clinic)).toEqual({ rows, csv });
});

it('R5.9 an import replaces the table and tells what changes; a dry run only tells', async () => {
  const clinic = await createClinic(service);
  const changes = { added: [next[1]], ended: testSettings.fees, changed: [], unchanged: 0 };
  const before = await raw.contents();
  const tried = await importing(clinic, csvOf(...next), { dryRun: true });
  expect(tried.body).toEqual({ dryRun: true, ...changes });
  expect(await raw.contents()).toEqual(before);
  const done = await importing(clinic, csvOf(...next));
  expect(done.body).toEqual({ dryRun: false, ...changes });
  expect((await feesOf(clinic)).rows).toEqual(next);
  const settings = (await clinic.call('GET', '/clinic/settings')).body as object;
  expect(settings).toEqual({ ...testSettingsBody, fees: next });
});

it('R5.9 all that is wrong is told at once, by line and column, and nothing is changed', async () => {
  const clinic = await createClinic(service);
  await expectRefused(
    clinic,
    [
      HEADER,
      'visit;2020-01-01;2021-12-31;29000;40000',
      'visit;2021-12-31;;30000;40000',
      'phone;2026-01-01;2025-12-31;=1+1;10000000',
      'letter;2026-01-01;;1',
    ].join('\n'),
    [
      ['/body/csv/4/visitFeeOre', 'wrong-value'],
      ['/body/csv/4/missedVisitFeeOre', 'wrong-value'],
      ['/body/csv/5', 'wrong-column-count'],
      ['/body/csv/2/visitFeeOre', 'past-amount-changed'],
      ['/body/csv/3/validFrom', 'overlap'],
    ],
  );
  await expectRefused(clinic, csvOf(row('2020-01-01', '2020-12-31'), row('2021-02-01', null)), [
    ['/body/csv/3/validFrom', 'gap'],
    ['/body/csv/3/validFrom', 'past-amount-removed'],
  ]);
  await expectRefused(clinic, csvOf({ ...row('2027-01-01', null), feeCode: 'phone' }), [
    ['/body/csv', 'past-amount-removed'],
  ]);
});

it('R5.9 a day has passed by the clock in Stockholm', async () => {
  const clinic = await createClinic(service);
  const midnight = inStockholm(new Date(inMs(30 * DAY))).startOf('day');
  const day = midnight.toISODate();
  const table = csvOf(row('2020-01-01', daysLater(day, -2)), row(daysLater(day, -1), null, 35_000));
  clock.holdAt(midnight.toJSDate());
  await expectRefused(clinic, table, [['/body/csv/3/visitFeeOre', 'past-amount-changed']]);
  clock.holdAt(midnight.minus({ seconds: 1 }).toJSDate());
  expect((await importing(clinic, table)).status).toBe(200);
});

it('R5.9 a code that meetings are booked with stays, and covers their day', async () => {
  const clinic = await createClinic(service, {
    fees: [row('2020-01-01', null), { ...row(daysLater(today, 1), null), feeCode: 'phone' }],
  });
  const patientId = await clinic.addPatient();
  const startAt = inMs(10 * DAY);
  const day = inStockholm(new Date(startAt)).toISODate();
  await clinic.book({ patientId, startAt, feeCode: 'phone' });
  await clinic.book({ patientId, startAt });

  await expectRefused(clinic, csvOf(row('2020-01-01', null)), [['/body/csv', 'booked-code-missing']]);
  await expectRefused(
    clinic,
    csvOf(row('2020-01-01', daysLater(day, -1)), { ...row(daysLater(day, 1), null), feeCode: 'phone' }),
    [
      ['/body/csv/2/validUntil', 'booked-day-not-covered'],
      ['/body/csv/3/validFrom', 'booked-day-not-covered'],
    ],
  );
  const covering = csvOf(row('2020-01-01', day), { ...row(day, day), feeCode: 'phone' });
  expect((await importing(clinic, covering)).status).toBe(200);
  // Another clinic's meetings are none of this one's.
  const other = await createClinic(service, { fees: [row('2020-01-01', null)] });
  expect((await importing(other, csvOf(row('2020-01-01', today)))).status).toBe(200);
});

it('R5.9 only the operations manager and the clinic’s system import', async () => {
  const clinic = await createClinic(service);
  for (const role of ['booker', 'clinician']) {
    const answer = await clinic.call('POST', '/clinic/fees/import', { role, body: { csv: csvOf(...next) } });
    expectProblem(answer, 403);
  }
  const system = { role: 'system', body: { csv: csvOf(...next) } };
  expect((await clinic.call('POST', '/clinic/fees/import', system)).status).toBe(200);
});

it('R5.9 hostile files are refused, and no word of them comes back', async () => {
  const clinic = await createClinic(service);
  const hostile = [
    '"'.repeat(90_000),
    ';'.repeat(90_000),
    '\n'.repeat(90_000),
    '\u0000',
    `${HEADER}\n\u0000;\u0000;\u0000;\u0000;\u0000`,
    `${HEADER}\n=HYPERLINK("http://example.org");2026-01-01;;1;1`,
    `${HEADER}\n__proto__;2026-01-01;;1;1`,
    `${HEADER}\nTolvan;198112189876,2026-01-01;;1;1`,
    `${HEADER}\n${'visit;2020-01-01;;30000;40000\n'.repeat(3_000)}`,
    '<?xml version="1.0"?>',
    '\ud800',
  ];
  const before = await raw.contents();
  for (const csv of hostile) {
    const answer = await importing(clinic, csv);
    expectProblem(answer, 422);
    expect(JSON.stringify(answer.body)).not.toMatch(/HYPERLINK|proto|Tolvan|1981|xml/);
  }
  expectProblem(await importing(clinic, 'x'.repeat(100_001)), 400);
  expectProblem(await importing(clinic, 'x'.repeat(210_000)), 413);
  expect(await raw.contents()).toEqual(before);
});

it('R5.9 an import whose process died before its answer was stored is answered as it was: what it has changed', async () => {
  const clinic = await createClinic(service);
  const { commands } = service.records;
  const { answer, answered } = commands;
  const key = randomUUID();
  const call = (withKey: string) =>
    clinic.call('POST', '/clinic/fees/import', {
      role: 'operations-manager',
      body: { csv: csvOf(...next) },
      key: withKey,
    });
  const died = () => Promise.reject(new Error('the process has died'));
  commands.answer = (commandId, given, session) => (session ? answer(commandId, given, session) : died());
  commands.answered = died;
  try {
    expectProblem(await call(key), 503);
  } finally {
    Object.assign(commands, { answer, answered });
  }
  expect((await feesOf(clinic)).rows).toEqual(next);
  clock.passMs(HOUR);
  const again = await call(key);
  expect(again).toMatchObject({ status: 200, body: { dryRun: false, added: [next[1]], unchanged: 0 } });
  expect((await call(key)).body).toEqual(again.body);
  // Under another key it is another import, which changes nothing.
  expect((await call(randomUUID())).body).toMatchObject({ added: [], ended: [], changed: [], unchanged: 2 });
});

describe('at the same time', () => {
  const rename = (clinic: TestClinic, fees: FeeRow[], name: string) =>
    clinic.call('PUT', '/clinic/settings', {
      role: 'operations-manager',
      body: { ...testSettingsBody, fees, name },
    });

  it('R5.9 imports and changes of the settings: one of the tables stands, whole, and every name change is kept', async () => {
    const clinic = await createClinic(service);
    const tables = [1, 2, 3, 4].map((ore) => [row('2020-01-01', today), row(daysLater(today, 1), null, ore)]);
    const answers = await Promise.all([
      ...tables.map((rows) => importing(clinic, csvOf(...rows))),
      rename(clinic, next, 'Mottagning ett'),
    ]);
    // One that came earlier and was carried out later than another is told so.
    for (const { status } of answers) expect([200, 409]).toContain(status);
    const { body } = await clinic.call('GET', '/clinic/settings');
    const { fees, name } = body as { fees: FeeRow[]; name: string };
    expect([...tables, next]).toContainEqual(fees);
    expect(name).toBe('Mottagning ett');
  });

  it('R5.9 an import whose table was replaced while it was checked is checked again', async () => {
    const clinic = await createClinic(service);
    const { feesBooked } = service.records.meetings;
    const other = [row('2020-01-01', null), { ...row('2020-01-01', null), feeCode: 'phone' }];
    let checks = 0;
    service.records.meetings.feesBooked = async (clinicId) => {
      checks += 1;
      const { version } = await service.records.clinics.feeTable(clinicId);
      const early = new Date(0).toISOString();
      if (checks === 1) await service.records.clinics.replaceFees(clinicId, other, version, early);
      return feesBooked(clinicId);
    };
    try {
      // Right after the table that it was begun with, wrong after the one that came in between.
      const errors = expectProblem(await importing(clinic, csvOf(...next)), 422);
      expect(errors).toMatchObject([{ field: '/body/csv', reason: 'past-amount-removed' }]);
    } finally {
      service.records.meetings.feesBooked = feesBooked;
    }
    expect(checks).toBe(2);
    expect((await feesOf(clinic)).rows).toEqual(other);
  });

  it('R5.9 settings received before an import and carried out after it leave the imported fees, and are kept themselves', async () => {
    const clinic = await createClinic(service);
    const { clinicId } = clinic;
    expect((await importing(clinic, csvOf(...next))).status).toBe(200);
    const earlier = inMs(-HOUR);
    await service.records.clinics.changeSettings(clinicId, { ...testSettings, name: 'Tidigare' }, earlier);
    const { settings } = await service.records.clinics.byId(clinicId);
    expect(settings).toEqual({ ...testSettings, name: 'Tidigare', fees: next });
  });

  it('R5.9 an import received before a later change of the fees is overtaken', async () => {
    const clinic = await createClinic(service);
    const later = inMs(HOUR);
    await service.records.clinics.changeSettings(clinic.clinicId, { ...testSettings, fees: next }, later);
    expectProblem(await importing(clinic, csvOf(...testSettings.fees)), 409);
    expect((await feesOf(clinic)).rows).toEqual(next);
  });

  it('R5.9 settings with fees replace both, as before', async () => {
    const clinic = await createClinic(service);
    expect((await rename(clinic, next, 'Mottagning två')).status).toBe(200);
    expect((await clinic.call('GET', '/clinic/settings')).body).toEqual({
      ...testSettingsBody,
      name: 'Mottagning två',
      fees: next,
    });
  });
});

import { parse } from 'csv-parse/sync';
import { DateTime } from 'luxon';
import { saveInvoice } from '../../../use-cases/read-models/meeting-and-invoice';
import type { ChargeSnapshot } from '../../../workflows/invoice/messages';
import { createClinic, type TestClinic } from '../../support/clinic';
import { stockholm } from '../../support/skipped-time';
import { startService, type Service } from '../../support/service';
import {
  billedFor,
  billingSays,
  cancelledLate,
  issue,
  mustBe,
  quietPatient,
  sendInvoice,
} from './after-meetings';
import { DAY, expectProblem, inMs, openDatabase, testClock, type RawDatabase } from '../helpers';

/**
 * The billing basis as a file, for clinics without webhooks: the same as the events, by days in Stockholm
 * (R5.8).
 */
const clock = testClock();
let service: Service;
let clinic: TestClinic;
let raw: RawDatabase;

beforeAll(async () => {
  service = await startService({ clock });
  clinic = await createClinic(service);
  raw = await openDatabase(service);
});
afterEach(() => clock.release());
afterAll(async () => {
  await raw.close();
  await service.close();
});

type Row = Record<string, string>;
async function fileOf(of: TestClinic, from: string, until = from): Promise<Row[]> {
  const query = `?from=${from}&until=${until}`;
  const answer = await of.call('GET', `/clinic/billing-file${query}`, { role: 'system', staffId: 'billing' });
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-type')).toMatch(/^text\/csv/);
  return parse<Row>(answer.body as string, { bom: true, columns: true, delimiter: ';' });
}
const dayOf = (instant: string): string =>
  DateTime.fromISO(instant, { zone: 'Europe/Stockholm' }).toISODate()!;
const yesterday = dayOf(inMs(-DAY));
const tomorrow = dayOf(inMs(DAY));

it('R5.8 a line for each basis and each credit, under the ids that the events have', async () => {
  const there = await createClinic(service);
  const patientId = await there.addPatient(
    { mobile: null, personalNumber: '198112189876', birthDate: undefined },
    false,
  );
  const { invoice, ...meeting } = await cancelledLate(there, clock, { patientId, reference: 'V-1' });
  expect(await fileOf(there, yesterday, tomorrow)).toEqual([]);
  await issue(there, invoice);
  await mustBe(200, sendInvoice(there, invoice, 'credit', { body: { reason: 'other' } }));
  const rows = await fileOf(there, yesterday, tomorrow);
  const common = {
    invoiceId: invoice.invoiceId,
    meetingId: meeting.meetingId,
    startVersion: '1',
    patientNumber: '198112189876',
    patientBirthDate: '1981-12-18',
    payer: 'patient',
    kind: 'missed-visit-fee',
    feeCode: 'visit',
    amountOre: '40000',
    currency: 'SEK',
    becauseRules: 'R5.3',
  };
  expect(rows).toMatchObject([
    { type: 'basis', ...common },
    { type: 'credit', ...common },
  ]);
  expect(rows.map(({ type, amountOre }) => `billing.${type} ${amountOre}`)).toEqual(
    await billedFor(service, there, meeting),
  );
  // However often it is fetched.
  await mustBe(200, billingSays(there, invoice, 'credit', true));
  expect(await fileOf(there, yesterday, tomorrow)).toEqual(rows);
});

it('R8.2 is logged for each patient in it, and R8.1 has no other clinic’s', async () => {
  const [there, other] = [await createClinic(service), await createClinic(service)];
  const patients = [await quietPatient(there), await quietPatient(there)];
  for (const patientId of patients) {
    const { invoice } = await cancelledLate(there, clock, { patientId });
    await mustBe(200, sendInvoice(there, invoice, 'approve', { body: {} }));
  }
  // One who is charged nothing yet is not in it.
  await cancelledLate(there, clock, { patientId: await quietPatient(there) });
  expect(await fileOf(there, yesterday, tomorrow)).toHaveLength(2);
  const rows = await raw.audit({ clinicId: there.clinicId, operation: 'billing.read-file' });
  expect(rows.flatMap(({ personId }) => personId ?? []).sort()).toEqual([...patients].sort());
  expect(rows.every(({ staffId, allowed }) => staffId === 'billing' && allowed)).toBe(true);
  expect(await fileOf(other, yesterday, tomorrow)).toEqual([]);
});

it.each(['booker', 'clinician'])('R8.1 is not for the %s', async (role) => {
  const query = `?from=${yesterday}&until=${tomorrow}`;
  expectProblem(await clinic.call('GET', `/clinic/billing-file${query}`, { role }), 403);
});

it.each(['2027-01-14', '2027-03-28', '2027-10-31'])(
  'the days are Stockholm’s, first and last included: %s',
  async (day) => {
    const there = await createClinic(service);
    const { invoice, ...meeting } = await cancelledLate(there, clock, {
      patientId: await quietPatient(there),
    });
    const charge = (await service.records.charges.find(meeting.meetingId, 1))!;
    const next = DateTime.fromISO(day).plus({ days: 1 }).toISODate()!;
    const midnight = stockholm(`${day}T00:00`).toISOString();
    const nextMidnight = stockholm(`${next}T00:00`);
    // Handed over in the first instant of the day, credited in its last.
    const at = { first: midnight, last: new Date(nextMidnight.getTime() - 1).toISOString() };
    const step = { invoiceId: invoice.invoiceId, reason: null, commandId: null };
    const billed: ChargeSnapshot = {
      ...charge.course,
      version: charge.course.version + 2,
      invoices: charge.course.invoices.map((each) => ({ ...each, state: 'crediting' as const })),
      steps: [
        ...charge.course.steps,
        { at: at.first, what: 'handed-over', ...step },
        { at: at.last, what: 'crediting', ...step },
      ],
    };
    await saveInvoice(service.records, billed, new Date());
    const types = async (from: string, until = from) =>
      (await fileOf(there, from, until)).map(({ type }) => type).join(' ');
    const before = DateTime.fromISO(day).minus({ days: 1 }).toISODate()!;
    expect(await types(day)).toBe('basis credit');
    expect(await types(before, next)).toBe('basis credit');
    expect(await types(before)).toBe('');
    expect(await types(next)).toBe('');
  },
);

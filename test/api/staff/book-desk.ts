import { createClinic, type TestClinic } from '../../support/clinic';
import { filledForm } from '../../support/desk-forms';
import type { Shown, Visitor } from '../../support/patient';
import { startService, type Service } from '../../support/service';
import { addStaff, staffVisitor } from '../../support/staff';
import type { StaffMember } from '../../../records/staff';
import { inStockholm } from '../../../rules/calendar/stockholm';
import { suitabilityQuestions } from '../../../rules/suitability';
import { DAY, inMs, openDatabase, type RawDatabase } from '../helpers';

// What `withBookingDesk` sets before the tests of a file.
export let service: Service;
export let raw: RawDatabase;

/** A service with nobody at work but its API; for a whole test file. */
export function withBookingDesk(): void {
  beforeAll(async () => {
    service = await startService({ workers: false });
    raw = await openDatabase(service);
  });
  afterAll(async () => {
    await raw.close();
    await service.close();
  });
}

export interface AtDesk {
  clinic: TestClinic;
  desk: Visitor;
  member: StaffMember;
}

let members = 0;
/** A reference that no member of this file has. */
export const nextId = (): string => `B${(members += 1)}`;
export async function atDesk(more: Partial<StaffMember> = {}, settings = {}): Promise<AtDesk> {
  const clinic = await createClinic(service, settings);
  const member = await addStaff(service, clinic, { id: nextId(), name: 'Anna Ek', ...more });
  return { clinic, desk: await staffVisitor(service, member), member };
}

/** What is typed of a time in two days and more, by which nothing is wrong. */
export function timeAt(instant: string) {
  const at = inStockholm(new Date(instant));
  return {
    'date.year': at.toFormat('yyyy'),
    'date.month': at.toFormat('L'),
    'date.day': at.toFormat('d'),
    clock: at.toFormat("H'.'mm"),
  };
}

/** The next ten o'clock that is so many days ahead. */
export const tenIn = (days: number): string =>
  inStockholm(new Date(inMs(days * DAY)))
    .set({ hour: 10, minute: 0, second: 0, millisecond: 0 })
    .toUTC()
    .toISO();

export const suits = (count: number) =>
  Object.fromEntries(suitabilityQuestions.slice(0, count).map((question) => [`suits.${question}`, 'yes']));
export const ADULT = 4;
export const CHILD = 7;

export const form = (patientId: string) => `/desk/book?person=${patientId}`;
export const CHECK = '/desk/book/check';
export const CONFIRM = '/desk/book/confirm';

export type Fields = Record<string, string | string[]>;

/** Fills in the form with what is right for an adult, and what the test says beside. */
export async function fillIn(desk: Visitor, patientId: string, fields: Fields = {}): Promise<Shown> {
  const page = await desk.get(form(patientId));
  return desk.post(CHECK, {
    ...filledForm(page, CHECK),
    ...timeAt(tenIn(3)),
    ...suits(ADULT),
    agreed: 'yes',
    toldOfFee: 'yes',
    ...fields,
  });
}

export const confirm = (desk: Visitor, page: Shown, fields: Fields = {}) =>
  desk.post(CONFIRM, { ...filledForm(page, CONFIRM), ...fields });

export const meetingsOf = ({ clinicId }: TestClinic) =>
  raw.db.collection('meetings').countDocuments({ clinicId });

export const meetingOf = async ({ call }: TestClinic, { location }: Shown) => {
  const id = /\/done\/([\w-]{22})$/.exec(location ?? '')?.[1] ?? '';
  return (await call('GET', `/clinic/meetings/${id}`)).body as Record<string, unknown>;
};

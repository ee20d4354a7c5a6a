import type { Form } from '../../../records/forms';
import type { Person } from '../../../records/people';
import type { StaffMember } from '../../../records/staff';
import { ADULT_AGE } from '../../../rules/ages';
import { ageAt } from '../../../rules/calendar/age';
import { personOf } from '../../../use-cases/read-before';
import type { DeskRequest, DeskRouteDeps } from '../frame/route';
import { peopleIn, staffIn, type TypedBooking } from './typed';

/** What the pages of a booking show, read together. */
export interface BookingView {
  typed: TypedBooking;
  patient: Person;
  /** Those who were added, by their ids. */
  people: Map<string, Person>;
  /** The clinic's staff who work there now, by name. */
  staff: StaffMember[];
  /** The newest form of each title: a new wording is a new form, and the old one is kept for its answers. */
  forms: Form[];
}

/** As many forms as a page offers. */
const MOST_FORMS = 40;

/** Reads it; null where the patient is not the clinic's. */
export async function readBooking(
  { records }: Pick<DeskRouteDeps, 'records'>,
  { clinic: { clinicId }, read }: DeskRequest,
  typed: TypedBooking,
): Promise<BookingView | null> {
  const ids = peopleIn(typed).flatMap(({ personId }) => personId ?? []);
  const [patient, people, staff, forms] = await Promise.all([
    personOf({ records, readBefore: read }, clinicId, typed.person),
    records.people.findAll(clinicId, ids),
    records.staff.list(clinicId),
    records.forms.list(clinicId),
  ]);
  if (!patient) return null;
  const newest = new Map(forms.map((form) => [form.title, form]));
  const offered = forms.filter(
    (form) => newest.get(form.title) === form || typed.forms.includes(form.formId),
  );
  return {
    typed,
    patient,
    people,
    staff: staff.filter(({ isActive }) => isActive),
    forms: offered.reverse().slice(0, MOST_FORMS),
  };
}

/** How a member of staff stands in a booking: their first reference (R8.7). */
export const referenceOf = ({ staffIds }: StaffMember): string => staffIds[0] ?? '';

/** Whether all who were chosen work at the clinic now. */
export const hasStaff = ({ typed, staff }: BookingView): boolean =>
  staffIn(typed).every((staffId) => staff.some((member) => member.staffIds.includes(staffId)));

/** A member of staff as one reads them: `Anna Ek, sjuksköterska`. */
export function staffName(staff: StaffMember[], staffId: string): string {
  const member = staff.find(({ staffIds }) => staffIds.includes(staffId));
  return member ? `${member.name}, ${member.title}` : staffId;
}

/** Whether the patient is under 18 at an instant: then more is asked before a booking (R1.2). */
export const isChildAt = ({ personal }: Person, at: Date): boolean =>
  ageAt(personal.birthDate, at) < ADULT_AGE;

/** Whether the patient can be asked for a consent to SMS here: there is a number that SMS may go to. */
export const canAskSms = ({ personal, protectedIdentity }: Person): boolean =>
  personal.mobile !== null && !protectedIdentity;

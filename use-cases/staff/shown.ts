import type { Records } from '../../records';
import type { StaffMember } from '../../records/staff';

/**
 * Staff as patients see them (R8.7), such as `Anna Ek, sjuksköterska`, by the references of the clinic's
 * system. A reference that no record has is left out.
 */
export type ShownStaff = ReadonlyMap<string, string>;

/** Reads them at once. Nothing else of a record is for patients: staff can be protected too. */
export async function shownStaffOf(
  { staff }: Pick<Records, 'staff'>,
  clinicId: string,
  staffIds: string[],
): Promise<ShownStaff> {
  const members = await staff.byStaffIds(clinicId, [...new Set(staffIds)]);
  return new Map([...members].map(([staffId, member]) => [staffId, shownAs(member)]));
}

const shownAs = ({ shownName, title }: StaffMember): string => `${shownName}, ${title}`;

import type { StaffMember } from '../../../records/staff';
import { wording } from '../../frame/wording';
import type { DeskRequest, DeskRouteDeps } from '../frame/route';

/** A choice of a member of staff, as a field has it. */
export interface StaffOption {
  value: string;
  text: string;
}

/** The clinic's active staff, oneself first; each by the reference that their acts are under. */
export async function staffOptions(
  { records }: Pick<DeskRouteDeps, 'records'>,
  { clinic, member, language }: DeskRequest,
): Promise<StaffOption[]> {
  const active = (await records.staff.list(clinic.clinicId)).filter(isAtWork);
  const isMe = ({ memberId }: StaffMember): boolean => memberId === member.memberId;
  return [...active.filter(isMe), ...active.filter((each) => !isMe(each))].map((each) => ({
    value: each.staffIds[0]!,
    text: isMe(each) ? texts[language].me : `${each.name}, ${each.title}`,
  }));
}

/** Whether a reference is that of somebody who works at the clinic now. */
export async function isStaffHere(
  { records }: Pick<DeskRouteDeps, 'records'>,
  { clinic }: Pick<DeskRequest, 'clinic'>,
  staffId: string,
): Promise<boolean> {
  const found = (await records.staff.byStaffIds(clinic.clinicId, [staffId])).get(staffId);
  return found !== undefined && isAtWork(found);
}

const isAtWork = ({ isActive, staffIds }: StaffMember): boolean => isActive && staffIds.length > 0;

const texts = wording({ sv: { me: 'Jag själv' }, en: { me: 'Myself' } });

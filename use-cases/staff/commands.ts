import type { Command } from '../../records/commands';
import type { StaffMember } from '../../records/staff';
import { notFound, problem, type CarryOut } from '../command';
import type { StaffMemberBody } from './bodies';

/** Records a member of staff (R8.7). */
export const addStaff: CarryOut<StaffMemberBody> = async ({ records }, command) => {
  const member = memberFrom(command, command.targetId);
  return (await records.staff.add(member)) ? { status: 201, body: staffView(member) } : known;
};

/** Replaces the record of a member of staff: a role that is taken away is gone at the next click. */
export const changeStaff: CarryOut<StaffMemberBody> = async ({ records }, command) => {
  // `asRead`: on a page it is a record as it was read that is replaced, and no newer one.
  const { memberId = '', asRead } = command.params;
  if (!(await records.staff.find(command.clinicId, memberId))) return notFound('member of staff');
  const member = memberFrom(command, memberId);
  switch (await records.staff.change(member, asRead)) {
    case 'changed':
      return { status: 200, body: staffView(member) };
    case 'known':
      return known;
    case 'overtaken':
      return problem(409, 'overtaken', 'Another change of this record came after this one. Read it again.');
  }
};

const known = problem(409, 'staff-known', 'A reference or the login is another member’s of your staff.');

const memberFrom = ({ clinicId, receivedAt, body }: Command & { body: StaffMemberBody }, memberId: string) =>
  ({
    memberId,
    clinicId,
    ...body,
    shownName: body.shownName ?? body.name,
    changedAt: receivedAt,
  }) satisfies StaffMember;

/** A member of staff as the clinic's system reads the record. */
export const staffView = ({ clinicId, changedAt, ...member }: StaffMember) => member;

import { deskRoles, staffRoles, type StaffRole } from '../../rules/staff';

/** Who may, in the clinic's table: the clinic's own system counts as a role of its own. */
export const everybody: readonly StaffRole[] = staffRoles;
/** People alone: what a person has to answer for. */
export const people: readonly StaffRole[] = deskRoles;
/** Those who may read care content: clinicians their own patients', the manager with a reason (R8.1). */
export const carers: readonly StaffRole[] = ['clinician', 'operations-manager'];
/** Those who answer for the clinic's work. */
export const managers: readonly StaffRole[] = ['operations-manager', 'system'];

/** The roles of people, whom a member of staff can be (R8.1). */
export const deskRoles = ['booker', 'clinician', 'operations-manager'] as const;
export type DeskRole = (typeof deskRoles)[number];

/** The roles that staff act in; `system` is the clinic's own program, and nobody logs in as that. */
export const staffRoles = [...deskRoles, 'system'] as const;
export type StaffRole = (typeof staffRoles)[number];

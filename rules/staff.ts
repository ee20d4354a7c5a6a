/** The roles that staff act in (R8.1); `system` is the clinic's own program, and nobody logs in as that. */
export const staffRoles = ['booker', 'clinician', 'operations-manager', 'system'] as const;
export type StaffRole = (typeof staffRoles)[number];

/** The roles of people, whom a member of staff can be. */
export const deskRoles = ['booker', 'clinician', 'operations-manager'] as const;
export type DeskRole = (typeof deskRoles)[number];

import type { ParticipantRole } from './meeting';

/** The roles of those who come in as themselves, each with their own login (R4.2). */
export type PersonRole = Exclude<ParticipantRole, 'staff'>;

/**
 * Who acts. It is a member of staff, by the name that the clinic's system uses (R8.1), or a person who has
 * logged in, in their role in the meeting. Of staff `loggedIn` tells that they logged in themselves; without
 * it the clinic's system named them (R8.7).
 */
export type Actor =
  { kind: 'staff'; staffId: string; role: string; loggedIn?: true } | { kind: PersonRole; personId: string };

/**
 * How a record names an actor: staff by the clinic's reference, a person such as `patient/<personId>`. No
 * reference of staff can look like the latter.
 */
export const nameOf = (actor: Actor): string =>
  actor.kind === 'staff' ? actor.staffId : `${actor.kind}/${actor.personId}`;

/** Who acted by a record, also by one that 0.1.0 wrote, when nobody but staff did. */
export const actorOf = (record: { actor: Actor } | { staffId: string; role: string }): Actor =>
  'actor' in record ? record.actor : { kind: 'staff', staffId: record.staffId, role: record.role };

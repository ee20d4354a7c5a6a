import { msOf, type Instant } from '../instant';
import type { ParticipantRole } from '../meeting';
import type { Stay } from '../presence';
import { guardianMayAct } from './age';

/**
 * Staff have stopped a guardian of a child (R7.3). A stop that was lifted is kept: it says for which time it held,
 * and what was received then is judged by it.
 */
export interface GuardianStop {
  /** The guardian's own record at the clinic. */
  guardianId: string;
  since: Instant;
  /** As `nameOf` has them. */
  by: string;
  liftedAt: Instant | null;
  liftedBy: string | null;
}

/** Whom somebody acts for. */
export interface ActedFor {
  personal: { birthDate: string };
  guardianStops: readonly GuardianStop[];
}

/** Somebody who takes part in a meeting or a case, as what. */
export interface TakesPart {
  role: ParticipantRole;
  /** Null for staff, and for one whose invitation nobody has claimed. */
  personId: string | null;
}

/** The stop that holds for this person at the instant; null where none does. */
export const stopOf = (
  { guardianStops }: Pick<ActedFor, 'guardianStops'>,
  personId: string | null,
  at: Date,
): GuardianStop | null =>
  guardianStops.find(
    ({ guardianId, since, liftedAt }) =>
      guardianId === personId &&
      msOf(since) <= at.getTime() &&
      (liftedAt === null || msOf(liftedAt) > at.getTime()),
  ) ?? null;

/**
 * Whether this guardian may act for the child at the instant: the child is at most 12 (R7.1, R7.2), and staff have
 * not stopped this guardian, whatever a register or a booking says (R7.3).
 */
export const guardianActsFor = (child: ActedFor, guardianId: string | null, at: Date): boolean =>
  guardianMayAct(child.personal.birthDate, at) && stopOf(child, guardianId, at) === null;

/**
 * Whether somebody who takes part is kept out at the instant: a guardian who may not act, and whoever is stopped,
 * as whatever they were booked (ours: a stopped guardian does not come in as a guest). Nobody is stopped from what
 * is their own.
 */
export function isKeptOut(patient: ActedFor, { role, personId }: TakesPart, at: Date): boolean {
  switch (role) {
    case 'patient':
    case 'staff':
      return false;
    case 'guardian':
      return !guardianActsFor(patient, personId, at);
    case 'relative':
    case 'interpreter':
    case 'guest':
      return stopOf(patient, personId, at) !== null;
  }
}

/**
 * The stays in the room without the times at which whoever stayed was stopped: from a stop on, a guardian who is
 * still there is nobody's presence but their own (R5.6, R7.3).
 */
export function staysNotStopped(
  stays: Stay[],
  participants: { participantId: string; personId: string | null }[],
  { guardianStops }: Pick<ActedFor, 'guardianStops'>,
): Stay[] {
  if (guardianStops.length === 0) return stays;
  return stays.flatMap((stay) => {
    const personId = participants.find((each) => each.participantId === stay.participantId)?.personId;
    return stay.role === 'patient'
      ? [stay]
      : guardianStops
          .filter(({ guardianId }) => guardianId === personId)
          .reduce<Stay[]>((parts, stop) => parts.flatMap((part) => aroundStop(part, stop)), [stay]);
  });
}

/** What is left of a stay before and after a stop. */
function aroundStop(stay: Stay, { since, liftedAt }: GuardianStop): Stay[] {
  const { joinedAt, leftAt } = stay;
  const parts: Stay[] = [];
  if (msOf(joinedAt) < msOf(since))
    parts.push({ ...stay, leftAt: leftAt !== null && msOf(leftAt) <= msOf(since) ? leftAt : since });
  if (liftedAt !== null && (leftAt === null || msOf(leftAt) > msOf(liftedAt)))
    parts.push({ ...stay, joinedAt: msOf(joinedAt) > msOf(liftedAt) ? joinedAt : liftedAt });
  return parts;
}

import { msOf, type Instant } from './instant';
import type { MeetingState, MeetingTime, Outcome, ParticipantRole } from './meeting';

/** Why somebody is not let in, as reasons for machines (R3.4). */
export const entryRefusals = [
  'login-required',
  'not-entitled',
  'cancelled',
  'ended',
  'back-up-routine',
  'too-early',
  'consent-missing',
  'form-missing',
  'clinic-not-ready',
] as const;
export type EntryRefusal = (typeof entryRefusals)[number];

/**
 * Why somebody could not come in.
 * - `technical-fault`: the door should have opened, or the login should have worked, and it could not
 * - `said-so`: they told the clinic that they cannot get in
 * - `another-login`: somebody came by the link and logged in, and the link is not for them
 * - `login-begun`: a login was begun and has not come back
 * - `too-many-requests`: a limit kept them from a page (429)
 */
export type FailedTry =
  EntryRefusal | 'technical-fault' | 'said-so' | 'another-login' | 'login-begun' | 'too-many-requests';

/** A try is a sign that the patient's side tried (R5.6), but for a login by somebody else. */
export const isSignOfTry = (reasons: (FailedTry | 'logged-in')[]): boolean =>
  !reasons.includes('another-login');

/** The two gates before a room opens: the care-history consent (R3.2) and the forms (R3.1). */
export interface Gates {
  consentGiven: boolean;
  /** The patient has answered no (R3.2); absent where nobody has answered. */
  consentRefused?: true;
  /** Forms that still have to be filled in, by id. */
  formsMissing: string[];
  /**
   * How often the patient's answer has changed at this clinic; absent where it has not. One that was taken
   * back and given again is not as it was: a look in between may have seen the other.
   */
  consentChanges?: number;
}

/** Both gates are open. */
export const gatesOpen = (gates: Gates): boolean => gates.consentGiven && gates.formsMissing.length === 0;

/** The meeting was cancelled, by whomever. */
export const isCancelled = (outcome: Outcome | null): boolean =>
  outcome === 'cancelled-in-time' || outcome === 'cancelled-late' || outcome === 'cancelled-by-clinic';

/** What the door needs to know of a meeting. */
export interface DoorView {
  state: MeetingState;
  outcome: Outcome | null;
  time: Pick<MeetingTime, 'doorOpensAt' | 'doorClosesAt'>;
}

/** What closes the door for everybody, by the meeting's own course (R3.3). */
export function doorRefusal(
  now: Instant,
  door: DoorView,
): 'cancelled' | 'back-up-routine' | 'ended' | 'too-early' | null {
  if (isCancelled(door.outcome)) return 'cancelled';
  // It goes on, in another way (R4.6).
  if (door.outcome === 'back-up-routine') return 'back-up-routine';
  if (door.state === 'ended' || msOf(now) >= msOf(door.time.doorClosesAt)) return 'ended';
  if (msOf(now) < msOf(door.time.doorOpensAt)) return 'too-early';
  return null;
}

/**
 * Every reason why this person is not let in now; none means welcome. All are told at once, so that one who
 * is too early also learns of the missing form (R3.4).
 */
export function refusalsAtTheDoor(input: {
  now: Instant;
  door: DoorView;
  role: ParticipantRole;
  identityAttested: boolean;
  entitled: boolean;
  gates: Gates;
  /** Staff have confirmed room, background, clothing and name badge for this time (R4.7). */
  clinicReady: boolean;
}): EntryRefusal[] {
  if (!input.identityAttested) return ['login-required'];
  if (!input.entitled) return ['not-entitled'];
  const refusals: EntryRefusal[] = [];
  const closed = doorRefusal(input.now, input.door);
  if (closed) refusals.push(closed);
  if (closed !== null && closed !== 'too-early') return refusals;
  // Staff may wait in the room: the gates keep the meeting from starting, not the clinic from being there
  // (R3.1).
  if (input.role === 'staff') return refusals;
  if (!input.gates.consentGiven) refusals.push('consent-missing');
  if (input.gates.formsMissing.length > 0) refusals.push('form-missing');
  // Before the door opens it is nothing that the person at the door could wait for.
  if (closed === null && !input.clinicReady) refusals.push('clinic-not-ready');
  return refusals;
}

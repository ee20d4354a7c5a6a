import type { Channel, SmsConsent } from '../consents';
import { msOf } from '../instant';
import type { ParticipantRole } from '../meeting';
import { isForeign } from '../phone-number';
import type { SmsLimits } from '../sms-caps';
import { outgrown } from './age';
import { guardianActsFor, type ActedFor, type TakesPart } from './guardian';

/**
 * Whose phone a meeting's notices go to: up to 12 the guardians' and the child's own, from 13 the child's
 * alone (R7.1, R7.2). Not a guardian's whom staff have stopped (R7.3).
 */
export function hearsOfMeeting({ role, personId }: TakesPart, patient: ActedFor, at: Date): boolean {
  if (role === 'patient') return true;
  return role === 'guardian' && guardianActsFor(patient, personId, at);
}

/** Whether somebody in this role hears of a meeting at any time of its patient's life. */
export const mayEverHear = (role: ParticipantRole): boolean => role === 'patient' || role === 'guardian';

/** Why no SMS may go to a person. */
export type SmsObstacle =
  | 'no-phone-number'
  | 'no-consent'
  | 'consent-for-another-number'
  | 'guardians-number'
  | 'foreign-number'
  | 'protected-identity';

/** What decides how a person can be reached: contact ways with the time when they were recorded. */
export interface Reachable {
  birthDate: string;
  protectedIdentity: boolean;
  mobile: { number: string; recordedAt: string } | null;
  email: { address: string; recordedAt: string } | null;
  smsConsent: SmsConsent | null;
  /** What the person prefers where both are possible. */
  noticesBy: Channel;
}

/** What the clinic says of the numbers that its SMS go to. */
export type NumbersTaken = Pick<SmsLimits, 'foreignNumbers'>;

/** How a notice goes to a person now. */
export interface OpenWay {
  channel: Channel;
  to: string;
  obstacle: null;
}

/** How a notice goes to a person now, or why it cannot. */
export type Way = OpenWay | { channel: null; obstacle: SmsObstacle };

/**
 * By SMS where that may be; by e-mail where the person prefers it, or where no SMS may go and an address was
 * given for it (R2.11).
 */
export function wayTo(person: Reachable, clinic: NumbersTaken, at: Date): Way {
  const obstacle = smsObstacle(person, clinic, at);
  const address = emailOf(person, at);
  if (address !== null && (obstacle !== null || person.noticesBy === 'email')) {
    return { channel: 'email', to: address, obstacle: null };
  }
  return obstacle === null && person.mobile
    ? { channel: 'sms', to: person.mobile.number, obstacle: null }
    : { channel: null, obstacle: obstacle ?? 'no-phone-number' };
}

/** Number and address of somebody. */
export type Ways = Pick<Reachable, 'mobile' | 'email'>;

/** Which of somebody's ways others have too. */
export const sharedWays = ({ mobile, email }: Ways, others: Ways[]): { mobile: boolean; email: boolean } => ({
  mobile: mobile !== null && others.some((each) => each.mobile?.number === mobile.number),
  email:
    email !== null &&
    others.some((each) => each.email?.address.toLowerCase() === email.address.toLowerCase()),
});

/**
 * The same where some of the person's ways are a stopped guardian's too: a child's number is often its guardian's,
 * and what goes there would be read by whom staff have stopped (R7.3, R7.10).
 * @param stopped those who are stopped now
 */
export function wayBesides(person: Reachable, stopped: Ways[], clinic: NumbersTaken, at: Date): Way {
  const { mobile, email } = person;
  const { mobile: hasMobile, email: hasEmail } = sharedWays(person, stopped);
  const way = wayTo(
    { ...person, mobile: hasMobile ? null : mobile, email: hasEmail ? null : email },
    clinic,
    at,
  );
  return hasMobile && way.obstacle === 'no-phone-number'
    ? { channel: null, obstacle: 'guardians-number' }
    : way;
}

/**
 * The address that notices may go to now; a guardian's is not the child's own once it is 13 (R7.2), none is
 * used before R7.5's approval.
 */
function emailOf({ email, protectedIdentity, birthDate }: Reachable, at: Date): string | null {
  if (!email || protectedIdentity || outgrown(birthDate, new Date(email.recordedAt), at)) return null;
  return email.address;
}

/** Whether this person may get an SMS now: consent is looked up again at each send (R2.2, R7.2, R7.5). */
export function smsObstacle(
  person: Pick<Reachable, 'birthDate' | 'protectedIdentity' | 'mobile' | 'smsConsent'>,
  { foreignNumbers }: NumbersTaken,
  at: Date,
): SmsObstacle | null {
  if (person.protectedIdentity) return 'protected-identity';
  if (!person.mobile) return 'no-phone-number';
  if (outgrown(person.birthDate, new Date(person.mobile.recordedAt), at)) return 'guardians-number';
  if (!person.smsConsent?.given) return 'no-consent';
  // R2.2: a consent is for the number that it was given for, not for one recorded after it. So a guardian's
  // consent does not speak for the child's own number either (R7.2).
  if (msOf(person.smsConsent.recordedAt) < msOf(person.mobile.recordedAt))
    return 'consent-for-another-number';
  // Recorded while the clinic still took such.
  return isForeign(person.mobile.number) && !foreignNumbers ? 'foreign-number' : null;
}

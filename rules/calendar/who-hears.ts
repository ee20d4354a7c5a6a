import type { SmsConsent } from '../consents';
import { msOf } from '../instant';
import type { ParticipantRole } from '../meeting';
import { guardianMayAct, outgrown } from './age';

/** Whose phone a meeting's notices go to: up to 12 the guardians' and the child's own, from 13 the child's alone (R7.1, R7.2). */
export function hearsOfMeeting(role: ParticipantRole, patientBirthDate: string, at: Date): boolean {
  if (role === 'patient') return true;
  return role === 'guardian' && guardianMayAct(patientBirthDate, at);
}

/** Why no SMS may go to a person, or null when it may. */
export type SmsObstacle =
  'no-phone-number' | 'no-consent' | 'consent-for-another-number' | 'guardians-number' | 'protected-identity';

/** Whether this person may get an SMS now: consent is looked up again at each send (R2.2, R7.2, R7.5). */
export function smsObstacle(
  person: {
    birthDate: string;
    protectedIdentity: boolean;
    mobile: { number: string; recordedAt: string } | null;
    smsConsent: SmsConsent | null;
  },
  at: Date,
): SmsObstacle | null {
  if (person.protectedIdentity) return 'protected-identity';
  if (!person.mobile) return 'no-phone-number';
  if (outgrown(person.birthDate, new Date(person.mobile.recordedAt), at)) return 'guardians-number';
  if (!person.smsConsent?.given) return 'no-consent';
  // R2.2: a consent is for the number that it was given for, not for one recorded after it. So a guardian's consent does not
  // speak for the child's own number either (R7.2).
  return msOf(person.smsConsent.recordedAt) < msOf(person.mobile.recordedAt)
    ? 'consent-for-another-number'
    : null;
}

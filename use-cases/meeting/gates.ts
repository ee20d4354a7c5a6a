import { guardianMayAct } from '../../rules/calendar/age';
import type { Gates } from '../../rules/gates';
import type { Forms } from '../../records/forms';
import type { Meeting } from '../../records/meetings';
import type { Person } from '../../records/people';

/**
 * The gates of a meeting as they are now. Each form that was given must be filled in (R3.1). The patient must
 * have said yes to the clinic seeing care history (R3.2). If a guardian answered for a child that has turned
 * 13 since, the child is asked anew (R7.2).
 */
export async function gatesOf(
  forms: Forms,
  meeting: Pick<Meeting, 'meetingId' | 'formIds'>,
  patient: Person,
  now: Date,
): Promise<Gates> {
  const consent = patient.careHistoryConsent;
  const filled = new Set((await forms.filledFor(meeting.meetingId)).map((form) => form.formId));
  const holds =
    consent !== null && (consent.givenBy === 'person' || guardianMayAct(patient.personal.birthDate, now));
  return {
    consentGiven: holds && consent.given,
    ...(holds && !consent.given ? { consentRefused: true as const } : {}),
    formsMissing: meeting.formIds.filter((formId) => !filled.has(formId)),
    ...(patient.consentChanges ? { consentChanges: patient.consentChanges } : {}),
  };
}

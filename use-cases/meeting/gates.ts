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
  const { meetingId, formIds } = meeting;
  const filled = formIds.length === 0 ? [] : await forms.filledFor(meetingId);
  return gatesWith(formIds, new Set(filled.map(({ formId }) => formId)), patient, now);
}

/** The same, of one whose filled-in forms are known. */
export function gatesWith(formIds: string[], filled: ReadonlySet<string>, patient: Person, now: Date): Gates {
  const consent = patient.careHistoryConsent;
  const holds =
    consent !== null && (consent.givenBy === 'person' || guardianMayAct(patient.personal.birthDate, now));
  return {
    consentGiven: holds && consent.given,
    ...(holds && !consent.given ? { consentRefused: true as const } : {}),
    formsMissing: formIds.filter((formId) => !filled.has(formId)),
    ...(patient.consentChanges ? { consentChanges: patient.consentChanges } : {}),
  };
}

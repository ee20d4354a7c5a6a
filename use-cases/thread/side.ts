import type { Records } from '../../records';
import type { Case } from '../../records/cases';
import type { Actor } from '../../rules/actor';
import { isKeptOut } from '../../rules/calendar/guardian';
import type { CaseAuthor } from '../../rules/case';

/** On which side of a case somebody is now; null for one who has nothing to do with it (R6.6, R7.1–R7.3). */
export async function sideOf(
  { people }: Pick<Records, 'people'>,
  { clinicId, patientId, participants }: Case,
  actor: Actor,
  now: Date,
): Promise<CaseAuthor | null> {
  if (actor.kind === 'staff') return 'staff';
  const participant = participants.find(
    ({ personId, role }) => personId === actor.personId && role === actor.kind,
  );
  if (!participant) return null;
  if (participant.role === 'patient') return 'patient-side';
  // A guardian's right ends at midnight of the 13th birthday, without anyone doing anything, and with a stop.
  const patient = await people.find(clinicId, patientId);
  return patient && !isKeptOut(patient, participant, now) ? 'patient-side' : null;
}

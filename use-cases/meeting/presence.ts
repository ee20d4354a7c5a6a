import type { Records } from '../../records';
import type { Meeting } from '../../records/meetings';
import { guardianMayAct } from '../../rules/calendar/age';
import { staysNotStopped } from '../../rules/calendar/guardian';
import { haveMet, isPatientSide, type Stay } from '../../rules/presence';
import type { Together } from '../../workflows/meeting/messages';
import { patientOf } from '../notice/patient-of';

/** How far clinic and patient have come with each other in the room of the time that the meeting has now. */
export async function togetherNow(
  { people, evidence }: Pick<Records, 'people' | 'evidence'>,
  meeting: Meeting,
  now: Date,
): Promise<Together> {
  const { meetingId, course } = meeting;
  const patient = await patientOf(people, meeting);
  const stays = await evidence.stays(meetingId, course.time.startVersion);
  const counting = staysNotStopped(stays, meeting.participants, patient);
  return togetherBy(counting, guardianMayAct(patient.personal.birthDate, now));
}

/**
 * The same of what is known of the room.
 * @param stays without the times at which somebody was stopped (R7.3)
 * @param guardianActs a guardian counts as the patient (R5.6)
 */
export function togetherBy(stays: Stay[], guardianActs: boolean): Together {
  const clinic = stays.filter(({ role }) => role === 'staff');
  const patient = stays.filter(({ role }) => isPatientSide(role, guardianActs));
  if (!haveMet(clinic, patient)) return 'not-yet';
  return [...clinic, ...patient].some(({ leftAt }) => leftAt === null) ? 'in-the-room' : 'have-left';
}

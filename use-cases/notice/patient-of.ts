import type { Meeting } from '../../records/meetings';
import type { People, Person } from '../../records/people';

/**
 * The patient of a meeting. @throws when the record has gone: the person was erased with a meeting still open
 */
export async function patientOf(people: People, meeting: Meeting): Promise<Person> {
  const patient = await people.find(meeting.clinicId, meeting.patientId);
  if (!patient) throw new Error('the patient of this meeting has no record');
  return patient;
}

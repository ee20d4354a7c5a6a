import type { Meeting } from './meetings';
import type { People, Person } from './people';

/** The patient of a meeting. @throws when the record has gone: the person was erased with a meeting still open */
export async function patientOf(people: People, meeting: Meeting): Promise<Person> {
  const patient = await people.find(meeting.clinicId, meeting.patientId);
  if (!patient) throw new Error('the patient of this meeting has no record');
  return patient;
}

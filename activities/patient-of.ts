import type { Records } from '../records';
import type { Meeting } from '../records/meetings';
import type { Person } from '../records/people';

/** The patient of a meeting. @throws when the record has gone: the person was erased with a meeting still open */
export async function patientOf(records: Records, meeting: Meeting): Promise<Person> {
  const patient = await records.people.find(meeting.clinicId, meeting.patientId);
  if (!patient) throw new Error('the patient of this meeting has no record');
  return patient;
}

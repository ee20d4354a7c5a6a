import type { People, Person } from '../../records/people';
import { stopOf } from '../../rules/calendar/guardian';

/**
 * The ways to those who are stopped from acting for the patient at the instant: nothing about the patient goes there,
 * whoever else has that number or address (R7.3, R7.10).
 */
export async function waysOfStopped(
  people: Pick<People, 'findAll'>,
  patient: Person,
  at: Date,
): Promise<Pick<Person['personal'], 'mobile' | 'email'>[]> {
  const stopped = patient.guardianStops
    .map(({ guardianId }) => guardianId)
    .filter((guardianId) => stopOf(patient, guardianId, at) !== null);
  const found = await people.findAll(patient.clinicId, stopped);
  return [...found.values()].map(({ personal: { mobile, email } }) => ({ mobile, email }));
}

import { madeUpPatient } from '../../local/made-up-clinic';
import type { Records } from '../../records';
import { times } from '../load/load';
import { STAFF_ID } from './clinic-settings';

/** PTS's mobile numbers for fiction, again and again: what is counted is told apart by its link. */
const fictitiousMobile = (number: number): string => `+46701740${605 + (number % 94)}`;

/**
 * Adds patients who have agreed to SMS and let the clinic see their care history. Each is a record of its
 * own, since two hand-overs to one person wait for each other.
 * @param birthDate - of all of them; of an adult, unless told otherwise
 */
export async function addPatients(
  records: Records,
  clinicId: string,
  count: number,
  birthDate?: string,
): Promise<string[]> {
  const at = new Date();
  const recorded = { recordedBy: STAFF_ID, recordedAt: at.toISOString() };
  const people = Array.from({ length: count }, (_, number) => {
    const person = madeUpPatient(clinicId, { recordedBy: STAFF_ID, mobile: fictitiousMobile(number), at });
    return {
      ...person,
      personal: { ...person.personal, ...(birthDate === undefined ? {} : { birthDate }) },
      careHistoryConsent: { given: true, givenBy: 'person' as const, ...recorded },
    };
  });
  await times(count, (number) => records.people.add(people[number]!, at));
  return people.map(({ personId }) => personId);
}

import { randomId } from '../../keys/random-id';
import type { Records } from '../../records';
import type { Person } from '../../records/people';
import { times } from '../load/load';
import { STAFF_ID } from './clinic-settings';

/** PTS's mobile numbers for fiction, again and again: what is counted is told apart by its link. */
const fictitiousMobile = (number: number): string => `+46701740${605 + (number % 94)}`;

/**
 * Adds patients who have agreed to SMS and let the clinic see their care history. Each is a record of its own, since two hand-overs
 * to one person wait for each other.
 */
export async function addPatients(
  records: Records,
  clinicId: string,
  count: number,
  birthDate = '1980-05-17',
): Promise<string[]> {
  const now = new Date();
  const recorded = { recordedBy: STAFF_ID, recordedAt: now.toISOString() };
  const ids = Array.from({ length: count }, randomId);
  await times(count, async (number) => {
    const person: Person = {
      personId: ids[number]!,
      clinicId,
      personal: {
        name: 'Tolvan Testperson',
        identity: null,
        birthDate,
        mobile: { number: fictitiousMobile(number), recordedAt: recorded.recordedAt },
        email: null,
        unsuitableWays: [],
      },
      language: 'sv',
      noticesBy: 'sms',
      protectedIdentity: false,
      smsConsent: { given: true, source: 'asked', ...recorded },
      careHistoryConsent: { given: true, givenBy: 'person', ...recorded },
      changedAt: null,
    };
    await records.people.add(person, now);
  });
  return ids;
}

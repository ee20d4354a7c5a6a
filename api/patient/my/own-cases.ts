import type { Records } from '../../../records';
import type { Session } from '../../../records/sessions';
import { caseStandingAs } from '../frame/case-access';
import type { OwnCase } from '../frame/route';

/** More cases than anybody's list can show. */
const MOST_CASES = 100;

/**
 * The message cases that the person has a place in, at all clinics, newest first; those that are shown by
 * nobody's rule are left out.
 */
export async function ownCases(
  records: Records,
  { identity }: Pick<Session, 'identity'>,
  now: Date,
): Promise<OwnCase[]> {
  const people = await records.people.ofHuman(identity, await records.clinics.ids());
  const byId = new Map(people.map((person) => [person.personId, person]));
  const cases = await records.cases.ofPeople(people, MOST_CASES);
  const standings = await Promise.all(
    cases.flatMap((careCase) =>
      careCase.participants.flatMap((participant) => {
        const person = byId.get(participant.personId);
        return person ? [caseStandingAs(records, { careCase, participant, person }, now)] : [];
      }),
    ),
  );
  return standings.flatMap((standing) => (standing.kind === 'own' ? [standing.own] : []));
}

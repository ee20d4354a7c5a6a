import type { Records } from '../../../records';
import type { Person } from '../../../records/people';

/** More than anybody has at once. */
const LOOKED_AT = 100;

/**
 * The children at a clinic whose guardian it knows this person as now: by a case or a meeting that is not
 * over, in which staff have named them so. Nobody becomes a guardian by saying so, nor by having been one
 * once (R7.3).
 */
export async function ownGuardianships(
  { cases, meetings, people }: Pick<Records, 'cases' | 'meetings' | 'people'>,
  person: Person,
): Promise<Person[]> {
  const { personId, clinicId } = person;
  const places = [
    ...(await cases.ofPeople([person], LOOKED_AT)),
    ...(await meetings.ofPeople([personId], { after: new Date(0), over: false }, LOOKED_AT)),
  ];
  const asGuardian = places.filter(
    ({ participants, course }) =>
      course.state !== 'ended' &&
      participants.some((each) => each.role === 'guardian' && each.personId === personId),
  );
  const childIds = [...new Set(asGuardian.map(({ patientId }) => patientId))];
  const children = await Promise.all(childIds.map((childId) => people.find(clinicId, childId)));
  return children.filter((child): child is Person => child !== null);
}

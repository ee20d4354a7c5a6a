import type { Person } from '../../../records/people';
import type { Records } from '../../../records';

/** More than a child has. */
const LOOKED_AT = 100;

/**
 * Those whom the clinic has named as a child's guardian in a meeting or a case. Whether one of them may act for
 * the child now is for staff and the command to say (R7.1, R7.3).
 */
export async function knownGuardians(
  { cases, meetings, people }: Pick<Records, 'cases' | 'meetings' | 'people'>,
  child: Pick<Person, 'personId' | 'clinicId'>,
): Promise<Person[]> {
  const { personId, clinicId } = child;
  const places: { patientId: string; participants: { role: string; personId: string | null }[] }[] = [
    ...(await cases.ofPeople([child], LOOKED_AT)),
    ...(await meetings.ofPeople([personId], { after: new Date(0), over: false }, LOOKED_AT)),
    ...(await meetings.ofPeople([personId], { after: new Date(0), over: null }, LOOKED_AT)),
  ];
  const ids = places
    .filter(({ patientId }) => patientId === personId)
    .flatMap(({ participants }) =>
      participants.flatMap((each) => (each.role === 'guardian' ? (each.personId ?? []) : [])),
    );
  return [...(await people.findAll(clinicId, [...new Set(ids)])).values()];
}

import type { Records } from '../../records';
import type { Session } from '../../records/sessions';
import { isPerson, standingAs } from './access';
import type { TakingPart } from './route';

/** More meetings than anybody's list can show. */
const MOST_MEETINGS = 100;

/** The meetings that the person takes part in, at all clinics, latest first; those that are shown by nobody's rule are left out. */
export async function ownMeetings(
  records: Records,
  { identity }: Pick<Session, 'identity'>,
  after: Date,
  now: Date,
): Promise<TakingPart[]> {
  const people = await records.people.ofHuman(identity, await records.clinics.ids());
  const byId = new Map(people.map((person) => [person.personId, person]));
  const meetings = await records.meetings.ofPeople([...byId.keys()], after, MOST_MEETINGS);
  const standings = await Promise.all(
    meetings.flatMap((meeting) =>
      meeting.participants.filter(isPerson).flatMap((participant) => {
        const person = participant.personId === null ? undefined : byId.get(participant.personId);
        return person ? [standingAs(records, meeting, participant, person, now)] : [];
      }),
    ),
  );
  return standings.flatMap((standing) => (standing.kind === 'takes-part' ? [standing.taking] : []));
}

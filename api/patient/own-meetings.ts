import type { Records } from '../../records';
import type { Session } from '../../records/sessions';
import type { Meeting, Participant } from '../../records/meetings';
import type { PersonRole } from '../../rules/actor';
import { isPerson, standingAs, type Standing } from './access';
import type { TakingPart } from './route';

/** More meetings than anybody's list can show. */
const MOST_MEETINGS = 100;

/** A place that the person has in a meeting, and what it lets them do now. */
export interface OwnPlace {
  meeting: Meeting;
  participant: Participant & { role: PersonRole };
  standing: Standing;
}

/** The meetings that the person takes part in, at all clinics, latest first; those that are shown by nobody's rule are left out. */
export async function ownMeetings(
  records: Records,
  session: Pick<Session, 'identity'>,
  after: Date,
  now: Date,
): Promise<TakingPart[]> {
  const places = await ownPlaces(records, session, after, now);
  return places.flatMap(({ standing }) => (standing.kind === 'takes-part' ? [standing.taking] : []));
}

/** Every place that the person has, also those that they are kept from now. */
export async function ownPlaces(
  records: Records,
  { identity }: Pick<Session, 'identity'>,
  after: Date,
  now: Date,
): Promise<OwnPlace[]> {
  const people = await records.people.ofHuman(identity, await records.clinics.ids());
  const byId = new Map(people.map((person) => [person.personId, person]));
  const meetings = await records.meetings.ofPeople([...byId.keys()], after, MOST_MEETINGS);
  const places = meetings.flatMap((meeting) =>
    meeting.participants.filter(isPerson).flatMap((participant) => {
      const person = participant.personId === null ? undefined : byId.get(participant.personId);
      return person ? [{ meeting, participant, person }] : [];
    }),
  );
  return Promise.all(
    places.map(async ({ meeting, participant, person }) => ({
      meeting,
      participant,
      standing: await standingAs(records, meeting, participant, person, now),
    })),
  );
}

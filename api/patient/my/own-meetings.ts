import type { Records } from '../../../records';
import type { Session } from '../../../records/sessions';
import type { Meeting, Participant } from '../../../records/meetings';
import type { PersonRole } from '../../../rules/actor';
import type { Clock } from '../../../rules/clock';
import { isPerson, standingAs, type Standing } from '../frame/access';
import type { TakingPart } from '../frame/route';

/**
 * As many of each kind as a list shows: of those that are coming the nearest, of those that are over the
 * last.
 */
const MOST_MEETINGS = 100;

/**
 * Meetings that began longer ago are not listed (ours): what they came to has been settled, and charged, long
 * since.
 */
const LISTED_DAYS = 180;

const DAY_MS = 24 * 3_600_000;

interface OwnDeps {
  records: Records;
  clock: Clock;
}

/** A place that the person has in a meeting, and what it lets them do now. */
export interface OwnPlace {
  meeting: Meeting;
  participant: Participant & { role: PersonRole };
  standing: Standing;
}

/**
 * The meetings that the person takes part in, at all clinics; those that are shown by nobody's rule are left
 * out.
 */
export interface OwnMeetings {
  /** The next one first. */
  coming: TakingPart[];
  /** Over or cancelled, the last one first. */
  over: TakingPart[];
}

export async function ownMeetings(deps: OwnDeps, session: Pick<Session, 'identity'>): Promise<OwnMeetings> {
  const after = new Date(deps.clock.now().getTime() - LISTED_DAYS * DAY_MS);
  const shown = async (over: boolean): Promise<TakingPart[]> => {
    const places = await ownPlaces(deps, session, { after, over });
    return places.flatMap(({ standing }) => (standing.kind === 'takes-part' ? [standing.taking] : []));
  };
  return { coming: await shown(false), over: await shown(true) };
}

/** Every place that the person has in meetings of now, over or not, also those that they are kept from. */
export const placesNearNow = (deps: OwnDeps, session: Pick<Session, 'identity'>): Promise<OwnPlace[]> =>
  ownPlaces(deps, session, { after: new Date(deps.clock.now().getTime() - DAY_MS), over: null });

async function ownPlaces(
  { records, clock }: OwnDeps,
  { identity }: Pick<Session, 'identity'>,
  which: { after: Date; over: boolean | null },
): Promise<OwnPlace[]> {
  const people = await records.people.ofHuman(identity, await records.clinics.ids());
  const byId = new Map(people.map((person) => [person.personId, person]));
  const meetings = await records.meetings.ofPeople([...byId.keys()], which, MOST_MEETINGS);
  const places = meetings.flatMap((meeting) =>
    meeting.participants.filter(isPerson).flatMap((participant) => {
      const person = participant.personId === null ? undefined : byId.get(participant.personId);
      return person ? [{ meeting, participant, person }] : [];
    }),
  );
  const now = clock.now();
  return Promise.all(
    places.map(async ({ meeting, participant, person }) => ({
      meeting,
      participant,
      standing: await standingAs(records, meeting, participant, person, now),
    })),
  );
}

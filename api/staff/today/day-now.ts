import { createHash } from 'node:crypto';
import type { Records } from '../../../records';
import type { Meeting } from '../../../records/meetings';
import { stockholmDay } from '../../../rules/calendar/stockholm';
import type { Clock } from '../../../rules/clock';
import { msOf, toInstant } from '../../../rules/instant';
import { isNearTheDoor } from '../../../rules/tries';
import { meetingNow, type MeetingNow } from './meeting-now';

/** A clinic's day as it stands: its meetings in their order, and how it stands with each. */
export interface DayNow {
  meetings: Meeting[];
  now: Map<string, MeetingNow>;
  /** Changes when anything of it does. */
  key: string;
}

/** The days that pages of this process show: each is read once for all of a clinic's pages. */
export interface Days {
  /** As it stands this moment, for a page that is opened: what one has just done, one reads. */
  read(clinicId: string, day: string): Promise<DayNow>;
  /** As it stood some seconds ago at the most, for pages that lie open. */
  look(clinicId: string, day: string): Promise<DayNow>;
}

/** More meetings than a clinic has in a day. */
const MOST_MEETINGS = 500;
/** Pages that lie open are told of changes this late at the most, and a little. */
export const LOOK_MS = 10_000;
/** A look reads what has changed; all is read anew after this, since not all that is shown is such a change. */
const READ_ALL_MS = 60_000;
/** The stamps of changes are set a moment before what they are of can be read. */
const OVERLAP_MS = 20_000;
/** Nobody looks at it any more. */
const FORGET_MS = 5 * 60_000;

interface KnownDay {
  readAllAt: number;
  lookedAt: number;
  looked: Promise<DayNow>;
}

export function createDays({
  records,
  clock,
}: {
  records: Pick<Records, 'meetings' | 'waits' | 'evidence'>;
  clock: Clock;
}): Days {
  const known = new Map<string, KnownDay>();

  async function allOf(clinicId: string, day: string): Promise<Meeting[]> {
    const { items } = await records.meetings.list({
      clinicId,
      by: stockholmDay(day),
      state: null,
      cursor: null,
      limit: MOST_MEETINGS,
    });
    return items;
  }

  /** The day's meetings with what has changed of them since: moved here, moved away, gone on. */
  async function withChanges(
    meetings: Meeting[],
    since: number,
    clinicId: string,
    day: string,
  ): Promise<Meeting[]> {
    const { from, until } = stockholmDay(day);
    const { items } = await records.meetings.list({
      clinicId,
      by: { changedSince: new Date(since - OVERLAP_MS) },
      state: null,
      cursor: null,
      limit: MOST_MEETINGS,
    });
    const next = new Map([...meetings, ...items].map((meeting) => [meeting.meetingId, meeting]));
    return [...next.values()].filter(({ course }) => {
      const startsAt = msOf(course.time.startAt);
      return startsAt >= from.getTime() && startsAt < until.getTime();
    });
  }

  async function standing(clinicId: string, meetings: Meeting[]): Promise<DayNow> {
    const now = clock.now();
    const inOrder = [...meetings].sort(
      (a, b) =>
        msOf(a.course.time.startAt) - msOf(b.course.time.startAt) || (a.meetingId < b.meetingId ? -1 : 1),
    );
    // Of a door that is closed there is nothing to read.
    const goOn = inOrder.filter(({ course: { state } }) => state !== 'ended');
    const open = goOn.filter(({ course: { time } }) => now.getTime() >= msOf(time.doorOpensAt));
    const isNear = goOn.some(({ course: { time } }) => isNearTheDoor(time, toInstant(now)));
    const [waits, stays] = await Promise.all([
      isNear ? records.waits.ofClinic(clinicId, now) : [],
      records.evidence.staysOf(open),
    ]);
    const of = inOrder.map((meeting): [string, MeetingNow] => [
      meeting.meetingId,
      meetingNow(meeting, { waits, stays: stays.get(meeting.meetingId) ?? [] }, now),
    ]);
    const key = createHash('sha256').update(JSON.stringify(of)).digest('base64url').slice(0, 12);
    return { meetings: inOrder, now: new Map(of), key };
  }

  /** @param reads the meetings that the day has */
  function begin(
    name: string,
    clinicId: string,
    reads: Promise<Meeting[]>,
    { readAllAt, lookedAt }: Omit<KnownDay, 'looked'>,
  ): Promise<DayNow> {
    const looked = reads.then((meetings) => standing(clinicId, meetings));
    const entry = { readAllAt, lookedAt, looked };
    known.set(name, entry);
    // What could not be read is read anew by the next who looks.
    looked.catch(() => {
      if (known.get(name) === entry) known.delete(name);
    });
    return looked;
  }

  const nameOf = (clinicId: string, day: string): string => `${clinicId} ${day}`;
  const readAll = (clinicId: string, day: string, at: number): Promise<DayNow> =>
    begin(nameOf(clinicId, day), clinicId, allOf(clinicId, day), { readAllAt: at, lookedAt: at });

  return {
    read(clinicId, day) {
      // Real time, as the database stamps its changes, whatever the service's clock shows.
      const at = Date.now();
      for (const [name, { lookedAt }] of known) if (at - lookedAt > FORGET_MS) known.delete(name);
      return readAll(clinicId, day, at);
    },
    look(clinicId, day) {
      const name = nameOf(clinicId, day);
      const at = Date.now();
      const entry = known.get(name);
      // A little less than the pages' own pace, so that none of them finds what the one before has found.
      if (entry && at - entry.lookedAt < LOOK_MS * 0.9) return entry.looked;
      if (!entry || at - entry.readAllAt >= READ_ALL_MS) return readAll(clinicId, day, at);
      const reads = entry.looked.then(({ meetings }) => withChanges(meetings, entry.lookedAt, clinicId, day));
      return begin(name, clinicId, reads, { readAllAt: entry.readAllAt, lookedAt: at });
    },
  };
}

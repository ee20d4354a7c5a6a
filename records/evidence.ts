import { createHash } from 'node:crypto';
import type { Connection } from 'mongoose';
import { entriesRefused } from '../platform/metrics';
import type { FailedTry } from '../rules/gates';
import { msOf, type Instant } from '../rules/instant';
import type { ParticipantRole } from '../rules/meeting';
import type { Stay } from '../rules/presence';
import { staysFrom, type RoomEndReport } from '../rules/presence-reports';
import type { ReadinessPoint } from '../rules/readiness';
import { collection, json, withoutId } from './schema';

/**
 * What one report of Jitsi's said; reports are kept as they came, and put together when they are read. Rows
 * of before hold a whole stay of the connection that their id is of, and are read as a report of it.
 */
interface StayRow {
  _id: string;
  meetingId: string;
  startVersion: number;
  /** Null in a report that the room was closed, as is the role. */
  participantId: string | null;
  role: ParticipantRole | null;
  /** Which connection, hashed; not in rows of before. */
  occupant?: string | null;
  joinedAt: Instant | null;
  leftAt: Instant | null;
  roomEnd?: RoomEndReport | null;
}

/** Who was in the room of which time of a meeting. */
type WhoseStay = Pick<StayRow, 'meetingId' | 'startVersion'> & {
  participantId: string;
  role: ParticipantRole;
};

/** A try of somebody to come in, as far as it came. */
export interface RefusedEntry {
  meetingId: string;
  startVersion: number;
  participantId: string;
  role: ParticipantRole;
  /** `logged-in`: they logged in when the meeting was near, which is a sign that they tried. */
  reasons: (FailedTry | 'logged-in')[];
  at: Instant;
}

/** A login that was begun, and has come to something: what that is a sign of is kept by itself. */
interface RefusedEntryRow extends RefusedEntry {
  _id: string;
  /** Absent in rows of before. */
  cameBackAt?: Instant | null;
}

/** What staff have confirmed of one start version, and who (R4.7). */
export interface Confirmation {
  meetingId: string;
  startVersion: number;
  moment: 'before-opening' | 'at-start';
  by: string;
  at: Instant;
  /** Before opening, what held; absent in one that was stored before points were kept (rules/readiness.ts). */
  points?: ReadinessPoint[];
  /** How they call the room; null where it has no name. */
  inRoom?: string | null;
  /** The clinic and the Stockholm day, of whoever confirmed the room of a meeting of their own. */
  clinicId?: string;
  day?: string;
}

/** What shows afterwards who came, and who tried to (R5.6). */
export interface Evidence {
  /** `occupant` is Jitsi's id of the connection: a reconnection is a new one. */
  joined(stay: WhoseStay, occupant: string, at: Instant): Promise<void>;
  /**
   * @param joinedAt when they had come, where the report says so: the one of their coming may have been lost
   */
  left(stay: WhoseStay, occupant: string, at: Instant, joinedAt?: Instant | null): Promise<void>;
  /** The room was closed: whoever was in it has left. Its `occupants` are Jitsi's ids. */
  roomClosed(meetingId: string, startVersion: number, end: RoomEndReport): Promise<void>;
  /** Who was in the room and when, by all that has been told so far (R5.6). */
  stays(meetingId: string, startVersion: number): Promise<Stay[]>;
  /** The same of several meetings, by their ids, read together. */
  staysOf(
    meetings: { meetingId: string; course: { time: { startVersion: number } } }[],
  ): Promise<Map<string, Stay[]>>;
  /**
   * `isNews`: this participant was not refused for exactly these reasons before, for this time of the
   * meeting.
   */
  refused(entry: RefusedEntry): Promise<{ isNews: boolean }>;
  /** A login that was begun at this instant has come to something: that it was begun is no sign any more. */
  loginCameBack(meetingId: string, participantId: string, begunAt: Instant, at: Instant): Promise<void>;
  /** Without the logins that came back. */
  refusedEntries(meetingId: string): Promise<RefusedEntry[]>;
  /** The first confirmation of each moment stands. */
  confirm(confirmation: Confirmation): Promise<void>;
  confirmations(meetingId: string): Promise<Confirmation[]>;
  /** What a member of staff, by one of these references, has confirmed last of a room on that day (R4.7). */
  lastConfirmedOn(clinicId: string, day: string, staffIds: string[]): Promise<Confirmation | null>;
}

export function createEvidence(connection: Connection): Evidence {
  const stays = collection<StayRow>(
    connection,
    'stays',
    {
      meetingId: String,
      startVersion: Number,
      participantId: String,
      role: String,
      joinedAt: String,
      leftAt: String,
      occupant: String,
      roomEnd: json,
    },
    [[{ meetingId: 1, startVersion: 1, leftAt: 1 }]],
  );
  const refusals = collection<RefusedEntryRow>(
    connection,
    'refusedEntries',
    {
      meetingId: String,
      startVersion: Number,
      participantId: String,
      role: String,
      reasons: [String],
      at: String,
      cameBackAt: String,
    },
    [[{ meetingId: 1, startVersion: 1, participantId: 1 }]],
  );

  const confirmations = collection<Confirmation & { _id: string }>(
    connection,
    'confirmations',
    {
      meetingId: String,
      startVersion: Number,
      moment: String,
      by: String,
      at: String,
      points: json,
      inRoom: String,
      clinicId: String,
      day: String,
    },
    [[{ meetingId: 1 }], [{ clinicId: 1, day: 1, by: 1 }]],
  );

  /** Keeps a report once, however often it comes. */
  const note = async (row: Omit<StayRow, '_id'>, what: string): Promise<void> => {
    const _id = hashOf(`${row.meetingId}:${row.startVersion}:${what}`);
    await stays.updateOne({ _id }, { $setOnInsert: row }, { upsert: true });
  };
  const noteStay = (
    whose: WhoseStay,
    occupant: string,
    told: Pick<StayRow, 'joinedAt' | 'leftAt'>,
  ): Promise<void> =>
    note(
      { ...whose, ...told, occupant: occupantHash(whose, occupant) },
      [occupant, told.joinedAt, told.leftAt].join(' '),
    );

  return {
    joined: (whose, occupant, joinedAt) => noteStay(whose, occupant, { joinedAt, leftAt: null }),
    left: (whose, occupant, leftAt, joinedAt = null) => noteStay(whose, occupant, { joinedAt, leftAt }),
    async roomClosed(meetingId, startVersion, { createdAt, destroyedAt, occupants }) {
      const of = { meetingId, startVersion };
      const hashed = occupants?.map((occupant) => occupantHash(of, occupant)) ?? null;
      const nobody = { participantId: null, role: null, joinedAt: null, leftAt: null };
      await note(
        { ...of, ...nobody, roomEnd: { createdAt, destroyedAt, occupants: hashed } },
        ['closed', createdAt, destroyedAt].join(' '),
      );
    },
    async stays(meetingId, startVersion) {
      return staysIn(await stays.find({ meetingId, startVersion }).lean<StayRow[]>());
    },
    async staysOf(meetings) {
      if (meetings.length === 0) return new Map();
      const meetingIds = meetings.map(({ meetingId }) => meetingId);
      const rows = await stays.find({ meetingId: { $in: meetingIds } }).lean<StayRow[]>();
      return new Map(
        meetings.map(({ meetingId, course: { time } }) => [
          meetingId,
          staysIn(
            rows.filter((row) => row.meetingId === meetingId && row.startVersion === time.startVersion),
          ),
        ]),
      );
    },
    async refused(entry) {
      const { meetingId, startVersion, participantId, reasons } = entry;
      const earlier = await refusals
        .find({ meetingId, startVersion, participantId }, { reasons: 1 })
        .lean<Pick<RefusedEntry, 'reasons'>[]>();
      const isSame = (those: RefusedEntry['reasons']): boolean =>
        those.length === reasons.length && reasons.every((reason) => those.includes(reason));
      const isNews = !earlier.some((row) => isSame(row.reasons));
      const _id = refusalId(entry);
      const noted = await refusals.updateOne({ _id }, { $setOnInsert: { ...entry } }, { upsert: true });
      if (noted.upsertedCount === 1)
        for (const reason of reasons)
          if (reason !== 'logged-in' && reason !== 'login-begun') entriesRefused.inc({ reason });
      return { isNews };
    },
    async loginCameBack(meetingId, participantId, begunAt, at) {
      const _id = refusalId({ meetingId, participantId, reasons: ['login-begun'], at: begunAt });
      await refusals.updateOne({ _id }, { $set: { cameBackAt: at } });
    },
    async refusedEntries(meetingId) {
      const rows = await refusals.find({ meetingId }).sort({ at: 1 }).lean<RefusedEntryRow[]>();
      return rows
        .filter(({ cameBackAt }) => cameBackAt == null)
        .map(({ _id, cameBackAt, ...entry }) => entry);
    },
    async confirm(confirmation) {
      const { meetingId, startVersion, moment } = confirmation;
      const _id = [meetingId, startVersion, moment].join(':');
      await confirmations.updateOne({ _id }, { $setOnInsert: { ...confirmation } }, { upsert: true });
    },
    async confirmations(meetingId) {
      const rows = await confirmations
        .find({ meetingId })
        .sort({ at: 1 })
        .lean<(Confirmation & { _id: string })[]>();
      return rows.map(withoutId);
    },
    async lastConfirmedOn(clinicId, day, staffIds) {
      const rows = await confirmations
        .find({ clinicId, day, by: { $in: staffIds } })
        .lean<(Confirmation & { _id: string })[]>();
      const [last] = rows.sort((a, b) => msOf(b.at) - msOf(a.at));
      return last ? withoutId(last) : null;
    },
  };
}

/** Reports of one room, put together. */
const staysIn = (rows: StayRow[]): Stay[] =>
  staysFrom(
    rows.flatMap(({ _id, occupant, participantId, role, joinedAt, leftAt }) =>
      participantId === null || role === null
        ? []
        : [{ occupant: occupant ?? _id, participantId, role, joinedAt, leftAt }],
    ),
    rows.flatMap(({ roomEnd }) => roomEnd ?? []),
  );

/** One row per person, reason and minute: a page that asks again and again is one try. */
const refusalId = ({
  meetingId,
  participantId,
  reasons,
  at,
}: Pick<RefusedEntry, 'meetingId' | 'participantId' | 'reasons' | 'at'>): string =>
  [meetingId, participantId, at.slice(0, 16), ...reasons].join(':');

const hashOf = (text: string): string => createHash('sha256').update(text).digest('base64url');

/** What means one connection to the room of one time of a meeting; rows of before have it as their id. */
const occupantHash = (
  { meetingId, startVersion }: Pick<StayRow, 'meetingId' | 'startVersion'>,
  occupant: string,
): string => hashOf(`${meetingId}:${startVersion}:${occupant}`);

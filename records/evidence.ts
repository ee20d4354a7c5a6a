import { createHash } from 'node:crypto';
import type { Connection } from 'mongoose';
import { entriesRefused } from '../platform/metrics';
import type { FailedTry } from '../rules/gates';
import type { Instant } from '../rules/instant';
import type { ParticipantRole } from '../rules/meeting';
import type { Stay } from '../rules/presence';
import { changeIf, collection, isDuplicate, withoutId } from './schema';

/** One connection of a participant to the room; Jitsi reports its beginning and its end, in any order and more than once. */
interface StayRow {
  _id: string;
  meetingId: string;
  startVersion: number;
  participantId: string;
  role: ParticipantRole;
  joinedAt: Instant | null;
  leftAt: Instant | null;
}

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

/** What staff have confirmed of one start version, and who (R4.7). */
export interface Confirmation {
  meetingId: string;
  startVersion: number;
  moment: 'before-opening' | 'at-start';
  by: string;
  at: Instant;
}

/** What shows afterwards who came, and who tried to (R5.6). */
export interface Evidence {
  /** `occupant` is Jitsi's id of the connection: a reconnection is a new one. */
  joined(stay: Omit<StayRow, '_id' | 'joinedAt' | 'leftAt'>, occupant: string, at: Instant): Promise<void>;
  left(stay: Omit<StayRow, '_id' | 'joinedAt' | 'leftAt'>, occupant: string, at: Instant): Promise<void>;
  /** The room was closed with people in it: they have left. */
  everybodyLeft(meetingId: string, startVersion: number, at: Instant): Promise<void>;
  stays(meetingId: string, startVersion: number): Promise<Stay[]>;
  /** `isNews`: this participant was not refused for exactly these reasons before, for this time of the meeting. */
  refused(entry: RefusedEntry): Promise<{ isNews: boolean }>;
  refusedEntries(meetingId: string): Promise<RefusedEntry[]>;
  /** The first confirmation of each moment stands. */
  confirm(confirmation: Confirmation): Promise<void>;
  confirmations(meetingId: string): Promise<Confirmation[]>;
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
    },
    [[{ meetingId: 1, startVersion: 1, leftAt: 1 }]],
  );
  const refusals = collection<RefusedEntry & { _id: string }>(
    connection,
    'refusedEntries',
    {
      meetingId: String,
      startVersion: Number,
      participantId: String,
      role: String,
      reasons: [String],
      at: String,
    },
    [[{ meetingId: 1, startVersion: 1, participantId: 1 }]],
  );

  const confirmations = collection<Confirmation & { _id: string }>(
    connection,
    'confirmations',
    { meetingId: String, startVersion: Number, moment: String, by: String, at: String },
    [[{ meetingId: 1 }]],
  );

  async function note(
    stay: Omit<StayRow, '_id' | 'joinedAt' | 'leftAt'>,
    occupant: string,
    change: Partial<Pick<StayRow, 'joinedAt' | 'leftAt'>>,
  ): Promise<void> {
    // The first report of each kind stands: a repeated one carries the same time or a later one.
    const [field] = Object.keys(change) as ('joinedAt' | 'leftAt')[];
    const _id = createHash('sha256')
      .update(`${stay.meetingId}:${stay.startVersion}:${occupant}`)
      .digest('base64url');
    try {
      await stays.create({ _id, ...stay, joinedAt: null, leftAt: null, ...change });
    } catch (error) {
      if (!isDuplicate(error)) throw error;
      await changeIf(stays, _id, (row) => row[field!] === null, { $set: change });
    }
  }

  return {
    joined: (stay, occupant, joinedAt) => note(stay, occupant, { joinedAt }),
    left: (stay, occupant, leftAt) => note(stay, occupant, { leftAt }),
    async everybodyLeft(meetingId, startVersion, at) {
      await stays.updateMany({ meetingId, startVersion, leftAt: null }, { $set: { leftAt: at } });
    },
    async stays(meetingId, startVersion) {
      const rows = await stays.find({ meetingId, startVersion }).lean<StayRow[]>();
      return rows.flatMap(({ participantId, role, joinedAt, leftAt }) =>
        // Only the end was reported: somebody was there, for a moment at least.
        (joinedAt ?? leftAt) ? [{ participantId, role, joinedAt: joinedAt ?? leftAt!, leftAt }] : [],
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
      // One row per person, reason and minute: a page that asks again and again is one try.
      const minute = entry.at.slice(0, 16);
      const _id = [meetingId, participantId, minute, ...reasons].join(':');
      const noted = await refusals.updateOne({ _id }, { $setOnInsert: { ...entry } }, { upsert: true });
      if (noted.upsertedCount === 1)
        for (const reason of reasons) if (reason !== 'logged-in') entriesRefused.inc({ reason });
      return { isNews };
    },
    async refusedEntries(meetingId) {
      const rows = await refusals
        .find({ meetingId })
        .sort({ at: 1 })
        .lean<(RefusedEntry & { _id: string })[]>();
      return rows.map(withoutId);
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
  };
}

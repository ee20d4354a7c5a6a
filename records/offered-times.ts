import { isDeepStrictEqual } from 'node:util';
import type { Connection } from 'mongoose';
import type { Instant } from '../rules/instant';
import { changeIf, collection, isDuplicate, json, notLater } from './schema';

/** Times that a clinic holds free for one meeting, for its patient to choose among (R1.6). */
export interface OfferedTimes {
  meetingId: string;
  startAts: Instant[];
  offeredAt: Instant;
  /** What the patient has chosen, and with which command. */
  chosen: { startAt: Instant; commandId: string } | null;
}

interface OfferedTimesRow extends Omit<OfferedTimes, 'meetingId'> {
  _id: string;
}

export interface OfferedTimesRecord {
  /** Null where the clinic offers none. */
  of(meetingId: string): Promise<OfferedTimes | null>;
  /** Replaces what was offered, unless something was offered later. */
  offer(meetingId: string, startAts: Instant[], offeredAt: Instant): Promise<void>;
  /**
   * Takes one of them for a command, once: the same command finds it its own. False where it is not offered,
   * or another was chosen.
   */
  choose(meetingId: string, startAt: Instant, commandId: string): Promise<boolean>;
  /** Gives back what a command had chosen, since it came to nothing. */
  giveBack(meetingId: string, commandId: string): Promise<void>;
}

export function createOfferedTimes(connection: Connection): OfferedTimesRecord {
  const rows = collection<OfferedTimesRow>(connection, 'offeredTimes', {
    startAts: [String],
    offeredAt: String,
    chosen: json,
  });
  return {
    async of(meetingId) {
      const row = await rows.findById(meetingId).lean<OfferedTimesRow>();
      if (!row) return null;
      const { startAts, offeredAt, chosen } = row;
      return { meetingId, startAts, offeredAt, chosen };
    },
    async offer(meetingId, startAts, offeredAt) {
      try {
        await rows.create({ _id: meetingId, startAts, offeredAt, chosen: null });
      } catch (error) {
        if (!isDuplicate(error)) throw error;
        // A second run of the same command changes nothing: what the patient has chosen since stays.
        const isOlder = (row: OfferedTimesRow): boolean =>
          notLater(row.offeredAt, offeredAt) &&
          !(row.offeredAt === offeredAt && isDeepStrictEqual([...row.startAts], startAts));
        await changeIf(rows, meetingId, isOlder, { $set: { startAts, offeredAt, chosen: null } });
      }
    },
    async choose(meetingId, startAt, commandId) {
      const isFree = ({ startAts, chosen }: OfferedTimesRow): boolean =>
        startAts.includes(startAt) && (chosen === null || chosen.commandId === commandId);
      const taken = await changeIf(rows, meetingId, isFree, { $set: { chosen: { startAt, commandId } } });
      return taken !== null;
    },
    async giveBack(meetingId, commandId) {
      const isIts = ({ chosen }: OfferedTimesRow): boolean => chosen?.commandId === commandId;
      await changeIf(rows, meetingId, isIts, { $set: { chosen: null } });
    },
  };
}

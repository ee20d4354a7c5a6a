import type { Connection } from 'mongoose';
import type { DayLimits } from '../rules/day-limits';
import { changeIf, collection, isDuplicate } from './schema';

interface DayUseRow {
  _id: string;
  files: number;
  bytes: number;
  /** Of the messages, by their keys: the same one again is counted once. */
  messages: string[];
  /** Counted up by each change, so that none is lost to another. */
  version: number;
  expiresAt: Date;
}

/** What each person has sent today; the day is UTC's. */
export interface DayUse {
  /**
   * Counts a file, also one that is refused later; false where it is over a limit, and nothing is counted.
   */
  takeFile(personId: string, bytes: number, limits: DayLimits, now: Date): Promise<boolean>;
  /** Counts a message once by its key; false where it is over the limit, and nothing is counted. */
  takeMessage(personId: string, key: string, limits: DayLimits, now: Date): Promise<boolean>;
}

/** Until a person may send more again: the seconds that are left of UTC's day. */
export const secondsLeftOfDay = (now: Date): number => Math.ceil((DAY_MS - (now.getTime() % DAY_MS)) / 1000);
const DAY_MS = 24 * 3_600_000;

const KEPT_MS = 48 * 3_600_000;
/** Tries against what the same person sends elsewhere; each of them means that another one got through. */
const TRIES = 50;

export function createDayUse(connection: Connection): DayUse {
  const rows = collection<DayUseRow>(
    connection,
    'dayUse',
    { files: Number, bytes: Number, messages: [String], version: Number, expiresAt: Date },
    [[{ expiresAt: 1 }, { expireAfterSeconds: 0 }]],
  );

  type Used = Pick<DayUseRow, 'files' | 'bytes' | 'messages'>;

  /** @param change answers with what is used afterwards; null for what is over a limit */
  async function take(personId: string, now: Date, change: (used: Used) => Used | null): Promise<boolean> {
    const _id = `${personId} ${now.toISOString().slice(0, 10)}`;
    const expiresAt = new Date(now.getTime() + KEPT_MS);
    for (let left = TRIES; left > 0; left -= 1) {
      const row = await rows.findById(_id).lean<DayUseRow>();
      const next = change(row ?? { files: 0, bytes: 0, messages: [] });
      if (next === null) return false;
      const { files, bytes, messages } = next;
      if (row) {
        const isAsRead = ({ version }: DayUseRow): boolean => version === row.version;
        const set = { $set: { files, bytes, messages, version: row.version + 1 } };
        if (await changeIf(rows, _id, isAsRead, set)) return true;
        continue;
      }
      try {
        await rows.create({ _id, files, bytes, messages, version: 1, expiresAt });
        return true;
      } catch (error) {
        if (!isDuplicate(error)) throw error;
      }
    }
    throw new Error('what a person uses was being changed from elsewhere all the time');
  }

  return {
    takeFile: (personId, bytes, limits, now) =>
      take(personId, now, (used) =>
        used.files + 1 > limits.filesPerPersonPerDay ||
        used.bytes + bytes > limits.megabytesPerPersonPerDay * 1024 * 1024
          ? null
          : { ...used, files: used.files + 1, bytes: used.bytes + bytes },
      ),
    takeMessage: (personId, key, limits, now) =>
      take(personId, now, (used) => {
        if (used.messages.includes(key)) return used;
        return used.messages.length + 1 > limits.messagesPerPersonPerDay
          ? null
          : { ...used, messages: [...used.messages, key] };
      }),
  };
}

import type { Connection } from 'mongoose';
import { collection, isDuplicate } from './schema';

interface LeaseRow {
  _id: string;
  holder: string;
  until: Date;
}

/** Makes sure that of several processes one at a time does a thing. */
export interface Leases {
  /** Takes or keeps the lease; false while another process has it. */
  hold(name: string, holder: string, now: Date, forMs: number): Promise<boolean>;
}

export function createLeases(connection: Connection): Leases {
  const rows = collection<LeaseRow>(connection, 'leases', { holder: String, until: Date });
  return {
    async hold(name, holder, now, forMs) {
      try {
        const { matchedCount, upsertedCount } = await rows.updateOne(
          { _id: name, $or: [{ holder }, { until: { $lte: now } }] },
          { $set: { holder, until: new Date(now.getTime() + forMs) } },
          { upsert: true },
        );
        return matchedCount + upsertedCount === 1;
      } catch (error) {
        // Somebody else has it: the upsert found the row that the filter did not.
        if (isDuplicate(error)) return false;
        throw error;
      }
    },
  };
}

import type { ClientSession, Connection, Model } from 'mongoose';
import type { Channel } from '../rules/consents';
import { toInstant } from '../rules/instant';
import type { DeliveryState } from '../rules/ledger';
import type { AddressHashes } from './address-hashes';
import type { LedgerDocument } from './ledger-row';
import { collection } from './schema';

/** How many SMS went lately, for the caps. */
export interface SmsCounts {
  /** How many SMS of the clinic were handed over to the number since then: exactly. */
  sentToNumber(
    since: Date,
    to: { clinicId: string; number: string },
    session: ClientSession,
  ): Promise<number>;
  /**
   * Lets only one row of the number be taken at a time, whoever's it is: another one that is under
   * way meets this write and begins again.
   */
  lockNumber(number: string, session: ClientSession): Promise<void>;
  /**
   * How many SMS were handed over since then, of a clinic or of all (null), counted up to `most`; below it
   * some may be among them that were surely not sent.
   */
  sentSince(since: Date, clinicId: string | null, most: number): Promise<number>;
  /** How many notices were handed over since then, by channel and the state they are in now. */
  handedOverSince(since: Date): Promise<{ channel: Channel; state: DeliveryState; count: number }[]>;
}

/**
 * What may have gone out and cost something; what was surely not sent is planned again, or has ended in
 * another state.
 */
const gone: DeliveryState[] = ['handing-over', 'sent', 'delivered', 'failed', 'unknown'];

/** A number that comes near its cap, by its keyed hash. */
interface NumberRow {
  _id: string;
  writes: number;
  usedAt: Date;
}

/** As long as the caps look back. */
const LOCK_KEPT_SECONDS = 24 * 3_600;

export function createSmsCounts(
  connection: Connection,
  rows: Model<LedgerDocument>,
  addresses: AddressHashes,
): SmsCounts {
  const numbers = collection<NumberRow>(connection, 'smsNumbers', { writes: Number, usedAt: Date }, [
    [{ usedAt: 1 }, { expireAfterSeconds: LOCK_KEPT_SECONDS }],
  ]);

  return {
    async sentToNumber(since, { clinicId, number }, session) {
      // A clinic's cap for a number is not used up by another clinic.
      let count = 0;
      for (const addressHash of addresses.all(number)) {
        const found = await rows
          .find({ addressHash, handedOverAt: { $gt: toInstant(since) } }, { clinicId: 1, state: 1 })
          .session(session)
          .lean<Pick<LedgerDocument, 'clinicId' | 'state'>[]>();
        count += found.filter((row) => row.clinicId === clinicId && gone.includes(row.state)).length;
      }
      return count;
    },
    async lockNumber(number, session) {
      await numbers.updateOne(
        { _id: addresses.newest(number) },
        { $inc: { writes: 1 }, $set: { usedAt: new Date() } },
        { upsert: true, session },
      );
    },
    async sentSince(since, clinicId, most) {
      const range = {
        channel: 'sms' as const,
        ...(clinicId === null ? {} : { clinicId }),
        handedOverAt: { $gt: toInstant(since) },
      };
      // All that were handed over are counted by the index alone. Only where they reach the cap is it asked
      // which of them went.
      const handedOver = await rows.countDocuments(range).limit(most);
      if (handedOver < most) return handedOver;
      const [exact] = await rows.aggregate<{ count: number }>([
        { $match: range },
        { $match: { state: { $in: gone } } },
        { $limit: most },
        { $count: 'count' },
      ]);
      return exact?.count ?? 0;
    },
    async handedOverSince(since) {
      const counted = (['sms', 'email'] as const).map(async (channel) => {
        const groups = await rows.aggregate<{ _id: DeliveryState; count: number }>([
          { $match: { channel, handedOverAt: { $gt: toInstant(since) } } },
          { $group: { _id: '$state', count: { $sum: 1 } } },
        ]);
        return groups.map(({ _id, count }) => ({ channel, state: _id, count }));
      });
      return (await Promise.all(counted)).flat();
    },
  };
}

import type { ClientSession, Model } from 'mongoose';
import type { Channel } from '../rules/consents';
import { toInstant } from '../rules/instant';
import type { DeliveryState } from '../rules/ledger';
import type { Cap } from '../rules/sms-caps';
import type { AddressHashes } from './address-hashes';
import type { LedgerDocument } from './ledger-row';

/** How many SMS went lately, for the caps. */
export interface SmsCounts {
  /**
   * How many SMS were handed over since then: of the clinic to the number, of the clinic, of all. Those of
   * the clinic and of all are counted up to the cap only; below it some may be among them that were surely
   * not sent. There is no counter that every hand-over would write and so wait for: hand-overs under way at
   * the same time do not see each other, and exceed a cap by as many as there are, which is a few.
   */
  sentSince(
    since: Date,
    of: { clinicId: string; number: string },
    most: Record<Cap, number>,
    session?: ClientSession,
  ): Promise<Record<Cap, number>>;
  /** How many notices were handed over since then, by channel and the state they are in now. */
  handedOverSince(since: Date): Promise<{ channel: Channel; state: DeliveryState; count: number }[]>;
}

/**
 * What may have gone out and cost something; what was surely not sent is planned again, or has ended in
 * another state.
 */
const gone: DeliveryState[] = ['handing-over', 'sent', 'delivered', 'failed', 'unknown'];

export function createSmsCounts(rows: Model<LedgerDocument>, addresses: AddressHashes): SmsCounts {
  return {
    async sentSince(since, { clinicId, number }, most, session) {
      const handedOverAt = { $gt: toInstant(since) };
      const ours = session ?? null;

      /**
       * All that were handed over are counted by the index alone. Only where they reach the cap is it asked
       * which of them went.
       */
      async function count(filter: { channel: 'sms'; clinicId?: string }, cap: Cap): Promise<number> {
        const range = { ...filter, handedOverAt };
        const handedOver = await rows.countDocuments(range).limit(most[cap]).session(ours);
        if (handedOver < most[cap]) return handedOver;
        const [exact] = await rows
          .aggregate<{ count: number }>([
            { $match: range },
            { $match: { state: { $in: gone } } },
            { $limit: most[cap] },
            { $count: 'count' },
          ])
          .session(ours);
        return exact?.count ?? 0;
      }

      // A clinic's cap for a number is not used up by another clinic.
      let ofNumber = 0;
      for (const addressHash of addresses.all(number)) {
        const found = await rows
          .find({ addressHash, handedOverAt }, { clinicId: 1, state: 1 })
          .session(ours)
          .lean<Pick<LedgerDocument, 'clinicId' | 'state'>[]>();
        ofNumber += found.filter((row) => row.clinicId === clinicId && gone.includes(row.state)).length;
      }
      // One after the other, as a transaction wants it.
      return {
        number: ofNumber,
        clinic: await count({ channel: 'sms', clinicId }, 'clinic'),
        account: await count({ channel: 'sms' }, 'account'),
      };
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

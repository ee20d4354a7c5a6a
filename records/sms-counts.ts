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
   * How many SMS were handed over since then: of the clinic to the number, of the clinic, of all. Each is counted up to its cap only.
   * There is no counter that every hand-over would write and so wait for: hand-overs under way at the same time do not see each other,
   * and exceed a cap by as many as there are, which is a few.
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

/** What may have gone out and cost something; what was surely not sent is planned again, or has ended in another state. */
const gone: DeliveryState[] = ['handing-over', 'sent', 'delivered', 'failed', 'unknown'];

export function createSmsCounts(rows: Model<LedgerDocument>, addresses: AddressHashes): SmsCounts {
  return {
    async sentSince(since, { clinicId, number }, most, session) {
      const count = (filter: object, cap: Cap): Promise<number> =>
        rows
          .countDocuments({ ...filter, handedOverAt: { $gt: toInstant(since) }, state: { $in: gone } })
          .limit(most[cap])
          .session(session ?? null)
          .exec();
      // One after the other, as a transaction wants it. A clinic's cap for a number is not used up by another clinic.
      return {
        number: await count({ addressHash: { $in: addresses.all(number) }, clinicId }, 'number'),
        clinic: await count({ channel: 'sms', clinicId }, 'clinic'),
        account: await count({ channel: 'sms' }, 'account'),
      };
    },
    async handedOverSince(since) {
      const groups = await rows.aggregate<{
        _id: { channel: Channel; state: DeliveryState };
        count: number;
      }>([
        { $match: { channel: { $in: ['sms', 'email'] }, handedOverAt: { $gt: toInstant(since) } } },
        { $group: { _id: { channel: '$channel', state: '$state' }, count: { $sum: 1 } } },
      ]);
      return groups.map(({ _id, count }) => ({ ..._id, count }));
    },
  };
}

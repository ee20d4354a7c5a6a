import type { Model } from 'mongoose';
import { leftAt, ledgerRowOf, pushed, type LedgerDocument, type LedgerRow } from './ledger-row';
import type { AddressHashes } from './address-hashes';
import { toInstant } from '../rules/instant';
import { deliveryStates, type DeliveryState } from '../rules/ledger';
import { changeIf } from './schema';

/** Hand-overs that nobody knows the end of, and when they are looked for. */
export interface HistoryChecks {
  /** All uncertain or unfinished hand-overs to a number, whoever's it is and at whichever clinic. */
  uncertainTo(number: string): Promise<LedgerRow[]>;
  /** Whether the row was handed over to this number. */
  wentTo(rowId: string, number: string): Promise<boolean>;
  /** Those of the provider's messages that rows are known by. */
  knownAmong(providerIds: string[]): Promise<Set<string>>;
  /**
   * Takes the row that has waited longest to be looked for, or to be ended, for `forMs`; null where none is
   * due.
   */
  takeDueLook(now: Date, forMs: number): Promise<LedgerRow | null>;
  /**
   * How many rows wait that should have been ended by now: their last useful moment has passed for a while.
   * @param forMs what {@link takeDueLook} takes rows for
   */
  leftWaiting(now: Date, forMs: number): Promise<number>;
  /** Notes a look that did not settle the row: when to look again, or why it is given up. */
  noteLook(rowId: string, next: { lookAgainAt: Date } | { givenUp: string }, at: Date): Promise<void>;
  /** Notes that what follows from the end of a row is done: it is not looked for any more. */
  noteFollowed(rowId: string): Promise<void>;
  /**
   * Rows handed over since then whose number is hashed by an older key: it is still looked for by its hash.
   */
  hashedByOlderKey(since: Date): Promise<LedgerRow[]>;
  /**
   * Makes the hash of a row's number anew with the newest key; false where the row went to another number.
   */
  rehashAddress(rowId: string, number: string): Promise<boolean>;
  /** How many of the rows handed over since then were hashed by each key, by its id. */
  hashedBy(since: Date): Promise<Record<string, number>>;
}

/** Nobody knows yet, or any more, what became of it. */
const uncertain: DeliveryState[] = ['handing-over', 'unknown'];
/** One that waits is looked at again all the same, in case that nobody comes. */
const hasEnded = (state: DeliveryState): boolean => state !== 'planned' && !uncertain.includes(state);

export function createHistoryChecks(rows: Model<LedgerDocument>, addresses: AddressHashes): HistoryChecks {
  return {
    async uncertainTo(number) {
      const ofNumber = await Promise.all(
        addresses
          .all(number)
          .map((addressHash) =>
            rows.find({ addressHash, state: { $in: uncertain } }).lean<LedgerDocument[]>(),
          ),
      );
      return ofNumber
        .flat()
        .filter(({ providerId }) => providerId === null)
        .map(ledgerRowOf);
    },
    async wentTo(rowId, number) {
      const row = await rows.findById(rowId, { addressHash: 1 }).lean<Pick<LedgerDocument, 'addressHash'>>();
      return row?.addressHash != null && addresses.all(number).includes(row.addressHash);
    },
    async knownAmong(providerIds) {
      if (providerIds.length === 0) return new Set();
      const known = await rows
        .find({ providerId: { $in: providerIds } }, { providerId: 1 })
        .lean<{ providerId: string }[]>();
      return new Set(known.map(({ providerId }) => providerId));
    },
    async takeDueLook(now, forMs) {
      const isDue = ({ lookAgainAt }: LedgerDocument): boolean =>
        lookAgainAt !== undefined && lookAgainAt <= now;
      // Should we die, it is due again then.
      const later = { $set: { lookAgainAt: new Date(now.getTime() + forMs) } };
      for (;;) {
        const longest = await rows
          .findOne({ lookAgainAt: { $lte: now } }, { _id: 1 })
          .sort({ lookAgainAt: 1 })
          .lean<{ _id: string }>();
        if (!longest) return null;
        const row = await changeIf(rows, longest._id, isDue, later);
        if (row) return ledgerRowOf(row);
      }
    },
    async leftWaiting(now, forMs) {
      // One that was looked at, and could not be ended, is due again within that time.
      const due = await rows
        .find({ lookAgainAt: { $lte: new Date(now.getTime() + forMs) } }, { state: 1, lastUsefulAt: 1 })
        .lean<Pick<LedgerDocument, 'state' | 'lastUsefulAt'>[]>();
      const isLeft = (row: (typeof due)[number]): boolean => row.state === 'planned' && leftAt(row) <= now;
      return due.filter(isLeft).length;
    },
    async noteLook(rowId, next, at) {
      const unknown = { _id: rowId, state: 'unknown' as const };
      if ('lookAgainAt' in next) {
        await rows.updateOne(unknown, { $set: { lookAgainAt: next.lookAgainAt }, $inc: { looks: 1 } });
        return;
      }
      await rows.updateOne(unknown, {
        $set: { reason: next.givenUp },
        $unset: { lookAgainAt: 1 },
        $inc: { looks: 1 },
        ...pushed(at, 'unknown', next.givenUp),
      });
    },
    async noteFollowed(rowId) {
      await rows.updateOne(
        { _id: rowId, state: { $in: deliveryStates.filter(hasEnded) } },
        { $unset: { lookAgainAt: 1 } },
      );
    },
    async hashedByOlderKey(since) {
      const found = await rows.find(lookedForByHash(since)).lean<LedgerDocument[]>();
      return found.filter(({ addressHash }) => !addresses.isNewest(addressHash!)).map(ledgerRowOf);
    },
    async hashedBy(since) {
      const found = await rows.find(lookedForByHash(since), { addressHash: 1 }).lean<LedgerDocument[]>();
      const counts: Record<string, number> = {};
      for (const { addressHash } of found) {
        const [keyId = ''] = addressHash!.split(':');
        counts[keyId] = (counts[keyId] ?? 0) + 1;
      }
      return counts;
    },
    async rehashAddress(rowId, number) {
      const hashes = addresses.all(number);
      const isTo = ({ addressHash }: LedgerDocument): boolean =>
        addressHash !== null && hashes.includes(addressHash);
      const rehashed = await changeIf(rows, rowId, isTo, { $set: { addressHash: addresses.newest(number) } });
      return rehashed !== null;
    },
  };
}

/** Rows that somebody may still look for by the hash of their number. */
const lookedForByHash = (since: Date) => ({
  channel: 'sms' as const,
  handedOverAt: { $gt: toInstant(since) },
  addressHash: { $type: 'string' as const },
});

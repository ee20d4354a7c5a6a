import type { Model } from 'mongoose';
import { noticeSteps } from '../platform/metrics';
import { toInstant } from '../rules/instant';
import { raisedFrom, TAKEN_UNDER_ANOTHERS_ID, type ReportedState } from '../rules/ledger';
import {
  LATE_FIELDS,
  ledgerRowOf,
  pushed,
  type LedgerDocument,
  type LedgerRow,
  type ProviderIdSource,
} from './ledger-row';
import { changeIf, isDuplicate } from './schema';

/** What the provider says of a message. */
export interface ToldDelivery {
  state: ReportedState;
  providerId: string;
}

/** What the provider has told of messages, and which row each is of: no message is two rows' (R2.7). */
export interface Deliveries {
  /**
   * Takes in the provider's answer to our own call. Answers with the rows whose state that may have changed.
   * @param row as its hand-over began
   */
  accepted(row: LedgerRow, told: ToldDelivery, at: Date): Promise<LedgerRow[]>;
  /**
   * Takes in a delivery report by its token. It answers with the rows whose state that may have changed. It
   * answers null if the report is not ours: no row has the token, or the message is surely not the row's.
   */
  report(token: string, told: ToldDelivery, at: Date): Promise<LedgerRow[] | null>;
  /**
   * Gives an uncertain row the message of the provider's history that explains it. It answers false if the
   * row is settled by now, or if the message belongs to another row. The row is due again at `lookAgainAt`,
   * unless what follows from it is done by then (`noteFollowed`).
   */
  found(rowId: string, told: ToldDelivery, at: Date, lookAgainAt: Date): Promise<boolean>;
}

const surer: Record<ProviderIdSource, ProviderIdSource[]> = {
  history: [],
  report: ['history'],
  answer: ['history', 'report'],
};

const noLongerLate = Object.fromEntries(LATE_FIELDS.map((field) => [field, 1 as const]));

/**
 * How often to begin again where somebody else has written the row meanwhile: there are a report, a look and
 * an answer.
 */
const TRIES = 8;

export function createDeliveries(rows: Model<LedgerDocument>, hashOf: (token: string) => string): Deliveries {
  /**
   * The row's id and with it its state, if the row is still as it was read; `another` where the message is
   * another row's.
   */
  async function set(
    { _id, state: was, providerId: known }: Pick<LedgerDocument, '_id' | 'state' | 'providerId'>,
    { state, providerId }: ToldDelivery,
    {
      from,
      reason,
      at,
      lookAgainAt,
    }: { from: ProviderIdSource; reason: string | null; at: Date; lookAgainAt?: Date },
  ): Promise<'set' | 'changed-meanwhile' | 'another'> {
    try {
      const { matchedCount } = await rows.updateOne(
        { _id, state: was, providerId: known },
        {
          $set: { state, reason, providerId, providerIdFrom: from, ...(lookAgainAt ? { lookAgainAt } : {}) },
          $unset: { ...noLongerLate, ...(lookAgainAt ? {} : { lookAgainAt: 1 }) },
          ...pushed(at, state, reason),
        },
      );
      if (matchedCount === 1) noticeSteps.inc({ state });
      return matchedCount === 1 ? 'set' : 'changed-meanwhile';
    } catch (error) {
      if (isDuplicate(error)) return 'another';
      throw error;
    }
  }

  /** A row that was given the message by the history alone is uncertain again, and looked for at once. */
  async function takeBack(providerId: string, at: Date): Promise<LedgerRow[]> {
    const reason = 'message-was-anothers';
    const guessed = await rows
      .findOne({ providerId, providerIdFrom: 'history' }, { _id: 1 })
      .lean<{ _id: string }>();
    if (!guessed) return [];
    const isStillGuessed = (row: LedgerDocument): boolean =>
      row.providerId === providerId && row.providerIdFrom === 'history';
    const before = await changeIf(rows, guessed._id, isStillGuessed, {
      $set: { state: 'unknown', reason, providerId: null, providerIdFrom: null, lookAgainAt: at },
      ...pushed(at, 'unknown', reason),
    });
    const row = before && (await rows.findById(guessed._id).lean<LedgerDocument>());
    return row ? [ledgerRowOf(row)] : [];
  }

  /** Takes in what the provider told of this very row. Null where that cannot be true. */
  async function takeIn(
    rowId: string,
    told: ToldDelivery,
    { from, reason, at }: { from: 'answer' | 'report'; reason: string | null; at: Date },
  ): Promise<LedgerRow[] | null> {
    const { state, providerId } = told;
    const changed: LedgerRow[] = [];
    for (let tries = 0; tries < TRIES; tries += 1) {
      const row = await rows.findById(rowId).lean<LedgerDocument>();
      if (!row) return null;
      const known = row.providerId;
      const source = row.providerIdFrom ?? null;
      const isSurer = source === null || surer[from].includes(source);
      if (known === providerId) {
        if (isSurer)
          await changeIf(rows, rowId, (now) => now.providerId === providerId, {
            $set: { providerIdFrom: from },
          });
        if (!raisedFrom[state].includes(row.state)) break;
        if ((await set(row, told, { from: isSurer ? from : source, reason, at })) === 'set') break;
        continue;
      }
      if (known !== null && !isSurer) return null;
      if (known === null && !raisedFrom[state].includes(row.state)) break;
      // What we took for its message was another's: its state too is that of this one, and not raised from
      // that.
      const result = await set(row, told, {
        from,
        reason: known === null ? reason : 'message-was-another',
        at,
      });
      if (result === 'set') break;
      if (result === 'another') {
        const tookBack = await takeBack(providerId, at);
        if (tookBack.length === 0) return null;
        changed.push(...tookBack);
      }
    }
    const row = await rows.findById(rowId).lean<LedgerDocument>();
    return [...(row ? [ledgerRowOf(row)] : []), ...changed];
  }

  return {
    async accepted(row, told, at) {
      const { rowId } = row;
      // Nearly always nobody else has told anything of it yet.
      const asBegun = { _id: rowId, state: 'handing-over' as const, providerId: null };
      const how = { from: 'answer', reason: null, at } as const;
      if ((await set(asBegun, told, how)) === 'set') {
        const { state, providerId } = told;
        const step = { at: toInstant(at), state, reason: null };
        const history = [...row.history, step];
        return [{ ...row, state, reason: null, providerId, providerIdFrom: 'answer', history }];
      }
      const changed = await takeIn(rowId, told, { from: 'answer', reason: null, at });
      if (changed) return changed;
      // An id that is surely another row's is none of this one's; that the provider took the message stands
      // all the same.
      await rows.updateOne(
        { _id: rowId, state: { $in: ['handing-over', 'unknown'] } },
        {
          $set: { state: told.state, reason: TAKEN_UNDER_ANOTHERS_ID },
          $unset: { lookAgainAt: 1, ...noLongerLate },
          ...pushed(at, told.state, TAKEN_UNDER_ANOTHERS_ID),
        },
      );
      const now = await rows.findById(rowId).lean<LedgerDocument>();
      return now ? [ledgerRowOf(now)] : [];
    },
    async report(token, told, at) {
      const row = await rows
        .findOne({ reportTokenHash: hashOf(token), channel: 'sms' }, { _id: 1 })
        .lean<{ _id: string }>();
      return row && takeIn(row._id, told, { from: 'report', reason: 'delivery-report', at });
    },
    async found(rowId, told, at, lookAgainAt) {
      const row = await rows.findById(rowId).lean<LedgerDocument>();
      if (row?.providerId !== null || !['handing-over', 'unknown'].includes(row.state)) return false;
      const how = { from: 'history', reason: 'providers-history', at, lookAgainAt } as const;
      return (await set(row, told, how)) === 'set';
    },
  };
}

import { createHash } from 'node:crypto';
import type { ClientSession, Connection } from 'mongoose';
import { toInstant, type Instant } from '../rules/instant';
import type { Channel } from '../rules/consents';
import type { NoticeKind } from '../rules/notices';
import { raisedFrom, type ReportedState, type DeliveryState } from '../rules/ledger';
import { collection, json, isDuplicate } from './schema';

/**
 * One notice to one recipient: a row per meeting, start version, kind and recipient (decision 5), and not per channel, so that nobody
 * gets the same message twice by two ways (R2.7). It never holds text, number or address.
 */
export interface LedgerRow {
  rowId: string;
  meetingId: string;
  clinicId: string;
  startVersion: number;
  kind: NoticeKind;
  participantId: string;
  personId: string;
  /** How it goes: as it stood when planned, and settled when it is handed over (R2.11). Null where there was no way. */
  channel: Channel | null;
  lastUsefulAt: Instant;
  state: DeliveryState;
  /** Why it is in this state, in machine words. */
  reason: string | null;
  /** Until when a hand-over under way belongs to the process that began it. */
  leaseUntil: Instant | null;
  providerId: string | null;
  /** Every state it has been in (R2.7). */
  history: { at: Instant; state: DeliveryState; reason: string | null }[];
}

interface LedgerDocument extends Omit<LedgerRow, 'rowId'> {
  _id: string;
  reportTokenHash: string | null;
}

/** The newest states that a row keeps: a provider that refuses for weeks must not grow it without end. */
const HISTORY_ROWS = 60;

/** A change of state, made only from the states named. */
interface Step {
  from: DeliveryState[];
  to: DeliveryState;
  at: Date;
  reason: string | null;
  leaseUntil?: Date | null;
  channel?: Channel;
  reportToken?: string;
  providerId?: string;
}

export interface Ledger {
  /** Plans a row once; answers with it as it stands. */
  plan(
    row: Pick<
      LedgerRow,
      | 'meetingId'
      | 'clinicId'
      | 'startVersion'
      | 'kind'
      | 'participantId'
      | 'personId'
      | 'channel'
      | 'lastUsefulAt'
    >,
    at: Date,
  ): Promise<LedgerRow>;
  get(rowId: string, session?: ClientSession): Promise<LedgerRow>;
  /** Compare-and-set; false when the row is in none of the states it may come from. */
  step(rowId: string, step: Step, session?: ClientSession): Promise<boolean>;
  /** Takes in a delivery report by its token; answers with the row, or null for a token that is not ours. */
  report(token: string, state: ReportedState, providerId: string, at: Date): Promise<LedgerRow | null>;
  ofMeeting(meetingId: string, session?: ClientSession): Promise<LedgerRow[]>;
}

export function createLedger(connection: Connection): Ledger {
  const rows = collection<LedgerDocument>(
    connection,
    'ledger',
    {
      meetingId: String,
      clinicId: String,
      startVersion: Number,
      kind: String,
      participantId: String,
      personId: String,
      channel: String,
      lastUsefulAt: String,
      state: String,
      reason: String,
      leaseUntil: String,
      providerId: String,
      reportTokenHash: String,
      history: json,
    },
    [
      [{ meetingId: 1 }],
      [
        { reportTokenHash: 1 },
        { unique: true, partialFilterExpression: { reportTokenHash: { $type: 'string' } } },
      ],
    ],
  );
  const rowOf = ({ _id, reportTokenHash, ...row }: LedgerDocument): LedgerRow => {
    return { rowId: _id, ...row };
  };

  async function get(rowId: string, session?: ClientSession): Promise<LedgerRow> {
    const row = await rows
      .findById(rowId)
      .session(session ?? null)
      .lean<LedgerDocument>();
    if (!row) throw new Error(`no SMS ${rowId} in the ledger`);
    return rowOf(row);
  }

  async function step(rowId: string, change: Step, session?: ClientSession): Promise<boolean> {
    const at = toInstant(change.at);
    const { matchedCount } = await rows.updateOne(
      { _id: rowId, state: { $in: change.from } },
      {
        $set: {
          state: change.to,
          reason: change.reason,
          leaseUntil: change.leaseUntil ? toInstant(change.leaseUntil) : null,
          ...(change.channel ? { channel: change.channel } : {}),
          ...(change.reportToken ? { reportTokenHash: hashOf(change.reportToken) } : {}),
          ...(change.providerId ? { providerId: change.providerId } : {}),
        },
        $push: {
          history: { $each: [{ at, state: change.to, reason: change.reason }], $slice: -HISTORY_ROWS },
        },
      },
      session ? { session } : {},
    );
    return matchedCount === 1;
  }

  return {
    async plan(planned, at) {
      const rowId = [planned.meetingId, planned.startVersion, planned.kind, planned.participantId].join(':');
      try {
        await rows.create({
          _id: rowId,
          ...planned,
          state: 'planned',
          reason: null,
          leaseUntil: null,
          providerId: null,
          reportTokenHash: null,
          history: [{ at: toInstant(at), state: 'planned', reason: null }],
        });
      } catch (error) {
        if (!isDuplicate(error)) throw error;
      }
      return get(rowId);
    },
    get,
    step,
    async report(token, state, providerId, at) {
      const row = await rows.findOne({ reportTokenHash: hashOf(token) }).lean<LedgerDocument>();
      if (!row) return null;
      await step(row._id, { from: raisedFrom[state], to: state, at, reason: 'delivery-report', providerId });
      return get(row._id);
    },
    async ofMeeting(meetingId, session) {
      const found = await rows
        .find({ meetingId })
        .session(session ?? null)
        .lean<LedgerDocument[]>();
      return found.map(rowOf);
    },
  };
}

/** The token has 256 random bits, so a plain hash is enough. */
const hashOf = (token: string): string => createHash('sha256').update(token).digest('hex');

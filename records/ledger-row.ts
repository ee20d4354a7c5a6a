import type { Connection, Model } from 'mongoose';
import type { Channel } from '../rules/consents';
import { msOf, toInstant, type Instant } from '../rules/instant';
import type { DeliveryState } from '../rules/ledger';
import type { LateTimes, WaitCause } from '../rules/late';
import {
  CODE_KIND,
  isCaseNotice,
  type CaseNoticeKind,
  type CodeKind,
  type NoticeKind,
} from '../rules/notices';
import { LEFT_AFTER_MS } from '../rules/reconciliation';
import { collection, json } from './schema';

/**
 * One notice to one recipient: a row per subject, occasion, kind and recipient (decision 5), and not per
 * channel, so that nobody gets the same message twice by two ways (R2.7). It never holds text, number or
 * address.
 */
export interface LedgerRow<Kind = NoticeKind | CaseNoticeKind | CodeKind> {
  rowId: string;
  /** The meeting, for a case's kinds the message case, or the code for a number that somebody typed (R2.13). */
  subjectId: string;
  clinicId: string;
  /** The meeting's start version, or the number of the case's burst of messages; 1 for a code. */
  occasion: number;
  kind: Kind;
  participantId: string;
  personId: string;
  /**
   * How it goes: as it stood when planned, and settled when it is handed over (R2.11). Null where there was
   * no way.
   */
  channel: Channel | null;
  lastUsefulAt: Instant;
  state: DeliveryState;
  /** Why it is in this state, in machine words. */
  reason: string | null;
  /** When the last hand-over began; null before the first. */
  handedOverAt: Instant | null;
  /** Until when that hand-over belonged to the process that began it. */
  leaseUntil: Instant | null;
  providerId: string | null;
  providerIdFrom: ProviderIdSource | null;
  /** How often the provider's history was looked in for it. */
  looks: number;
  /** It should have gone by then and has not, so that staff were told (R2.10). */
  late?: boolean;
  /** Why it waits, where it was due and somebody has looked. */
  waits?: WaitCause;
  /** Every state it has been in (R2.7). */
  history: { at: Instant; state: DeliveryState; reason: string | null }[];
}

/** The notice is of a meeting, and not of a message case; a code is of neither. */
export const isOfMeeting = (row: LedgerRow): row is LedgerRow<NoticeKind> =>
  !isCaseNotice(row.kind) && row.kind !== CODE_KIND;

/** The notice is of a message case. */
export const isOfCase = (row: LedgerRow): row is LedgerRow<CaseNoticeKind> => isCaseNotice(row.kind);

/**
 * How we know the provider's id of a row, surest last: told from what stands in the history and which row it
 * can be of; reported with the row's token; answered to our own call.
 */
export type ProviderIdSource = 'history' | 'report' | 'answer';

/**
 * A row as it is stored. Its subject and occasion stand under the names that they had when only meetings gave
 * notices; {@link ledgerRowOf} and {@link storedKeyOf} translate them, and nothing else does.
 */
export interface LedgerDocument extends Omit<LedgerRow, 'rowId' | 'subjectId' | 'occasion'> {
  _id: string;
  /** The row's `subjectId`. */
  meetingId: string;
  /** The row's `occasion`. */
  startVersion: number;
  reportTokenHash: string | null;
  /**
   * Keyed hash of the number that it was handed over to, `keyId:hash`: the number itself may change. SMS
   * only.
   */
  addressHash: string | null;
  /**
   * When somebody has to look what became of it, or end it where it waits. Absent once it has ended, and in
   * one that waits since 0.1.0.
   */
  lookAgainAt?: Date;
  /** When somebody looks whether it is overdue or late, where it waits to be handed over. */
  lateAt?: Date;
  /** When it is late, so that staff hear of it; absent where `lateAt` says so. */
  staffLateAt?: Date;
}

export const ledgerCollection = (connection: Connection): Model<LedgerDocument> =>
  collection<LedgerDocument>(
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
      handedOverAt: String,
      leaseUntil: String,
      providerId: String,
      providerIdFrom: String,
      looks: Number,
      history: json,
      reportTokenHash: String,
      addressHash: String,
      lookAgainAt: Date,
      late: Boolean,
      lateAt: Date,
      staffLateAt: Date,
      waits: String,
    },
    [
      [{ meetingId: 1, startVersion: 1 }],
      // Compare-and-sets.
      [{ _id: 1, state: 1, providerId: 1 }],
      // No token and no message of the provider's is two rows'.
      [
        { reportTokenHash: 1 },
        { unique: true, partialFilterExpression: { reportTokenHash: { $type: 'string' } } },
      ],
      [{ providerId: 1 }, { unique: true, partialFilterExpression: { providerId: { $type: 'string' } } }],
      // The embedded database reads by no partial index.
      [{ reportTokenHash: 1, channel: 1 }],
      [{ providerId: 1, providerIdFrom: 1 }],
      // Rivals of an uncertain hand-over.
      [{ addressHash: 1, state: 1 }],
      // What went in the last 24 hours, for the caps: to a number, of a clinic, of all. Thousands are counted
      // by the index alone, the state in it too.
      [{ addressHash: 1, handedOverAt: 1 }],
      [{ channel: 1, clinicId: 1, handedOverAt: 1, state: 1 }],
      [{ channel: 1, handedOverAt: 1, state: 1 }],
      // What has ended has none of them and is not in the sparse index.
      [{ lookAgainAt: 1 }, { sparse: true }],
      [{ lateAt: 1 }, { sparse: true }],
    ],
  );

/** A row as its module hands it out; one from an earlier release lacks what was not known then. */
export function ledgerRowOf({
  _id,
  meetingId,
  startVersion,
  reportTokenHash,
  addressHash,
  lookAgainAt,
  lateAt,
  staffLateAt,
  ...row
}: LedgerDocument): LedgerRow {
  const notKnownThen = { handedOverAt: null, providerIdFrom: null, looks: 0 };
  return { rowId: _id, subjectId: meetingId, occasion: startVersion, ...notKnownThen, ...row };
}

/** When a row that waits is nobody's, so that it has to be ended. */
export const leftAt = ({ lastUsefulAt }: Pick<LedgerRow, 'lastUsefulAt'>): Date =>
  new Date(msOf(lastUsefulAt) + LEFT_AFTER_MS);

/** The stored names of a row's subject and occasion. */
export const storedKeyOf = ({
  subjectId,
  occasion,
}: Pick<LedgerRow, 'subjectId' | 'occasion'>): Pick<LedgerDocument, 'meetingId' | 'startVersion'> => ({
  meetingId: subjectId,
  startVersion: occasion,
});

/** The newest states that a row keeps: a provider that refuses for weeks must not grow it without end. */
const HISTORY_ROWS = 60;

/** The part of an update that notes the new state in the row's history. */
export const pushed = (at: Date, state: DeliveryState, reason: string | null) => ({
  $push: { history: { $each: [{ at: toInstant(at), state, reason }], $slice: -HISTORY_ROWS } },
});

/** The part of an update that sets when a row that waits is overdue and late. */
export const lookedAtAs = ({
  overdueAt,
  lateAt,
}: LateTimes): Pick<LedgerDocument, 'lateAt' | 'staffLateAt'> => ({
  lateAt: overdueAt,
  staffLateAt: lateAt,
});

/** What a row no longer has that waits for nobody. */
export const LATE_FIELDS = ['lateAt', 'staffLateAt', 'waits'] as const;

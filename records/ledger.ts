import { createHash } from 'node:crypto';
import type { ClientSession, Connection } from 'mongoose';
import type { KeyRing } from '../platform/keys/key-ring';
import { noticeSteps } from '../platform/metrics';
import type { Channel } from '../rules/consents';
import { toInstant } from '../rules/instant';
import { lateTimesWhenDue, type LateTimes } from '../rules/late';
import { rowIdOf, type DeliveryState, type NotHandedOver } from '../rules/ledger';
import { createAddressHashes } from './address-hashes';
import { createDeliveries, type Deliveries } from './deliveries';
import {
  isOfMeeting,
  leftAt,
  ledgerCollection,
  LATE_FIELDS,
  ledgerRowOf,
  lookedAtAs,
  pushed,
  storedKeyOf,
  type LedgerDocument,
  type LedgerRow,
} from './ledger-row';
import type { NoticeKind } from '../rules/notices';
import { createLateNotices, type LateNotices } from './late-notices';
import { createHistoryChecks, type HistoryChecks } from './history-checks';
import { isDuplicate } from './schema';
import { createSmsCounts, type SmsCounts } from './sms-counts';

export { isOfCase, isOfMeeting, type LedgerRow } from './ledger-row';

/** A change of state, made only from the states named. */
export interface Step {
  from: DeliveryState[];
  to: DeliveryState;
  at: Date;
  reason: string | null;
  /** Where the step begins a hand-over. */
  handOver?: HandOver;
  /**
   * When somebody has to look what became of it; nobody has to unless it is said. At a row that waits
   * somebody always looks, after its last useful moment.
   */
  lookAgainAt?: Date;
  /** When a row that goes back to `planned` is late, judged anew; as it was where that is not said. */
  late?: LateTimes;
}

/** What is known of a hand-over as it begins. */
export interface HandOver {
  leaseUntil: Date;
  channel: Channel;
  /** Where it goes; only a keyed hash of a number is kept, and nothing of an e-mail's. */
  to: string;
  /** Of its delivery report; null for an e-mail, which has none. */
  reportToken: string | null;
}

type PlannedField =
  'subjectId' | 'clinicId' | 'occasion' | 'kind' | 'participantId' | 'personId' | 'channel' | 'lastUsefulAt';

/** What a row begins with. */
export type PlannedRow<Kind extends LedgerRow['kind'] = LedgerRow['kind']> = Pick<
  LedgerRow<Kind>,
  PlannedField
>;

/** A hand-over that begins, and when somebody has to look what became of it. */
export interface Taken {
  state: 'handing-over';
  handOver: HandOver;
  lookAgainAt: Date;
}

/** How a row is entered: it waits, is handed over at once, or has ended. */
export type Entered = { state: 'planned' } | Taken | NotHandedOver;

export interface Ledger extends Deliveries, LateNotices, HistoryChecks, SmsCounts {
  /**
   * Plans a row once; answers with it as it stands. @param late when it is late, unless it has been handed
   * over by then; as a notice of a case that is due at `at` if absent, never if null
   */
  plan<Kind extends LedgerRow['kind']>(
    row: PlannedRow<Kind>,
    at: Date,
    late?: LateTimes | null,
  ): Promise<LedgerRow<Kind>>;
  /**
   * Enters a row as what it comes to at once, in the transaction that found that it is not there.
   * @param late as of {@link plan}, for a row that has not ended
   */
  enter(
    row: PlannedRow,
    entered: Entered,
    { at, late }: { at: Date; late: LateTimes | null },
    session: ClientSession,
  ): Promise<LedgerRow>;
  get(rowId: string, session?: ClientSession): Promise<LedgerRow>;
  /** Null for a row that is not there: nobody has entered it, or a restore has lost it. */
  find(rowId: string, session?: ClientSession): Promise<LedgerRow | null>;
  /** Compare-and-set; false when the row is in none of the states it may come from. */
  step(rowId: string, step: Step, session?: ClientSession): Promise<boolean>;
  ofMeeting(meetingId: string, session?: ClientSession): Promise<LedgerRow<NoticeKind>[]>;
  /** Of one start version of a meeting, or one burst of a case. */
  ofOccasion(of: Pick<LedgerRow, 'subjectId' | 'occasion'>, session?: ClientSession): Promise<LedgerRow[]>;
  /** Of the newest bursts of a message case, so many. */
  ofCase(caseId: string, bursts: number, session?: ClientSession): Promise<LedgerRow[]>;
}

export function createLedger(connection: Connection, hashKeys: KeyRing): Ledger {
  const rows = ledgerCollection(connection);
  const addresses = createAddressHashes(hashKeys);

  async function get(rowId: string, session?: ClientSession): Promise<LedgerRow> {
    const row = await rows
      .findById(rowId)
      .session(session ?? null)
      .lean<LedgerDocument>();
    if (!row) throw new Error(`no SMS ${rowId} in the ledger`);
    return ledgerRowOf(row);
  }

  const planned = (
    { subjectId, occasion, ...row }: PlannedRow,
    at: Date,
    late: LateTimes | null,
  ): LedgerDocument => ({
    _id: rowIdOf({ subjectId, occasion, ...row }),
    ...storedKeyOf({ subjectId, occasion }),
    ...row,
    state: 'planned',
    reason: null,
    handedOverAt: null,
    leaseUntil: null,
    providerId: null,
    providerIdFrom: null,
    looks: 0,
    reportTokenHash: null,
    addressHash: null,
    lookAgainAt: leftAt(row),
    ...(late ? lookedAtAs(late) : {}),
    history: [{ at: toInstant(at), state: 'planned', reason: null }],
  });

  const begun = ({ leaseUntil, channel, to, reportToken }: HandOver, at: Date): Partial<LedgerDocument> => ({
    handedOverAt: toInstant(at),
    leaseUntil: toInstant(leaseUntil),
    channel,
    reportTokenHash: reportToken === null ? null : hashOf(reportToken),
    addressHash: channel === 'sms' ? addresses.newest(to) : null,
  });

  return {
    async plan<Kind extends LedgerRow['kind']>(
      row: PlannedRow<Kind>,
      at: Date,
      late: LateTimes | null = lateTimesWhenDue(null, at),
    ) {
      try {
        await rows.create(planned(row, at, late));
      } catch (error) {
        if (!isDuplicate(error)) throw error;
      }
      // The kind stands in its id.
      return (await get(rowIdOf(row))) as LedgerRow<Kind>;
    },
    async enter(row, entered, { at, late }, session) {
      const isOver = entered.state !== 'planned' && entered.state !== 'handing-over';
      const { lookAgainAt, history, ...waiting } = planned(row, at, isOver ? null : late);
      const step = { at: toInstant(at), state: entered.state, reason: null };
      const document: LedgerDocument =
        entered.state === 'planned'
          ? { ...waiting, lookAgainAt, history }
          : entered.state === 'handing-over'
            ? {
                ...waiting,
                ...begun(entered.handOver, at),
                state: entered.state,
                lookAgainAt: entered.lookAgainAt,
                history: [...history, step],
              }
            : {
                ...waiting,
                state: entered.state,
                reason: entered.reason,
                history: [...history, { ...step, reason: entered.reason }],
              };
      await rows.create([document], { session });
      if (entered.state !== 'planned') noticeSteps.inc({ state: entered.state });
      return ledgerRowOf(document);
    },
    get,
    async find(rowId, session) {
      const row = await rows
        .findById(rowId)
        .session(session ?? null)
        .lean<LedgerDocument>();
      return row && ledgerRowOf(row);
    },
    async step(rowId, { from, to, at, reason, handOver, lookAgainAt: said, late }, session) {
      const lookAgainAt = to === 'planned' ? leftAt(await get(rowId, session)) : said;
      const gone = [
        ...(lookAgainAt ? [] : ['lookAgainAt']),
        // While it waits, or is under way and may wait again, it can be late.
        ...(to === 'planned' || to === 'handing-over' ? [] : LATE_FIELDS),
        ...(late ? ['late', 'waits'] : []),
      ];
      const { matchedCount } = await rows.updateOne(
        { _id: rowId, state: { $in: from } },
        {
          $set: {
            state: to,
            reason,
            ...(handOver ? begun(handOver, at) : {}),
            ...(lookAgainAt ? { lookAgainAt } : {}),
            ...(late ? lookedAtAs(late) : {}),
          },
          ...(gone.length > 0 ? { $unset: Object.fromEntries(gone.map((field) => [field, 1])) } : {}),
          ...pushed(at, to, reason),
        },
        session ? { session } : {},
      );
      if (matchedCount === 1) noticeSteps.inc({ state: to });
      return matchedCount === 1;
    },
    async ofMeeting(meetingId, session) {
      const found = await rows
        .find({ meetingId })
        .session(session ?? null)
        .lean<LedgerDocument[]>();
      return found.map(ledgerRowOf).filter(isOfMeeting);
    },
    async ofOccasion(of, session) {
      const found = await rows
        .find(storedKeyOf(of))
        .session(session ?? null)
        .lean<LedgerDocument[]>();
      return found.map(ledgerRowOf);
    },
    async ofCase(caseId, bursts, session) {
      const newest = await rows
        .findOne({ meetingId: caseId }, { startVersion: 1 })
        .sort({ startVersion: -1 })
        .session(session ?? null)
        .lean<Pick<LedgerDocument, 'startVersion'>>();
      if (!newest) return [];
      const found = await rows
        .find({ meetingId: caseId, startVersion: { $gt: newest.startVersion - bursts } })
        .sort({ startVersion: 1 })
        .session(session ?? null)
        .lean<LedgerDocument[]>();
      return found.map(ledgerRowOf);
    },
    ...createDeliveries(rows, hashOf),
    ...createLateNotices(rows),
    ...createHistoryChecks(rows, addresses),
    ...createSmsCounts(connection, rows, addresses),
  };
}

/** The token has 256 random bits, so a plain hash is enough. */
const hashOf = (token: string): string => createHash('sha256').update(token).digest('hex');

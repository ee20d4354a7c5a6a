import { followDeliveries } from '../../use-cases/notice/follow-deliveries';
import type { LedgerRow } from '../../records/ledger';
import { msOf, toInstant } from '../../rules/instant';
import type { DeliveryState } from '../../rules/ledger';
import {
  explain,
  LOOK_IF_NOBODY_DID_MS,
  nextLook,
  rivalsOf,
  windowOf,
  type UncertainHandOver,
} from '../../rules/reconciliation';
import type { SmsInHistory } from '../../integrations/sms/elks-history';
import type { ActivityDeps } from '../deps';
import { leaseLeftMs } from './on-its-way';

/** What looking for one hand-over needs. */
export type ReconcileDeps = Pick<ActivityDeps, 'records' | 'clock'> & {
  elks: Pick<ActivityDeps['elks'], 'sentBetween'>;
  sms: Pick<ActivityDeps['sms'], 'sender'>;
};

/** What one look came to: the rows that took a message, and why this one did not if it did not. */
interface Look {
  found: string[];
  whyNot: 'number-changed' | 'history-unavailable' | 'not-in-the-history' | 'cannot-be-told-apart';
}

/**
 * Looks in the provider's history for a hand-over whose end is unknown (R2.7; design, decision 5). What the
 * messages there cannot be explained without was sent; all else stays unknown, is looked for again with
 * growing pauses, and is never sent again.
 *
 * @returns takes a row's id, and answers with the state that the row came to
 */
export function createReconcile({
  records,
  clock,
  elks,
  sms,
}: ReconcileDeps): (rowId: string) => Promise<DeliveryState> {
  const { ledger } = records;

  return async (rowId) => {
    const row = await leftBehind(rowId);
    // E-mail has no history; of a row from an earlier release we do not know enough.
    const isToBeLookedFor = row.state === 'unknown' && row.channel === 'sms' && row.handedOverAt !== null;
    const { found, whyNot } = isToBeLookedFor ? await lookFor(row) : { found: [], whyNot: null };
    const changed = await Promise.all([...new Set([rowId, ...found])].map((each) => ledger.get(each)));
    // In this order: should we die between, the row is taken again.
    await followDeliveries(records, changed, clock.now());
    for (const each of changed) await ledger.noteFollowed(each.rowId);
    if (whyNot && !found.includes(rowId)) await note(row, whyNot);
    return changed[0]!.state;
  };

  /** The row; one whose hand-over's lease has passed is unknown from now on. */
  async function leftBehind(rowId: string): Promise<LedgerRow> {
    const row = await ledger.get(rowId);
    const now = clock.now();
    if (row.state !== 'handing-over' || isUnderWay(row, now)) return row;
    await ledger.step(rowId, {
      from: ['handing-over'],
      to: 'unknown',
      reason: 'process-died-while-handing-over',
      at: now,
      ...(row.channel === 'sms' ? { lookAgainAt: new Date(now.getTime() + LOOK_IF_NOBODY_DID_MS) } : {}),
    });
    return ledger.get(rowId);
  }

  async function lookFor(row: LedgerRow): Promise<Look> {
    const person = await records.people.find(row.clinicId, row.personId);
    const number = person?.personal.mobile?.number;
    // The provider can be asked by the number only, and of that we keep no more than its hash.
    if (number === undefined || !(await ledger.wentTo(row.rowId, number))) {
      return { found: [], whyNot: 'number-changed' };
    }
    const rivals = rivalsOf(windowOfRow(row), (await ledger.uncertainTo(number)).map(windowOfRow));
    const history = await elks.sentBetween({
      from: sms.sender,
      to: number,
      // The ends are excluded there and included here.
      after: new Date(Math.min(...rivals.map(({ from }) => msOf(from))) - 1),
      before: new Date(Math.max(...rivals.map(({ until }) => msOf(until))) + 1),
    });
    return history.kind === 'read'
      ? settle(number, history.messages)
      : { found: [], whyNot: 'history-unavailable' };
  }

  /** Gives messages to the hand-overs that they cannot be explained without. */
  async function settle(number: string, messages: SmsInHistory[]): Promise<Look> {
    // In this order, and after the history: whatever made one of its messages is uncertain or under way now,
    // or known by its id then.
    const rows = await ledger.uncertainTo(number);
    const known = await ledger.knownAmong(messages.map(({ providerId }) => providerId));
    const unexplained = messages
      .filter(({ providerId }) => !known.has(providerId))
      .map((message) => ({ ...message, createdAt: toInstant(message.createdAt) }));
    const now = clock.now();
    const found: string[] = [];
    for (const { rowId, message } of explain(rows.map(windowOfRow), unexplained)) {
      // One that is under way learns of its message by itself.
      if (
        isUnderWay(
          rows.find((row) => row.rowId === rowId)!,
          now,
        )
      )
        continue;
      const { providerId, status } = message;
      const state = status === 'created' ? 'sent' : status;
      const followedBy = new Date(now.getTime() + LOOK_IF_NOBODY_DID_MS);
      if (await ledger.found(rowId, { providerId, state }, now, followedBy)) found.push(rowId);
    }
    return { found, whyNot: unexplained.length > 0 ? 'cannot-be-told-apart' : 'not-in-the-history' };
  }

  /** When to look for it again, unless that cannot help. */
  async function note({ rowId, looks, handedOverAt }: LedgerRow, whyNot: Look['whyNot']): Promise<void> {
    const now = clock.now();
    const again =
      handedOverAt === null || whyNot === 'number-changed'
        ? null
        : nextLook({
            looks: looks + 1,
            wasRead: whyNot !== 'history-unavailable',
            handedOverAt,
            now: toInstant(now),
          });
    await ledger.noteLook(rowId, again ? { lookAgainAt: new Date(again) } : { givenUp: whyNot }, now);
  }
}

const isUnderWay = (row: LedgerRow, now: Date): boolean => leaseLeftMs(row, now) > 0;

/** A row of the same number, and when its message can have been made. All of them were handed over. */
function windowOfRow({ rowId, handedOverAt, leaseUntil }: LedgerRow): UncertainHandOver {
  return { rowId, ...windowOf({ at: handedOverAt!, until: leaseUntil! }) };
}

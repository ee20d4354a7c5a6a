import type { LedgerRow } from '../../records/ledger';
import type { Way } from '../../rules/calendar/who-hears';
import type { HandedOver, NotHandedOver } from '../../rules/ledger';
import type { NoticeToSend } from '../../workflows/shared/hand-over-contract';
import type { ActivityDeps } from '../deps';
import { warnOfCap } from './sms-caps';

/** One recipient's row of a notice, as it was entered. */
export interface RowToSort {
  row: LedgerRow;
  way: Way;
  /** As administrators know them (use-cases/notice/admin-facts). */
  recipient: number;
  decide: () => Promise<HandedOver | NotHandedOver>;
}

/**
 * Sorts the rows of one notice, one recipient after the other: those that are handed over, and those that
 * need not be sent, which end at once, so that they never stand in the provider's queue (design, decision 5).
 */
export function createRowSorter(
  { records, log }: Pick<ActivityDeps, 'records' | 'log'>,
  now: Date,
): { toSend: NoticeToSend[]; sort: (sorted: RowToSort) => Promise<void> } {
  const toSend: NoticeToSend[] = [];
  const addresses = new Set<string>();
  return {
    toSend,
    async sort({ row, way, recipient, decide }) {
      // A child's number is often its guardian's: one phone, or mailbox, hears once (R2.7).
      const address = way.channel === null ? undefined : way.to.toLowerCase();
      const sameAddress = address !== undefined && addresses.has(address);
      if (address) addresses.add(address);
      const sending = { rowId: row.rowId, channel: row.channel ?? 'sms', recipient };
      if (row.state === 'handing-over') toSend.push(sending);
      if (row.state !== 'planned') return;
      const decision = sameAddress ? ({ state: 'skipped', reason: 'same-number' } as const) : await decide();
      if (decision.state === 'handing-over') {
        toSend.push(sending);
        return;
      }
      const { state: to, reason } = decision;
      await records.ledger.step(row.rowId, { from: ['planned'], to, reason, at: now });
      warnOfCap(log, row, decision);
    },
  };
}

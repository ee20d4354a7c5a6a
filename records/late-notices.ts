import type { Model } from 'mongoose';
import { changeIf } from './schema';
import { ledgerRowOf, type LedgerDocument, type LedgerRow } from './ledger-row';

/** Rows that should have been handed over, and are not (R2.10). */
export interface LateNotices {
  /**
   * Takes the row that has been late for longest, for `forMs`, and marks it as late where it still waits;
   * null where none is. Due again then, unless what follows is done by then (`noteToldLate`).
   */
  takeLate(now: Date, forMs: number): Promise<LedgerRow | null>;
  /** Staff know. */
  noteToldLate(rowId: string): Promise<void>;
  /** A row that waits on purpose is late only after that. */
  waitsUntil(rowId: string, lateAt: Date): Promise<void>;
}

export function createLateNotices(rows: Model<LedgerDocument>): LateNotices {
  return {
    async takeLate(now, forMs) {
      const row = await rows
        .findOne({ lateAt: { $lte: now } })
        .sort({ lateAt: 1 })
        .lean<LedgerDocument>();
      if (!row) return null;
      const { _id, lateAt } = row;
      const isLate = row.state === 'planned' || row.state === 'handing-over';
      const isAsRead = (now: LedgerDocument): boolean =>
        now.state === row.state && now.lateAt?.getTime() === lateAt?.getTime();
      const taken = await changeIf(rows, _id, isAsRead, {
        $set: { lateAt: new Date(now.getTime() + forMs), ...(isLate ? { late: true } : {}) },
      });
      // Written meanwhile: the next look sees it as it is then.
      return taken && { ...ledgerRowOf(row), ...(isLate ? { late: true } : {}) };
    },
    async noteToldLate(rowId) {
      await rows.updateOne({ _id: rowId }, { $unset: { lateAt: 1 } });
    },
    async waitsUntil(rowId, lateAt) {
      await rows.updateOne({ _id: rowId, state: 'planned' }, { $set: { lateAt } });
    },
  };
}

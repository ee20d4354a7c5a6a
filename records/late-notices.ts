import type { Model } from 'mongoose';
import type { LateTimes, WaitCause } from '../rules/late';
import { changeIf } from './schema';
import { ledgerRowOf, lookedAtAs, type LedgerDocument, type LedgerRow } from './ledger-row';

/** A row that was due and waits: staff hear of one that is late, administrators alone of one before that. */
export interface WaitingRow {
  row: LedgerRow;
  /** When it is late; null where it is by now. */
  lateAt: Date | null;
  /** Until when it is of whoever took it. */
  takenUntil: Date;
}

/** Rows that should have been handed over, and are not (R2.10). */
export interface LateNotices {
  /**
   * Takes the row that has been due to be looked at for longest, for `forMs`, and marks it as late where it
   * is and still waits; null where none is. Due again then, unless what follows is done by then
   * (`noteToldLate`, `noteWaits`).
   */
  takeLate(now: Date, forMs: number): Promise<WaitingRow | null>;
  /** Staff know. */
  noteToldLate(rowId: string): Promise<void>;
  /**
   * Why a row that was taken and is not late yet waits; null where it is on its way. It is looked at again at
   * `lookAt`.
   */
  noteWaits(taken: WaitingRow, cause: WaitCause | null, lookAt: Date): Promise<void>;
  /** A row that waits for the morning is late only after that. */
  waitsForMorning(rowId: string, late: LateTimes): Promise<void>;
}

export function createLateNotices(rows: Model<LedgerDocument>): LateNotices {
  return {
    async takeLate(now, forMs) {
      const row = await rows
        .findOne({ lateAt: { $lte: now } })
        .sort({ lateAt: 1 })
        .lean<LedgerDocument>();
      if (!row) return null;
      const { _id, lateAt, staffLateAt } = row;
      const laterAt = staffLateAt && staffLateAt > now ? staffLateAt : null;
      const isLate = laterAt === null && (row.state === 'planned' || row.state === 'handing-over');
      const isAsRead = (now: LedgerDocument): boolean =>
        now.state === row.state && now.lateAt?.getTime() === lateAt?.getTime();
      const takenUntil = new Date(now.getTime() + forMs);
      const late = isLate ? { late: true } : {};
      const taken = await changeIf(rows, _id, isAsRead, { $set: { lateAt: takenUntil, ...late } });
      // Written meanwhile: the next look sees it as it is then.
      return taken && { row: { ...ledgerRowOf(row), ...late }, lateAt: laterAt, takenUntil };
    },
    async noteToldLate(rowId) {
      await rows.updateOne({ _id: rowId }, { $unset: { lateAt: 1, staffLateAt: 1 } });
    },
    async noteWaits({ row, takenUntil }, cause, lookAt) {
      // Once it has ended, or waits for the morning, nobody looks at it for this any more.
      const isStillTaken = ({ lateAt }: LedgerDocument): boolean =>
        lateAt?.getTime() === takenUntil.getTime();
      await changeIf(rows, row.rowId, isStillTaken, {
        $set: { lateAt: lookAt, ...(cause ? { waits: cause } : {}) },
      });
    },
    async waitsForMorning(rowId, late) {
      await rows.updateOne(
        { _id: rowId, state: 'planned' },
        { $set: { ...lookedAtAs(late), waits: 'quiet-hours' } },
      );
    },
  };
}

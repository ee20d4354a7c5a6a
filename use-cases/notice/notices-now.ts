import type { LedgerRow } from '../../records/ledger';
import type { Meeting } from '../../records/meetings';
import { isOnItsWay } from '../../rules/ledger';
import type { NoticeProgress } from '../../workflows/meeting/messages';

/**
 * A meeting's notices as they are now. That one was given is saved with the next change of the course; the
 * ledger has it at once.
 */
export const noticesNow = ({ course }: Meeting, ledger: LedgerRow[]): NoticeProgress[] =>
  course.notices.map((notice) => (wasGiven(notice, ledger) ? { ...notice, state: 'done' } : notice));

function wasGiven({ kind, startVersion, state, again }: NoticeProgress, ledger: LedgerRow[]): boolean {
  if ((state !== 'planned' && state !== 'under-way') || again) return false;
  const rows = ledger.filter((row) => row.kind === kind && row.occasion === startVersion);
  return rows.length > 0 && !rows.some((row) => isOnItsWay({ state: row.state }));
}

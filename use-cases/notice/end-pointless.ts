import type { ClientSession } from 'mongoose';
import type { Records } from '../../records';
import type { LedgerRow } from '../../records/ledger';
import type { Meeting } from '../../records/meetings';
import { toInstant } from '../../rules/instant';
import type { NoticeKind } from '../../rules/notices';
import { isLost, whyNoMore, type HandOverView } from '../../rules/ledger';
import { LOOK_IF_NOBODY_DID_MS } from '../../rules/reconciliation';

/** How a meeting stands, for the rules of its notices. */
export const standOf = ({ course }: Pick<Meeting, 'course'>): HandOverView['meeting'] => ({
  state: course.state,
  outcome: course.outcome?.outcome ?? null,
  startVersion: course.time.startVersion,
});

/**
 * Ends the rows of a meeting's notices that wait and that nobody is to get any more, since it was cancelled,
 * moved, or has ended (R2.4): in the transaction that saves this, so that no row waits for a hand-over that
 * nobody asks for. What is being handed over comes to its own end.
 *
 * @param meeting as it is saved; it is written in this transaction, so that no row is taken in between
 * @param rows all of its notices, in the same transaction
 * @returns how many have ended
 */
export async function endPointlessRows(
  { ledger }: Pick<Records, 'ledger'>,
  meeting: Pick<Meeting, 'course'>,
  rows: LedgerRow<NoticeKind>[],
  session: ClientSession,
  now: Date,
): Promise<number> {
  let ended = 0;
  for (const row of rows) {
    if (row.state !== 'planned') continue;
    const whyNot = whyNoMore({ ...row, now: toInstant(now), meeting: standOf(meeting) });
    if (!whyNot) continue;
    const { state: to, reason } = whyNot;
    // What follows from one that was lost is done by whoever looks after rows (R2.10), and not here.
    const lookAgain = isLost(to, reason)
      ? { lookAgainAt: new Date(now.getTime() + LOOK_IF_NOBODY_DID_MS) }
      : {};
    const step = { from: ['planned' as const], to, reason, at: now, ...lookAgain };
    if (await ledger.step(row.rowId, step, session)) ended += 1;
  }
  return ended;
}

import type { ClientSession } from 'mongoose';
import type { LedgerRow } from '../../records/ledger';
import { msOf } from '../../rules/instant';
import type { NoticeKind } from '../../rules/notices';
import { mustNotOvertake } from '../../rules/ledger';
import type { ActivityDeps } from '../deps';

/**
 * How much longer a hand-over belongs to the process that began it, in milliseconds; 0 where there is none
 * under way.
 */
export const leaseLeftMs = ({ state, leaseUntil }: LedgerRow, now: Date): number =>
  state === 'handing-over' && leaseUntil !== null ? Math.max(0, msOf(leaseUntil) - now.getTime()) : 0;

/**
 * How long a notice would have to wait, at the most, for earlier ones on their way to the same recipient, in
 * milliseconds. Whoever died with one is waited for no longer than its lease.
 */
export async function earlierOnTheirWayMs(
  { records }: Pick<ActivityDeps, 'records'>,
  row: LedgerRow<NoticeKind>,
  now: Date,
  session: ClientSession,
): Promise<number> {
  // A meeting that was never moved has nothing older, but for its cancellation: nothing is read.
  if (row.occasion === 1 && row.kind !== 'cancellation') return 0;
  const rows = await records.ledger.ofMeeting(row.subjectId, session);
  const left = rows
    .filter(({ rowId, participantId }) => rowId !== row.rowId && participantId === row.participantId)
    .filter((other) => mustNotOvertake(row, other))
    .map((other) => leaseLeftMs(other, now));
  return Math.max(0, ...left);
}

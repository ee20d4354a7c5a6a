import type { ClientSession } from 'mongoose';
import type { LedgerRow } from '../../records/ledger';
import { msOf } from '../../rules/instant';
import type { NoticeKind } from '../../rules/notices';
import { mustNotOvertake, rowIdOf } from '../../rules/ledger';
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
  { ledger }: Pick<ActivityDeps['records'], 'ledger'>,
  notice: Pick<LedgerRow<NoticeKind>, 'subjectId' | 'occasion' | 'kind' | 'participantId'>,
  now: Date,
  session: ClientSession,
): Promise<number> {
  // A meeting that was never moved has nothing older, but for its cancellation: nothing is read.
  if (notice.occasion === 1 && notice.kind !== 'cancellation') return 0;
  const ownId = rowIdOf(notice);
  const rows = await ledger.ofMeeting(notice.subjectId, session);
  const left = rows
    .filter(({ rowId, participantId }) => rowId !== ownId && participantId === notice.participantId)
    .filter((other) => mustNotOvertake(notice, other))
    .map((other) => leaseLeftMs(other, now));
  return Math.max(0, ...left);
}

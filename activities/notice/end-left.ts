import type { ClientSession } from 'mongoose';
import { isOfCase, isOfMeeting, type LedgerRow } from '../../records/ledger';
import { msOf, toInstant } from '../../rules/instant';
import { codeHoldsNoMore, whyNoMore, whyNoMoreOfCase, type NotHandedOver } from '../../rules/ledger';
import { LOOK_IF_NOBODY_DID_MS } from '../../rules/reconciliation';
import { standOf } from '../../use-cases/notice/end-pointless';
import { followDeliveries } from '../../use-cases/notice/follow-deliveries';
import type { ActivityDeps } from '../deps';
import { wasRead } from './subjects/case';

/**
 * Ends a row that still waits when its last useful moment has passed (R2.6, R2.7): whoever entered it died
 * before the hand-over was asked for, and the notice was dropped since, so that nobody comes. It ends as the
 * hand-over would have ended it, and nothing is ever sent.
 *
 * @returns whether it has ended now; false where somebody else has come, or it may still be handed over
 */
export function createEndLeft({
  records,
  clock,
}: Pick<ActivityDeps, 'records' | 'clock'>): (rowId: string) => Promise<boolean> {
  return async (rowId) => {
    const hasEnded = await records.transaction(async (session) => {
      const now = clock.now();
      const row = await records.ledger.get(rowId, session);
      const whyNot = row.state === 'planned' ? await whyNobody(row, now, session) : null;
      if (!whyNot) return false;
      return records.ledger.step(
        rowId,
        {
          from: ['planned'],
          to: whyNot.state,
          reason: whyNot.reason,
          at: now,
          // Should we die before what follows is done.
          lookAgainAt: new Date(now.getTime() + LOOK_IF_NOBODY_DID_MS),
        },
        session,
      );
    });
    if (!hasEnded) return false;
    await followDeliveries(records, [await records.ledger.get(rowId)], clock.now());
    await records.ledger.noteFollowed(rowId);
    return true;
  };

  async function whyNobody(row: LedgerRow, at: Date, session: ClientSession): Promise<NotHandedOver | null> {
    const now = toInstant(at);
    if (isOfMeeting(row)) {
      const meeting = await records.meetings.getForWriting(row.subjectId, session);
      return whyNoMore({ ...row, now, meeting: standOf(meeting) });
    }
    if (isOfCase(row)) {
      const careCase = await records.cases.getForWriting(row.subjectId, session);
      return whyNoMoreOfCase({ now, lastUsefulAt: row.lastUsefulAt, read: wasRead(row, careCase) });
    }
    return at.getTime() >= msOf(row.lastUsefulAt) ? codeHoldsNoMore : null;
  }
}

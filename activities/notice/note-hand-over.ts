import { ApplicationFailure } from '@temporalio/common';
import { followDeliveries } from '../../use-cases/notice/follow-deliveries';
import { isOfCase, isOfMeeting, type LedgerRow } from '../../records/ledger';
import type { Channel } from '../../rules/consents';
import { FIRST_LOOK_AFTER_MS, LOOK_IF_NOBODY_DID_MS } from '../../rules/reconciliation';
import type { Instant } from '../../rules/instant';
import { lateTimesWhenRefused } from '../../rules/late';
import { HELD_UP, type SendResult } from '../../rules/send-result';
import type { ActivityDeps } from '../deps';

/**
 * Notes in the ledger what came of the call to the provider or the mail server, and lets follow what follows.
 *
 * @returns takes a row as its hand-over began, and answers with it as it is by then
 * @throws ApplicationFailure to come again: what was surely not sent is tried again, what is uncertain is
 * looked for
 */
export function createNoteHandOver({
  records,
  clock,
  temporal,
  log,
}: Pick<ActivityDeps, 'records' | 'clock' | 'temporal' | 'log'>): (
  row: LedgerRow,
  channel: Channel,
  result: SendResult,
) => Promise<LedgerRow> {
  const { ledger } = records;

  return async (row, channel, result) => {
    const at = clock.now();
    try {
      return await noteResult(row, channel, result, at);
    } finally {
      // After the row, and whatever comes of it: what the provider said must not be lost for the sake of a
      // count.
      if (channel === 'sms')
        await noteRun(row, result, at).catch((error: unknown) =>
          log.warn(
            { err: error, rowId: row.rowId },
            'an SMS was not counted among those that were taken or failed',
          ),
        );
    }
  };

  async function noteResult(
    row: LedgerRow,
    channel: Channel,
    result: SendResult,
    at: Date,
  ): Promise<LedgerRow> {
    switch (result.kind) {
      case 'accepted': {
        const { providerId, status } = result;
        const state = status === 'created' ? 'sent' : status;
        // A delivery report can be here before us, and so can one who looked in the history: what they raised
        // stands.
        const changed = await ledger.accepted(row, { providerId, state }, at);
        await followDeliveries(records, changed, at);
        return changed.find(({ rowId }) => rowId === row.rowId) ?? ledger.get(row.rowId);
      }
      case 'not-sent':
        await notSent(row, result, at);
        break;
      case 'uncertain':
        await uncertain(row, channel, result.reason, at);
        break;
    }
    const noted = await ledger.get(row.rowId);
    await followDeliveries(records, [noted], at);
    return noted;
  }

  /** Only what was surely not sent may be tried again (R2.7). */
  async function notSent(
    row: LedgerRow,
    { reason, retryable }: { reason: string; retryable: boolean },
    at: Date,
  ): Promise<void> {
    const { rowId } = row;
    const to = retryable ? 'planned' : 'failed';
    const late = retryable && reason !== HELD_UP ? lateTimesWhenRefused(await startOf(rowId), at) : null;
    const more = late ? { late } : {};
    if (await ledger.step(rowId, { from: ['handing-over'], to, reason, at, ...more })) {
      if (!retryable) return;
      await tellOfRefusal(row);
      throw ApplicationFailure.retryable(`surely not sent: ${reason}`, 'not-sent');
    }
    // After the lease, when others had taken it for uncertain: staff may have been told, so it is not begun
    // again.
    await ledger.step(rowId, { from: ['unknown'], to: 'failed', reason, at });
  }

  /**
   * Has the workflow look where a notice is refused for the first time: administrators find it there while it
   * is tried again.
   */
  async function tellOfRefusal(row: LedgerRow): Promise<void> {
    if (row.history.filter(({ state }) => state === 'handing-over').length > 1) return;
    const telling = isOfMeeting(row)
      ? temporal.nudgeMeeting(row.subjectId, 'delivery')
      : isOfCase(row)
        ? temporal.nudgeCase(row.subjectId)
        : Promise.resolve();
    // Where Temporal is away, the next look shows it.
    await telling.catch(() => undefined);
  }

  /**
   * Whether SMS are taken at all: of the clinic, and of the account. One that was held up on our side never
   * reached the provider, and tells nothing of it.
   */
  async function noteRun({ clinicId }: LedgerRow, result: SendResult, at: Date): Promise<void> {
    if (result.kind === 'not-sent' && result.reason === HELD_UP) return;
    if (result.kind === 'accepted') await records.smsRuns.taken(clinicId);
    else await records.smsRuns.failed(clinicId, result.reason, at);
  }

  /** When the meeting starts that the row is of; null where it is of none, or is late already. */
  async function startOf(rowId: string): Promise<Instant | null> {
    const row = await ledger.get(rowId);
    if (row.late || !isOfMeeting(row)) return null;
    return (await records.meetings.get(row.subjectId)).course.time.startAt;
  }

  /**
   * Nobody knows whether it was sent. An SMS is looked for in the provider's history in a moment; an e-mail
   * has none.
   */
  async function uncertain({ rowId }: LedgerRow, channel: Channel, reason: string, at: Date): Promise<void> {
    const isSms = channel === 'sms';
    const isNoted = await ledger.step(rowId, {
      from: ['handing-over'],
      to: 'unknown',
      reason,
      at,
      ...(isSms ? { lookAgainAt: new Date(at.getTime() + LOOK_IF_NOBODY_DID_MS) } : {}),
    });
    if (isNoted && isSms) {
      throw ApplicationFailure.create({
        message: 'not known whether it was sent: looks in the provider’s history',
        type: 'look-again',
        nextRetryDelay: FIRST_LOOK_AFTER_MS,
      });
    }
  }
}

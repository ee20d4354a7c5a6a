import { ApplicationFailure } from '@temporalio/common';
import { followDeliveries } from '../../use-cases/notice/follow-deliveries';
import { isOfCase, isOfMeeting } from '../../records/ledger';
import type { Channel } from '../../rules/consents';
import type { DeliveryState } from '../../rules/ledger';
import { FIRST_LOOK_AFTER_MS, LOOK_IF_NOBODY_DID_MS } from '../../rules/reconciliation';
import type { Instant } from '../../rules/instant';
import { lateTimesWhenRefused } from '../../rules/late';
import { HELD_UP, type SendResult } from '../../rules/send-result';
import type { ActivityDeps } from '../deps';

/**
 * Notes in the ledger what came of the call to the provider or the mail server, and lets follow what follows.
 *
 * @returns answers with the state that the row came to
 * @throws ApplicationFailure to come again: what was surely not sent is tried again, what is uncertain is
 * looked for
 */
export function createNoteHandOver({
  records,
  clock,
  temporal,
  log,
}: Pick<ActivityDeps, 'records' | 'clock' | 'temporal' | 'log'>): (
  rowId: string,
  channel: Channel,
  result: SendResult,
) => Promise<DeliveryState> {
  const { ledger } = records;

  return async (rowId, channel, result) => {
    const at = clock.now();
    try {
      return await noteResult(rowId, channel, result, at);
    } finally {
      // After the row, and whatever comes of it: what the provider said must not be lost for the sake of a
      // count.
      if (channel === 'sms')
        await noteRun(rowId, result, at).catch((error: unknown) =>
          log.warn({ err: error, rowId }, 'an SMS was not counted among those that were taken or failed'),
        );
    }
  };

  async function noteResult(
    rowId: string,
    channel: Channel,
    result: SendResult,
    at: Date,
  ): Promise<DeliveryState> {
    switch (result.kind) {
      case 'accepted': {
        const { providerId, status } = result;
        const state = status === 'created' ? 'sent' : status;
        // A delivery report can be here before us, and so can one who looked in the history: what they raised
        // stands.
        await followDeliveries(records, await ledger.accepted(rowId, { providerId, state }, at), at);
        break;
      }
      case 'not-sent':
        await notSent(rowId, result, at);
        break;
      case 'uncertain':
        await uncertain(rowId, channel, result.reason, at);
        break;
    }
    return (await ledger.get(rowId)).state;
  }

  /** Only what was surely not sent may be tried again (R2.7). */
  async function notSent(
    rowId: string,
    { reason, retryable }: { reason: string; retryable: boolean },
    at: Date,
  ): Promise<void> {
    const to = retryable ? 'planned' : 'failed';
    const late = retryable && reason !== HELD_UP ? lateTimesWhenRefused(await startOf(rowId), at) : null;
    const more = late ? { late } : {};
    if (await ledger.step(rowId, { from: ['handing-over'], to, reason, at, ...more })) {
      if (retryable) await tellOfRefusal(rowId);
      if (retryable) throw ApplicationFailure.retryable(`surely not sent: ${reason}`, 'not-sent');
    } else {
      // After the lease, when others had taken it for uncertain: staff may have been told, so it is not begun
      // again.
      await ledger.step(rowId, { from: ['unknown'], to: 'failed', reason, at });
    }
    await followDeliveries(records, [await ledger.get(rowId)], at);
  }

  /**
   * Has the workflow look where a notice is refused for the first time: administrators find it there while it
   * is tried again.
   */
  async function tellOfRefusal(rowId: string): Promise<void> {
    const row = await ledger.get(rowId);
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
  async function noteRun(rowId: string, result: SendResult, at: Date): Promise<void> {
    if (result.kind === 'not-sent' && result.reason === HELD_UP) return;
    const { clinicId } = await ledger.get(rowId);
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
  async function uncertain(rowId: string, channel: Channel, reason: string, at: Date): Promise<void> {
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
    await followDeliveries(records, [await ledger.get(rowId)], at);
  }
}

import {
  ActivityCancellationType,
  ActivityFailure,
  CancellationScope,
  isCancellation,
  proxyActivities,
  sleep,
  TimeoutFailure,
} from '@temporalio/workflow';
import type { Channel } from '../../rules/consents';
import { msOf } from '../../rules/instant';
import { handOverOptions } from './hand-over';
import type { GivenNotice, HandOverActivities, NoticeOrder } from './hand-over-contract';
import { HEARTBEAT_TIMEOUT } from './local-activities';
import { now } from './now';

/** The least that a notice may stand in the queue: clocks differ. */
const LEAST_IN_QUEUE_MS = 1_000;
/**
 * The first pause where a worker's clock is behind Temporal's: each is twice as long, so that an hour of
 * difference is a dozen of them in the history.
 */
const CLOCKS_DIFFER_MS = 2_000;

/**
 * Asks for one notice to one recipient, through the queue of their way: SMS have their own, with the
 * provider's rate. What has not begun when it helps nobody any more leaves the rated queue, and is ended
 * through the other one. A cancellation of the scope calls back what has not begun; what has begun is waited
 * for.
 *
 * @param order its queue is the one that is tried first
 * @returns what became of it, and the queue that it went through
 * @throws CancelledFailure where it was called back
 */
export async function giveNotice(
  order: NoticeOrder,
  recipient: number,
): Promise<{ given: Exclude<GivenNotice, { kind: 'through-sms' }>; queue: Channel }> {
  let { queue } = order;
  for (let pauseMs = CLOCKS_DIFFER_MS; ;) {
    const isUseful = msOf(order.lastUsefulAt) > msOf(now());
    if (!isUseful) queue = 'email';
    try {
      const given = await through(queue, order, recipient).giveNotice({ ...order, queue });
      if (given.kind !== 'through-sms') return { given, queue };
      queue = 'sms';
      if (isUseful) continue;
      // By the worker's clock it still helps; by ours it does not, so that it goes nowhere until they agree.
      await sleep(pauseMs);
      pauseMs *= 2;
    } catch (error) {
      // It had begun, so it comes to its end; the server tries nothing again that was called back.
      if (failedAfterCallBack(error))
        return CancellationScope.nonCancellable(() => giveNotice({ ...order, queue }, recipient));
      if (!hasWaitedTooLong(error)) throw error;
      queue = 'email';
    }
  }
}

/** A notice that is called back and has begun is waited for; one that has not begun waits while it is useful. */
function through(
  queue: Channel,
  { kind, lastUsefulAt }: NoticeOrder,
  recipient: number,
): Pick<HandOverActivities, 'giveNotice'> {
  const usefulMs = Math.max(msOf(lastUsefulAt) - msOf(now()), LEAST_IN_QUEUE_MS);
  return proxyActivities<HandOverActivities>({
    ...handOverOptions(queue, kind),
    ...(queue === 'sms' ? { scheduleToStartTimeout: usefulMs } : {}),
    heartbeatTimeout: HEARTBEAT_TIMEOUT,
    cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    summary: `gives the ${kind} notice to recipient ${recipient}, by the queue for ${queue === 'sms' ? 'SMS' : 'e-mail'}`,
  });
}

const hasWaitedTooLong = (error: unknown): boolean =>
  error instanceof ActivityFailure &&
  error.cause instanceof TimeoutFailure &&
  error.cause.timeoutType === 'SCHEDULE_TO_START';

/** One of its tries was under way when it was called back, and has failed since. */
const failedAfterCallBack = (error: unknown): boolean =>
  error instanceof ActivityFailure && error.retryState === 'CANCEL_REQUESTED' && !isCancellation(error);

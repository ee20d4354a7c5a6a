import { proxyActivities, workflowInfo, type ActivityOptions } from '@temporalio/workflow';
import type { Channel } from '../../rules/consents';
import { urgency, type CaseNoticeKind, type NoticeKind } from '../../rules/notices';
import type { HandOverActivities, NoticeToSend } from './hand-over-contract';
import { SMS_TASK_QUEUE_SUFFIX } from './task-queues';

/**
 * How a hand-over is asked for. The SMS queue has the provider's rate and its own workers. E-mail waits in no
 * such queue. An attempt is longer than the lease of a ledger row. The lease is longer than the call to the
 * provider (decision 5). The activity itself ends the row at its last useful moment, so attempts need no
 * limit here.
 */
export function handOverOptions(queue: Channel, kind: NoticeKind | CaseNoticeKind): ActivityOptions {
  const { taskQueue } = workflowInfo();
  return {
    taskQueue: queue === 'sms' ? `${taskQueue}${SMS_TASK_QUEUE_SUFFIX}` : taskQueue,
    startToCloseTimeout: '30s',
    retry: { initialInterval: '2s', maximumInterval: '30s' },
    priority: { priorityKey: urgency(kind) },
  };
}

/** For what was started by 0.1.0: the queue of a row that has been entered. */
export const queueOf = (
  { channel, recipient }: NoticeToSend,
  kind: NoticeKind | CaseNoticeKind,
): HandOverActivities =>
  proxyActivities<HandOverActivities>({
    ...handOverOptions(channel, kind),
    summary: `hands the ${kind} notice over to recipient ${recipient}, by ${channel}`,
  });

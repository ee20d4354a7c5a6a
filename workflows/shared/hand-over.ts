import { proxyActivities, workflowInfo } from '@temporalio/workflow';
import { urgency, type CaseNoticeKind, type NoticeKind } from '../../rules/notices';
import type { HandOverActivities, NoticeToSend } from './hand-over-contract';
import { SMS_TASK_QUEUE_SUFFIX } from './task-queues';

/**
 * The SMS queue has the provider's rate and its own workers. E-mail waits in no such queue. An attempt is
 * longer than the lease of a ledger row. The lease is longer than the call to the provider (decision 5). The
 * activity itself ends the row at its last useful moment, so attempts need no limit here.
 */
export function queueOf(
  { channel, recipient }: NoticeToSend,
  kind: NoticeKind | CaseNoticeKind,
): HandOverActivities {
  const { taskQueue } = workflowInfo();
  return proxyActivities<HandOverActivities>({
    taskQueue: channel === 'sms' ? `${taskQueue}${SMS_TASK_QUEUE_SUFFIX}` : taskQueue,
    startToCloseTimeout: '30s',
    retry: { initialInterval: '2s', maximumInterval: '30s' },
    priority: { priorityKey: urgency(kind) },
    summary: `hands the ${kind} notice over to recipient ${recipient}, by ${channel}`,
  });
}

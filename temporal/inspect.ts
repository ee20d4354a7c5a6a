import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import type { History } from '@temporalio/common/lib/proto-utils';
import { temporal } from '@temporalio/proto';
import { attributeKeys } from '../workflows/shared/search-attributes';

/** How a workflow stands, as Temporal itself sees it; nothing that is encrypted. */
export interface WorkflowLook {
  status: string;
  runId: string;
  events: number;
  nextDueAt: Date | null;
  /** What it waits for outside, and how often that was tried. */
  pending: { activity: string; attempt: number }[];
  /** Its task is tried again: how often it was tried in vain. */
  failedTasks: number;
  /**
   * Why the task was last tried in vain: its code failed, or the worker that had it did not answer in time.
   * Null where it was not.
   */
  taskTrouble: 'failed' | 'timed-out' | null;
}

/** Null where there is none. */
export async function lookAtWorkflow(client: Client, workflowId: string): Promise<WorkflowLook | null> {
  try {
    const { status, runId, historyLength, typedSearchAttributes, raw } = await client.workflow
      .getHandle(workflowId)
      .describe();
    const attempts = raw.pendingWorkflowTask?.attempt ?? 1;
    return {
      status: status.name.toLowerCase().replaceAll('_', '-'),
      runId,
      events: historyLength,
      nextDueAt: typedSearchAttributes.get(attributeKeys.nextDueAt) ?? null,
      pending: (raw.pendingActivities ?? []).map(({ activityType, attempt }) => ({
        activity: activityType?.name ?? '',
        attempt: attempt ?? 1,
      })),
      failedTasks: Math.max(0, attempts - 1),
      taskTrouble: attempts > 1 ? await taskTroubleOf(client, workflowId) : null,
    };
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return null;
    throw error;
  }
}

const { EVENT_TYPE_WORKFLOW_TASK_FAILED: FAILED, EVENT_TYPE_WORKFLOW_TASK_TIMED_OUT: TIMED_OUT } =
  temporal.api.enums.v1.EventType;

/** How the last task ended that was tried in vain: the server writes the first of them into the history. */
async function taskTroubleOf(client: Client, workflowId: string): Promise<'failed' | 'timed-out' | null> {
  const { history } = await client.workflowService.getWorkflowExecutionHistoryReverse({
    namespace: client.options.namespace,
    execution: { workflowId },
    maximumPageSize: 10,
  });
  const last = history?.events?.find(({ eventType }) => eventType === FAILED || eventType === TIMED_OUT);
  if (!last) return null;
  return last.eventType === FAILED ? 'failed' : 'timed-out';
}

/** The history of a workflow, raw: its payloads stay encrypted. Null where there is none. */
export async function historyOf(client: Client, workflowId: string): Promise<History | null> {
  try {
    return await client.workflow.getHandle(workflowId).fetchHistory();
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return null;
    throw error;
  }
}

/** The workflow id that a history's payloads are bound to, or null where it has none of ours. */
export function workflowIdIn({ events }: History): string | null {
  const [input] = events?.[0]?.workflowExecutionStartedEventAttributes?.input?.payloads ?? [];
  const id = input?.metadata?.['workflow-id'];
  return id ? Buffer.from(id).toString() : null;
}

import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import type { History } from '@temporalio/common/lib/proto-utils';
import { attributeKeys } from '../workflows/shared/search-attributes';

/** How a workflow stands, as Temporal itself sees it; nothing that is encrypted. */
export interface WorkflowLook {
  status: string;
  runId: string;
  events: number;
  nextDueAt: Date | null;
  /** What it waits for outside, and how often that was tried. */
  pending: { activity: string; attempt: number }[];
  /** Its code fails: how often its task was tried. */
  failedTasks: number;
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
    };
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return null;
    throw error;
  }
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

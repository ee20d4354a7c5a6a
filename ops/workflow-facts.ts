import type { Decode } from '../records/decodes';
import { TemporalUnavailable } from '../temporal/gateway';
import { lookAtWorkflow, type WorkflowLook } from '../temporal/inspect';
import { workflowLink } from '../temporal/web-ui';
import type { Connections } from './connections';

/** How the workflow of a meeting or a message case stands. */
export interface WorkflowFacts {
  /** Null: there is none; `unavailable`: Temporal does not answer. */
  workflow: WorkflowLook | null | 'unavailable';
  /** The version of the course that the workflow itself has, where it can be asked. */
  workflowVersion: number | null;
  /** Who has had its payloads decoded last, newest first. */
  decodes: Decode[];
  /** A command about it waits to be carried out. */
  commandWaits: boolean;
  link: string | null;
}

const DEADLINE_MS = 10_000;
/** One look at a page of the Web UI is many of them. */
const MOST_DECODES = 100;

/** Asks Temporal; what it does not answer is left out: the database alone says much. */
export async function workflowFacts(
  { client, records, webUi }: Pick<Connections, 'client' | 'records' | 'webUi'>,
  workflowId: string,
  statusOf: () => Promise<{ version: number }>,
): Promise<Omit<WorkflowFacts, 'commandWaits'>> {
  const workflow = await client
    .withDeadline(Date.now() + DEADLINE_MS, () => lookAtWorkflow(client, workflowId))
    .catch((): 'unavailable' => 'unavailable');
  const status =
    workflow === null || workflow === 'unavailable'
      ? null
      : await statusOf().catch((error: unknown) => {
          // No worker is there to answer, or its code fails.
          if (error instanceof TemporalUnavailable) return null;
          throw error;
        });
  return {
    workflow,
    workflowVersion: status?.version ?? null,
    decodes: await records.decodes.ofWorkflow(workflowId, MOST_DECODES),
    link: webUi && workflowLink(webUi, workflowId),
  };
}

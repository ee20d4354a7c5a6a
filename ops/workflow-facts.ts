import type { Decode } from '../records/decodes';
import type { Instant } from '../rules/instant';
import { TemporalUnavailable } from '../temporal/gateway';
import { lookAtWorkflow, type WorkflowLook } from '../temporal/inspect';
import { workflowLink } from '../temporal/web-ui';
import type { Happening } from '../workflows/meeting/messages';
import type { Connections } from './connections';

/** How the workflow of a meeting or a message case stands. */
export interface WorkflowFacts {
  /** Null: there is none; `unavailable`: Temporal does not answer. */
  workflow: WorkflowLook | null | 'unavailable';
  /** When the last thing happened that the workflow knows of; null where it cannot be asked. */
  happenedLastAt: Instant | null;
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
  statusOf: () => Promise<{ happenings: readonly Pick<Happening, 'at'>[] }>,
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
    happenedLastAt: status?.happenings.at(-1)?.at ?? null,
    decodes: await records.decodes.ofWorkflow(workflowId, MOST_DECODES),
    link: webUi && workflowLink(webUi, workflowId),
  };
}

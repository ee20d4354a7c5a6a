import type { Charge } from '../records/charges';
import type { Decode } from '../records/decodes';
import type { Confirmation, RefusedEntry } from '../records/evidence';
import type { LedgerRow } from '../records/ledger';
import type { Meeting } from '../records/meetings';
import type { Task } from '../records/tasks';
import type { Stay } from '../rules/presence';
import { meetingWorkflowId } from '../temporal/ids';
import { lookAtWorkflow, type WorkflowLook } from '../temporal/inspect';
import { workflowLink } from '../temporal/web-ui';
import { TemporalUnavailable } from '../temporal/gateway';
import type { Stand } from './stand';

/** All that an explanation is made of. */
export interface Explained {
  meeting: Meeting;
  ledger: LedgerRow[];
  refused: RefusedEntry[];
  confirmations: Confirmation[];
  stays: (Stay & { startVersion: number })[];
  tasks: Task[];
  charges: Charge[];
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

/** Reads all that is known of a meeting. What Temporal does not answer is left out: the database alone says much. */
export async function gather(
  { records, client, temporal, webUi }: Stand,
  meeting: Meeting,
): Promise<Explained> {
  const { meetingId } = meeting;
  const workflowId = meetingWorkflowId(meetingId);
  const workflow = await client
    .withDeadline(Date.now() + DEADLINE_MS, () => lookAtWorkflow(client, workflowId))
    .catch((): 'unavailable' => 'unavailable');
  const status =
    workflow === null || workflow === 'unavailable'
      ? null
      : await temporal.meetingStatus(meetingId).catch((error: unknown) => {
          // No worker is there to answer, or its code fails.
          if (error instanceof TemporalUnavailable) return null;
          throw error;
        });
  const stays = await Promise.all(
    meeting.times.map(async ({ startVersion }) =>
      (await records.evidence.stays(meetingId, startVersion)).map((stay) => ({ ...stay, startVersion })),
    ),
  );
  return {
    meeting,
    ledger: await records.ledger.ofMeeting(meetingId),
    refused: await records.evidence.refusedEntries(meetingId),
    confirmations: await records.evidence.confirmations(meetingId),
    stays: stays.flat(),
    tasks: await records.tasks.ofMeeting(meetingId),
    charges: await records.charges.ofMeeting(meetingId),
    workflow,
    workflowVersion: status?.version ?? null,
    decodes: await records.decodes.ofWorkflow(workflowId, MOST_DECODES),
    commandWaits: await records.commands.pendingFor(meetingId),
    link: webUi && workflowLink(webUi, workflowId),
  };
}

const DEADLINE_MS = 10_000;
/** One look at a page of the Web UI is many of them. */
const MOST_DECODES = 100;

import type { Charge } from '../records/charges';
import type { Confirmation, RefusedEntry } from '../records/evidence';
import { gapsOf } from '../records/gaps-of';
import type { LedgerRow } from '../records/ledger';
import type { Meeting } from '../records/meetings';
import type { Task } from '../records/tasks';
import { gapsThatCount, type Gap } from '../rules/gaps';
import type { Stay } from '../rules/presence';
import { meetingWorkflowId } from '../temporal/ids';
import type { Connections } from './connections';
import { waitingNow } from '../use-cases/meeting/view';
import type { Waiting } from '../workflows/meeting/messages';
import { workflowFacts, type WorkflowFacts } from './workflow-facts';

/** All that an explanation is made of. */
export interface Explained extends WorkflowFacts {
  meeting: Meeting;
  /** What it waits for by now. */
  waiting: Waiting[];
  ledger: LedgerRow[];
  refused: RefusedEntry[];
  confirmations: Confirmation[];
  stays: (Stay & { startVersion: number })[];
  /** Where evidence of the patient can have been lost, around the time that the meeting has now (R5.6). */
  gaps: Gap[];
  tasks: Task[];
  charges: Charge[];
}

/**
 * Reads all that is known of a meeting. What Temporal does not answer is left out: the database alone says
 * much.
 */
export async function gather(connections: Connections, meeting: Meeting): Promise<Explained> {
  const { records, temporal } = connections;
  const { meetingId } = meeting;
  const now = connections.clock.now();
  const stays = await Promise.all(
    meeting.times.map(async ({ startVersion }) =>
      (await records.evidence.stays(meetingId, startVersion)).map((stay) => ({ ...stay, startVersion })),
    ),
  );
  return {
    meeting,
    waiting: waitingNow(meeting.course, now),
    ledger: await records.ledger.ofMeeting(meetingId),
    refused: await records.evidence.refusedEntries(meetingId),
    confirmations: await records.evidence.confirmations(meetingId),
    stays: stays.flat(),
    gaps: gapsThatCount(meeting.course.time, await gapsOf(records, meeting, now)),
    tasks: await records.tasks.ofMeeting(meetingId),
    charges: await records.charges.ofMeeting(meetingId),
    ...(await workflowFacts(connections, meetingWorkflowId(meetingId), () =>
      temporal.meetingStatus(meetingId),
    )),
    commandWaits: await records.commands.pendingFor(meetingId),
  };
}

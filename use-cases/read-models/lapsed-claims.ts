import type { ClientSession } from 'mongoose';
import type { Records } from '../../records';
import { desiredTask } from '../../rules/tasks';
import { saveTasks } from './save-tasks';
import type { Meeting } from '../../records/meetings';

type LapsingRecords = Pick<Records, 'transaction' | 'meetings' | 'claims' | 'tasks' | 'events'>;

/**
 * Forgets who claimed an invitation of a meeting that is over, if staff did not decide. It also withdraws the
 * task of staff (R8.4). It runs inside the transaction of the meeting's save. A second run changes nothing.
 */
export async function lapseClaims(
  records: Omit<LapsingRecords, 'transaction' | 'meetings'>,
  meeting: Meeting,
  now: Date,
  session: ClientSession,
): Promise<void> {
  // Nobody else can be invited without an identity (R4.2).
  if (!meeting.participants.some(({ role }) => role === 'interpreter' || role === 'guest')) return;
  const lapsed = await records.claims.lapse(meeting.meetingId, session);
  const desired = lapsed.map((claimId) => desiredTask('approve-participant', claimId, 'withdrawn'));
  await saveTasks(records, meeting, desired, now, session);
}

/**
 * The same of every meeting that is over already: an earlier release left such claims, and a restore can
 * bring them back.
 * @returns of how many meetings
 */
export async function lapseClaimsOfEnded(records: LapsingRecords, now: Date): Promise<number> {
  let lapsed = 0;
  for (const meetingId of await records.tasks.meetingsWithOpen('approve-participant')) {
    const found = await records.meetings.findAnywhere(meetingId);
    // An outcome is never taken back, so that what is over stays so.
    if (found?.course.state !== 'ended') continue;
    await records.transaction(async (session) => {
      const meeting = await records.meetings.getForWriting(meetingId, session);
      await lapseClaims(records, meeting, now, session);
    });
    lapsed += 1;
  }
  return lapsed;
}

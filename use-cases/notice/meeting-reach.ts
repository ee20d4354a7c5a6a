import { saveTasks, type SavingRecords } from '../read-models/meeting-and-invoice';
import type { Records } from '../../records';
import { meetingReachTasks } from './meeting-reach-tasks';

/**
 * A patient whom no notice reached becomes a task for staff: call or write (R2.10), and so does one whom the
 * reminders did not reach. Looked at again whenever a notice or its report has come to an end; the task goes
 * when another notice has reached them. That the meeting is cancelled is news of its own.
 */
export async function reviewReach(
  records: SavingRecords & Pick<Records, 'ledger' | 'people'>,
  meetingId: string,
  now: Date,
): Promise<void> {
  // Whoever notes that a notice has come looks for open tasks after that: one that was opened in between is
  // seen by looking once more.
  if (await hasToCall(records, meetingId, now)) await hasToCall(records, meetingId, now);
}

/** Opens and withdraws the tasks; answers whether one of them is open. */
const hasToCall = (
  records: SavingRecords & Pick<Records, 'ledger' | 'people'>,
  meetingId: string,
  now: Date,
): Promise<boolean> =>
  records.transaction(async (session) => {
    const meeting = await records.meetings.getForWriting(meetingId, session);
    const desired = await meetingReachTasks(
      records,
      meeting,
      await records.ledger.ofMeeting(meetingId, session),
      now,
    );
    await saveTasks(records, meeting, desired, now, session);
    return desired.some(({ state }) => state === 'open');
  });

/** The tasks that there can be of one start version. */
export const meetingReachOccasions = (startVersion: number): string[] => [
  `${startVersion}`,
  `${startVersion}:reminders`,
  `${startVersion}:cancelled`,
];

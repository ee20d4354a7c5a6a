import { saveTasks, type SavingRecords } from '../read-models/meeting-and-invoice';
import { outcomeOf } from '../../records/meetings';
import { doubtTask, type Doubt } from './doubts';

/**
 * A sign that comes when the outcome has been settled as no-show becomes a task for staff, who correct it or
 * let it stand (R5.6). The fee of a no-show goes out only when staff approve it, so that there is time.
 */
export async function saveDoubt(
  records: SavingRecords,
  { meetingId, startVersion }: { meetingId: string; startVersion: number },
  doubt: Doubt,
  now: Date,
): Promise<void> {
  await records.transaction(async (session) => {
    const meeting = await records.meetings.getForWriting(meetingId, session);
    // What is told of an earlier time says nothing of the one that was missed.
    if (outcomeOf(meeting)?.outcome !== 'no-show' || meeting.course.time.startVersion !== startVersion)
      return;
    await saveTasks(records, meeting, [doubtTask(startVersion, doubt)], now, session);
  });
}

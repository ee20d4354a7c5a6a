import { desiredTask } from '../../rules/tasks';
import { saveTasks, type SavingRecords } from '../read-models/meeting-and-invoice';
import { outcomeOf } from '../../records/meetings';

/** What tells, after a no-show was settled, that the patient may have tried, or did not know (R5.6). */
export type Doubt =
  'patient-tried-to-come-in' | 'patient-was-in-the-room' | 'clinic-was-not-there-through' | 'notice-failed';

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
    const desired = desiredTask('doubtful-outcome', `${startVersion}:${doubt}`, 'open', { because: [doubt] });
    await saveTasks(records, meeting, [desired], now, session);
  });
}

/** All doubts that there can be of one start version, for the one who corrects the outcome. */
export const doubts: readonly Doubt[] = [
  'patient-tried-to-come-in',
  'patient-was-in-the-room',
  'clinic-was-not-there-through',
  'notice-failed',
];

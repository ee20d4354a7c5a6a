import type { Records } from '../../records';
import { desiredTask } from '../../rules/tasks';
import { saveTasks, type SavingRecords } from '../read-models/meeting-and-invoice';

/**
 * A no to the clinic seeing care history is told to the clinic, which offers other care (R3.2); a yes takes
 * the task away.
 */
export async function saveConsentTask(
  records: SavingRecords & Pick<Records, 'people'>,
  meetingId: string,
  now: Date,
): Promise<void> {
  await records.transaction(async (session) => {
    const meeting = await records.meetings.getForWriting(meetingId, session);
    const patient = await records.people.findForHandOver(meeting.patientId, session);
    const isRefused = patient?.careHistoryConsent?.given === false && meeting.course.state !== 'ended';
    const desired = desiredTask('consent-refused', 'answer', isRefused ? 'open' : 'withdrawn', {
      dueAt: meeting.course.time.startAt,
      because: ['care-history-consent-refused'],
    });
    await saveTasks(records, meeting, [desired], now, session);
  });
}

import { keepTasks, type KeepingRecords } from './keep';
import type { Meeting } from './meetings';
import type { Person } from './people';

/** A no to the clinic seeing care history is told to the clinic, which offers other care (R3.2); a yes takes the task away. */
export async function keepConsentTask(
  records: KeepingRecords,
  { meetingId }: Meeting,
  { careHistoryConsent }: Person,
  now: Date,
): Promise<void> {
  await records.transaction(async (session) => {
    const meeting = await records.meetings.getForWriting(meetingId, now, session);
    const wish = {
      kind: 'consent-refused' as const,
      occasion: 'answer',
      state: careHistoryConsent?.given === false ? ('open' as const) : ('withdrawn' as const),
      dueAt: meeting.course.time.startAt,
      because: ['care-history-consent-refused'],
      invoiceId: null,
      reminders: 0,
      overdue: false,
    };
    await keepTasks(records, meeting, [wish], now, session);
  });
}

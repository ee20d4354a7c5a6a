import { hearsOfMeeting } from '../../rules/calendar/who-hears';
import { hasReached, isUnread } from '../../rules/ledger';
import { desiredTask } from '../../rules/tasks';
import type { Records } from '../../records';
import { saveTasks } from '../read-models/meeting-and-invoice';
import type { CaseKeepingRecords } from '../read-models/case';
import { whyUnread } from './meeting-reach';

/**
 * A patient who was not told of new messages becomes a task for staff: call or write (R2.10, R6.8). Only of
 * the last messages: who was told of them, or has read, needs no call about those before. Each burst is
 * looked at when it is prepared, so that the one before it is the only one that can still have an open task;
 * a case's hundredth burst costs no more than its first.
 */
export async function reviewCaseReach(
  records: CaseKeepingRecords & Pick<Records, 'ledger' | 'people'>,
  caseId: string,
  now: Date,
): Promise<void> {
  // As of a meeting's.
  if (await hasToCall(records, caseId, now)) await hasToCall(records, caseId, now);
}

/** The tasks that a notice of this burst can change: its own, and that of the burst before. */
export const caseReachOccasions = (burst: number): string[] => [String(burst - 1), String(burst)];

/** Opens and withdraws the tasks; answers whether one of them is open. */
const hasToCall = (
  records: CaseKeepingRecords & Pick<Records, 'ledger' | 'people'>,
  caseId: string,
  now: Date,
): Promise<boolean> =>
  records.transaction(async (session) => {
    const about = await records.cases.getForWriting(caseId, session);
    const patient = await records.people.find(about.clinicId, about.patientId);
    if (!patient) throw new Error('the patient of this case has no record');
    const hearing = about.participants.filter(({ role }) =>
      hearsOfMeeting(role, patient.personal.birthDate, now),
    );
    const rows = (await records.ledger.ofCase(caseId, 2, session)).filter((row) =>
      hearing.some(({ participantId }) => participantId === row.participantId),
    );
    const bursts = [...new Set(rows.map(({ occasion }) => occasion))];
    const last = Math.max(...bursts);
    const wishes = bursts.map((burst) => {
      const ofBurst = rows.filter(({ occasion }) => occasion === burst);
      const notRead = ofBurst.filter(isUnread);
      const needsCall =
        burst === last && notRead.length > 0 && !ofBurst.some(({ state }) => hasReached(state));
      return desiredTask('nobody-reached', String(burst), needsCall ? 'open' : 'withdrawn', {
        because: whyUnread(notRead),
      });
    });
    await saveTasks(records, about, wishes, now, session);
    return wishes.some(({ state }) => state === 'open');
  });

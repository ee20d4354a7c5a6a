import { hearsOfMeeting } from '../../rules/calendar/who-hears';
import { hasReached, isUnread } from '../../rules/ledger';
import { desiredTask } from '../../rules/tasks';
import type { Records } from '../../records';
import { saveTasks } from '../read-models/meeting-and-invoice';
import type { CaseSavingRecords } from '../read-models/case';
import { whyUnread } from './meeting-reach-tasks';

/**
 * If a patient was not told of new messages, staff get a task: call or write (R2.10, R6.8). Only the last
 * messages count: a patient who was told of them, or has read them, needs no call for those before. Each
 * burst is looked at when it is prepared. So only the burst before it can still have an open task, and a
 * case's hundredth burst costs no more than its first.
 */
export async function reviewCaseReach(
  records: CaseSavingRecords & Pick<Records, 'ledger' | 'people'>,
  caseId: string,
  now: Date,
): Promise<void> {
  // As for a meeting.
  if (await hasToCall(records, caseId, now)) await hasToCall(records, caseId, now);
}

/** The tasks that a notice of this burst can change: its own, and that of the burst before. */
export const caseReachOccasions = (burst: number): string[] => [String(burst - 1), String(burst)];

/** Opens and withdraws the tasks; answers whether one of them is open. */
const hasToCall = (
  records: CaseSavingRecords & Pick<Records, 'ledger' | 'people'>,
  caseId: string,
  now: Date,
): Promise<boolean> =>
  records.transaction(async (session) => {
    const careCase = await records.cases.getForWriting(caseId, session);
    const patient = await records.people.find(careCase.clinicId, careCase.patientId);
    if (!patient) throw new Error('the patient of this case has no record');
    const hearing = careCase.participants.filter((each) => hearsOfMeeting(each, patient, now));
    const rows = (await records.ledger.ofCase(caseId, 2, session)).filter((row) =>
      hearing.some(({ participantId }) => participantId === row.participantId),
    );
    const bursts = [...new Set(rows.map(({ occasion }) => occasion))];
    const last = Math.max(...bursts);
    const desired = bursts.map((burst) => {
      const ofBurst = rows.filter(({ occasion }) => occasion === burst);
      const notRead = ofBurst.filter(isUnread);
      const needsCall =
        burst === last && notRead.length > 0 && !ofBurst.some(({ state }) => hasReached(state));
      return desiredTask('nobody-reached', String(burst), needsCall ? 'open' : 'withdrawn', {
        because: whyUnread(notRead),
      });
    });
    await saveTasks(records, careCase, desired, now, session);
    return desired.some(({ state }) => state === 'open');
  });

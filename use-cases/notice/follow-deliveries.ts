import { reviewCaseReach } from './case-reach';
import type { CaseSavingRecords } from '../read-models/case';
import { saveDoubt } from './doubtful-outcome';
import type { SavingRecords } from '../read-models/meeting-and-invoice';
import { isOfCase, isOfMeeting, type LedgerRow } from '../../records/ledger';
import { reviewReach } from './meeting-reach';
import type { Records } from '../../records';

/**
 * Acts on news about notices, however late. A failed notice may mean that nobody knows of the meeting. A
 * delivered one means that somebody does (R2.10). After a no-show, a failed notice may mean that it was none
 * (R5.6).
 */
export async function followDeliveries(
  records: SavingRecords & CaseSavingRecords & Pick<Records, 'ledger' | 'people'>,
  rows: LedgerRow[],
  now: Date,
): Promise<void> {
  const ofMeetings = rows.filter(isOfMeeting);
  for (const meetingId of new Set(ofMeetings.map((row) => row.subjectId)))
    await reviewReach(records, meetingId, now);
  for (const caseId of new Set(rows.filter(isOfCase).map((row) => row.subjectId)))
    await reviewCaseReach(records, caseId, now);
  for (const { state, subjectId: meetingId, occasion: startVersion } of ofMeetings) {
    if (state === 'failed') await saveDoubt(records, { meetingId, startVersion }, 'notice-failed', now);
  }
}

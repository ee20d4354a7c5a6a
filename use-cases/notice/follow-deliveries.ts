import { reviewCaseReach, caseReachOccasions } from './case-reach';
import type { CaseSavingRecords } from '../read-models/case';
import { saveDoubt } from './doubtful-outcome';
import type { SavingRecords } from '../read-models/meeting-and-invoice';
import { isOfCase, isOfMeeting, type LedgerRow } from '../../records/ledger';
import { isUnread } from '../../rules/ledger';
import { meetingReachOccasions, reviewReach } from './meeting-reach';
import type { Records } from '../../records';

type FollowingRecords = SavingRecords & CaseSavingRecords & Pick<Records, 'ledger' | 'people'>;

/**
 * Acts on news about notices, however late. A failed notice may mean that nobody knows of the meeting. A
 * delivered one means that somebody does (R2.10). After a no-show, a failed notice may mean that it was none
 * (R5.6).
 */
export async function followDeliveries(
  records: FollowingRecords,
  rows: LedgerRow[],
  now: Date,
): Promise<void> {
  const ofMeetings = rows.filter(isOfMeeting);
  for (const [meetingId, ofIt] of bySubject(ofMeetings))
    if (await changesReach(records, meetingId, ofIt, meetingReachOccasions))
      await reviewReach(records, meetingId, now);
  for (const [caseId, ofIt] of bySubject(rows.filter(isOfCase)))
    if (await changesReach(records, caseId, ofIt, caseReachOccasions))
      await reviewCaseReach(records, caseId, now);
  for (const { state, subjectId: meetingId, occasion: startVersion } of ofMeetings) {
    if (state === 'failed') await saveDoubt(records, { meetingId, startVersion }, 'notice-failed', now);
  }
}

function bySubject<Row extends LedgerRow>(rows: Row[]): Map<string, Row[]> {
  const subjects = new Map<string, Row[]>();
  for (const row of rows) subjects.set(row.subjectId, [...(subjects.get(row.subjectId) ?? []), row]);
  return subjects;
}

/**
 * Nearly every notice comes, and nobody is to be called: only where one was lost, or a task waits for one
 * that comes, is there something to review.
 */
async function changesReach(
  { tasks }: Pick<Records, 'tasks'>,
  subjectId: string,
  rows: LedgerRow[],
  occasionsOf: (occasion: number) => string[],
): Promise<boolean> {
  if (rows.some(isUnread)) return true;
  const occasions = rows.flatMap(({ occasion }) => occasionsOf(occasion));
  return tasks.isOneOpen(subjectId, 'nobody-reached', [...new Set(occasions)]);
}

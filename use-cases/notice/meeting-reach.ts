import type { ClientSession } from 'mongoose';
import { isCancelled } from '../../rules/gates';
import { msOf } from '../../rules/instant';
import { areRemindersLost, hasReached, isOnItsWay, isReminder, isUnread } from '../../rules/ledger';
import { desiredTask, type DesiredTask } from '../../rules/tasks';
import { heardForPatient } from './heard';
import type { LedgerRow } from '../../records/ledger';
import { saveTasks, type SavingRecords } from '../read-models/meeting-and-invoice';
import type { Meeting } from '../../records/meetings';
import { patientOf } from './patient-of';
import type { Records } from '../../records';

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
    const patient = await patientOf(records.people, meeting);
    const rows = await rowsOf(records, meeting, session);
    const desired = reachTasks(meeting, rows.filter(heardForPatient(meeting, patient, now)), now);
    await saveTasks(records, meeting, desired, now, session);
    return desired.some(({ state }) => state === 'open');
  });

/** The tasks that there can be of one start version. */
export const meetingReachOccasions = (startVersion: number): string[] => [
  `${startVersion}`,
  `${startVersion}:reminders`,
  `${startVersion}:cancelled`,
];

/** Notices of the time that the meeting has now. */
async function rowsOf(
  { ledger }: Pick<Records, 'ledger'>,
  { meetingId, course }: Meeting,
  session: ClientSession,
): Promise<LedgerRow[]> {
  const rows = await ledger.ofMeeting(meetingId, session);
  return rows.filter(({ occasion }) => occasion === course.time.startVersion);
}

function reachTasks({ course }: Meeting, rows: LedgerRow[], now: Date): DesiredTask[] {
  const { time, outcome, state, notices } = course;
  const cancelled = isCancelled(outcome?.outcome ?? null);
  const ofTime = rows.filter(({ kind }) => kind !== 'cancellation');
  const ofCancellation = rows.filter(({ kind }) => kind === 'cancellation');
  const helps = state !== 'ended';
  // Who was reached once and not reminded: a call helps where no other reminder comes before the start.
  const reminders = ofTime.filter(isReminder);
  const oneMoreComes =
    notices.some(
      (notice) =>
        isReminder(notice) &&
        notice.startVersion === time.startVersion &&
        notice.skip === null &&
        msOf(notice.dueAt) > now.getTime() &&
        msOf(notice.dueAt) < msOf(time.startAt),
    ) || reminders.some((row) => row.kind !== 'start' && isOnItsWay(row));
  const wasReached = ofTime.some((row) => hasReached(row.state));
  return [
    reachTask(`${time.startVersion}`, ofTime, time.startAt, helps),
    reachTask(
      `${time.startVersion}:reminders`,
      reminders.filter((row) => row.state !== 'no-consent'),
      time.startAt,
      helps && wasReached && areRemindersLost(reminders) && !oneMoreComes,
    ),
    reachTask(`${time.startVersion}:cancelled`, ofCancellation, time.startAt, cancelled),
  ];
}

function reachTask(occasion: string, rows: LedgerRow[], dueAt: string, helps: boolean): DesiredTask {
  const notRead = rows.filter(isUnread);
  const isReached = rows.some(({ state }) => hasReached(state));
  // Also where the only one that was lost has come after all: then there is nothing to open, and maybe
  // something to withdraw.
  const state = notRead.length === 0 || isReached || !helps ? 'withdrawn' : 'open';
  const because = whyUnread(notRead);
  return desiredTask('nobody-reached', occasion, state, { dueAt, because });
}

/** Why notices have not been read, each reason once, in machine words. */
export const whyUnread = (rows: LedgerRow[]): string[] => [
  ...new Set(rows.map(({ reason, state }) => reason ?? (state === 'planned' ? 'late' : state))),
];

import type { LedgerRow } from '../../records/ledger';
import type { Meeting } from '../../records/meetings';
import type { Records } from '../../records';
import { isCancelled } from '../../rules/gates';
import { msOf } from '../../rules/instant';
import { areRemindersLost, hasReached, isOnItsWay, isReminder, isUnread } from '../../rules/ledger';
import { desiredTask, type DesiredTask } from '../../rules/tasks';
import { heardForPatient } from './heard';
import { patientOf } from './patient-of';

/**
 * The tasks of a patient whom no notice of the meeting's time reached, as the meeting stands in this transaction
 * (R2.10).
 * @param all the rows of the meeting's notices, in the same transaction
 */
export async function meetingReachTasks(
  { people }: Pick<Records, 'people'>,
  meeting: Meeting,
  all: LedgerRow[],
  now: Date,
): Promise<DesiredTask[]> {
  const rows = all.filter(({ occasion }) => occasion === meeting.course.time.startVersion);
  // Where none was lost there is nobody to call, whoever heard of them.
  const heard = rows.some(isUnread)
    ? rows.filter(heardForPatient(meeting, await patientOf(people, meeting), now))
    : rows;
  return reachTasks(meeting, heard, now);
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

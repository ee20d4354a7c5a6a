import type { ClientSession } from 'mongoose';
import type { Records } from '../../records';
import { outcomes } from '../../platform/metrics';
import { isCancelled } from '../../rules/gates';
import { msOf } from '../../rules/instant';
import { desiredTask, type DesiredTask } from '../../rules/tasks';
import type { ChargeSnapshot } from '../../workflows/invoice/messages';
import type { MeetingSnapshot } from '../../workflows/meeting/messages';
import { chargeEvents } from './invoice-events';
import { chargeTasks } from './invoice-tasks';
import { doubtTask, signsOfTrying } from '../notice/doubts';
import { endPointlessRows } from '../notice/end-pointless';
import { meetingReachTasks } from '../notice/meeting-reach-tasks';
import { eventSubject, newlyDesired, taskEvents } from './save-tasks';
import { lapseClaims } from './lapsed-claims';
import { meetingEvents } from './meeting-events';
import { meetingTasks } from './meeting-tasks';
import type { LedgerRow } from '../../records/ledger';
import {
  happeningKey,
  type Booking,
  type Meeting,
  type MeetingTimeRecord,
  type SavedCourse,
} from '../../records/meetings';
import { isDuplicate } from '../../records/schema';
import type { Suitability } from '../../rules/suitability';

/** What keeping a workflow's read model needs. */
export type SavingRecords = Pick<
  Records,
  | 'transaction'
  | 'meetings'
  | 'charges'
  | 'tasks'
  | 'events'
  | 'evidence'
  | 'claims'
  | 'ledger'
  | 'people'
  | 'whereabouts'
>;

/**
 * Keeps the read model of a meeting's workflow, and with it, in one transaction, what the clinic's system
 * hears and what staff are asked to do (design, decisions 1 and 11). API and worker save with this same
 * function. Answers with the meeting as it is saved, by this one or by whoever came first.
 */
export async function saveMeeting(
  records: SavingRecords,
  course: MeetingSnapshot,
  now: Date,
): Promise<Meeting> {
  const saved = await records.transaction(async (session) => {
    const saving = await records.meetings.saveCourse(course, session);
    await saveWhatFollows(records, saving, now, session);
    return saving;
  });
  for (const { what, detail } of saved.newHappenings)
    if (what === 'outcome') outcomes.inc({ outcome: detail ?? 'unclear' });
  return saved.meeting;
}

/**
 * What the clinic's system hears and staff are asked to do of what a read model has newly; inside the
 * transaction that saves it.
 */
export async function saveWhatFollows(
  records: SavingRecords,
  { meeting, before, newHappenings }: SavedCourse,
  now: Date,
  session: ClientSession,
): Promise<void> {
  // Losing to a newer one is success, and whoever saved that has told what follows.
  if (before === null) return;
  const { course } = meeting;
  const isOver = course.state === 'ended' && before.state !== 'ended';
  const isMoved = course.time.startVersion !== before.time.startVersion;
  const rows = isOver || isMoved ? await records.ledger.ofMeeting(meeting.meetingId, session) : [];
  await endPointlessRows(records, meeting, rows, session, now);
  // R4.8: it is asked for at the start, so there is none before the door opens.
  if ((isOver || isMoved) && now.getTime() >= msOf(before.time.doorOpensAt))
    await records.whereabouts.erase(meeting.meetingId, session);
  const desired = newlyDesired(meetingTasks(before), meetingTasks(course));
  desired.push(...tasksOfUndone(before, course));
  if (isOver) desired.push(...(await ofLostCancellation(records, meeting, rows, now)));
  if (newHappenings.some(({ what, detail }) => what === 'outcome' && detail === 'no-show'))
    desired.push(...(await ofLateSigns(records, meeting)));
  await records.events.add(session, eventSubject(meeting), [
    ...meetingEvents(meeting, newHappenings),
    ...(await taskEvents(records, meeting, desired, now, session)),
  ]);
  if (course.state === 'ended') await lapseClaims(records, meeting, now, session);
}

/**
 * A workflow that is decided anew and otherwise, as after a restore, has not gone through what was saved before: what
 * staff were asked to do for that alone is withdrawn. Its events have gone out, and those of the new course follow.
 */
function tasksOfUndone(before: MeetingSnapshot, course: MeetingSnapshot): DesiredTask[] {
  const goesOn = new Set(course.happenings.map(happeningKey));
  if (before.happenings.every((each) => goesOn.has(happeningKey(each)))) return [];
  const now = meetingTasks(course);
  return meetingTasks(before)
    .filter(
      ({ kind, occasion, state }) =>
        state === 'open' && !now.some((each) => each.kind === kind && each.occasion === occasion),
    )
    .map(({ kind, occasion }) => desiredTask(kind, occasion, 'withdrawn'));
}

/**
 * The worker gives the notice of a cancellation while this is saved. If it reached nobody, and was noted first, the
 * meeting was not cancelled yet for whoever looked then: it is looked at once more (R2.10).
 */
async function ofLostCancellation(
  records: Pick<Records, 'people'>,
  meeting: Meeting,
  rows: LedgerRow[],
  now: Date,
): Promise<DesiredTask[]> {
  if (!isCancelled(meeting.course.outcome?.outcome ?? null)) return [];
  const tasks = await meetingReachTasks(records, meeting, rows, now);
  return tasks.filter(({ state }) => state === 'open');
}

/**
 * What the evidence came to is read, decided and saved, one after the other. A patient who tried to come in
 * meanwhile was noted when there was no no-show yet to be in doubt of (R5.6).
 */
async function ofLateSigns(
  { evidence }: Pick<Records, 'evidence'>,
  meeting: Meeting,
): Promise<DesiredTask[]> {
  const { course, meetingId } = meeting;
  if (course.outcome?.decidedBy !== 'evidence') return [];
  const signs = signsOfTrying(meeting, await evidence.refusedEntries(meetingId));
  return signs.length > 0 ? [doubtTask(course.time.startVersion, 'patient-tried-to-come-in')] : [];
}

/**
 * Saves a booking, with the read model that it begins with and what was assessed before (R1.2); false where
 * it is there already, and nothing changes.
 */
export async function saveBooking(
  records: SavingRecords & Pick<Records, 'suitabilities'>,
  booking: Booking,
  time: MeetingTimeRecord,
  course: MeetingSnapshot,
  suitability: Suitability | null = null,
): Promise<boolean> {
  const { meetingId, patientId } = booking;
  const meeting: Meeting = { ...booking, times: [time], course, corrections: [], facts: {} };
  // The patient's key is read before the transaction, which is short.
  const sealed = suitability && (await records.suitabilities.seal(meetingId, patientId, suitability));
  try {
    await records.transaction(async (session) => {
      await records.meetings.add(meeting, session);
      if (sealed) await records.suitabilities.add(sealed, session);
      await records.events.addFirst(
        session,
        eventSubject(meeting),
        meetingEvents(meeting, course.happenings),
      );
    });
    return true;
  } catch (error) {
    if (isDuplicate(error)) return false;
    throw error;
  }
}

/** Keeps the read model of an invoice's workflow, and with it what the clinic's billing is handed (R5.8). */
export async function saveInvoice(records: SavingRecords, course: ChargeSnapshot, now: Date): Promise<void> {
  const { meetingId, startVersion } = course;
  await records.transaction(async (session) => {
    const meeting = await records.meetings.getForWriting(meetingId, session);
    const { clinicId, patientId } = meeting;
    const { isNewest, before, newSteps } = await records.charges.save(
      { meetingId, clinicId, patientId, startVersion, course },
      session,
    );
    if (!isNewest) return;
    const desired = newlyDesired(before ? chargeTasks(before) : [], chargeTasks(course));
    await records.events.add(session, eventSubject(meeting), [
      ...chargeEvents(meeting, course, newSteps),
      ...(await taskEvents(records, meeting, desired, now, session)),
    ]);
  });
}

export { eventSubject, saveTasks, taskEvents } from './save-tasks';

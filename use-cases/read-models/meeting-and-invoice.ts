import type { ClientSession } from 'mongoose';
import type { Records } from '../../records';
import { outcomes } from '../../platform/metrics';
import type { ChargeSnapshot } from '../../workflows/invoice/messages';
import type { MeetingSnapshot } from '../../workflows/meeting/messages';
import { chargeEvents } from './invoice-events';
import { chargeTasks } from './invoice-tasks';
import { endPointlessRows } from '../notice/end-pointless';
import { eventSubject, saveTasks } from './save-tasks';
import { lapseClaims } from './lapsed-claims';
import { meetingEvents } from './meeting-events';
import { meetingTasks } from './meeting-tasks';
import type { Booking, Meeting, MeetingTimeRecord, SavedCourse } from '../../records/meetings';

/** What keeping a workflow's read model needs. */
export type SavingRecords = Pick<
  Records,
  'transaction' | 'meetings' | 'charges' | 'tasks' | 'events' | 'claims' | 'ledger'
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
    if (saving.isNewest) await saveWhatFollows(records, saving, now, session);
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
  const { course } = meeting;
  const isOver = course.state === 'ended' && before.state !== 'ended';
  const isMoved = course.time.startVersion !== before.time.startVersion;
  if (isOver || isMoved) await endPointlessRows(records, meeting, session, now);
  await records.events.add(session, eventSubject(meeting), meetingEvents(meeting, newHappenings));
  await saveTasks(records, meeting, meetingTasks(course), now, session);
  if (course.state === 'ended') await lapseClaims(records, meeting, now, session);
}

/** Keeps a booking once, with the read model that it begins with; the same again changes nothing. */
export async function saveBooking(
  records: SavingRecords,
  booking: Booking,
  time: MeetingTimeRecord,
  course: MeetingSnapshot,
): Promise<void> {
  await records.transaction(async (session) => {
    const { isNew } = await records.meetings.add(booking, time, course, session);
    const meeting: Meeting = { ...booking, times: [time], course, corrections: [], facts: {} };
    if (isNew) await records.events.add(session, eventSubject(meeting), meetingEvents(meeting, course.happenings));
  });
}

/** Keeps the read model of an invoice's workflow, and with it what the clinic's billing is handed (R5.8). */
export async function saveInvoice(records: SavingRecords, course: ChargeSnapshot, now: Date): Promise<void> {
  const { meetingId, startVersion } = course;
  await records.transaction(async (session) => {
    const meeting = await records.meetings.getForWriting(meetingId, session);
    const { clinicId, patientId } = meeting;
    const { isNewest, newSteps } = await records.charges.save(
      { meetingId, clinicId, patientId, startVersion, course },
      session,
    );
    if (!isNewest) return;
    await records.events.add(session, eventSubject(meeting), chargeEvents(meeting, course, newSteps));
    await saveTasks(records, meeting, chargeTasks(course), now, session);
  });
}

export { eventSubject, saveTasks, taskEvents } from './save-tasks';

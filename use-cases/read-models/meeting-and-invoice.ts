import type { Records } from '../../records';
import { outcomes } from '../../platform/metrics';
import type { ChargeSnapshot } from '../../workflows/invoice/messages';
import type { MeetingSnapshot } from '../../workflows/meeting/messages';
import { chargeEvents } from './invoice-events';
import { chargeTasks } from './invoice-tasks';
import { eventSubject, newlyDesired, taskEvents } from './save-tasks';
import { lapseClaims } from './lapsed-claims';
import { meetingEvents } from './meeting-events';
import { meetingTasks } from './meeting-tasks';
import type { Booking, Meeting, MeetingTimeRecord } from '../../records/meetings';
import { isDuplicate } from '../../records/schema';
import type { Suitability } from '../../rules/suitability';

/** What keeping a workflow's read model needs. */
export type SavingRecords = Pick<
  Records,
  'transaction' | 'meetings' | 'charges' | 'tasks' | 'events' | 'claims'
>;

/**
 * Saves the read model of a meeting's workflow. The same transaction writes the events for the clinic's
 * system and the tasks for staff (design, decisions 1 and 11). API and worker save with this same function.
 */
export async function saveMeeting(records: SavingRecords, course: MeetingSnapshot, now: Date): Promise<void> {
  const happened = await records.transaction(async (session) => {
    const { meeting, before, newHappenings } = await records.meetings.saveCourse(course, session);
    if (before === null) return [];
    const desired = newlyDesired(meetingTasks(before), meetingTasks(course));
    await records.events.add(session, eventSubject(meeting), [
      ...meetingEvents(meeting, newHappenings),
      ...(await taskEvents(records, meeting, desired, now, session)),
    ]);
    if (course.state === 'ended') await lapseClaims(records, meeting, now, session);
    return newHappenings;
  });
  for (const { what, detail } of happened)
    if (what === 'outcome') outcomes.inc({ outcome: detail ?? 'unclear' });
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
  const meeting: Meeting = { ...booking, times: [time], course, corrections: [] };
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

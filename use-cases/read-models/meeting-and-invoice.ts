import type { ClientSession } from 'mongoose';
import type { Records } from '../../records';
import { outcomes } from '../../platform/metrics';
import type { ClinicEvent } from '../../rules/events';
import type { TaskWish } from '../../rules/tasks';
import type { ChargeSnapshot } from '../../workflows/invoice/messages';
import type { MeetingSnapshot } from '../../workflows/meeting/messages';
import { chargeEvents } from './invoice-events';
import { chargeTasks } from './invoice-tasks';
import { meetingEvents } from './meeting-events';
import { meetingTasks } from './meeting-tasks';
import type { Booking, Meeting, MeetingTimeRecord } from '../../records/meetings';
import { taskEvent } from './task-events';
import type { TaskAbout } from '../../records/tasks';

/** What keeping a workflow's read model needs. */
export type KeepingRecords = Pick<Records, 'transaction' | 'meetings' | 'charges' | 'tasks' | 'events'>;

/**
 * Keeps the read model of a meeting's workflow, and with it, in one transaction, what the clinic's system hears and what staff are
 * asked to do (design, decisions 1 and 11). API and worker save with this same function.
 */
export async function keepCourse(records: KeepingRecords, course: MeetingSnapshot, now: Date): Promise<void> {
  const happened = await records.transaction(async (session) => {
    const { meeting, isNewest, newHappenings } = await records.meetings.saveCourse(course, session);
    if (!isNewest) return [];
    await records.events.add(session, about(meeting), meetingEvents(meeting, newHappenings));
    await keepTasks(records, meeting, meetingTasks(course), now, session);
    return newHappenings;
  });
  for (const { what, detail } of happened)
    if (what === 'outcome') outcomes.inc({ outcome: detail ?? 'unclear' });
}

/** Keeps a booking once, with the read model that it begins with; the same again changes nothing. */
export async function keepBooking(
  records: KeepingRecords,
  booking: Booking,
  time: MeetingTimeRecord,
  course: MeetingSnapshot,
): Promise<void> {
  await records.transaction(async (session) => {
    const { isNew } = await records.meetings.add(booking, time, course, session);
    const meeting: Meeting = { ...booking, times: [time], course, corrections: [] };
    if (isNew) await records.events.add(session, about(meeting), meetingEvents(meeting, course.happenings));
  });
}

/** Keeps the read model of an invoice's workflow, and with it what the clinic's billing is handed (R5.8). */
export async function keepCharge(records: KeepingRecords, course: ChargeSnapshot, now: Date): Promise<void> {
  const { meetingId, startVersion } = course;
  await records.transaction(async (session) => {
    const meeting = await records.meetings.getForWriting(meetingId, session);
    const { clinicId, patientId } = meeting;
    const { isNewest, newSteps } = await records.charges.save(
      { meetingId, clinicId, patientId, startVersion, course },
      session,
    );
    if (!isNewest) return;
    await records.events.add(session, about(meeting), chargeEvents(meeting, course, newSteps));
    await keepTasks(records, meeting, chargeTasks(course), now, session);
  });
}

/** Brings tasks to where their causes have them, and tells of each change; inside the transaction of the cause. */
export async function keepTasks(
  records: Pick<KeepingRecords, 'tasks' | 'events'>,
  whose: TaskAbout,
  wishes: TaskWish[],
  now: Date,
  session: ClientSession,
): Promise<void> {
  await records.events.add(session, about(whose), await taskEvents(records, whose, wishes, now, session));
}

/** Brings tasks to where their causes have them, inside the transaction of the cause; answers with what is to be told of it. */
export async function taskEvents(
  { tasks }: Pick<KeepingRecords, 'tasks'>,
  whose: TaskAbout,
  wishes: TaskWish[],
  now: Date,
  session: ClientSession,
): Promise<ClinicEvent[]> {
  const events: ClinicEvent[] = [];
  for (const wish of wishes) {
    const change = await tasks.keep(whose, wish, now, session);
    if (change) events.push(...taskEvent(change, now));
  }
  return events;
}

/** Events go out in order per meeting, per message case, and per person where they are about neither. */
export function about(
  subject: { clinicId: string } & ({ meetingId: string } | { caseId: string } | { patientId: string }),
): { clinicId: string; subject: string } {
  const { clinicId } = subject;
  if ('meetingId' in subject) return { clinicId, subject: subject.meetingId };
  return { clinicId, subject: 'caseId' in subject ? subject.caseId : subject.patientId };
}

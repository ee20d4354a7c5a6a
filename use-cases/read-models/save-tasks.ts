import { isDeepStrictEqual } from 'node:util';
import type { ClientSession } from 'mongoose';
import type { Records } from '../../records';
import type { ClinicEvent } from '../../rules/events';
import type { DesiredTask } from '../../rules/tasks';
import { taskEvent } from './task-events';
import type { TaskAbout } from '../../records/tasks';

/**
 * Brings tasks to where their causes have them, and tells of each change; inside the transaction of the
 * cause.
 */
export async function saveTasks(
  records: Pick<Records, 'tasks' | 'events'>,
  whose: TaskAbout,
  desired: DesiredTask[],
  now: Date,
  session: ClientSession,
): Promise<void> {
  await records.events.add(
    session,
    eventSubject(whose),
    await taskEvents(records, whose, desired, now, session),
  );
}

/**
 * Brings tasks to where their causes have them, inside the transaction of the cause; answers with what is to
 * be told of it.
 */
export async function taskEvents(
  { tasks }: Pick<Records, 'tasks'>,
  whose: TaskAbout,
  desired: DesiredTask[],
  now: Date,
  session: ClientSession,
): Promise<ClinicEvent[]> {
  const changes = await tasks.save(whose, desired, now, session);
  return changes.flatMap((change) => taskEvent(change, now));
}

/**
 * The tasks that a new read model desires and the one before did not desire so. The others were seen to when
 * that one was saved: what has happened to them since, such as that staff have finished them, stands.
 */
export const newlyDesired = (before: DesiredTask[], now: DesiredTask[]): DesiredTask[] =>
  now.filter((task) => !before.some((each) => isDeepStrictEqual(each, task)));

/** Events go out in order per meeting, per message case, and per person where they are about neither. */
export function eventSubject(
  subject: { clinicId: string } & ({ meetingId: string } | { caseId: string } | { patientId: string }),
): { clinicId: string; subject: string } {
  const { clinicId } = subject;
  if ('meetingId' in subject) return { clinicId, subject: subject.meetingId };
  return { clinicId, subject: 'caseId' in subject ? subject.caseId : subject.patientId };
}

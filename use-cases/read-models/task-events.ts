import { toInstant } from '../../rules/instant';
import type { ClinicEvent } from '../../rules/events';
import type { TaskChange } from '../../records/tasks';

/**
 * What the clinic's system hears of a change of a task; one that is withdrawn is done with, for whoever had
 * it.
 */
export function taskEvent({ task, change, number }: TaskChange, now: Date): ClinicEvent[] {
  const { taskId, kind, meetingId, caseId, dueAt } = task;
  const about = { ...(meetingId === null ? {} : { meetingId }), ...(caseId === null ? {} : { caseId }) };
  return [
    {
      eventId: `${taskId}:${number}`,
      at: toInstant(now),
      type: change === 'withdrawn' ? 'task.done' : `task.${change}`,
      data: { taskId, kind, ...about, dueAt },
    },
  ];
}

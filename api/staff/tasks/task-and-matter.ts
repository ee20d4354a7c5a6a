import type { Records } from '../../../records';
import type { Case } from '../../../records/cases';
import type { Meeting } from '../../../records/meetings';
import type { Task } from '../../../records/tasks';
import { meetingOf } from '../../../use-cases/read-before';
import type { DeskRequest } from '../frame/route';

/** A task with what it is about. */
export interface TaskAndMatter {
  task: Task;
  meeting: Meeting | null;
  careCase: Case | null;
}

/** Reads the task of a request; null where it has gone since the request was let in. */
export async function taskAndMatter(
  records: Pick<Records, 'tasks' | 'meetings' | 'cases' | 'clinics' | 'people'>,
  { clinic: { clinicId }, params, read }: DeskRequest,
): Promise<TaskAndMatter | null> {
  const task = await records.tasks.find(clinicId, params.taskId ?? '');
  if (!task) return null;
  const { meetingId, caseId } = task;
  return {
    task,
    meeting: meetingId === null ? null : await meetingOf({ records, readBefore: read }, clinicId, meetingId),
    careCase: caseId === null ? null : await records.cases.find(clinicId, caseId),
  };
}

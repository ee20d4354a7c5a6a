import type { Command } from '../../records/commands';
import { taskEvent } from '../read-models/task-events';
import type { Task } from '../../records/tasks';
import { nameOf } from '../../rules/actor';
import { doneBy, type TaskKind } from '../../rules/tasks';
import type { AssignTask, FinishTask } from './bodies';
import { notFound, problem, type CarryOut, type CommandDeps } from '../command';

/** Gives a task to a member of staff, or to nobody. */
export const assignTask: CarryOut<AssignTask> = async ({ records }, { clinicId, params, body }) => {
  const taskId = params.taskId ?? '';
  const assigned = await records.tasks.assign(clinicId, taskId, body.staffId, body.from);
  const task = await records.tasks.find(clinicId, taskId);
  if (!task) return notFound('task');
  if (assigned || task.assignedTo === body.staffId) return { status: 200, body: taskView(task) };
  return task.state === 'open'
    ? problem(409, 'assigned-meanwhile', 'Somebody else has the task by now. Read it again.')
    : problem(409, 'not-open', 'The task is not open any more.');
};

/** Staff say that they have done what a task asks for, and what came of it. */
export const finishTask: CarryOut<FinishTask> = async (deps, command) => {
  const { records } = deps;
  const { clinicId, params, body, actor } = command;
  const task = await records.tasks.find(clinicId, params.taskId ?? '');
  if (!task) return notFound('task');
  const instead = doneBy(task.kind);
  if (instead) {
    return problem(409, 'done-elsewhere', `It is done when what it asks for is done: ${instead}.`);
  }
  await finish(deps, task, command, body.result);
  const done = await records.tasks.find(clinicId, task.taskId);
  if (!done) return notFound('task');
  // The same command again finds it done, by itself. What anybody else, or the same person, says after that
  // would be lost.
  return done.doneBy === nameOf(actor) && done.result === body.result
    ? { status: 200, body: taskView(done) }
    : problem(409, 'not-open', 'The task is not open any more.');
};

/** Ends the open tasks of a kind that a meeting has, as done by who acts. */
export async function finishTasksOf(
  deps: CommandDeps,
  meetingId: string,
  kind: TaskKind,
  command: Command,
): Promise<void> {
  for (const task of await deps.records.tasks.ofMeeting(meetingId)) {
    if (task.kind === kind) await finish(deps, task, command, null);
  }
}

async function finish(
  { records, clock }: CommandDeps,
  { clinicId, taskId, meetingId, caseId, patientId }: Task,
  { actor, receivedAt }: Command,
  result: string | null,
): Promise<void> {
  await records.transaction(async (session) => {
    if (caseId !== null) await records.cases.getForWriting(caseId, session);
    else if (meetingId !== null) await records.meetings.getForWriting(meetingId, session);
    const change = await records.tasks.finish(
      clinicId,
      taskId,
      { by: nameOf(actor), at: receivedAt, result },
      session,
    );
    if (!change) return;
    const subject = caseId ?? meetingId ?? patientId;
    await records.events.add(session, { clinicId, subject }, taskEvent(change, clock.now()));
  });
}

/** A task as the clinic's system reads it. */
export const taskView = ({ clinicId, ...task }: Task): Omit<Task, 'clinicId'> => task;

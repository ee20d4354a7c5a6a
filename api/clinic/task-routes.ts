import { z } from 'zod';
import * as taskBodies from '../../use-cases/task/bodies';
import { cursor, staffId } from '../../use-cases/fields';
import { taskKinds, taskStates } from '../../rules/tasks';
import type { ClinicRoute } from '../route';
import * as answers from './answers';
import type { Questions } from './questions';
import { everybody, people } from './roles';
import * as sight from './sight';

/** What staff are asked to do. */
export const taskRoutes = (ask: Questions): ClinicRoute[] => [
  {
    method: 'get',
    path: '/clinic/tasks',
    operation: 'task.list',
    summary: 'What staff are asked to do, by when; 50 a page',
    roles: everybody,
    subject: 'clinic',
    query: z.strictObject({
      state: z.enum(taskStates).default('open'),
      kind: z.enum(taskKinds).optional(),
      assignedTo: staffId.optional(),
      cursor,
    }),
    answers: { 200: answers.tasksAnswer },
    handle: ask.tasks,
  },
  {
    method: 'put',
    path: '/clinic/tasks/{taskId}/assignment',
    operation: 'task.assign',
    summary: 'Give a task to a member of staff, or to nobody',
    roles: people,
    subject: 'task',
    body: taskBodies.assignTaskBody,
    answers: { 200: answers.taskAnswer },
    forStatus: sight.taskForStatus,
    handle: 'task.assign',
  },
  {
    method: 'post',
    path: '/clinic/tasks/{taskId}/done',
    operation: 'task.finish',
    summary: 'Say that a task is done, and what came of it',
    roles: people,
    subject: 'task',
    body: taskBodies.finishTaskBody,
    answers: { 200: answers.taskAnswer },
    forStatus: sight.taskForStatus,
    handle: 'task.finish',
  },
];

import { deskTaskPath } from '../frame/paths';
import { carers, everybody, type DeskRoute, type DeskRouteDeps } from '../frame/route';
import { assignOnDesk, assignmentBody } from './assign';
import { contactPage } from './contact';
import { finishOnDesk, finishingBody } from './finish';
import { TASKS, tasksPage } from './list';
import { showTask } from './task';

const TASK = deskTaskPath('{taskId}');

/** What staff are asked to do: the list, each task, and what becomes of it. */
export function taskRoutes(deps: DeskRouteDeps): DeskRoute[] {
  return [
    {
      method: 'get',
      path: TASKS,
      operation: 'task.list',
      summary: 'What staff are asked to do',
      roles: everybody,
      subject: 'clinic',
      handle: async (request) => ({ page: await tasksPage(deps, request) }),
    },
    {
      method: 'get',
      path: TASK,
      operation: 'task.read',
      summary: 'One task',
      roles: everybody,
      subject: 'task',
      handle: (request) => showTask(deps, request),
    },
    {
      method: 'get',
      path: `${TASK}/why`,
      operation: 'task.read',
      summary: 'The same with the evidence that it rests on, which is care content (R8.1)',
      roles: carers,
      subject: 'task',
      content: true,
      // The page shows it to whoever takes part, or has stated a reason by now.
      handle: ({ params }) => Promise.resolve({ redirect: deskTaskPath(params.taskId ?? '') }),
    },
    {
      method: 'get',
      path: `${TASK}/contact`,
      operation: 'person.read',
      summary: 'How to reach those whom a task is about (R7.9)',
      roles: everybody,
      subject: 'task',
      handle: (request) => contactPage(deps, request, { showsProtected: false }),
    },
    {
      method: 'get',
      path: `${TASK}/contact/protected`,
      operation: 'person.read',
      summary: 'The same where their data is protected: for those who perform (R8.8)',
      roles: carers,
      subject: 'task',
      content: true,
      handle: (request) => contactPage(deps, request, { showsProtected: true }),
    },
    {
      method: 'post',
      path: `${TASK}/assignment`,
      operation: 'task.assign',
      summary: 'Take a task, hand it to a colleague, or to nobody',
      roles: everybody,
      subject: 'task',
      body: assignmentBody,
      handle: (request) => assignOnDesk(deps, request),
    },
    {
      method: 'post',
      path: `${TASK}/done`,
      operation: 'task.finish',
      summary: 'Say that a task is done, and what came of it',
      roles: everybody,
      subject: 'task',
      body: finishingBody,
      handle: (request) => finishOnDesk(deps, request),
    },
  ];
}

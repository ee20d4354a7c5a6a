import { finishTaskBody } from '../../../use-cases/task/bodies';
import { z } from 'zod';
import type { PageAnswer } from '../../frame/page-content';
import { afterCommand, giveDeskCommand } from '../frame/command';
import { deskTaskPath } from '../frame/paths';
import type { DeskRequest, DeskRouteDeps } from '../frame/route';
import { showTask } from './task';

/** What came of a task; absent where nothing was chosen. */
export const finishingBody = z.object({ result: z.string().max(20).optional() });

/** Says that a task is done, and what came of it. */
export async function finishOnDesk(deps: DeskRouteDeps, request: DeskRequest): Promise<PageAnswer> {
  const body = finishTaskBody.safeParse(request.body);
  if (!body.success) return showTask(deps, request, { lacksResult: true });
  const answer = await giveDeskCommand(deps, request, { operation: 'task.finish', body: body.data });
  return afterCommand(answer, deskTaskPath(request.params.taskId ?? ''), 'finished');
}

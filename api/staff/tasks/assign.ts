import { z } from 'zod';
import { assignTaskBody } from '../../../use-cases/task/bodies';
import type { PageAnswer } from '../../frame/page-content';
import { afterCommand, giveDeskCommand } from '../frame/command';
import { deskTaskPath } from '../frame/paths';
import type { DeskRequest, DeskRouteDeps } from '../frame/route';

const id = z.string().max(64).default('');

/** Who is to see to a task, and who did when the page was made; empty for nobody. */
export const assignmentBody = z.object({ to: id, from: id });

/**
 * Takes a task, hands it to a colleague, or to nobody. Somebody who took it in between keeps it: whoever
 * comes second is told.
 */
export async function assignOnDesk(deps: DeskRouteDeps, request: DeskRequest): Promise<PageAnswer> {
  const { clinic, member, params } = request;
  const { to, from } = request.body as z.infer<typeof assignmentBody>;
  const page = deskTaskPath(params.taskId ?? '');
  const colleague = to === '' ? null : await deps.records.staff.find(clinic.clinicId, to);
  const body = assignTaskBody.safeParse({
    staffId: colleague?.staffIds[0] ?? null,
    from: from === '' ? null : from,
  });
  if ((to !== '' && !colleague?.isActive) || !body.success)
    return { redirect: `${page}?refused=no-colleague` };
  const answer = await giveDeskCommand(
    deps,
    request,
    { operation: 'task.assign', body: body.data },
    // A list has a form for each of its tasks.
    `/${params.taskId}`,
  );
  return afterCommand(
    answer,
    page,
    colleague === null ? 'freed' : to === member.memberId ? 'taken' : 'handed',
  );
}

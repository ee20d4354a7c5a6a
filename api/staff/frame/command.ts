import type { BodyOf, CommandName } from '../../../use-cases';
import type { CommandDeps } from '../../../use-cases/command';
import type { Answer } from '../../../records/commands';
import { actorOf } from '../../access';
import type { PageAnswer } from '../../frame/page-content';
import { carryOutFromPage, DESK_KEY, keyOfForm, reasonOf } from '../../page-command';
import type { DeskRequest, DeskRouteDeps } from './route';

/** What a member of staff asks for: an operation with what its command carries. */
export type DeskCommand<Name extends CommandName = CommandName> = {
  [Each in Name]: { operation: Each; params?: Record<string, string>; body: BodyOf<Each> };
}[Name];

/** Whether this very form was posted before: then it gets its first answer again, whatever has changed since. */
export const wasGiven = async (
  { records }: Pick<CommandDeps, 'records'>,
  { caller, member, postedKey }: Pick<DeskRequest, 'caller' | 'member' | 'postedKey'>,
  part = '',
): Promise<boolean> =>
  postedKey !== null &&
  records.commands.isKnown(caller.clinic.clinicId, keyOfForm(DESK_KEY, member.memberId, postedKey, part));

/**
 * Has what a member of staff asks for carried out ({@link carryOutFromPage}).
 * @param part tells the commands of one form apart, where it gives several
 */
export function giveDeskCommand(
  deps: CommandDeps & Pick<DeskRouteDeps, 'log'>,
  { caller, member, params: ofPath, postedKey, receivedAt, read }: DeskRequest,
  { operation, params = ofPath, body }: DeskCommand,
  part = '',
): Promise<Answer> {
  return carryOutFromPage(
    { ...deps, readBefore: read },
    keyOfForm(DESK_KEY, member.memberId, postedKey, part),
    {
      clinicId: caller.clinic.clinicId,
      operation,
      actor: actorOf(caller),
      reason: caller.reason,
      params,
      body,
    },
    receivedAt,
  );
}

/**
 * To the page that shows what came of a command (post, redirect, get): `said` names the words of its banner;
 * a refusal is told there too.
 */
export function afterCommand(answer: Answer, to: string, said: string): PageAnswer {
  const refused = reasonOf(answer);
  const [path = to, query = ''] = to.split('?');
  const shown = new URLSearchParams(query);
  if (refused === null) shown.set('said', said);
  else shown.set('refused', refused);
  return { redirect: `${path}?${shown.toString()}` };
}

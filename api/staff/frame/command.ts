import type { BodyOf, CommandName } from '../../../use-cases';
import { storeAndCarryOut } from '../../../use-cases/carry-out';
import { problem, type CommandDeps } from '../../../use-cases/command';
import { randomId } from '../../../platform/keys/random-id';
import type { Answer } from '../../../records/commands';
import { actorOf } from '../../access';
import type { PageAnswer } from '../../frame/page-content';
import { DESK_KEY } from '../../page-keys';
import type { DeskRequest, DeskRouteDeps } from './route';

/** What a member of staff asks for: an operation with what its command carries. */
export type DeskCommand<Name extends CommandName = CommandName> = {
  [Each in Name]: { operation: Each; params?: Record<string, string>; body: BodyOf<Each> };
}[Name];

/** What names a command of a member of staff: no clinic's key and no colleague's is ever the same. */
const keyOf = ({ member, postedKey }: Pick<DeskRequest, 'member' | 'postedKey'>, part = ''): string =>
  `${DESK_KEY}${member.memberId}/${postedKey ?? randomId()}${part}`;

/** Whether this very form was posted before: then it gets its first answer again, whatever has changed since. */
export const wasGiven = async (
  { records }: Pick<CommandDeps, 'records'>,
  request: Pick<DeskRequest, 'caller' | 'member' | 'postedKey'>,
  part = '',
): Promise<boolean> =>
  request.postedKey !== null &&
  records.commands.isKnown(request.caller.clinic.clinicId, keyOf(request, part));

/**
 * It is stored, and what comes of it is not known yet: who posts the same form again learns it (design,
 * decision 6).
 */
export const isReceived = (answer: Answer): boolean =>
  ['not-carried-out-yet', 'command-under-way'].includes(reasonOf(answer) ?? '');

/**
 * Stores what a member of staff asks for on a page and carries it out, like a command of the clinic's system
 * (design, decision 6). The same form posted twice is the same command and gets the first answer again.
 *
 * @param part tells the commands of one form apart, where it gives several
 */
export async function giveDeskCommand(
  deps: CommandDeps & Pick<DeskRouteDeps, 'log'>,
  { caller, member, params: ofPath, postedKey, receivedAt, read }: DeskRequest,
  { operation, params = ofPath, body }: DeskCommand,
  part = '',
): Promise<Answer> {
  const answer = await storeAndCarryOut(
    { ...deps, readBefore: read },
    keyOf({ member, postedKey }, part),
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
  switch (answer) {
    case 'under-way':
      return problem(409, 'command-under-way', 'It is being carried out.');
    case 'other-content':
      return problem(409, 'posted-before', 'This page was posted before with other content.');
    default:
      return answer;
  }
}

/** The reason of a refused command, in machine words; null where it was carried out. */
export const reasonOf = ({ status, body }: Answer): string | null =>
  status < 400 ? null : (body as { title: string }).title;

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

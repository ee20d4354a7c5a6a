import type { BodyOf, CommandName } from '../../../use-cases';
import type { CommandDeps } from '../../../use-cases/command';
import type { Answer } from '../../../records/commands';
import type { Meeting } from '../../../records/meetings';
import type { PersonRole } from '../../../rules/actor';
import { carryOutFromPage, keyOfForm, PERSONS_KEY } from '../../page-command';
import type { LoggedInRequest, PatientRouteDeps } from './route';

/** What a person asks for: an operation with what its command carries. */
export type CommandRequest<Name extends CommandName = CommandName> = {
  [Each in Name]: { operation: Each; params: Record<string, string>; body: BodyOf<Each> };
}[Name];

/**
 * Whether this very form was posted before: then it gets its first answer again, whatever has changed since.
 */
export const wasPosted = async (
  { records }: Pick<CommandDeps, 'records'>,
  { clinic, person, postedKey }: Omit<CommandGiver, 'participant' | 'receivedAt'>,
): Promise<boolean> =>
  postedKey !== null &&
  records.commands.isKnown(clinic.clinicId, keyOfForm(PERSONS_KEY, person.personId, postedKey));

/** Who asks: a person at a clinic, in the role that they have in what it is about. */
export type CommandGiver = Pick<LoggedInRequest, 'postedKey' | 'receivedAt'> & {
  clinic: { clinicId: string };
  participant: { role: PersonRole };
  person: { personId: string };
  /** The meeting whose page it is given on, as the request has read it. */
  meeting?: Meeting;
};

/** Has what a person asks for carried out ({@link carryOutFromPage}), with the person as the actor. */
export function giveCommand(
  deps: CommandDeps & Pick<PatientRouteDeps, 'log'>,
  { clinic, participant, person, meeting, postedKey, receivedAt }: CommandGiver,
  { operation, params, body }: CommandRequest,
): Promise<Answer> {
  return carryOutFromPage(
    { ...deps, readBefore: meeting ? { meeting } : {} },
    keyOfForm(PERSONS_KEY, person.personId, postedKey),
    {
      clinicId: clinic.clinicId,
      operation,
      actor: { kind: participant.role, personId: person.personId },
      reason: null,
      params,
      body,
    },
    receivedAt,
  );
}

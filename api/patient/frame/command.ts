import type { BodyOf, CommandName } from '../../../use-cases';
import { storeAndCarryOut } from '../../../use-cases/carry-out';
import { problem, type CommandDeps } from '../../../use-cases/command';
import { randomId } from '../../../platform/keys/random-id';
import type { Answer } from '../../../records/commands';
import type { Meeting } from '../../../records/meetings';
import type { PersonRole } from '../../../rules/actor';
import { PERSONS_KEY } from '../../page-keys';
import type { LoggedInRequest, PatientRouteDeps } from './route';

/** What a person asks for: an operation with what its command carries. */
export type CommandRequest<Name extends CommandName = CommandName> = {
  [Each in Name]: { operation: Each; params: Record<string, string>; body: BodyOf<Each> };
}[Name];

/** Of this person alone: no clinic's key and no other person's is ever the same. */
const keyOf = (personId: string, postedKey: string): string => `${PERSONS_KEY}${personId}/${postedKey}`;

/**
 * Whether this very form was posted before: then it gets its first answer again, whatever has changed since.
 */
export const wasPosted = async (
  { records }: Pick<CommandDeps, 'records'>,
  { clinic, person, postedKey }: Omit<CommandGiver, 'participant' | 'receivedAt'>,
): Promise<boolean> =>
  postedKey !== null && records.commands.isKnown(clinic.clinicId, keyOf(person.personId, postedKey));

/** Who asks: a person at a clinic, in the role that they have in what it is about. */
export type CommandGiver = Pick<LoggedInRequest, 'postedKey' | 'receivedAt'> & {
  clinic: { clinicId: string };
  participant: { role: PersonRole };
  person: { personId: string };
  /** The meeting whose page it is given on, as the request has read it. */
  meeting?: Meeting;
};

/**
 * Stores what a person asks for and carries it out, like a clinic's command (design, decision 6), with the
 * person as the actor. The same form posted twice is the same command and gets the first answer again; while
 * Temporal is down the command is kept, answered 503, and carried out later. It counts as received when its
 * request was.
 */
export async function giveCommand(
  deps: CommandDeps & Pick<PatientRouteDeps, 'log'>,
  { clinic, participant, person, meeting, postedKey, receivedAt }: CommandGiver,
  { operation, params, body }: CommandRequest,
): Promise<Answer> {
  const answer = await storeAndCarryOut(
    { ...deps, readBefore: meeting ? { meeting } : {} },
    keyOf(person.personId, postedKey ?? randomId()),
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
 * It is stored, and what comes of it is not known yet: the page says that we have it, and a promise it is
 * (design, decision 16).
 */
export const isReceived = (answer: Answer): boolean =>
  ['not-carried-out-yet', 'command-under-way'].includes(reasonOf(answer) ?? '');

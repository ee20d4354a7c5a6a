import type { CommandName } from '../../commands';
import { carryOut } from '../../commands/carry-out';
import { problem, type CommandDeps } from '../../commands/command';
import { randomId } from '../../keys/random-id';
import type { Answer } from '../../records/commands';
import type { PersonRole } from '../../rules/actor';
import type { LoggedInRequest } from './route';

/** What a person asks for, in the words of the clinic's commands (`commands/bodies.ts`). */
export interface Wanted {
  operation: CommandName;
  params: Record<string, string>;
  body: unknown;
}

/** Who asks: a person at a clinic, in the role that they have in what it is about. */
export type CommandGiver = Pick<LoggedInRequest, 'postedKey'> & {
  clinic: { clinicId: string };
  participant: { role: PersonRole };
  person: { personId: string };
};

/**
 * Stores what a person asks for and carries it out, like a clinic's command (design, decision 6), with the person as the actor. The same
 * form posted twice is the same command and gets the first answer again; while Temporal is down the command is kept, answered 503, and
 * carried out later.
 */
export async function giveCommand(
  deps: CommandDeps,
  { clinic, participant, person, postedKey }: CommandGiver,
  { operation, params, body }: Wanted,
): Promise<Answer> {
  const acceptance = await deps.records.commands.accept(
    // Of this person alone: no clinic's key and no other person's is ever the same.
    `person/${person.personId}/${postedKey ?? randomId()}`,
    {
      clinicId: clinic.clinicId,
      operation,
      actor: { kind: participant.role, personId: person.personId },
      reason: null,
      params,
      body,
    },
    deps.clock.now(),
  );
  switch (acceptance.kind) {
    case 'carry-out':
      return carryOut(deps, acceptance.command);
    case 'answered':
      return acceptance.answer;
    case 'under-way':
      return problem(409, 'command-under-way', 'It is being carried out.');
    case 'other-content':
      return problem(409, 'posted-before', 'This page was posted before with other content.');
  }
}

/** The reason of a refused command, in machine words; null where it was carried out. */
export const reasonOf = ({ status, body }: Answer): string | null =>
  status < 400 ? null : (body as { title: string }).title;

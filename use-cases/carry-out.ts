import { inLogContext, noteInLog } from '../platform/log-context';
import { commandsCarriedOut } from '../platform/metrics';
import type { Answer, Command, Commands } from '../records/commands';
import { msOf } from '../rules/instant';
import { TemporalUnavailable } from '../temporal/gateway';
import { problem, type CarryOut, type CommandDeps } from './command';
import { commands, type CommandName } from './index';
import { followLostMessage } from './lost-message';

/** How soon the reconciler tries a command again that could not be carried out. */
const RETRY_MS = 2_000;

/** A command that fails in itself, with Temporal there, is given up after this: it holds up its meeting's SMS meanwhile. */
const GIVE_UP_MS = 3_600_000;
const isTooOld = ({ receivedAt }: Command, now: Date): boolean =>
  now.getTime() - msOf(receivedAt) > GIVE_UP_MS;

/**
 * Stores a command under an idempotency key and carries it out; the same key with the same content gets the first answer again (design,
 * decision 6). Answers in words where there is nothing to answer with: it is being carried out this moment, or the key came with other
 * content before.
 */
export async function storeAndCarryOut(
  deps: CommandDeps,
  key: string,
  request: Omit<Parameters<Commands['accept']>[1], 'seen'>,
  receivedAt: Date,
): Promise<Answer | 'under-way' | 'other-content'> {
  const { meetingId } = request.params;
  const meeting = meetingId ? await deps.records.meetings.find(request.clinicId, meetingId) : null;
  const seen = meeting && {
    startVersion: meeting.course.time.startVersion,
    ended: meeting.course.state === 'ended',
  };
  const acceptance = await deps.records.commands.accept(
    key,
    { ...request, ...(seen ? { seen } : {}) },
    receivedAt,
  );
  switch (acceptance.kind) {
    case 'carry-out':
      return carryOut(deps, acceptance.command);
    case 'answered':
      return acceptance.answer;
    case 'under-way':
    case 'other-content':
      return acceptance.kind;
  }
}

/**
 * Carries out a stored command and stores its answer. While Temporal is down the command stays stored, the answer is 503, and
 * the reconciler goes on with it (design, decision 6).
 */
export function carryOut(deps: CommandDeps, command: Command): Promise<Answer> {
  const { commandId, params } = command;
  noteInLog({ commandId });
  const { meetingId, caseId } = params;
  const about = { ...(meetingId ? { meetingId } : {}), ...(caseId ? { caseId } : {}) };
  return inLogContext({ commandId, ...about }, () => carriedOut(deps, command));
}

async function carriedOut(deps: CommandDeps, command: Command): Promise<Answer> {
  const { records, clock } = deps;
  try {
    // The body was checked by the schema of the operation's route before the command was stored.
    const carryOutBody = commands[command.operation as CommandName] as CarryOut;
    const answer = await carryOutBody(deps, command);
    await followLostMessage(deps, command, answer);
    await records.commands.answer(command.commandId, answer);
    commandsCarriedOut.inc({ operation: command.operation, status: answer.status });
    return answer;
  } catch (error) {
    if (!(error instanceof TemporalUnavailable) && isTooOld(command, clock.now())) {
      const answer = problem(
        500,
        'given-up',
        'The command could not be carried out. Read the meeting, then decide again.',
      );
      await followLostMessage(deps, command, 'given-up');
      await records.commands.answer(command.commandId, answer);
      commandsCarriedOut.inc({ operation: command.operation, status: answer.status });
      return answer;
    }
    // Should this fail too, the lease runs out by itself.
    await records.commands
      .release(command.commandId, new Date(clock.now().getTime() + RETRY_MS))
      .catch(() => undefined);
    if (!(error instanceof TemporalUnavailable)) throw error;
    commandsCarriedOut.inc({ operation: command.operation, status: 503 });
    return problem(
      503,
      'not-carried-out-yet',
      'The command is stored and will be carried out. Ask again with the same Idempotency-Key for its answer.',
    );
  }
}

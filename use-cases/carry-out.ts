import type { Logger } from 'pino';
import { inLogContext, noteInLog } from '../platform/log-context';
import { commandsCarriedOut } from '../platform/metrics';
import { isDatabaseAway } from '../records/away';
import type { Answer, Command, Commands } from '../records/commands';
import { TemporalUnavailable } from '../temporal/gateway';
import { problem, type CarryOut, type CommandDeps } from './command';
import { commands, type CommandName } from './index';
import { endCommand, type Ending } from './promises';
import { meetingOf } from './read-before';

/** How soon the reconciler tries a command again that could not be carried out. */
const RETRY_MS = 2_000;
/** After each failure of our own it waits so many times longer than after the one before, up to a bound. */
const LONGER_EACH_TIME = 4;
const LONGEST_PAUSE_MS = 30 * 60_000;

/**
 * How many failures of our own a command may have before it is given up, some seventy minutes. Meanwhile it
 * holds up its meeting's SMS. It is no failure if Temporal, its workers or the database were away, however long
 * (design, decision 16). It is one if the code of the workflow fails.
 */
const MOST_FAILURES = 8;

/** @param failures how many there have been; 0 where something was away */
const pauseMs = (failures: number): number =>
  Math.min(RETRY_MS * LONGER_EACH_TIME ** Math.max(failures - 1, 0), LONGEST_PAUSE_MS);

/**
 * Stores a command under an idempotency key and carries it out. The same key with the same content gets the
 * first answer again (design, decision 6). If there is no such answer, a word says why: the command is being
 * carried out this moment, or the key came with other content before.
 */
export async function storeAndCarryOut(
  deps: CommandDeps & { log: Pick<Logger, 'warn' | 'error'> },
  key: string,
  request: Omit<Parameters<Commands['accept']>[1], 'seen'>,
  receivedAt: Date,
): Promise<Answer | 'under-way' | 'other-content'> {
  const { readBefore, ...anew } = deps;
  const { meetingId } = request.params;
  const meeting = meetingId ? await meetingOf(deps, request.clinicId, meetingId) : null;
  const seen = meeting && {
    startVersion: meeting.course.time.startVersion,
    ended: meeting.course.state === 'ended',
  };
  const acceptance = await deps.records.commands.accept(
    key,
    { ...request, ...(seen ? { seen } : {}) },
    receivedAt,
    deps.clock.now(),
  );
  switch (acceptance.kind) {
    case 'carry-out':
      // One that was tried before may have changed what the request has read: it reads for itself.
      return carryOut(acceptance.isNew ? deps : anew, acceptance.command, {
        isWaitedFor: acceptance.isNew,
      }).catch((error: unknown) => {
        // It is stored and will be tried again: to say that it failed would have whoever asked do it twice.
        if (isDatabaseAway(error)) deps.log.warn({ err: error }, 'the database does not answer');
        else deps.log.error({ err: error }, 'a command failed; it is stored, and will be tried again');
        return notCarriedOutYet;
      });
    case 'answered':
      return acceptance.answer;
    case 'under-way':
    case 'other-content':
      return acceptance.kind;
  }
}

/**
 * Carries out a stored command and stores its answer; where another process has done so first, that one's
 * answer is given. While Temporal is down the command stays stored, the
 * answer is 503, and the reconciler goes on with it (design, decision 6).
 * @param isWaitedFor whoever asked waits in this very request, and has not been told anything yet
 */
export function carryOut(
  deps: CommandDeps,
  command: Command,
  { isWaitedFor = false }: { isWaitedFor?: boolean } = {},
): Promise<Answer> {
  const { commandId, params } = command;
  noteInLog({ commandId });
  const { meetingId, caseId } = params;
  const about = { ...(meetingId ? { meetingId } : {}), ...(caseId ? { caseId } : {}) };
  const waitedForSince = isWaitedFor ? deps.clock.now() : null;
  return inLogContext({ commandId, ...about }, () => carriedOut(deps, command, waitedForSince));
}

async function carriedOut(
  deps: CommandDeps,
  command: Command,
  waitedForSince: Ending['waitedForSince'],
): Promise<Answer> {
  const { records, clock } = deps;
  const { commandId, operation } = command;
  const end = async (answer: Answer, isGivenUp: boolean): Promise<Answer> => {
    const first = await endCommand(deps, command, answer, { isGivenUp, waitedForSince });
    if (first === answer) commandsCarriedOut.inc({ operation, status: answer.status });
    return first;
  };
  try {
    // The body was checked by the schema of the operation's route before the command was stored.
    const carryOutBody = commands[operation as CommandName] as CarryOut;
    return await end(await carryOutBody(deps, command), false);
  } catch (error) {
    // Another process may have been quicker: then there is an answer, and nothing to try again.
    const first = await records.commands.answered(commandId).catch(() => null);
    if (first) return first;
    const isAway =
      (error instanceof TemporalUnavailable && error.who !== 'its-code') || isDatabaseAway(error);
    // Should this fail too, the lease runs out by itself.
    const failures = isAway ? 0 : await records.commands.noteFailure(commandId).catch(() => 0);
    if (failures >= MOST_FAILURES) return end(givenUp, true);
    const retryAt = new Date(clock.now().getTime() + pauseMs(failures));
    await records.commands.release(commandId, retryAt).catch(() => undefined);
    if (!(error instanceof TemporalUnavailable)) throw error;
    commandsCarriedOut.inc({ operation, status: 503 });
    return notCarriedOutYet;
  }
}

const givenUp = problem(
  500,
  'given-up',
  'The command could not be carried out. Read the meeting, then decide again.',
);

const notCarriedOutYet = problem(
  503,
  'not-carried-out-yet',
  'The command is stored and will be carried out. Ask again with the same Idempotency-Key for its answer.',
);

import type { Records } from '../records';
import type { Answer, Command } from '../records/commands';
import type { Clock } from '../rules/clock';
import type { TemporalGateway } from '../temporal/gateway';
import type { ProblemType } from './problem-types';
import type { ReadBefore } from './read-before';

/** What commands need, handed in once. */
export interface CommandDeps {
  records: Records;
  temporal: TemporalGateway;
  clock: Clock;
  /** Makes the names of rooms. */
  roomKey: Buffer;
  /** What the request has read that the command came with; absent for one that is taken up later. */
  readBefore?: ReadBefore;
}

/**
 * Carries out one stored command: for the API when it comes in, for the reconciler when that could not. It
 * may run more than once for the same command, so every step is one that a second run finds done.
 */
export type CarryOut<Body = unknown> = (
  deps: CommandDeps,
  command: Command & { body: Body },
) => Promise<Answer>;

/**
 * One thing that is wrong with a request, by the field's place (`/body/startAt`) and a reason for machines.
 */
export interface FieldProblem {
  field: string;
  reason: string;
  message: string;
}

/** What a refused command answers: RFC 9457, with the fields that are wrong. */
export function problem(
  status: number,
  reason: ProblemType,
  detail: string,
  errors: FieldProblem[] = [],
): Answer {
  return { status, body: { type: problemUrn(reason), title: reason, status, detail, errors } };
}

/** The `type` of a problem: its name for machines everywhere. */
export const problemUrn = (reason: ProblemType): string => `urn:vardmote:problem:${reason}`;

/** 422 for one field. */
export const wrongField = (field: string, reason: ProblemType, message: string): Answer =>
  problem(422, reason, message, [{ field, reason, message }]);

/** 404: not there, or another clinic's, which is the same to the caller. */
export const notFound = (what: string): Answer =>
  problem(404, 'not-found', `No such ${what} at this clinic.`);

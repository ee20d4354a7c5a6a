import type { ErrorRequestHandler, Request, RequestHandler, Response } from 'express';
import type { Logger } from 'pino';
import type { z } from 'zod';
import { problem, type FieldProblem } from '../use-cases/command';
import { isDatabaseAway } from '../records/away';
import type { Answer } from '../records/commands';
import { unreadableStatus } from '../platform/parser-errors';
import { FileDownload } from './file-download';
import { TemporalUnavailable } from '../temporal/gateway';

/**
 * Sends an answer, text as a file; a problem as `application/problem+json` (RFC 9457).
 */
export function sendAnswer(response: Response, { status, body }: Answer): void {
  if (status === 401) response.set('WWW-Authenticate', 'Bearer');
  response.status(status);
  if (status >= 400) response.type('application/problem+json').send(JSON.stringify(body));
  else if (body instanceof FileDownload) body.sendTo(response);
  else if (typeof body === 'string') response.type('text/csv').attachment('billing.csv').send(body);
  else response.json(body);
}

/**
 * For reading what a caller gave by a schema: without it what is wrong could not be told from what is
 * missing.
 */
export const withInput = { reportInput: true } as const;

/** The fields of a schema's refusal {@link withInput}, as pointers into the request: `/body/startAt`. */
export function fieldProblems(part: string, error: z.ZodError): FieldProblem[] {
  return error.issues.flatMap((issue) => {
    const at = (path: readonly PropertyKey[]): string => ['', part, ...path.map(String)].join('/');
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => ({
        field: at([...issue.path, key]),
        reason: 'unknown-field',
        message: 'is not a field of this request',
      }));
    }
    const missing = ['invalid_type', 'invalid_value'].includes(issue.code) && issue.input === undefined;
    return [
      {
        field: at(issue.path),
        reason: missing ? 'missing' : (reasons[issue.code] ?? 'wrong-value'),
        message: missing ? 'is missing' : issue.message,
      },
    ];
  });
}

const reasons: Partial<Record<z.core.$ZodIssue['code'], string>> = {
  too_small: 'too-small',
  too_big: 'too-big',
  invalid_type: 'wrong-type',
};

/** 404 for an address that no route has. */
export const noSuchRoute: RequestHandler = (_request, response) => {
  sendAnswer(response, problem(404, 'no-such-address', 'There is nothing at this address.'));
};

/** 400 for a target that is no path. */
export const notAPath: RequestHandler = (_request, response) => {
  sendAnswer(response, problem(400, 'not-a-path', 'The request’s target must be a path.'));
};

/** The last resort: what is wrong inside stays inside, in the log under the request's id. */
export function errorHandler(log: Logger): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    if (response.headersSent) next(error);
    else sendAnswer(response, whatWentWrong(log, request, error));
  };
}

/** What an error is to the caller, and to the log: never more than its kind. */
export function whatWentWrong(log: Logger, { id: requestId }: Request, error: unknown): Answer {
  const unread = unreadable(error);
  if (unread) return unread;
  if (error instanceof TemporalUnavailable) {
    log.warn({ requestId }, error.message);
    return error.who === 'temporal'
      ? problem(503, 'temporal-away', 'Temporal, which runs the workflows, cannot be reached. Try again.')
      : problem(503, 'workflows-do-not-answer', 'No worker answers for the workflow. Try again.');
  }
  if (isDatabaseAway(error)) {
    log.warn({ err: error, requestId }, 'the database does not answer');
    return problem(503, 'database-away', 'The database does not answer. Try again.');
  }
  log.error({ err: error, requestId }, 'a request failed');
  return problem(500, 'internal', `Something is wrong here. Request ${requestId as string}.`);
}

/** A request that Express could not read, and what of it. */
function unreadable(error: unknown): Answer | null {
  switch (unreadableStatus(error)) {
    case null:
      return null;
    case 413:
      return problem(413, 'body-too-large', 'The body is larger than is taken here.');
    case 415:
      return problem(
        415,
        'unsupported-encoding',
        'The body’s charset or Content-Encoding is not known here.',
      );
    default:
      return (error as { type?: unknown }).type === 'entity.parse.failed'
        ? problem(400, 'unreadable-json', 'The body is no JSON object.')
        : problem(400, 'unreadable-request', 'The address or the body cannot be read.');
  }
}

import { Router, type Request, type Response } from 'express';
import type { Logger } from 'pino';
import { z } from 'zod';
import { storeAndCarryOut } from '../../use-cases/carry-out';
import { problem, type CommandDeps, type FieldProblem } from '../../use-cases/command';
import { randomSecret } from '../../platform/keys/random-id';
import { noteInLog } from '../../platform/log-context';
import type { Answer } from '../../records/commands';
import { holdsIdentity } from '../../rules/personal-number';
import { actorOf, decideAccess, identifyCaller, writeAudit } from '../access';
import { createGuesses, type Guesses } from '../guesses';
import { byPath, wrongMethod } from '../methods';
import { DESK_KEY, PERSONS_KEY } from '../page-command';
import { fieldProblems, sendAnswer, withInput } from '../problems';
import { receivedAtOf } from '../received';
import type { Caller, ClinicRequest, ClinicRoute } from '../route';
import { id, NO_PERSONAL_NUMBER } from '../../use-cases/fields';

type MountDeps = CommandDeps & { log: Pick<Logger, 'warn' | 'error'> };

/** Tries with a wrong key, per address and minute: a clinic's own system makes none. */
const WRONG_KEYS_PER_MINUTE = 60;

/**
 * One word to name a try by; long enough that two tries do not share it by chance, and none of those that
 * patients' commands have.
 */
export const idempotencyKey = z
  .string()
  .regex(/^[\x21-\x7e]{8,128}$/, 'must be 8-128 printable characters without spaces')
  .refine(
    (key) => ![PERSONS_KEY, DESK_KEY].some((ours) => key.startsWith(ours)),
    `must not begin with ${PERSONS_KEY} or ${DESK_KEY}, as commands from our own pages do`,
  )
  .refine((key) => !holdsIdentity(key), NO_PERSONAL_NUMBER);

/** The query of a route that takes none. */
const noQuery = z.strictObject({});

/** What a route's requests are read by. */
interface RequestSchemas {
  params: z.ZodType<Record<string, string>>;
  query: z.ZodType<Record<string, unknown>>;
  body: z.ZodType;
}

/** The body of a route that takes none: what clients send who always send JSON is taken for nothing. */
const noBody = z.union([z.undefined(), z.strictObject({})]).transform(() => undefined);

/** Mounts the clinic's table: the same way in for every row, so that none can be left open. */
export function mountClinicRoutes(
  deps: MountDeps,
  routes: ClinicRoute[],
  wrongKeysPerMinute = WRONG_KEYS_PER_MINUTE,
): Router {
  const router = Router();
  const keys = createGuesses(wrongKeysPerMinute);
  for (const { path, routes: ofPath } of byPath(routes)) {
    for (const route of ofPath) {
      const schemas: RequestSchemas = {
        params: paramsSchema(path),
        query: route.query ?? noQuery,
        body: route.body ?? noBody,
      };
      router[route.method](expressPath(path), async (request, response) => {
        const answer = await answerTo(deps, keys, route, schemas, request, response);
        if (!response.headersSent) sendAnswer(response, answer);
      });
    }
    router.all(expressPath(path), wrongMethod(ofPath));
  }
  return router;
}

/** `/meetings/{meetingId}` as Express writes it. */
export const expressPath = (path: string): string => path.replace(/\{(\w+)\}/g, ':$1');

async function answerTo(
  deps: MountDeps,
  keys: Guesses,
  route: ClinicRoute,
  schemas: RequestSchemas,
  request: Request,
  response: Response,
): Promise<Answer> {
  const caller = await identifyCaller(deps.records, request, keys);
  if ('refused' in caller) return caller.refused;
  response.locals.clinicId = caller.clinic.clinicId;

  const unread = wrongContentType(route, request);
  if (unread) return unread;
  const checked = checkedRequest(schemas, request, caller);
  if ('problems' in checked) {
    return problem(400, 'wrong-input', 'Something in the request is wrong.', checked.problems);
  }
  const { meetingId, caseId } = checked.params;
  if (meetingId) noteInLog({ meetingId });
  if (caseId) noteInLog({ caseId });
  const access = await decideAccess(deps, route, checked);
  if ('refused' in access) return access.refused;
  const clinicRequest: ClinicRequest = {
    ...checked,
    read: access.read,
    noteRead: (personIds) => writeAudit(deps, route, checked, personIds),
  };

  const answer =
    typeof route.handle === 'string'
      ? await command(deps, route, route.handle, request, {
          ...clinicRequest,
          receivedAt: receivedAtOf(response),
        })
      : await route.handle(clinicRequest);
  // The first answer to a command is kept in full: who asks again may see less, or more.
  return answer.status >= 400 || access.seesContent || !route.forStatus
    ? answer
    : { ...answer, body: route.forStatus(answer.body as never) };
}

/** A body of another kind than the route takes, which nobody has read. */
function wrongContentType({ body, upload }: ClinicRoute, request: Request): Answer | null {
  if (!body && !upload) return null;
  const needed = upload ? 'multipart/form-data' : 'application/json';
  const hasBody =
    request.get('transfer-encoding') !== undefined || Number(request.get('content-length') ?? 0) > 0;
  if (!hasBody || request.is(needed)) return null;
  const given = request.get('content-type')?.slice(0, 100) ?? 'missing';
  return problem(415, 'unsupported-content-type', `The Content-Type is ${given}; it must be ${needed}.`, [
    { field: '/headers/content-type', reason: 'unsupported', message: `must be ${needed}` },
  ]);
}

/** Every part of the request against its schema; all that is wrong at once. */
function checkedRequest(
  schemas: RequestSchemas,
  request: Request,
  caller: Caller,
): Omit<ClinicRequest, 'noteRead' | 'read'> | { problems: FieldProblem[] } {
  const params = schemas.params.safeParse(request.params, withInput);
  const query = schemas.query.safeParse(request.query, withInput);
  const body = schemas.body.safeParse(request.body, withInput);
  const problems = [
    ...(params.success ? [] : fieldProblems('params', params.error)),
    ...(query.success ? [] : fieldProblems('query', query.error)),
    ...(body.success ? [] : fieldProblems('body', body.error)),
  ];
  if (!params.success || !query.success || !body.success) return { problems };
  return { caller, params: params.data, query: query.data, body: body.data };
}

/** The parameters in a path; each is one of our ids. To be made once for each route, not for each request. */
export function paramsSchema(path: string): z.ZodType<Record<string, string>> {
  const names = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]!);
  return z.strictObject(Object.fromEntries(names.map((name) => [name, id])));
}

/**
 * Stores a command and carries it out; the same key again gets the first answer again (design, decision 6).
 */
async function command(
  deps: MountDeps,
  route: ClinicRoute,
  operation: string,
  request: Request,
  { caller, params, body, read, receivedAt }: ClinicRequest & { receivedAt: Date },
): Promise<Answer> {
  const given = request.get('idempotency-key');
  // What replaces by its nature can do without a key; what makes or moves something cannot.
  if (given === undefined && request.method === 'POST') {
    return problem(400, 'idempotency-key-missing', 'Give an Idempotency-Key, new for each command.', [
      { field: '/headers/idempotency-key', reason: 'missing', message: 'is missing' },
    ]);
  }
  const key = idempotencyKey.safeParse(given ?? randomSecret(), withInput);
  if (!key.success) {
    return problem(
      400,
      'wrong-input',
      'The Idempotency-Key is wrong.',
      fieldProblems('headers', key.error).map((each) => ({ ...each, field: '/headers/idempotency-key' })),
    );
  }
  const { clinicId } = caller.clinic;
  // Judged by when it first comes, never again: a repetition gets the first answer also when its time has
  // passed. The body has passed this row's schema, which gives what the row's check takes.
  const check = route.check as ((body: unknown, now: Date) => FieldProblem[]) | undefined;
  const problems = check?.(body, receivedAt) ?? [];
  if (problems.length > 0 && !(await deps.records.commands.isKnown(clinicId, key.data)))
    return problem(422, 'wrong-input', 'Something in the request is wrong.', problems);
  const input = route.upload ? await route.upload(request, key.data, { caller, params }) : { body };
  if ('refused' in input) return input.refused;
  const answer = await storeAndCarryOut(
    { ...deps, readBefore: read },
    key.data,
    {
      clinicId,
      operation,
      actor: actorOf(caller),
      reason: caller.reason,
      params,
      body: input.body,
    },
    receivedAt,
  );
  switch (answer) {
    case 'under-way':
      return problem(409, 'command-under-way', 'A command with this Idempotency-Key is being carried out.');
    case 'other-content':
      return problem(422, 'idempotency-key-reused', 'This Idempotency-Key came with other content before.', [
        { field: '/headers/idempotency-key', reason: 'reused', message: 'came with other content before' },
      ]);
    default:
      return answer;
  }
}

import express, { Router, type ErrorRequestHandler, type Request, type Response } from 'express';
import type { Logger } from 'pino';
import type { FormRefusal } from '../../../files/form-parser';
import { readPostedForm, type PostedFile } from '../../../files/posted-form';
import { randomId } from '../../../platform/keys/random-id';
import { noteInLog } from '../../../platform/log-context';
import type { Records } from '../../../records';
import type { Clinic } from '../../../records/clinics';
import type { StaffMember } from '../../../records/staff';
import type { StaffSession } from '../../../records/staff-sessions';
import type { Clock } from '../../../rules/clock';
import type { Language } from '../../../rules/notices';
import { deskRoles, type DeskRole } from '../../../rules/staff';
import { heldFiles } from '../../../use-cases/thread/save-upload';
import { decideAccessOf, subjectIdOf, writeAudit } from '../../access';
import { expressPath, paramsSchema } from '../../clinic/mount';
import type { Cookies } from '../../frame/cookies';
import { chosenLanguage, queryOf, switchesLanguage } from '../../frame/language';
import type { PageAnswer, PageContent } from '../../frame/page-content';
import { sendAnswer } from '../../frame/send-answer';
import type { FormGuard } from '../../frame/post-form';
import { fieldsOfEnded, formKeyOf, formOf, readNow, wantsData } from '../../frame/posted';
import { csrfTokenOf, isCsrfToken, isFromOurPages } from '../../frame/same-site';
import { answersMethods, byPath } from '../../methods';
import { whatWentWrong } from '../../problems';
import { reasonOf } from '../../page-command';
import { noteReceipt, receivedAtOf } from '../../received';
import { MOST_FORM_BYTES, MOST_FORM_FIELDS } from '../../patient/frame/form-fields';
import type { Limits } from '../../patient/frame/limits';
import { formRefusalOf, formTroublePage, formTroubleStatus } from '../../patient/frame/trouble';
import { answeredPath, shownTo } from './answered';
import { deskPage } from './layout';
import { keepForm } from './keep-form';
import { DESK_PATH } from './paths';
import { reasonPage, refusalPage, refusalStatus, type DeskRefusal } from './refusals';
import type { DeskRequest, DeskRoute } from './route';
import { deskLoginPage } from '../login/pages';

/** What all pages of the desk need. */
export interface DeskDeps {
  records: Records;
  clock: Clock;
  log: Logger;
  cookies: Cookies;
  limits: Limits;
  publicUrl: string;
  supportPhone: string;
  regionName: string | null;
}

/** A form of the desk's login, or of one whose login has ended. Nothing is packed. */
export const readDeskForm = express.urlencoded({
  extended: false,
  inflate: false,
  limit: '400kb',
  parameterLimit: 1_000,
});

/**
 * A form of one who has logged in. The largest is a clinic's with a hundred questions, filled in by telephone:
 * as large as the same form of the patient's own (R3.1).
 */
const readLargeForm = express.urlencoded({
  extended: false,
  inflate: false,
  limit: MOST_FORM_BYTES,
  parameterLimit: MOST_FORM_FIELDS,
});

/** Who has logged in, and for which clinic they act. */
interface AtDesk {
  secret: string;
  session: StaffSession;
  clinic: Clinic;
  member: StaffMember;
  roles: DeskRole[];
}

/** Mounts the desk's table: the same way in for every row, so that none can be left open. */
export function mountDesk(deps: DeskDeps, routes: DeskRoute[]): Router {
  const router = Router();
  for (const { path, routes: ofPath } of byPath(routes)) {
    for (const route of ofPath) {
      const paramsOf = paramsSchema(path);
      router[route.method](expressPath(path), noteReceipt(deps.clock), (request, response) =>
        answerTo(deps, route, paramsOf, request, response),
      );
    }
    router.all(expressPath(path), (request, response) => {
      if (!answersMethods(request, response, ofPath))
        refuse(deps, request, response, 'not-found', null, { status: 405 });
    });
  }
  router.use(DESK_PATH, (request, response) => refuse(deps, request, response, 'not-found', null));
  router.use(DESK_PATH, deskErrors(deps));
  return router;
}

/** Swedish, but where one has chosen English on this browser. */
export const deskLanguage = (cookies: Cookies, request: Request): Language =>
  chosenLanguage(cookies, request) ?? 'sv';

/** The roles that somebody acts in: those of the login where it carries any, else the record's. */
export const rolesOf = (session: Pick<StaffSession, 'roles'>, member: StaffMember): DeskRole[] =>
  deskRoles.filter((role) => (session.roles ?? member.roles).includes(role));

async function answerTo(
  deps: DeskDeps,
  route: DeskRoute,
  paramsOf: ReturnType<typeof paramsSchema>,
  request: Request,
  response: Response,
): Promise<void> {
  const { cookies, records } = deps;
  if (switchesLanguage(cookies, request, response)) return;
  const at = await whoIsAt(deps, route, request, response);
  if (at === 'answered') return;
  const { secret, session, clinic, member, roles } = at;
  response.locals.clinicId = clinic.clinicId;
  const guard: FormGuard = { csrf: csrfTokenOf(secret), formKey: randomId() };
  const language = deskLanguage(cookies, request);
  const around = { at: { clinic, member, roles }, guard };
  let typed: string | null = null;
  let goOnAt: string | null = null;
  const refused = (refusal: DeskRefusal): void =>
    refuse(deps, request, response, refusal, around, { typed, goOnAt });

  const params = paramsOf.safeParse(request.params);
  if (!params.success) {
    refused('not-found');
    return;
  }
  let posted: Posted = { fields: {}, files: [] };
  if (request.method === 'POST') {
    if (!isFromOurPages(request, new URL(deps.publicUrl).origin)) {
      refused('stale-form');
      return;
    }
    const read = await readPosted(route, request, response, secret, member);
    if ('trouble' in read) {
      tellOfForm(deps, request, response, read.trouble, around);
      return;
    }
    posted = read;
    typed = typedIn(route, read.fields);
    if (!isCsrfToken(read.fields.csrf, secret)) {
      // Such as of a page from before one's last login: who sits here now is who posts it.
      goOnAt = await keepForm(deps, route.keepsForm, read.fields, member);
      refused('stale-form');
      return;
    }
  }
  const { csrf, formKey, ...fields } = posted.fields;
  const body = route.body?.safeParse(fields);
  if (body && !body.success) {
    refused('stale-form');
    return;
  }
  if (roles.length === 0) {
    refused('no-role');
    return;
  }

  const { meetingId, caseId } = params.data;
  if (meetingId) noteInLog({ meetingId });
  if (caseId) noteInLog({ caseId });
  const subjectId = subjectIdOf(params.data);
  const stated = session.reasons.findLast((each) => each.subjectId === subjectId)?.reason ?? null;
  const asked = { params: params.data, body: body?.data };
  const reasonIn = route.reasonIn?.(asked.body) ?? null;
  const access = await decideAccessOf({ records, clock: deps.clock }, route, clinic, asked, (takePart) =>
    roles.map((role) => ({
      clinic,
      staffId: member.staffIds.find((each) => takePart.includes(each)) ?? member.staffIds[0]!,
      role,
      loggedIn: true,
      reason: reasonIn ?? (role === 'operations-manager' ? stated : null),
    })),
  );
  if ('refused' in access) {
    const reason = reasonOf(access.refused) as DeskRefusal;
    if (reason === 'reason-missing' && subjectId !== null && !wantsData(request)) {
      const returnTo = request.method === 'GET' ? request.originalUrl : request.path;
      const page = reasonPage(language, { returnTo, subjectId, guard, tooShort: false, typed });
      sendDesk(deps, request, response, { page, status: 403 }, around);
      return;
    }
    refused(reason);
    return;
  }
  const deskRequest: DeskRequest = {
    caller: access.caller as DeskRequest['caller'],
    member,
    roles,
    clinic,
    language,
    receivedAt: receivedAtOf(response),
    params: params.data,
    query: Object.fromEntries(
      Object.entries(request.query).flatMap(([name, value]) =>
        typeof value === 'string' ? [[name, value]] : [],
      ),
    ),
    body: body?.data,
    guard,
    postedKey: formKeyOf(formKey),
    files: posted.files,
    read: access.read,
    answered: (answerId) => records.answeredPages.read(secret, answerId, deps.clock.now()),
    isLocked: session.lockedAt !== undefined,
    lock: () => records.staffSessions.lock(secret, deps.clock.now()),
    stillAllowed: async () => {
      const [now, known] = await Promise.all([
        records.staffSessions.look(secret, deps.clock.now()),
        records.staff.find(clinic.clinicId, member.memberId),
      ]);
      const holds = now !== null && now.lockedAt === undefined && now.acting?.memberId === member.memberId;
      return holds && known !== null && known.isActive && rolesOf(now, known).length > 0;
    },
    noteRead: (personIds) =>
      writeAudit(
        { records, clock: deps.clock },
        route,
        { caller: access.caller, params: params.data },
        personIds,
      ),
  };
  const answer = await route.handle(deskRequest);
  const isShownElsewhere =
    request.method === 'POST' && 'page' in answer && answer.page.needs === undefined && !wantsData(request);
  if (!isShownElsewhere) {
    sendDesk(deps, request, response, answer, around);
    return;
  }
  // Post, redirect, get: to go back to it, or to reload it, posts nothing once more.
  const answerId = await records.answeredPages.keep(
    secret,
    {
      html: renderDesk(deps, request, answer.page, around),
      status: answer.status ?? 200,
      shownTo: shownTo(deskRequest),
    },
    deps.clock.now(),
  );
  sendDesk(deps, request, response, { redirect: answeredPath(answerId) }, around);
}

/** A form as it was posted. */
interface Posted {
  fields: Record<string, unknown>;
  files: PostedFile[];
}

/** Reads a posted form; one with files only where it is ours, and no more of them than there is room for. */
async function readPosted(
  route: Pick<DeskRoute, 'takesFiles'>,
  request: Request,
  response: Response,
  secret: string,
  { clinicId, memberId }: StaffMember,
): Promise<Posted | { trouble: FormRefusal }> {
  if (!route.takesFiles) {
    await readNow(readLargeForm, request, response);
    return { fields: formOf(request), files: [] };
  }
  const hold = heldFiles.open(JSON.stringify([clinicId, memberId]));
  if (!hold) return { trouble: 'too-much-held' };
  response.once('close', () => hold.release());
  const read = await readPostedForm(request, (csrf) => isCsrfToken(csrf, secret), hold);
  if (!('refused' in read)) return read;
  return read.refused === 'not-ours' ? { fields: {}, files: [] } : { trouble: read.refused };
}

/** What was written at length in a form that may not be taken: nobody writes it twice. */
function typedIn({ typed }: Pick<DeskRoute, 'typed'>, fields: Record<string, unknown>): string | null {
  const text = typed === undefined ? undefined : fields[typed];
  return typeof text === 'string' && text.trim() !== '' ? text : null;
}

/** The same of one whose login has ended meanwhile, or is locked; and where they go on with a form of theirs. */
async function savedAtEnd(
  deps: DeskDeps,
  route: Pick<DeskRoute, 'typed' | 'takesFiles' | 'keepsForm'>,
  request: Request,
  response: Response,
  endedSecret: string | null,
): Promise<{ typed: string | null; goOnAt: string | null }> {
  const nothing = { typed: null, goOnAt: null };
  // Nobody's files are read who has not logged in; whoever never had is shown nothing.
  if (request.method !== 'POST' || route.takesFiles || endedSecret === null) return nothing;
  if (route.typed === undefined && !route.keepsForm) return nothing;
  const { publicUrl, records, clock } = deps;
  const fields = await fieldsOfEnded(readDeskForm, request, response, { publicUrl, endedSecret });
  if (!fields) return nothing;
  const who = route.keepsForm ? await records.staffSessions.ownerOf(endedSecret, clock.now()) : null;
  return { typed: typedIn(route, fields), goOnAt: await keepForm(deps, route.keepsForm, fields, who) };
}

/**
 * Who has logged in and acts for which clinic, as the records have it now: a role that was taken away, or a
 * member who has left, is gone with the next click.
 */
async function whoIsAt(
  deps: DeskDeps,
  route: Pick<DeskRoute, 'unattended' | 'worksLocked' | 'typed' | 'takesFiles' | 'keepsForm'>,
  request: Request,
  response: Response,
): Promise<AtDesk | 'answered'> {
  const { cookies, limits, records, clock } = deps;
  const secret = cookies.read(request, 'desk');
  const session =
    secret === null
      ? null
      : await limits.lookUpSession(request, response, secret, () =>
          route.unattended
            ? records.staffSessions.look(secret, clock.now())
            : records.staffSessions.use(secret, clock.now()),
        );
  if (session === 'answered') return session;
  const isLocked = session?.lockedAt !== undefined && !route.worksLocked;
  if (secret === null || session === null || isLocked) {
    const { typed, goOnAt } = await savedAtEnd(deps, route, request, response, secret);
    const returnTo = goOnAt ?? (request.method === 'GET' ? request.originalUrl : DESK_PATH);
    // By whoever had no patience with its form.
    if (response.headersSent) return 'answered';
    const page = deskLoginPage(deskLanguage(cookies, request), {
      returnTo,
      wasLoggedIn: secret !== null,
      isLocked,
      hasPosted: request.method === 'POST',
      isKept: goOnAt !== null,
      typed,
    });
    const answer = wantsData(request)
      ? { json: { refused: isLocked ? 'locked' : 'login-required' }, status: 401 }
      : { page, status: 401 };
    sendDesk(deps, request, response, answer, null);
    return 'answered';
  }
  const { acting } = session;
  const member = acting && (await records.staff.find(acting.clinicId, acting.memberId));
  if (!member?.isActive || (member.login ?? '') !== session.login) {
    // Nobody is chosen yet, or the one who was has left, or is another's login by now: where one works is
    // chosen anew.
    response.set('Cache-Control', 'no-store').redirect(303, `${DESK_PATH}/clinic`);
    return 'answered';
  }
  const clinic = await records.clinics.byId(member.clinicId);
  return { secret, session, clinic, member, roles: rolesOf(session, member) };
}

type Around = { at: Parameters<typeof deskPage>[1]['at']; guard: FormGuard } | null;

function refuse(
  deps: DeskDeps,
  request: Request,
  response: Response,
  refusal: DeskRefusal,
  around: Around,
  {
    typed = null,
    goOnAt = null,
    status = refusalStatus[refusal],
  }: { typed?: string | null; goOnAt?: string | null; status?: number } = {},
): void {
  const language = deskLanguage(deps.cookies, request);
  const page = refusalPage(language, refusal, `${DESK_PATH}/today`, { typed, goOnAt });
  const answer = wantsData(request) ? { json: { refused: refusal }, status } : { page, status };
  sendDesk(deps, request, response, answer, around);
}

/** Answers one whose form was not read, or not to its end. */
function tellOfForm(
  deps: DeskDeps,
  request: Request,
  response: Response,
  trouble: FormRefusal,
  around: Around,
): void {
  const page = formTroublePage(deskLanguage(deps.cookies, request), trouble, null);
  const answer = wantsData(request) ? { json: { refused: trouble } } : { page };
  // What still comes of it is not waited for.
  if (!request.complete) response.set('Connection', 'close');
  sendDesk(deps, request, response, { ...answer, status: formTroubleStatus[trouble] }, around);
}

/** Sends an answer with the desk's layout around it. */
export function sendDesk(
  deps: Pick<DeskDeps, 'cookies' | 'regionName' | 'supportPhone'>,
  request: Request,
  response: Response,
  answer: PageAnswer,
  around: Around,
): void {
  sendAnswer(response, answer, (page) => renderDesk(deps, request, page, around));
}

/** A page with the desk's layout around it. */
const renderDesk = (
  deps: Pick<DeskDeps, 'cookies' | 'regionName' | 'supportPhone'>,
  request: Request,
  page: PageContent,
  around: Around,
): string =>
  deskPage(page, {
    language: deskLanguage(deps.cookies, request),
    query: request.method === 'POST' ? null : queryOf(request),
    path: request.path,
    region: deps.regionName,
    supportPhone: deps.supportPhone,
    at: around?.at ?? null,
    guard: around?.guard ?? null,
  });

/** What goes wrong on a page of the desk is told on one too. */
function deskErrors(deps: DeskDeps): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    if (response.headersSent) {
      next(error);
      return;
    }
    const { status } = whatWentWrong(deps.log, request, error);
    const trouble = request.method === 'POST' ? formRefusalOf(status) : null;
    if (trouble) {
      tellOfForm(deps, request, response, trouble, null);
      return;
    }
    // What is left below 500 is an address that cannot be read.
    const refusal = status === 503 ? 'away' : status >= 500 ? 'broken' : 'not-found';
    refuse(deps, request, response, refusal, null, { status });
  };
}

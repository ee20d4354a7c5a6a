import express, {
  Router,
  type ErrorRequestHandler,
  type Request,
  type RequestHandler,
  type Response,
} from 'express';
import type { Logger } from 'pino';
import { randomId } from '../../../platform/keys/random-id';
import type { FormRefusal } from '../../../files/form-parser';
import type { Hold } from '../../../files/held-bytes';
import { readPostedForm, type PostedForm } from '../../../files/posted-form';
import type { Records } from '../../../records';
import type { Clinic } from '../../../records/clinics';
import type { Session } from '../../../records/sessions';
import type { Clock } from '../../../rules/clock';
import type { Language } from '../../../rules/notices';
import { withoutInvisible } from '../../../rules/typed';
import { expressPath, paramsSchema } from '../../clinic/mount';
import { heldFiles } from '../../../use-cases/thread/save-upload';
import { answersMethods, byPath, wrongMethod } from '../../methods';
import { noSuchRoute, whatWentWrong } from '../../problems';
import { noteReceipt, receivedAtOf } from '../../received';
import { decidePatientAccess, standingOf, type PageRefusal } from './access';
import { caseStandingOf, decideCaseAccess } from './case-access';
import type { Cookies } from '../../frame/cookies';
import type { PostedFields } from './form-fields';
import { browserLanguage, chosenLanguage, queryOf, switchesLanguage } from '../../frame/language';
import type { Limits } from './limits';
import { sendAnswer } from '../../frame/send-answer';
import { patientPage } from './layout';
import { loginPage } from './login';
import { refusalPage, shownRefusal } from './refusals';
import {
  formRefusalOf,
  formTroublePage,
  formTroubleStatus,
  noSuchPage as noSuchPageContent,
  troublePage,
} from './trouble';
import type { LoggedInRequest, OwnCase, PatientRoute, TakingPart } from './route';
import { MOST_FORM_BYTES, MOST_FORM_FIELDS } from './form-fields';
import { fieldsOfEnded, formKeyOf, formOf, readNow, wantsData } from '../../frame/posted';
import { csrfTokenOf, isCsrfToken, isFromOurPages } from '../../frame/same-site';
import { packTyped } from './typed';
import type { PageAnswer } from '../../frame/page-content';
import type { FormGuard } from '../../frame/post-form';

/** What all patients' pages need. */
export interface PatientDeps {
  records: Records;
  clock: Clock;
  log: Logger;
  cookies: Cookies;
  limits: Limits;
  publicUrl: string;
  supportPhone: string;
  /** The region's name on the band; null where none is set. */
  regionName: string | null;
}

/** Mounts the patients' table: the same way in for every row, so that none can be left open. */
export function mountPatientRoutes(deps: PatientDeps, routes: PatientRoute[]): Router {
  const router = Router();
  for (const { path, routes: ofPath } of byPath(routes)) {
    for (const route of ofPath) {
      const standsOn = pageOfForm(routes, route);
      const paramsOf = paramsSchema(path);
      router[route.method](expressPath(path), noteReceipt(deps.clock), (request, response) => {
        response.locals.freshPage = standsOn?.(request.path) ?? null;
        const held: Hold[] = [];
        return answerTo(deps, route, paramsOf, request, response, held).finally(() => {
          for (const hold of held) hold.release();
        });
      });
    }
    router.all(expressPath(path), wrongMethodOfPage(deps, ofPath));
  }
  return router;
}

/**
 * From the address that a form posts to, the page that it stands on: the same, or the one above; null where
 * that is no page.
 */
function pageOfForm(routes: PatientRoute[], { path }: PatientRoute): ((address: string) => string) | null {
  const isPage = (address: string): boolean =>
    routes.some((each) => each.method === 'get' && each.path === address);
  const above = (address: string): string => address.slice(0, address.lastIndexOf('/'));
  if (isPage(path)) return (address) => address;
  return isPage(above(path)) ? above : null;
}

/**
 * The page to open again, by a request's response: the one that was asked for, or that the posted form stands
 * on; null for none.
 */
const freshPageOf = ({ locals }: Response): string | null =>
  (locals as { freshPage?: string | null }).freshPage ?? null;

/**
 * A form of ours, as browsers post it. The largest is a clinic's with a hundred questions: answers are told
 * to be too long at their question, so they come whole, far beyond what they may have. No browser packs a
 * form, and what is packed could be made a thousand times as large.
 */
const readPatientForm = express.urlencoded({
  extended: false,
  inflate: false,
  limit: MOST_FORM_BYTES,
  parameterLimit: MOST_FORM_FIELDS,
});

/** The same of one who has not logged in: what was typed goes on through the login, and little else. */
export const readLoginForm = express.urlencoded({
  extended: false,
  inflate: false,
  limit: '400kb',
  parameterLimit: 500,
});

async function answerTo(
  deps: PatientDeps,
  route: PatientRoute,
  paramsOf: ReturnType<typeof paramsSchema>,
  request: Request,
  response: Response,
  held: Hold[],
): Promise<void> {
  if (switchesLanguage(deps.cookies, request, response)) return;
  const receivedAt = receivedAtOf(response);
  const secret = deps.cookies.read(request, 'session');
  const { sessions } = deps.records;
  // A cookie that no session has is one that is over, or somebody's guess.
  const session =
    secret === null
      ? null
      : await deps.limits.lookUpSession(request, response, secret, () =>
          route.unattended ? sessions.look(secret, deps.clock.now()) : sessions.use(secret, deps.clock.now()),
        );
  if (session === 'answered') return;
  if (secret === null || session === null) {
    await sendLoginNeeded(deps, route, request, response);
    return;
  }
  const guard: FormGuard = { csrf: csrfTokenOf(secret), formKey: randomId() };
  const chosen = chosenLanguage(deps.cookies, request);
  const show = (
    answer: PageAnswer,
    clinic: Clinic | null,
    language: Language,
    personName = session.name,
  ): void => send(deps, request, response, answer, { language, guard, clinic, personName });
  const refuse = (because: PageRefusal | 'stale-form', clinic: Clinic | null = null): void => {
    const language = chosen ?? browserLanguage(request);
    const refused = shownRefusal(because);
    const status = refused === 'not-yours' ? 404 : 403;
    const of = route.subject === 'case' ? 'case' : 'meeting';
    const page = refusalPage(language, refused, guard, { of, freshPage: freshPageOf(response) });
    // Whose clinic it is tells a stranger too much.
    const at = refused === 'not-yours' ? null : clinic;
    show(wantsData(request) ? { json: { refused }, status } : { page, status }, at, language);
  };

  const params = paramsOf.safeParse(withoutWhatIsStuckOn(request.params));
  if (!params.success) {
    refuse('not-yours');
    return;
  }
  const isOurs = (csrf: unknown): boolean => isCsrfToken(csrf, secret);
  const stillAllowed = async (at = deps.clock.now()): Promise<boolean> => {
    const now = await sessions.look(secret, at);
    return now !== null && isLetIn(deps, route, now, params.data, at);
  };
  const refuseForm = (refusal: FormRefusal): void => {
    const language = chosen ?? browserLanguage(request);
    const answer = formTroubleAnswer(request, response, language, refusal);
    // What still comes of it is not waited for.
    if (!request.complete) response.set('Connection', 'close');
    show(answer, null, language);
  };
  let posted: (Pick<PostedForm, 'files'> & { fields: Record<string, unknown> }) | null = null;
  if (request.method === 'POST') {
    const fromOurs = isFromOurPages(request, new URL(deps.publicUrl).origin);
    if (fromOurs && route.takesFiles) {
      // Nobody's files are read but of those whose place it is; whoever has none hears that below.
      if (await stillAllowed(receivedAt)) {
        const hold = heldFiles.open(session.loginHash);
        if (hold) held.push(hold);
        const read = hold
          ? await readPostedForm(request, isOurs, hold)
          : { refused: 'too-much-held' as const };
        if ('refused' in read && read.refused !== 'not-ours') {
          refuseForm(read.refused);
          return;
        }
        posted = 'refused' in read ? null : read;
      } else posted = { fields: {}, files: [] };
    } else if (fromOurs) {
      await readNow(readPatientForm, request, response);
      if (isOurs(formOf(request).csrf)) posted = { fields: formOf(request), files: [] };
    }
    if (!posted) {
      refuse('stale-form');
      return;
    }
  }

  const access = await decideAccess(deps, route, session, params.data, receivedAt);
  if ('refused' in access) {
    refuse(access.refused, access.clinic);
    return;
  }
  if (posted && !isOurs(posted.fields.csrf)) {
    refuse('stale-form');
    return;
  }

  const { csrf, formKey, ...fields } = posted?.fields ?? {};
  const body = route.body?.safeParse(fields);
  // No length and no number is judged here, but by those who can tell of it: what does not fit was made by no
  // page of ours.
  if (body && !body.success) {
    refuse('stale-form');
    return;
  }
  const loggedIn = {
    session,
    receivedAt,
    language: chosen ?? access.about?.person.language ?? browserLanguage(request),
    params: params.data,
    body: body?.data,
    guard,
    postedKey: formKeyOf(formKey),
    files: posted?.files ?? [],
    stillAllowed: () => stillAllowed(),
  };
  const { about } = access;
  const personName = about?.person.personal.name ?? session.name;
  show(await access.handle(loggedIn), about?.clinic ?? null, loggedIn.language, personName);
}

/**
 * A copied address can have a full stop, a bracket or the next word at its end: each id is found by its
 * alphabet and its length.
 */
const withoutWhatIsStuckOn = (params: Request['params']): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(params).map(([name, value]) => [
      name,
      typeof value === 'string'
        ? (/(?<![\w-])[\w-]{22}(?![\w-])/.exec(withoutInvisible(value))?.[0] ?? value)
        : value,
    ]),
  );

/** What the address is about, and the route's own work on it; or why it is not shown. */
type Access =
  | {
      about: TakingPart | OwnCase | null;
      handle: (loggedIn: LoggedInRequest) => Promise<PageAnswer>;
    }
  | { refused: PageRefusal; clinic: Clinic | null };

async function decideAccess(
  deps: PatientDeps,
  route: PatientRoute,
  session: Session,
  params: Record<string, string>,
  receivedAt: Date,
): Promise<Access> {
  switch (route.subject) {
    case 'self':
      return { about: null, handle: route.handle };
    case 'participant': {
      const access = await decidePatientAccess(deps, route, session, params, receivedAt);
      if ('refused' in access) return access;
      const { taking } = access;
      return { about: taking, handle: (loggedIn) => route.handle({ ...loggedIn, ...taking }) };
    }
    case 'case': {
      const access = await decideCaseAccess(deps, route, session, params, receivedAt);
      if ('refused' in access) return { ...access, clinic: null };
      const { own } = access;
      return { about: own, handle: (loggedIn) => route.handle({ ...loggedIn, ...own }) };
    }
  }
}

/** The same, of which nothing is written down: before a form is read, and while an answer stays open. */
async function isLetIn(
  { records }: PatientDeps,
  route: PatientRoute,
  session: Session,
  { participantId = '', caseParticipantId = '' }: Record<string, string>,
  at: Date,
): Promise<boolean> {
  switch (route.subject) {
    case 'self':
      return true;
    case 'participant': {
      const standing = await standingOf(records, session, participantId, at);
      return standing.kind === 'takes-part' && route.roles.includes(standing.taking.participant.role);
    }
    case 'case':
      return (await caseStandingOf(records, session, caseParticipantId, at)).kind === 'own';
  }
}

/**
 * The page that asks for a login, and after it goes on to where one was, or to where what was posted can be
 * done again.
 */
async function sendLoginNeeded(
  deps: PatientDeps,
  route: PatientRoute,
  request: Request,
  response: Response,
): Promise<void> {
  const language = chosenLanguage(deps.cookies, request) ?? browserLanguage(request);
  const secret = deps.cookies.read(request, 'session');
  const typed = secret === null ? null : await typedIn(deps, route, request, response, secret);
  // By whoever had no patience with its form.
  if (response.headersSent) return;
  const page = loginPage(language, {
    returnTo: freshPageOf(response),
    wasLoggedIn: secret !== null,
    hasPosted: request.method === 'POST',
    typed,
  });
  send(
    deps,
    request,
    response,
    wantsData(request) ? { json: { refused: 'login-required' }, status: 401 } : { page, status: 401 },
    { language, guard: null, clinic: null },
  );
}

/**
 * What was typed on the page of a login that has ended; null for what comes from any other page, and for more
 * than goes through a login.
 */
async function typedIn(
  { publicUrl }: PatientDeps,
  route: PatientRoute,
  request: Request,
  response: Response,
  endedSecret: string,
): Promise<string | null> {
  if (request.method !== 'POST' || route.subject !== 'participant' || !route.savesTyped) return null;
  const posted = await fieldsOfEnded(readLoginForm, request, response, { publicUrl, endedSecret });
  return posted && packTyped(request.path, posted as PostedFields);
}

/** Why a form was not read, for a person or for a page's script. */
function formTroubleAnswer(
  request: Request,
  response: Response,
  language: Language,
  refusal: FormRefusal,
): PageAnswer {
  const status = formTroubleStatus[refusal];
  return wantsData(request)
    ? { json: { refused: refusal }, status }
    : { page: formTroublePage(language, refusal, freshPageOf(response)), status };
}

/** Answers one whose form is not read, before anybody knows whose it is. */
export const tellOfForm =
  (deps: Pick<PatientDeps, 'supportPhone' | 'regionName' | 'cookies'>) =>
  (request: Request, response: Response, refusal: FormRefusal): void => {
    const language = chosenLanguage(deps.cookies, request) ?? browserLanguage(request);
    const answer = formTroubleAnswer(request, response, language, refusal);
    send(deps, request, response, answer, { language, guard: null, clinic: null });
  };

/** Sends an answer with the layout around it. */
export function send(
  deps: Pick<PatientDeps, 'supportPhone' | 'regionName'>,
  request: Request,
  response: Response,
  answer: PageAnswer,
  around: {
    language: Language;
    guard: FormGuard | null;
    clinic: Clinic | null;
    personName?: string | null;
    cannotSwitch?: true;
  },
): void {
  sendAnswer(response, answer, (page) =>
    patientPage(page, {
      language: around.language,
      query: around.cannotSwitch || request.method === 'POST' ? null : queryOf(request),
      region: deps.regionName,
      supportPhone: deps.supportPhone,
      clinic: around.clinic,
      personName: around.personName ?? null,
      guard: around.guard,
    }),
  );
}

/** A page's address, and a method that it has not: a page too, unless a program asks. */
export function wrongMethodOfPage(
  deps: Pick<PatientDeps, 'supportPhone' | 'regionName' | 'cookies'>,
  routes: { method: string }[],
): RequestHandler {
  return (request, response) => {
    if (wantsData(request)) wrongMethod(routes)(request, response);
    else if (!answersMethods(request, response, routes)) sendNoSuchPage(deps, request, response, 405);
  };
}

/**
 * An address that nothing has: a page, for it may have been typed by a patient; a problem where a program
 * asks.
 */
export function noSuchPage(
  deps: Pick<PatientDeps, 'supportPhone' | 'regionName' | 'cookies'>,
  status: 400 | 404 = 404,
  toProgram = noSuchRoute,
): RequestHandler {
  return (request, response, next) => {
    if (wantsData(request)) toProgram(request, response, next);
    else sendNoSuchPage(deps, request, response, status);
  };
}

function sendNoSuchPage(
  deps: Pick<PatientDeps, 'supportPhone' | 'regionName' | 'cookies'>,
  request: Request,
  response: Response,
  status: 400 | 404 | 405,
): void {
  const language = chosenLanguage(deps.cookies, request) ?? browserLanguage(request);
  const page = noSuchPageContent(language);
  send(deps, request, response, { page, status }, { language, guard: null, clinic: null });
}

/** What goes wrong on a patients' page is told on a page too: what to do, and whom to call (R3.5). */
export function patientErrors(
  deps: Pick<PatientDeps, 'supportPhone' | 'regionName' | 'cookies' | 'log'>,
): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    if (response.headersSent) {
      next(error);
      return;
    }
    const { status } = whatWentWrong(deps.log, request, error);
    const language = chosenLanguage(deps.cookies, request) ?? browserLanguage(request);
    const refusal = request.method === 'POST' ? formRefusalOf(status) : null;
    // An address that cannot be read is nobody's fault here.
    if (status === 400 && !refusal && !wantsData(request)) {
      sendNoSuchPage(deps, request, response, 400);
      return;
    }
    const answer: PageAnswer = refusal
      ? formTroubleAnswer(request, response, language, refusal)
      : wantsData(request)
        ? { json: { refused: 'technical-fault' }, status }
        : { page: troublePage(language, status, freshPageOf(response)), status };
    send(deps, request, response, answer, { language, guard: null, clinic: null });
  };
}

import type { Request, RequestHandler, Response } from 'express';
import { z } from 'zod';
import { randomSecret } from '../../../keys/random-id';
import { hashOfCode, type LinkedParticipant } from '../../../records/links';
import { LOGIN_MINUTES, type Login } from '../../../records/logins';
import type { LoggedIn, Session } from '../../../records/sessions';
import { minutesLater, msOf } from '../../../rules/instant';
import type { OpenRoute } from '../../route';
import { browserLanguage, chosenLanguage } from '../language';
import { readPatientForm, send, switchesLanguage, type PatientDeps } from '../mount';
import { setPageHeaders } from '../page-headers';
import { loginPage, landingPage } from '../pages/login';
import { casePath } from '../pages/case';
import { invitationPath } from '../pages/invitation';
import { meetingPath } from '../pages/my-meeting';
import { refusalPage } from '../pages/refusals';
import { patientStylesheet } from '../pages/layout';
import type { PatientAnswer } from '../route';
import { isCsrfToken, isFromOurPages } from '../same-site';
import { patientStyle } from '../style';
import { newLoginSecrets, ProviderUnavailable, type IdentityProvider } from './identity-provider';
import { noteLogin } from './login-evidence';
import { loggedOutPage, loginTroublePage, onwardsTo, type LoginTrouble } from './pages';

export interface LoginDeps extends PatientDeps {
  provider: IdentityProvider;
}

/** Where the provider sends the browser back to, below our public address. */
export const CALLBACK_PATH = '/login/callback';

/** A link leads to its meeting for so long after the booked end; then to the list of one's meetings (ours). */
const LINK_DAYS_AFTER_END = 30;

/** A page of ours to go on to: nothing that leads elsewhere, or holds more than ids. */
const returnTo = z.string().regex(/^\/my(\/[A-Za-z0-9_-]{1,64}){0,5}$/);
const beginBody = z.object({
  returnTo: returnTo.optional().catch(undefined),
  /** State of an earlier login of this browser: the same wish again. */
  again: z.string().max(100).optional().catch(undefined),
});
const logoutBody = z.object({
  csrf: z.string().optional(),
  everywhere: z.literal('yes').optional().catch(undefined),
  again: z.literal('yes').optional().catch(undefined),
});

/** The patients' pages that need no login: the way to it, and out. */
export function loginRoutes(deps: LoginDeps): OpenRoute[] {
  const { records, clock, cookies, limits, provider, log } = deps;
  const languageOf = (request: Request) => chosenLanguage(cookies, request) ?? browserLanguage(request);
  const show = (request: Request, response: Response, answer: PatientAnswer): void =>
    send(deps, request, response, answer, { language: languageOf(request), guard: null, clinic: null });

  const page =
    (make: (request: Request) => PatientAnswer): RequestHandler =>
    (request, response) => {
      if (!switchesLanguage(cookies, request, response)) show(request, response, make(request));
    };
  const trouble = (
    request: Request,
    response: Response,
    what: LoginTrouble,
    status: number,
    again: string | null,
  ): void => {
    if (status === 503) response.set('Retry-After', '5');
    show(request, response, { page: loginTroublePage(languageOf(request), what, again), status });
  };

  /** Begins a login: keeps on our side where it wants to go, and sends the browser on to the provider. */
  async function begin(
    request: Request,
    response: Response,
    wish: Pick<Login, 'codeHash' | 'returnTo'>,
  ): Promise<void> {
    const secrets = newLoginSecrets();
    // One secret for all logins of this browser, so that two tabs do not take it from each other.
    const browser = cookies.read(request, 'login') ?? randomSecret();
    const { state, nonce, codeVerifier } = secrets;
    await records.logins.begin(state, browser, { nonce, codeVerifier, ...wish }, clock.now());
    cookies.write(response, 'login', browser, 2 * LOGIN_MINUTES * 60_000);
    try {
      const url = await provider.begin(secrets, languageOf(request));
      show(request, response, { page: onwardsTo(languageOf(request), url) });
    } catch (error) {
      providerAway(error, request, response, state);
    }
  }

  function providerAway(error: unknown, request: Request, response: Response, state: string): void {
    if (!(error instanceof ProviderUnavailable)) throw error;
    log.warn({ requestId: request.id }, error.message);
    trouble(request, response, 'provider-away', 503, state);
  }

  const onlyFromOurPages: RequestHandler = (request, response, next) => {
    if (isFromOurPages(request, new URL(deps.publicUrl).origin)) next();
    else trouble(request, response, 'failed', 403, null);
  };

  const beginWithLink: RequestHandler = async (request, response) => {
    const code = String(request.params.code);
    await begin(request, response, { codeHash: hashOfCode(code), returnTo: null });
  };

  const beginWithout: RequestHandler = async (request, response) => {
    const { returnTo, again } = beginBody.parse(request.body ?? {});
    const wish = again
      ? await records.logins.wishOf(again, cookies.read(request, 'login'), clock.now())
      : null;
    await begin(request, response, wish ?? { codeHash: null, returnTo: returnTo ?? null });
  };

  const callback: RequestHandler = async (request, response) => {
    const answer = new URL(request.originalUrl, deps.publicUrl).searchParams;
    const state = answer.get('state') ?? '';
    const browser = cookies.read(request, 'login');
    const taken = await records.logins.take(state, browser, clock.now());
    if (taken.kind !== 'ours') {
      const isLoggedIn = await sessionOf(request);
      // The back button, or a reload, after it went well.
      if (taken.kind === 'used' && isLoggedIn) {
        response.redirect(303, '/my');
        return;
      }
      const what = taken.kind === 'other-browser' ? 'other-browser' : 'too-old';
      trouble(request, response, what, 400, taken.kind === 'used' ? state : null);
      return;
    }
    const { login } = taken;
    try {
      const result = await provider.finish(answer, { state, ...login });
      if (result.kind === 'logged-in') {
        await enter(request, response, result.who, login);
        return;
      }
      if (result.kind === 'failed')
        log.warn({ requestId: request.id, reason: result.reason }, 'a login failed');
      trouble(request, response, result.kind, result.kind === 'cancelled' ? 200 : 403, state);
    } catch (error) {
      providerAway(error, request, response, state);
    }
  };

  const sessionOf = async (request: Request): Promise<boolean> => {
    const secret = cookies.read(request, 'session');
    return secret !== null && (await records.sessions.use(secret, clock.now())) !== null;
  };

  /** Gives the browser a session of its own, never one that it came with, and goes on to where the person wanted. */
  async function enter(request: Request, response: Response, who: LoggedIn, login: Login): Promise<void> {
    const before = cookies.read(request, 'session');
    if (before !== null) await records.sessions.end(before);
    const { secret, session } = await records.sessions.start(who, clock.now());
    await noteLogin(deps, session);
    cookies.write(response, 'session', secret);
    const linked = login.codeHash === null ? null : await records.links.find(login.codeHash);
    if (login.codeHash !== null && !linked && !(await limits.linkGuess(request, response))) return;
    const goal = linked ? await goalOf(linked, session) : login.returnTo;
    // A link that leads nowhere now: the list says so, and shows what there is.
    response.redirect(303, goal ?? (login.codeHash === null ? '/my' : '/my/link-ended'));
  }

  /** The page that a link leads to: its meeting, as it is now, or its case; none when the meeting is long over. */
  async function goalOf(linked: LinkedParticipant, { loginHash }: Session): Promise<string | null> {
    if ('caseId' in linked) return casePath(linked.participantId);
    const { meetingId, participantId } = linked;
    const { course, clinicId, participants } = await records.meetings.get(meetingId);
    const until = msOf(minutesLater(course.time.endAt, LINK_DAYS_AFTER_END * 24 * 60));
    if (clock.now().getTime() > until) return null;
    const participant = participants.find((each) => each.participantId === participantId);
    if (participant?.personId !== null) return meetingPath(participantId);
    await records.claims.arrive({ clinicId, meetingId, participantId }, loginHash);
    return invitationPath(participantId);
  }

  const logout: RequestHandler = async (request, response) => {
    const { csrf, everywhere, again } = logoutBody.parse(request.body ?? {});
    const secret = cookies.read(request, 'session');
    const session = secret === null ? null : await records.sessions.use(secret, clock.now());
    if (secret !== null && session !== null) {
      if (!isCsrfToken(csrf, secret)) {
        const language = languageOf(request);
        const guard = { csrf: '', formKey: '' };
        show(request, response, { page: refusalPage(language, 'stale-form', guard), status: 403 });
        return;
      }
      if (everywhere) await records.sessions.endAllOf(session);
      else await records.sessions.end(secret);
    }
    cookies.clear(response, 'session');
    response.redirect(303, again ? '/login' : '/logged-out');
  };

  /** Also on what is no page: a redirect, a refusal. */
  const ownHeaders: RequestHandler = (_request, response, next) => {
    setPageHeaders(response);
    next();
  };
  const anyone = (
    method: 'get' | 'post',
    path: string,
    operation: string,
    summary: string,
    ...handle: RequestHandler[]
  ): OpenRoute => ({
    method,
    path,
    operation,
    summary,
    who: 'anyone',
    handle: [
      ownHeaders,
      ...(method === 'get' ? [limits.openPages] : [limits.logins, readPatientForm, onlyFromOurPages]),
      ...handle,
    ],
  });
  const landing = page((request) => ({ page: landingPage(languageOf(request)) }));
  const start = page((request) => ({
    page: loginPage(languageOf(request), { returnTo: null, wasLoggedIn: false }),
  }));
  const loggedOut = page((request) => ({ page: loggedOutPage(languageOf(request)) }));
  const style: RequestHandler = (_request, response) => {
    response.set('Cache-Control', 'public, max-age=86400').type('css').send(patientStyle);
  };

  return [
    anyone('get', '/m/{code}', 'landing-page', 'Where the link in an SMS leads: to the login', landing),
    anyone(
      'post',
      '/m/{code}',
      'login.begin-with-link',
      'Begins the login of one who has a link',
      beginWithLink,
    ),
    anyone('get', '/login', 'login.start', 'Where one logs in without a link', start),
    anyone('post', '/login', 'login.begin', 'Begins a login', beginWithout),
    anyone(
      'get',
      CALLBACK_PATH,
      'login.answer',
      'What the identity provider answers',
      limits.logins,
      callback,
    ),
    anyone('post', '/logout', 'logout', 'Ends this session, or all of the person’s', logout),
    anyone('get', '/logged-out', 'logged-out', 'Says that one is logged out', loggedOut),
    anyone(
      'get',
      patientStylesheet,
      'patient-stylesheet',
      'What patients’ pages add to the stylesheet',
      style,
    ),
  ];
}

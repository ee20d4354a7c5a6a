import express, { type Request, type RequestHandler, type Response } from 'express';
import { z } from 'zod';
import { randomId } from '../../../platform/keys/random-id';
import { hashOfCode, type LinkedParticipant } from '../../../records/links';
import type { BegunLogin, TypedForm, LoginRequest } from '../../../records/logins';
import type { LoggedIn, Session } from '../../../records/sessions';
import { minutesLater, msOf } from '../../../rules/instant';
import { codesIn } from '../../../integrations/sms/link';
import type { TemporalGateway } from '../../../temporal/gateway';
import type { OpenRoute } from '../../route';
import { aboutPage } from '../about/pages';
import { aboutPages } from '../about/titles';
import { standingOf } from '../frame/access';
import { browserLanguage, chosenLanguage, switchesLanguage } from '../../frame/language';
import { readLoginForm, send, type PatientDeps } from '../frame/mount';
import { withPageHeaders } from '../../frame/page-headers';
import { loginPage, landingPage } from '../frame/login';
import { casePath, meetingPath } from '../frame/paths';
import { invitationPath } from '../meeting/invitation';
import { refusalPage } from '../frame/refusals';
import { readNow } from '../../frame/posted';
import { csrfTokenOf, isCsrfToken, isFromOurPages } from '../../frame/same-site';
import { ownPage, unpackTyped } from '../frame/typed';
import { ProviderUnavailable } from '../../login/oidc';
import { answerOf, beginLogin } from '../../login/way-in';
import type { IdentityProvider } from './identity-provider';
import {
  noteAnother,
  noteBegunLogin,
  noteFailedLogin,
  noteLogin,
  noteLoginCameBack,
  participantIn,
} from './login-evidence';
import { loggedOutPage, loginTroublePage, onwardsTo, typedPage, type LoginTrouble } from './pages';
import type { PageAnswer } from '../../frame/page-content';

export interface LoginDeps extends PatientDeps {
  temporal: Pick<TemporalGateway, 'nudgeMeeting' | 'tellFact'>;
  provider: IdentityProvider;
}

/** Where the provider sends the browser back to, below our public address. */
export const CALLBACK_PATH = '/login/callback';

/**
 * A link leads to its meeting for so long after the booked end; then to the list of one's meetings (ours).
 */
const LINK_DAYS_AFTER_END = 30;

const beginBody = z.object({
  returnTo: ownPage.optional().catch(undefined),
  typed: z.string().optional().catch(undefined),
  /** State of an earlier login of this browser: the same wish again. */
  again: z.string().max(100).optional().catch(undefined),
});
const logoutBody = z.object({
  csrf: z.string().optional(),
  everywhere: z.literal('yes').optional().catch(undefined),
  again: z.literal('yes').optional().catch(undefined),
});

/** The form that logs out has three short fields. */
const readLogoutForm = express.urlencoded({
  extended: false,
  inflate: false,
  limit: '4kb',
  parameterLimit: 20,
});

/** The patients' pages that need no login: the way to it, and out. */
export function loginRoutes(deps: LoginDeps): OpenRoute[] {
  const { records, clock, cookies, limits, provider, log } = deps;
  const languageOf = (request: Request) => chosenLanguage(cookies, request) ?? browserLanguage(request);
  const show = (request: Request, response: Response, answer: PageAnswer): void =>
    send(deps, request, response, answer, { language: languageOf(request), guard: null, clinic: null });

  const page =
    (make: (request: Request) => PageAnswer): RequestHandler =>
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
    const language = languageOf(request);
    const answer = { page: loginTroublePage(language, what, again), status };
    // Its address is the provider's answer, which is taken once.
    send(deps, request, response, answer, { language, guard: null, clinic: null, cannotSwitch: true });
  };

  /** Begins a login: keeps on our side where it wants to go, and sends the browser on to the provider. */
  async function begin(request: Request, response: Response, loginRequest: LoginRequest): Promise<void> {
    const begunAt = clock.now();
    const secrets = await beginLogin(deps, request, response, loginRequest, begunAt);
    // Before the browser goes: whether it comes back nobody knows.
    await noteBegunLogin(deps, loginRequest, begunAt);
    try {
      const url = await provider.begin(secrets, languageOf(request));
      show(request, response, { page: onwardsTo(languageOf(request), url) });
    } catch (error) {
      await providerAway(error, request, response, secrets.state, { ...loginRequest, begunAt });
    }
  }

  async function providerAway(
    error: unknown,
    request: Request,
    response: Response,
    state: string,
    loginRequest: LoginRequest & { begunAt: Date },
  ): Promise<void> {
    if (!(error instanceof ProviderUnavailable)) throw error;
    log.warn({ requestId: request.id }, error.message);
    await noteFailedLogin(deps, loginRequest, loginRequest.begunAt, 'technical-fault');
    trouble(request, response, 'provider-away', 503, state);
  }

  const onlyFromOurPages: RequestHandler = (request, response, next) => {
    if (isFromOurPages(request, new URL(deps.publicUrl).origin)) next();
    else trouble(request, response, 'failed', 403, null);
  };

  const beginWithLink: RequestHandler = async (request, response) => {
    const code = String(request.params.code);
    const codes = codesIn(code);
    // What is no link of ours is looked for again after the login, where guesses are counted.
    const codeHash = (codes.length > 0 ? await records.links.known(codes) : null) ?? hashOfCode(code);
    await begin(request, response, { codeHash, returnTo: null, typed: null });
  };

  const beginWithout: RequestHandler = async (request, response) => {
    const { returnTo = null, typed, again } = beginBody.parse(request.body ?? {});
    const loginRequest = again
      ? await records.logins.loginRequestOf(again, cookies.read(request, 'login'), clock.now())
      : null;
    const asked = { codeHash: null, returnTo, typed: typed === undefined ? null : unpackTyped(typed) };
    await begin(request, response, loginRequest ?? asked);
  };

  const callback: RequestHandler = async (request, response) => {
    const answer = answerOf(request);
    const state = answer.get('state') ?? '';
    const browser = cookies.read(request, 'login');
    const taken = await records.logins.take(state, browser, clock.now());
    if (taken.kind !== 'ours') {
      const session = await sessionOf(request, response);
      if (session === 'answered') return;
      // The back button, or a reload, after it went well.
      if (taken.kind === 'used' && session) {
        response.redirect(303, '/my');
        return;
      }
      if (taken.kind === 'other-browser')
        await noteFailedLogin(deps, taken.loginRequest, taken.begunAt, 'login-required');
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
      await noteFailedLogin(deps, login, login.begunAt, 'login-required');
      trouble(request, response, result.kind, result.kind === 'cancelled' ? 200 : 403, state);
    } catch (error) {
      await providerAway(error, request, response, state, login);
    }
  };

  /** What depends on it would tell whether there is such a session: guesses are counted. */
  const sessionOf = async (request: Request, response: Response): Promise<Session | null | 'answered'> => {
    const secret = cookies.read(request, 'session');
    return secret === null
      ? null
      : limits.lookUpSession(request, response, secret, () => records.sessions.use(secret, clock.now()));
  };

  /**
   * Gives the browser a session of its own, never one that it came with, and goes on to where the person
   * wanted.
   */
  async function enter(
    request: Request,
    response: Response,
    who: LoggedIn,
    login: BegunLogin,
  ): Promise<void> {
    const before = cookies.read(request, 'session');
    if (before !== null) await records.sessions.end(before);
    const { secret, session } = await records.sessions.start(who, clock.now());
    await noteLogin(deps, session);
    cookies.write(response, 'session', secret);
    limits.sessionBegan(secret);
    const { codeHash } = login;
    const linked =
      codeHash === null
        ? null
        : await limits.lookUpLink(request, response, session.loginHash, codeHash, () =>
            records.links.find(codeHash),
          );
    if (linked === 'answered') return;
    if (linked) await noteAnother(deps, session, linked);
    await noteLoginCameBack(deps, login, login.begunAt);
    const goal = linked ? await goalOf(linked, session) : login.returnTo;
    if (login.typed && login.returnTo !== null && (await isOwn(login.typed, session))) {
      const language = languageOf(request);
      const guard = { csrf: csrfTokenOf(secret), formKey: randomId() };
      const page = typedPage(language, login.typed, guard, login.returnTo);
      send(deps, request, response, { page }, { language, guard, clinic: null, cannotSwitch: true });
      return;
    }
    // A link that leads nowhere now: the list says so, and shows what there is.
    response.redirect(303, goal ?? (codeHash === null ? '/my' : '/my/link-ended'));
  }

  /** Whether what was typed is about a meeting of the one who has now logged in: a phone can be shared. */
  async function isOwn({ path }: TypedForm, session: Session): Promise<boolean> {
    const standing = await standingOf(records, session, participantIn(path) ?? '', clock.now());
    return standing.kind === 'takes-part';
  }

  /**
   * The page that a link leads to: its meeting, as it is now, or its case; none when the meeting is long
   * over.
   */
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
    const secret = cookies.read(request, 'session');
    const session = await sessionOf(request, response);
    if (session === 'answered') return;
    await readNow(readLogoutForm, request, response);
    const { csrf, everywhere, again } = logoutBody.parse(request.body ?? {});
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
    handle: [withPageHeaders, ...(method === 'get' ? [limits.openPages] : []), ...handle],
  });

  const landing = page((request) => ({ page: landingPage(languageOf(request)) }));
  const start = page((request) => ({
    page: loginPage(languageOf(request), { returnTo: null, wasLoggedIn: false }),
  }));
  const loggedOut = page((request) => ({ page: loggedOutPage(languageOf(request)) }));
  const facts = {
    clinic: null,
    region: deps.regionName,
    supportPhone: deps.supportPhone,
    host: new URL(deps.publicUrl).host,
  };

  return [
    anyone('get', '/m/{code}', 'landing-page', 'Where the link in an SMS leads: to the login', landing),
    anyone(
      'post',
      '/m/{code}',
      'login.begin-with-link',
      'Begins the login of one who has a link',
      limits.loginsOfOne,
      limits.logins,
      onlyFromOurPages,
      beginWithLink,
    ),
    anyone('get', '/login', 'login.start', 'Where one logs in without a link', start),
    anyone(
      'post',
      '/login',
      'login.begin',
      'Begins a login',
      limits.loginsOfOne,
      limits.logins,
      onlyFromOurPages,
      readLoginForm,
      beginWithout,
    ),
    anyone(
      'get',
      CALLBACK_PATH,
      'login.answer',
      'What the identity provider answers',
      limits.logins,
      callback,
    ),
    anyone(
      'post',
      '/logout',
      'logout',
      'Ends this session, or all of the person’s',
      limits.openPages,
      onlyFromOurPages,
      logout,
    ),
    anyone('get', '/logged-out', 'logged-out', 'Says that one is logged out', loggedOut),
    ...aboutPages.map((which) =>
      anyone(
        'get',
        `/about/${which}`,
        `about.${which}`,
        'About the service: personal data, accessibility, or how to know it (R8.6)',
        page((request) => ({ page: aboutPage(languageOf(request), which, facts) })),
      ),
    ),
  ];
}

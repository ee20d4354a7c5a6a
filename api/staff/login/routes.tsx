import type { Request, RequestHandler, Response } from 'express';
import { z } from 'zod';
import { randomId } from '../../../platform/keys/random-id';
import type { StaffMember } from '../../../records/staff';
import type { ActingMember, StaffLogin, StaffSession } from '../../../records/staff-sessions';
import type { AuditActor } from '../../../records/audit';
import { toInstant } from '../../../rules/instant';
import { id, line } from '../../../use-cases/fields';
import { visibleCount } from '../../../rules/typed';
import { ProviderUnavailable } from '../../login/oidc';
import { answerOf, beginLogin } from '../../login/way-in';
import { readNow } from '../../frame/posted';
import { csrfTokenOf, isCsrfToken, isFromOurPages } from '../../frame/same-site';
import { withPageHeaders } from '../../frame/page-headers';
import { switchesLanguage } from '../../frame/language';
import type { OpenRoute } from '../../route';
import { deskLanguage, readDeskForm, rolesOf, sendDesk, type DeskDeps } from '../frame/mount';
import { lineOf } from '../frame/typed';
import { DESK_PATH, deskPage } from '../frame/paths';
import { reasonPage, refusalPage, refusalStatus, type DeskRefusal } from '../frame/refusals';
import {
  chooseClinicPage,
  deskLoggedOutPage,
  deskLoginPage,
  deskOnwardsPage,
  type DeskLoginTrouble,
} from './pages';
import { DESK_CALLBACK_PATH, type StaffProvider } from './provider';

export interface DeskLoginDeps extends DeskDeps {
  provider: StaffProvider;
}

const TODAY = `${DESK_PATH}/today`;
const returnTo = deskPage.catch(TODAY).transform((page) => (page === DESK_PATH ? TODAY : page));
const beginBody = z.object({ returnTo });
const chooseBody = z.object({ returnTo, memberId: id.nullable().catch(null) });
const reasonBody = z.object({ returnTo, subjectId: id, reason: z.string().max(1_000).catch('') });
const logoutBody = z.object({ everywhere: z.literal('yes').optional().catch(undefined) });
/** Long enough to say something (R8.1), as the header Acting-Reason. */
const statedReason = line(200).refine((text) => visibleCount(text) >= 3);

/** The desk's way in and out: its login, the choice of a clinic, and why something is read. */
export function deskLoginRoutes(deps: DeskLoginDeps): OpenRoute[] {
  const { records, clock, cookies, limits, provider, log } = deps;
  const languageOf = (request: Request) => deskLanguage(cookies, request);
  const show = (
    request: Request,
    response: Response,
    page: ReturnType<typeof deskLoginPage>,
    status = 200,
  ): void => sendDesk(deps, request, response, { page, status }, null);
  const trouble = (
    request: Request,
    response: Response,
    what: DeskLoginTrouble,
    status: number,
    to: string,
  ): void =>
    show(
      request,
      response,
      deskLoginPage(languageOf(request), {
        returnTo: to,
        wasLoggedIn: false,
        hasPosted: false,
        trouble: what,
      }),
      status,
    );
  const refuse = (request: Request, response: Response, refusal: DeskRefusal): void =>
    show(request, response, refusalPage(languageOf(request), refusal, TODAY), refusalStatus[refusal]);

  const note = (
    operation: string,
    actor: AuditActor,
    { clinicId, memberId }: Partial<ActingMember>,
    allowed = true,
  ): Promise<void> =>
    records.audit.write([
      {
        at: toInstant(clock.now()),
        clinicId: clinicId ?? null,
        actor,
        operation,
        subjectId: memberId ?? null,
        personId: null,
        reason: null,
        allowed,
      },
    ]);
  const noteMember = (
    operation: string,
    member: StaffMember,
    session: Pick<StaffSession, 'roles'>,
  ): Promise<void> =>
    note(
      operation,
      {
        kind: 'staff',
        staffId: member.staffIds[0] ?? '',
        role: rolesOf(session, member).join(' '),
        loggedIn: true,
      },
      member,
    );

  const onlyFromOurPages: RequestHandler = (request, response, next) => {
    if (isFromOurPages(request, new URL(deps.publicUrl).origin)) next();
    else refuse(request, response, 'stale-form');
  };

  const begin: RequestHandler = async (request, response) => {
    await readNow(readDeskForm, request, response);
    const { returnTo: to } = beginBody.parse(request.body ?? {});
    const wanted = { codeHash: null, returnTo: to, typed: null };
    const secrets = await beginLogin(deps, request, response, wanted, clock.now());
    try {
      const url = await provider.begin(secrets, languageOf(request));
      show(request, response, deskOnwardsPage(languageOf(request), url));
    } catch (error) {
      providerAway(error, request, response, to);
    }
  };

  function providerAway(error: unknown, request: Request, response: Response, to: string): void {
    if (!(error instanceof ProviderUnavailable)) throw error;
    log.warn({ requestId: request.id }, error.message);
    trouble(request, response, 'provider-away', 503, to);
  }

  const callback: RequestHandler = async (request, response) => {
    const answer = answerOf(request);
    const state = answer.get('state') ?? '';
    const taken = await records.logins.take(state, cookies.read(request, 'login'), clock.now());
    if (taken.kind !== 'ours') {
      // The back button, or a reload, after it went well: the page says what to do if it did not.
      if (taken.kind === 'used') response.redirect(303, TODAY);
      else trouble(request, response, 'too-old', 400, TODAY);
      return;
    }
    const { login } = taken;
    const to = returnTo.parse(login.returnTo ?? '');
    try {
      const result = await provider.finish(answer, { state, ...login });
      if (result.kind === 'logged-in') {
        await enter(request, response, result.who, to);
        return;
      }
      if (result.kind === 'failed')
        log.warn({ requestId: request.id, reason: result.reason }, 'a login to the desk failed');
      await note('staff.log-in', { kind: 'stranger', loginHash: null }, {}, false);
      trouble(request, response, result.kind, result.kind === 'cancelled' ? 200 : 403, to);
    } catch (error) {
      providerAway(error, request, response, to);
    }
  };

  /** Gives the browser a session of its own, never one that it came with. */
  async function enter(request: Request, response: Response, who: StaffLogin, to: string): Promise<void> {
    const before = cookies.read(request, 'desk');
    if (before !== null) await records.staffSessions.end(before);
    const choices = await records.staff.ofLogin(who.login);
    const [only] = choices;
    if (!only) {
      await note('staff.log-in', { kind: 'stranger', loginHash: null }, {}, false);
      refuse(request, response, 'not-staff');
      return;
    }
    const acting = choices.length === 1 ? only : null;
    const secret = await records.staffSessions.start(
      who,
      acting && { clinicId: acting.clinicId, memberId: acting.memberId },
      clock.now(),
    );
    if (acting) await noteMember('staff.log-in', acting, who);
    cookies.write(response, 'desk', secret);
    limits.sessionBegan(secret);
    const choose = `${DESK_PATH}/clinic?to=${encodeURIComponent(to)}`;
    response.redirect(303, acting ? to : choose);
  }

  /** The session of one who has logged in; whoever has none is led to the login. */
  async function sessionOf(
    request: Request,
    response: Response,
  ): Promise<{ secret: string; session: StaffSession } | 'answered'> {
    const secret = cookies.read(request, 'desk');
    const session =
      secret === null
        ? null
        : await limits.lookUpSession(request, response, secret, () =>
            records.staffSessions.use(secret, clock.now()),
          );
    if (session === 'answered') return session;
    if (secret !== null && session !== null) return { secret, session };
    const hasPosted = request.method === 'POST';
    const page = deskLoginPage(languageOf(request), {
      returnTo: TODAY,
      wasLoggedIn: secret !== null,
      hasPosted,
    });
    show(request, response, page, 401);
    return 'answered';
  }

  const withSession =
    (
      handle: (
        request: Request,
        response: Response,
        of: { secret: string; session: StaffSession },
      ) => Promise<void>,
    ): RequestHandler =>
    async (request, response) => {
      const of = await sessionOf(request, response);
      if (of !== 'answered') await handle(request, response, of);
    };
  /** The same for a form, whose fields are read once it is clear whose it is. */
  const withForm = (handle: Parameters<typeof withSession>[0]): RequestHandler =>
    withSession(async (request, response, of) => {
      await readNow(readDeskForm, request, response);
      const { csrf } = (request.body ?? {}) as { csrf?: unknown };
      if (isCsrfToken(csrf, of.secret)) await handle(request, response, of);
      else refuse(request, response, 'stale-form');
    });

  const showClinics = withSession(async (request, response, { secret, session }) => {
    if (switchesLanguage(cookies, request, response)) return;
    const members = await records.staff.ofLogin(session.login);
    if (members.length === 0) {
      refuse(request, response, 'not-staff');
      return;
    }
    const choices = await Promise.all(
      members.map(async (member) => ({ member, clinic: await records.clinics.byId(member.clinicId) })),
    );
    const { to } = request.query;
    const page = chooseClinicPage(languageOf(request), {
      choices,
      guard: { csrf: csrfTokenOf(secret), formKey: randomId() },
      returnTo: returnTo.parse(typeof to === 'string' ? to : ''),
    });
    show(request, response, page);
  });

  const chooseClinic = withForm(async (request, response, { secret, session }) => {
    const { memberId, returnTo: to } = chooseBody.parse(request.body ?? {});
    const member = (await records.staff.ofLogin(session.login)).find((each) => each.memberId === memberId);
    if (!member) {
      refuse(request, response, 'not-found');
      return;
    }
    await records.staffSessions.actAs(secret, { clinicId: member.clinicId, memberId: member.memberId });
    await noteMember('staff.log-in', member, session);
    response.redirect(303, to);
  });

  const stateReason = withForm(async (request, response, { secret }) => {
    const asked = reasonBody.safeParse(request.body ?? {});
    if (!asked.success) {
      refuse(request, response, 'stale-form');
      return;
    }
    const { subjectId, returnTo: to } = asked.data;
    const reason = statedReason.safeParse(lineOf(asked.data.reason));
    if (reason.success) {
      await records.staffSessions.stateReason(secret, subjectId, reason.data);
      response.redirect(303, to);
      return;
    }
    const guard = { csrf: csrfTokenOf(secret), formKey: randomId() };
    const page = reasonPage(languageOf(request), { returnTo: to, subjectId, guard, tooShort: true });
    show(request, response, page, 422);
  });

  const logout = withForm(async (request, response, { secret, session }) => {
    const { everywhere } = logoutBody.parse(request.body ?? {});
    if (everywhere) await records.staffSessions.endAllOf(session.login);
    else await records.staffSessions.end(secret);
    cookies.clear(response, 'desk');
    response.redirect(303, `${DESK_PATH}/logged-out`);
  });

  const page =
    (make: (request: Request) => ReturnType<typeof deskLoginPage>): RequestHandler =>
    (request, response) => {
      if (!switchesLanguage(cookies, request, response)) show(request, response, make(request));
    };
  const anyone = (
    method: 'get' | 'post',
    path: string,
    operation: string,
    summary: string,
    ...handle: RequestHandler[]
  ): OpenRoute => ({
    method,
    path: `${DESK_PATH}${path}`,
    operation,
    summary,
    who: 'anyone',
    handle: [withPageHeaders, limits.openPages, ...(method === 'post' ? [onlyFromOurPages] : []), ...handle],
  });

  return [
    anyone('get', '', 'desk.start', 'The desk', (_request, response) => response.redirect(303, TODAY)),
    anyone(
      'get',
      '/login',
      'desk.login-page',
      'Where staff log in',
      page((request) =>
        deskLoginPage(languageOf(request), { returnTo: TODAY, wasLoggedIn: false, hasPosted: false }),
      ),
    ),
    anyone('post', '/login', 'staff.begin-login', 'Begins a login', limits.loginsOfOne, limits.logins, begin),
    {
      ...anyone('get', '/login/callback', 'staff.login-answer', 'What the staff’s provider answers'),
      path: DESK_CALLBACK_PATH,
      handle: [withPageHeaders, limits.logins, callback],
    },
    anyone('get', '/clinic', 'desk.clinics', 'At which clinic one works now', showClinics),
    anyone('post', '/clinic', 'staff.choose-clinic', 'Chooses the clinic', chooseClinic),
    anyone('post', '/reason', 'staff.state-reason', 'States why care content is read (R8.1)', stateReason),
    anyone('post', '/logout', 'staff.log-out', 'Ends this session, or all of one’s own', logout),
    anyone(
      'get',
      '/logged-out',
      'desk.logged-out',
      'Says that one is logged out',
      page((request) => deskLoggedOutPage(languageOf(request))),
    ),
  ];
}

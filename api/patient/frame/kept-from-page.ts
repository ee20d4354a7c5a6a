import type { Request, RequestHandler } from 'express';
import type { Logger } from 'pino';
import { hashOfCode } from '../../../records/links';
import type { LoginRequest } from '../../../records/logins';
import type { Clock } from '../../../rules/clock';
import type { Cookies } from '../../frame/cookies';
import { noteKeptFromPage, type EvidenceDeps, type KeptFromPage } from '../login/login-evidence';
import { ownPage } from './typed';

/** What is known of a request whose answer was 429 or 5xx: enough to find whose meeting it was for. */
interface Kept extends Pick<KeptFromPage, 'at' | 'why' | 'loginRequests'> {
  /** What tells the same try again. */
  key: string;
  /** Secret of the session's cookie. */
  session: string | null;
  /** State and browser of a login that came back with it. */
  login: { state: string; browser: string } | null;
}

/** Held in memory until they are written; a whole hospital that is kept out is no more than this. */
const MOST_WAITING = 1_000;
/** The database may be away; what is older by then has been found by the probe (R5.6). */
const RETRY_MS = 2_000;
const GIVEN_UP_AFTER_MS = 60 * 60_000;

export interface KeptFromPages {
  /** Looks at each answer of what comes after it. */
  watch: RequestHandler;
  /** Waits until all is written. */
  flush(): Promise<void>;
}

/**
 * Notes whom an answer 429 or 5xx kept from a page of theirs, or from the login: it is a gap in what we know
 * of them, and a sign that they tried (R5.6; design, decision 15). Only the address of a link or a page, or a
 * login, tells who it was; it is written after the answer, once a minute, and tried again while the database
 * is away. What this process cannot write because it ends, the probe finds.
 */
export function createKeptFromPages(
  deps: EvidenceDeps & { cookies: Cookies; log: Pick<Logger, 'warn'> },
): KeptFromPages {
  const { records, clock, cookies, log } = deps;
  const waiting = new Map<string, Kept>();
  let writing: Promise<void> | null = null;
  let isFull = false;

  async function write(kept: Kept): Promise<void> {
    const { at, why, loginRequests, session: secret, login } = kept;
    const begun = login && (await records.logins.loginRequestOf(login.state, login.browser, at));
    const session = secret === null ? null : await records.sessions.look(secret, at);
    await noteKeptFromPage(deps, {
      at,
      why,
      loginRequests: begun ? [...loginRequests, begun] : loginRequests,
      session,
    });
  }

  async function writeAll(): Promise<void> {
    while (waiting.size > 0) {
      const [key, kept] = waiting.entries().next().value!;
      try {
        await write(kept);
        waiting.delete(key);
      } catch (error) {
        // After the others: what cannot be written for a reason of its own holds up nobody.
        waiting.delete(key);
        if (clock.now().getTime() - kept.at.getTime() > GIVEN_UP_AFTER_MS)
          log.warn({ err: error }, 'whom an error kept from a page could not be noted');
        else waiting.set(key, kept);
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS).unref());
      }
    }
    isFull = false;
  }

  function add(kept: Kept): void {
    if (waiting.has(kept.key)) return;
    if (waiting.size >= MOST_WAITING) {
      if (!isFull) log.warn('more people are kept from their pages than can be noted');
      isFull = true;
      return;
    }
    waiting.set(kept.key, kept);
    writing ??= writeAll().finally(() => (writing = null));
  }

  return {
    watch: (request, response, next) => {
      // Mounted below a path, an address is cut: this is the whole one.
      const [path = ''] = request.originalUrl.split('?');
      response.once('finish', () => {
        const { statusCode } = response;
        if (statusCode !== 429 && statusCode < 500) return;
        const why = statusCode === 429 ? 'too-many-requests' : 'technical-fault';
        const kept = keptOf(request, path, cookies, clock, why);
        if (kept) add(kept);
      });
      next();
    },
    flush: async () => {
      await writing;
    },
  };
}

/** Null where nothing in the request can tell whose it was. */
function keptOf(
  request: Request,
  path: string,
  cookies: Cookies,
  clock: Clock,
  why: Kept['why'],
): Kept | null {
  const at = clock.now();
  const code = /^\/m\/([^/]+)$/.exec(path)?.[1] ?? null;
  const loginRequests: Kept['loginRequests'] = [];
  if (code !== null) loginRequests.push({ codeHash: hashOfCode(code), returnTo: null });
  if (path.startsWith('/my/')) loginRequests.push({ codeHash: null, returnTo: path });
  const atTheDoor = participantAtTheDoor(path, request.body);
  if (atTheDoor !== null) loginRequests.push({ codeHash: null, returnTo: atTheDoor });
  const returnTo = path === '/login' ? returnToIn(request.body) : null;
  if (returnTo !== null) loginRequests.push({ codeHash: null, returnTo });
  const session = cookies.read(request, 'session');
  const browser = cookies.read(request, 'login');
  const state = new URLSearchParams(request.originalUrl.split('?')[1]).get('state') ?? againIn(request.body);
  const login = state !== null && browser !== null ? { state, browser } : null;
  if (loginRequests.length === 0 && session === null && login === null) return null;
  const who = [
    ...loginRequests.map(
      (loginRequest: Pick<LoginRequest, 'codeHash' | 'returnTo'>) =>
        loginRequest.codeHash ?? loginRequest.returnTo,
    ),
    session,
  ];
  return {
    at,
    why,
    loginRequests,
    session,
    login,
    key: [at.toISOString().slice(0, 16), why, ...who, state].join(' '),
  };
}

const fieldOf = (body: unknown, name: string): unknown =>
  typeof body === 'object' && body !== null ? (body as Record<string, unknown>)[name] : undefined;

/** The page that a form of the login leads to. */
function returnToIn(body: unknown): string | null {
  const page = ownPage.safeParse(fieldOf(body, 'returnTo'));
  return page.success ? page.data : null;
}

function againIn(body: unknown): string | null {
  const again = fieldOf(body, 'again');
  return typeof again === 'string' ? again : null;
}

/** The page of the one whom staff let in by the clinic's system. */
function participantAtTheDoor(path: string, body: unknown): string | null {
  const participantId = fieldOf(body, 'participantId');
  return /^\/clinic\/meetings\/[^/]+\/entry$/.test(path) && typeof participantId === 'string'
    ? `/my/meetings/${participantId}`
    : null;
}

import { createHash } from 'node:crypto';
import type { Request, RequestHandler, Response } from 'express';
import { rateLimit, type RateLimitRequestHandler } from 'express-rate-limit';
import type { Records } from '../../../records';
import type { LinkedParticipant } from '../../../records/links';
import { randomId } from '../../../platform/keys/random-id';
import type { Clock } from '../../../rules/clock';
import { addressKey } from '../../../platform/client-address';
import { createGuesses } from '../../guesses';
import { noteRefused } from './access';

/**
 * Per minute. By whom it is first: the link, the browser, the person. An address comes far above that: a
 * mobile operator puts a whole town behind one, and a hospital its waiting rooms. An IPv6 address counts by
 * its /56 (facts).
 */
export interface LimitSizes {
  /** Openings of pages that need no login, per address. */
  openPages: number;
  /** Logins that are begun or answered, per address. */
  logins: number;
  /** Logins that are begun with one link, or by one browser. */
  loginsOfOne: number;
  /**
   * Cookies that no session has, per address: those of a whole family or ward that are over are among them.
   */
  sessionGuesses: number;
  /** Links that nobody has, per person: each of them comes after a login. */
  linkGuesses: number;
}

export const limitSizes: LimitSizes = {
  openPages: 12_000,
  logins: 6_000,
  loginsOfOne: 20,
  sessionGuesses: 600,
  linkGuesses: 20,
};

/**
 * Hold off guessing; the windows are kept per process. What is over a limit is written down once for each of
 * them and minute.
 */
export interface Limits {
  openPages: RequestHandler;
  logins: RequestHandler;
  /** For the beginning of a login. */
  loginsOfOne: RequestHandler;
  /**
   * The session of a cookie's secret, null for none; `answered` where there were too many wrong ones, and the
   * request has been answered.
   */
  lookUpSession<Found>(
    request: Request,
    response: Response,
    secret: string,
    lookUp: () => Promise<Found | null>,
  ): Promise<Found | null | 'answered'>;
  /** A session that has begun. */
  sessionBegan(secret: string): void;
  /** Likewise whom a link is for, which a person comes with after a login. */
  lookUpLink(
    request: Request,
    response: Response,
    loginHash: string,
    codeHash: string,
    lookUp: () => Promise<LinkedParticipant | null>,
  ): Promise<LinkedParticipant | null | 'answered'>;
}

/**
 * @param answer shows the page for one who has to wait
 * @param browserOf what tells one browser from another, where it has a cookie of ours
 */
export function createLimits(
  deps: { records: Records; clock: Clock },
  sizes: LimitSizes,
  answer: (request: Request, response: Response) => void,
  browserOf: (request: Request) => string | null,
): Limits {
  const limitOf = (
    operation: string,
    perMinute: number,
    keyOf: (request: Request) => string = addressKey,
  ): RateLimitRequestHandler =>
    rateLimit({
      windowMs: 60_000,
      limit: perMinute,
      standardHeaders: 'draft-8',
      legacyHeaders: false,
      keyGenerator: keyOf,
      handler: (request, response, next) => {
        const { used } = (request as Request & { rateLimit: { used: number } }).rateLimit;
        const noted = used === perMinute + 1 ? note(operation) : Promise.resolve();
        noted.then(() => answer(request, response)).catch(next);
      },
    });
  const note = (operation: string): Promise<void> =>
    noteRefused(deps, { operation }, { loginHash: null }, null);

  const guessesAt = (operation: string, perMinute: number) => {
    const guesses = createGuesses(perMinute);
    async function look<Found>(
      [request, response]: [Request, Response],
      by: string,
      secret: string,
      lookUp: () => Promise<Found | null>,
    ): Promise<Found | null | 'answered'> {
      const tried = await guesses.look(by, secret, lookUp);
      if ('found' in tried) return tried.found;
      if (tried.refused === 'first') await note(operation);
      answer(request, response);
      return 'answered';
    }
    return { look, right: (secret: string): void => guesses.right(secret) };
  };
  const sessions = guessesAt('limit.session-guesses', sizes.sessionGuesses);
  const links = guessesAt('limit.link-guesses', sizes.linkGuesses);
  return {
    openPages: limitOf('limit.open-pages', sizes.openPages),
    logins: limitOf('limit.logins', sizes.logins),
    loginsOfOne: limitOf('limit.logins-of-one', sizes.loginsOfOne, (request) => {
      const { code } = request.params;
      const browser = browserOf(request);
      if (typeof code === 'string') return `link ${hashOf(code)}`;
      // A browser without a cookie of ours is told apart by the address alone, which has its own limit.
      return browser === null ? `request ${randomId()}` : `browser ${hashOf(browser)}`;
    }),
    lookUpSession: (request, response, secret, lookUp) =>
      sessions.look([request, response], addressKey(request), secret, lookUp),
    sessionBegan: sessions.right,
    lookUpLink: (request, response, loginHash, codeHash, lookUp) =>
      links.look([request, response], loginHash, codeHash, lookUp),
  };
}

const hashOf = (text: string): string => createHash('sha256').update(text).digest('base64');

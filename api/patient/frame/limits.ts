import type { Request, RequestHandler, Response } from 'express';
import { rateLimit, type RateLimitRequestHandler } from 'express-rate-limit';
import type { Records } from '../../../records';
import type { Clock } from '../../../rules/clock';
import { noteRefused } from './access';

/** Per address and minute, an IPv6 one by its /56 (facts). */
export interface LimitSizes {
  /** Openings of pages that need no login: a whole hospital can be behind one address. */
  openPages: number;
  /** Logins that are begun or answered; likewise. */
  logins: number;
  /** Cookies that no session has: those of a whole family or ward that are over are among them. */
  sessionGuesses: number;
  /** Links that nobody has, each of them after a login. */
  linkGuesses: number;
}

export const limitSizes: LimitSizes = { openPages: 600, logins: 120, sessionGuesses: 120, linkGuesses: 20 };

/** Hold off guessing; the windows are kept per process. What is over a limit is written down once for each address and minute. */
export interface Limits {
  openPages: RequestHandler;
  logins: RequestHandler;
  /** Counts a wrong cookie; false where it was one too many, and the request has been answered. */
  sessionGuess(request: Request, response: Response): Promise<boolean>;
  /** Counts a link that nobody has, after a login; likewise. */
  linkGuess(request: Request, response: Response): Promise<boolean>;
}

/** @param answer shows the page for one who has to wait */
export function createLimits(
  deps: { records: Records; clock: Clock },
  sizes: LimitSizes,
  answer: (request: Request, response: Response) => void,
): Limits {
  const limitOf = (operation: string, perMinute: number): RateLimitRequestHandler =>
    rateLimit({
      windowMs: 60_000,
      limit: perMinute,
      standardHeaders: 'draft-8',
      legacyHeaders: false,
      handler: (request, response, next) => {
        const { used } = (request as Request & { rateLimit: { used: number } }).rateLimit;
        const noted = used === perMinute + 1 ? note(operation) : Promise.resolve();
        noted.then(() => answer(request, response)).catch(next);
      },
    });
  const note = (operation: string): Promise<void> =>
    noteRefused(deps, { operation }, { loginHash: null }, null);

  /** Counts against a limit; false where it was over and has answered. */
  const countsAgainst =
    (guesses: RateLimitRequestHandler) =>
    (request: Request, response: Response): Promise<boolean> =>
      new Promise((resolve, reject) => {
        response.once('finish', () => resolve(false));
        void guesses(request, response, (error?: unknown) => {
          if (error) reject(error instanceof Error ? error : new Error('the limit failed'));
          else resolve(true);
        });
      });

  return {
    openPages: limitOf('limit.open-pages', sizes.openPages),
    logins: limitOf('limit.logins', sizes.logins),
    sessionGuess: countsAgainst(limitOf('limit.session-guesses', sizes.sessionGuesses)),
    linkGuess: countsAgainst(limitOf('limit.link-guesses', sizes.linkGuesses)),
  };
}

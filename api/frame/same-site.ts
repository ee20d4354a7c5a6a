import { timingSafeEqual } from 'node:crypto';
import type { Request } from 'express';
import { keyedHash } from '../../platform/keys/key-ring';

/**
 * Whether a post comes from a page of ours. Browsers say so in Sec-Fetch-Site; older ones send Origin, which
 * our own policy of no referrer makes `null`. What is left then is the cookie, which other sites' posts do
 * not carry, and the token in the form.
 */
export function isFromOurPages(request: Request, publicOrigin: string): boolean {
  const site = request.get('sec-fetch-site');
  if (site !== undefined) return site === 'same-origin';
  const origin = request.get('origin');
  return origin === undefined || origin === 'null' || origin === publicOrigin;
}

/** The token that the forms of a session carry; derived from its secret, so that nothing more is kept. */
export const csrfTokenOf = (sessionSecret: string): string =>
  keyedHash(Buffer.from(sessionSecret), 'csrf', '').toString('base64url');

/** Compared in constant time. */
export function isCsrfToken(given: unknown, sessionSecret: string): boolean {
  if (typeof given !== 'string') return false;
  const [one, other] = [Buffer.from(given), Buffer.from(csrfTokenOf(sessionSecret))];
  return one.length === other.length && timingSafeEqual(one, other);
}

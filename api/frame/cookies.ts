import type { CookieOptions, Request, Response } from 'express';
import { isHttps } from '../../platform/web-address';

/**
 * The cookies that our pages set; none holds more than a secret or a choice of language. `desk` is the session
 * of a member of staff.
 */
export type CookieName = 'session' | 'desk' | 'login' | 'language';

/**
 * Reads and writes the cookies. Over https they are bound to this very host (`__Host-`); over plain http,
 * which is for one machine alone (config.ts), browsers would refuse that.
 */
export interface Cookies {
  read(request: Request, name: CookieName): string | null;
  /** @param maxAgeMs how long it is kept; without it until the browser is closed */
  write(response: Response, name: CookieName, value: string, maxAgeMs?: number): void;
  clear(response: Response, name: CookieName): void;
}

export function createCookies(publicUrl: string): Cookies {
  const secure = isHttps(publicUrl);
  const nameOf = (name: CookieName): string => `${secure ? '__Host-' : ''}vardmote-${name}`;
  // Lax: the answer of the identity provider comes from another site, and must find the browser that asked.
  const options: CookieOptions = { httpOnly: true, secure, sameSite: 'lax', path: '/' };
  return {
    read(request, name) {
      const start = `${nameOf(name)}=`;
      const found = (request.get('cookie') ?? '').split(/; */).find((part) => part.startsWith(start));
      const value = found?.slice(start.length);
      // What we set is a word; all else is somebody's guess.
      return value && /^[A-Za-z0-9_-]{1,100}$/.test(value) ? value : null;
    },
    write(response, name, value, maxAgeMs) {
      response.cookie(nameOf(name), value, {
        ...options,
        ...(maxAgeMs === undefined ? {} : { maxAge: maxAgeMs }),
      });
    },
    clear(response, name) {
      response.clearCookie(nameOf(name), options);
    },
  };
}

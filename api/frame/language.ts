import type { Request, Response } from 'express';
import { languages, type Language } from '../../rules/notices';
import type { Cookies } from './cookies';

export const isLanguage = (text: unknown): text is Language =>
  (languages as readonly unknown[]).includes(text);

/** The language that the person has chosen on this browser; null for none. */
export function chosenLanguage(cookies: Cookies, request: Request): Language | null {
  const chosen = cookies.read(request, 'language');
  return isLanguage(chosen) ? chosen : null;
}

/** What the browser asks for, where nobody has chosen: Swedish unless it prefers English. */
export const browserLanguage = (request: Request): Language => {
  const preferred = request.acceptsLanguages('sv', 'en');
  return isLanguage(preferred) ? preferred : 'sv';
};

/** The query of an address, without a choice of language. */
export function queryOf({ originalUrl }: Request): URLSearchParams {
  const [, query = ''] = /\?([^#]*)/.exec(originalUrl) ?? [];
  const parts = new URLSearchParams(query);
  parts.delete('language');
  return parts;
}

/**
 * `?language=en` chooses a language on this browser and shows the same page again, without it in its address:
 * what else stands there stays.
 */
export function switchesLanguage(cookies: Cookies, request: Request, response: Response): boolean {
  const { language } = request.query;
  if (!isLanguage(language)) return false;
  const query = queryOf(request).toString();
  cookies.write(response, 'language', language, LANGUAGE_KEPT_MS);
  response
    .set('Cache-Control', 'no-store')
    .redirect(303, [request.path, ...(query === '' ? [] : [query])].join('?'));
  return true;
}
const LANGUAGE_KEPT_MS = 365 * 24 * 3_600_000;

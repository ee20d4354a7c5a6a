import type { Request } from 'express';
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

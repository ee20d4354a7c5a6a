import type { Service } from './service';
import { parseIdentity } from '../../rules/personal-number';

/** Skatteverket's published test numbers, of people who take part in the tests. */
export const testPeople = {
  patient: '198112189876',
  relative: '199001012385',
  stranger: '198107249289',
  guardian: '197101169295',
  child: '201701012393',
} as const;

/** Skatteverket's test co-ordination number: it is a right one, and cannot log in (R7.4). */
export const CO_ORDINATION_NUMBER = '197010632391';

/** A browser of somebody who may have logged in: its cookies, and what it is shown. */
export interface Visitor {
  get(path: string, headers?: Record<string, string>): Promise<Shown>;
  /** Posts fields, or a form that can carry files, as browsers do. */
  post(
    path: string,
    fields?: Record<string, string | string[]> | FormData,
    headers?: Record<string, string>,
  ): Promise<Shown>;
  /** Posts a form that a page holds, filled in with the fields. */
  submit(page: Shown, action: string, fields?: Record<string, string | string[]>): Promise<Shown>;
  cookies: Map<string, string>;
}

export interface Shown {
  path: string;
  status: number;
  headers: Headers;
  text: string;
  /** Where it leads on, if it does. */
  location: string | null;
}

function encoded(fields: Record<string, string | string[]>): URLSearchParams {
  const body = new URLSearchParams();
  for (const [name, value] of Object.entries(fields))
    for (const each of [value].flat()) body.append(name, each);
  return body;
}

/** A browser without any cookies; it follows no redirects by itself. */
export function visitor(baseUrl: string): Visitor {
  const cookies = new Map<string, string>();

  async function call(
    method: string,
    path: string,
    body: URLSearchParams | FormData | null,
    headers: Record<string, string>,
  ) {
    const response = await fetch(new URL(path, baseUrl), {
      method,
      redirect: 'manual',
      headers: {
        accept: 'text/html',
        cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; '),
        ...(body === null ? {} : { 'sec-fetch-site': 'same-origin' }),
        ...(body instanceof URLSearchParams ? { 'content-type': 'application/x-www-form-urlencoded' } : {}),
        ...headers,
      },
      ...(body === null ? {} : { body }),
    });
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (/expires=Thu, 01 Jan 1970/i.test(line)) cookies.delete(name);
      else cookies.set(name, value);
    }
    const shown: Shown = {
      path,
      status: response.status,
      headers: response.headers,
      text: await response.text(),
      location: response.headers.get('location'),
    };
    return shown;
  }

  const browser: Visitor = {
    cookies,
    get: (path, headers = {}) => call('GET', path, null, headers),
    async post(path, fields = {}, headers = {}) {
      const shown = await call('POST', path, fields instanceof FormData ? fields : encoded(fields), headers);
      // A page that the desk answers with stands at an address of its own.
      return shown.location?.startsWith('/desk/answers/') ? call('GET', shown.location, null, {}) : shown;
    },
    submit(page, action, fields = {}) {
      const form = formIn(page, action);
      return browser.post(action, { ...form, ...fields });
    },
  };
  return browser;
}

/** The hidden fields of a form on a page, by the form's address. */
export function formIn(page: Shown, action: string): Record<string, string> {
  const form = [...page.text.matchAll(/<form[^>]*>[^]*?<\/form>/g)]
    .map(([text]) => text)
    .find((text) => (/<form[^>]* action="([^"]*)"/.exec(text)?.[1] ?? page.path) === action);
  if (!form) throw new Error(`no form to ${action} on ${page.path}`);
  return Object.fromEntries(
    [...form.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"/g)].map(([, name, value]) => [
      name!,
      value!.replaceAll('&quot;', '"').replaceAll('&lt;', '<').replaceAll('&amp;', '&'),
    ]),
  );
}

/**
 * A browser in which the person of that number has logged in already, by a session made behind the login's
 * back.
 */
export async function loggedIn(
  service: Service,
  personalNumber: string,
  name = 'Testperson',
): Promise<Visitor> {
  const identity = parseIdentity(personalNumber);
  if (!identity) throw new Error('no personal number');
  const { secret } = await service.records.sessions.start({ identity, name }, service.clock.now());
  const browser = visitor(service.apiUrl);
  browser.cookies.set('vardmote-session', secret);
  return browser;
}

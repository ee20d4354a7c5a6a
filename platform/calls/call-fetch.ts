import { httpCall } from './http-call';

/** What libraries that speak OpenID Connect give to a `fetch` of ours. */
export interface FetchOptions {
  method?: string;
  headers?: Record<string, string> | Headers;
  body?: unknown;
}

/** Metadata, keys, tokens and claims are a few kilobytes. */
const MAX_BODY_BYTES = 262_144;
/** Answers with one of these have no body. */
const NO_BODY = new Set([204, 205, 304]);

/**
 * A `fetch` for libraries that want one, which always ends ({@link httpCall}).
 *
 * @param timeoutMs for a whole exchange
 * @returns throws, as `fetch` does, a TypeError with its cause where there is no answer
 */
export function createCallFetch(
  timeoutMs: number,
): (url: string, options: FetchOptions) => Promise<Response> {
  return async (url, { method = 'GET', headers = {}, body }) => {
    const answer = await httpCall({
      url,
      method: method === 'POST' ? 'POST' : 'GET',
      headers: Object.fromEntries(new Headers(headers)),
      ...(body === undefined || body === null ? {} : { body: textOf(body) }),
      timeoutMs,
      maxBodyBytes: MAX_BODY_BYTES,
    });
    if (answer.kind === 'failed') throw noAnswer(answer.reason);
    const { status, body: text } = answer;
    // A Response can be none of these: nothing has been answered.
    if (status < 200 || status > 599) throw noAnswer(`http-${status}`);
    if (text === null) throw noAnswer('answer-too-large');
    return new Response(NO_BODY.has(status) ? null : text, { status, headers: plain(answer.headers) });
  };
}

const noAnswer = (reason: string): TypeError =>
  new TypeError('no answer', { cause: new Error(`no answer: ${reason}`) });

function textOf(body: unknown): string {
  if (typeof body === 'string') return body;
  if (body instanceof URLSearchParams) return body.toString();
  throw new TypeError('a body is text or a form');
}

function plain(headers: NodeJS.Dict<string | string[]>): Headers {
  const all = new Headers();
  for (const [name, value] of Object.entries(headers)) {
    for (const each of Array.isArray(value) ? value : [value ?? '']) all.append(name, each);
  }
  return all;
}

import * as http from 'node:http';
import * as https from 'node:https';
import type { LookupFunction } from 'node:net';

/** One HTTP request to an outside system. */
export interface HttpCall {
  url: string;
  method: 'GET' | 'POST';
  headers: Record<string, string | number>;
  body?: string;
  /** For the whole exchange, in milliseconds. The call has settled by then, whatever the peer does. */
  timeoutMs: number;
  /** The most of the answer's body that is read; 0 where its status and headers are all we want. */
  maxBodyBytes: number;
  /** A connection of its own each time if absent. */
  agent?: http.Agent;
  /** Finds a name's addresses; the system's own if absent. */
  lookup?: LookupFunction;
}

/** What came of a call. */
export type HttpResult =
  /** `body`: null where it is longer than `maxBodyBytes`. */
  | { kind: 'answered'; status: number; headers: http.IncomingHttpHeaders; body: string | null }
  | {
      kind: 'failed';
      /** A short kebab word, without the error's own words: they can hold addresses. */
      reason: CallFailure;
      /** Any of the request may have reached the peer. Until then surely nothing was done. */
      written: boolean;
      /** What the system said, for whoever knows more of it; never for a log. */
      error: unknown;
    };

export type CallFailure =
  | 'name-lookup-failed'
  | 'connection-refused'
  | 'connection-failed'
  | 'connect-time-out'
  | 'certificate-refused'
  | 'tls-failed'
  | 'connection-closed'
  | 'time-out'
  | 'network-error';

/**
 * The part of the whole time for finding the name, connecting and TLS. So it is clear before the whole time
 * is over that a peer is not there.
 */
const CONNECTING_SHARE = 0.4;
/** But never less than this, in milliseconds. */
const LEAST_CONNECTING_MS = 1_000;
/** An answer's headers are no longer than this. */
const MAX_HEADER_BYTES = 16_384;

/**
 * Makes one HTTP request over a connection of its own. It always ends, with the answer or with a reason. It
 * does not follow redirects.
 *
 * The socket gets nothing of the request before it is connected and, with TLS, the peer's certificate is
 * accepted. So `written` tells "surely not sent" (R2.7), and not which timer was first.
 *
 * A peer that answers `101 Switching Protocols` has answered with status 101, and its connection is closed.
 */
export function httpCall(call: HttpCall): Promise<HttpResult> {
  return new Promise((resolve) => {
    let written = false;
    let settled = false;
    let request: http.ClientRequest | undefined;
    const timers: NodeJS.Timeout[] = [];

    function settle(result: HttpResult): void {
      if (settled) return;
      settled = true;
      for (const timer of timers) clearTimeout(timer);
      resolve(result);
      // However long the answer is, nobody waits for the rest.
      request?.destroy();
    }
    const fail = (reason: CallFailure, error: unknown = null): void =>
      settle({ kind: 'failed', reason, written, error });
    const failBy = (error: unknown): void => fail(reasonOf(error, written), error);

    const isSecure = call.url.startsWith('https:');
    timers.push(
      setTimeout(() => fail('time-out'), call.timeoutMs),
      setTimeout(
        () => {
          if (!written) fail('connect-time-out');
        },
        Math.max(call.timeoutMs * CONNECTING_SHARE, LEAST_CONNECTING_MS),
      ),
    );
    try {
      request = (isSecure ? https : http).request(call.url, {
        method: call.method,
        headers: headersOf(call),
        // An idle connection that the peer is just closing would reset under the request.
        agent: call.agent ?? false,
        maxHeaderSize: MAX_HEADER_BYTES,
        ...(call.lookup ? { lookup: call.lookup } : {}),
      });
    } catch (error) {
      failBy(error);
      return;
    }
    request.on('socket', (socket) => {
      socket.once(isSecure ? 'secureConnect' : 'connect', () => {
        if (settled) return;
        written = true;
        request.end(call.body);
      });
    });
    request.on('error', failBy);
    // It can close without an error and without an answer.
    request.on('close', () => fail('connection-closed'));
    request.on('upgrade', (response, socket) => {
      socket.destroy();
      settle({ kind: 'answered', status: response.statusCode ?? 101, headers: response.headers, body: '' });
    });
    request.on('response', (response) => {
      const { statusCode: status = 0, headers } = response;
      const answered = (body: string | null): void => settle({ kind: 'answered', status, headers, body });
      if (call.maxBodyBytes === 0) {
        answered('');
        return;
      }
      const chunks: Buffer[] = [];
      let size = 0;
      response.on('data', (chunk: Buffer) => {
        size += chunk.length;
        if (size > call.maxBodyBytes) answered(null);
        else chunks.push(chunk);
      });
      response.on('error', failBy);
      response.on('end', () => {
        if (response.complete) answered(Buffer.concat(chunks).toString('utf8'));
        else fail('connection-closed');
      });
    });
  });
}

const headersOf = ({ headers, body }: HttpCall): http.OutgoingHttpHeaders => ({
  ...headers,
  connection: 'close',
  ...(body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }),
});

/** Reads only codes, never the error's words. */
function reasonOf(error: unknown, written: boolean): CallFailure {
  const code = property(error, 'code');
  const syscall = property(error, 'syscall');
  const known = typeof code === 'string' ? code : '';
  if (syscall === 'getaddrinfo' || known === 'ENOTFOUND' || known === 'EAI_AGAIN')
    return 'name-lookup-failed';
  if (known === 'ECONNREFUSED') return 'connection-refused';
  if (/CERT|SIGNED|SIGNATURE/.test(known)) return 'certificate-refused';
  if (/SSL|TLS|EPROTO/.test(known)) return 'tls-failed';
  if (syscall === 'connect') return 'connection-failed';
  if (known === 'ECONNRESET' || known === 'EPIPE') return 'connection-closed';
  return written ? 'network-error' : 'connection-failed';
}

function property(value: unknown, name: string): unknown {
  const own = typeof value === 'object' && value !== null ? (Reflect.get(value, name) as unknown) : undefined;
  if (own !== undefined) return own;
  // Tried on several addresses, the system lists an error for each.
  const errors = value instanceof AggregateError ? (value.errors as unknown[]) : [];
  return errors.length > 0 ? property(errors[0], name) : undefined;
}

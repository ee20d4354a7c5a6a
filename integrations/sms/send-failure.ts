import type { SendResult } from '../../rules/send-result';

type NotAccepted = Exclude<SendResult, { kind: 'accepted' }>;

/** The handshake ended before any request was written: surely not sent, and a matter of set-up on one of the sides. */
const CERTIFICATE_CODES = new Set<unknown>([
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);

const CLOSED_CODES = new Set<unknown>([
  'ECONNRESET',
  'EPIPE',
  'UND_ERR_RES_CONTENT_LENGTH_MISMATCH',
  'UND_ERR_SOCKET',
]);

/**
 * What a failed `fetch` says about whether the SMS was sent (R2.7): surely not, where no connection came about, and
 * unknown in every other case. Reads only codes, never the error's words.
 */
export function sendFailure(error: unknown): NotAccepted {
  if (property(error, 'name') === 'TimeoutError') return { kind: 'uncertain', reason: 'time-out' };
  const cause = causeOf(error);
  const code = property(cause, 'code');
  const syscall = property(cause, 'syscall');
  if (syscall === 'getaddrinfo') return notSent('name-lookup-failed');
  if (code === 'ECONNREFUSED') return notSent('connection-refused');
  if (syscall === 'connect' || code === 'UND_ERR_CONNECT_TIMEOUT') return notSent('connection-failed');
  if (CERTIFICATE_CODES.has(code)) return notSent('certificate-refused');
  return { kind: 'uncertain', reason: CLOSED_CODES.has(code) ? 'connection-closed' : 'network-error' };
}

function notSent(reason: string): NotAccepted {
  return { kind: 'not-sent', reason, retryable: true };
}

/** `fetch` throws a TypeError whose cause is the system's error or, tried on several addresses, has a list of them. */
function causeOf(error: unknown): unknown {
  const cause = property(error, 'cause');
  const errors = property(cause, 'errors');
  return Array.isArray(errors) ? errors[0] : cause;
}

function property(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

import type { SendResult } from '../../rules/send-result';

/** What nodemailer's errors tell in codes; their words may hold addresses and are not read. */
export interface SmtpError {
  /** Nodemailer's own, such as `ESOCKET`. */
  code?: string | undefined;
  /** The system's, such as `ECONNREFUSED`, where there is one. */
  originalCode?: string | undefined;
  /** The mail server's reply, such as 550. */
  responseCode?: number | undefined;
}

/**
 * Replies that are about our session with the mail server, a matter of set-up, and not about this e-mail (RFC
 * 4954, 5321).
 */
const SESSION_REPLIES = new Set([503, 530, 534, 535, 538]);

/**
 * What a failed conversation says about whether the e-mail was sent (R2.7). Until the content begins to go
 * out it surely was not; after that only the mail server's own refusal of the message makes it sure.
 *
 * @param contentBegun - whether any of the content may have gone out
 */
export function sendFailure(error: SmtpError, contentBegun: boolean): SendResult {
  const { code, responseCode = 0 } = error;
  const isReplyToMail = code === 'EENVELOPE' || code === 'EMESSAGE';
  const isRefusal = responseCode >= 400 && responseCode < 600;
  if (contentBegun && !(code === 'EMESSAGE' && isRefusal))
    return { kind: 'uncertain', reason: reasonOf(error) };
  // A 5xx at the greeting or the login refuses us, not this e-mail.
  const isForGood = isReplyToMail && responseCode >= 500 && !SESSION_REPLIES.has(responseCode);
  return { kind: 'not-sent', reason: reasonOf(error), retryable: !isForGood };
}

const reasons: Record<string, string> = {
  EDNS: 'name-lookup-failed',
  ETIMEDOUT: 'time-out',
  ECONNECTION: 'connection-closed',
  EPROTOCOL: 'answer-odd',
  EMESSAGE: 'answer-odd',
  // The system's.
  ECONNREFUSED: 'connection-refused',
  ECONNRESET: 'connection-closed',
  EPIPE: 'connection-closed',
};

function reasonOf({ code = '', originalCode = '', responseCode }: SmtpError): string {
  if (/CERT|SIGNATURE/.test(originalCode)) return 'certificate-refused';
  if (code === 'ETLS' || /SSL|EPROTO/.test(originalCode)) return 'tls-failed';
  if (code === 'EAUTH') return 'login-refused';
  if (responseCode) return `smtp-${responseCode}`;
  return reasons[originalCode] ?? reasons[code] ?? 'network-error';
}

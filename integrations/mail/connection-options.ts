import type SMTPConnection from 'nodemailer/lib/smtp-connection';
import type { MailServer } from './mail-server';

/** How a mail server is reached. */
export function connectionOptions(
  { host, port, tls }: MailServer,
  timeoutMs: number,
): SMTPConnection.Options {
  return {
    host,
    port,
    secure: tls === 'implicit',
    requireTLS: tls === 'starttls',
    ignoreTLS: tls === 'off',
    // Also ends a leave-taking that the mail server does not answer.
    socketTimeout: timeoutMs,
  };
}

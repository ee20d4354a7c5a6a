import SMTPConnection from 'nodemailer/lib/smtp-connection';
import type { MailServer } from './mail-server';
import { sendFailure, type SmtpError } from './send-failure';

/**
 * Greets the mail server, logs in and takes leave; null where it lets us, else why not, as a short kebab
 * word. Sends nothing.
 */
export function whyAway(
  server: MailServer,
  options: SMTPConnection.Options,
  timeoutMs: number,
): Promise<string | null> {
  return new Promise((resolve) => {
    const connection = new SMTPConnection(options);
    const deadline = setTimeout(() => fail({ code: 'ETIMEDOUT' }), timeoutMs);
    function settle(why: string | null): void {
      clearTimeout(deadline);
      resolve(why);
    }
    function fail(error: SmtpError): void {
      const failure = sendFailure(error, false);
      settle(failure.kind === 'accepted' ? null : failure.reason);
      connection.close();
    }
    function takeLeave(): void {
      settle(null);
      connection.quit();
    }
    // Stays for the connection's whole life: without a listener, an error while it takes leave would end the
    // process.
    connection.on('error', fail);
    connection.once('end', () => setImmediate(() => fail({ code: 'ECONNECTION' })));
    connection.connect((error) => {
      if (error) fail(error);
      else if (!server.login) takeLeave();
      else {
        const { user, password } = server.login;
        connection.login({ user, pass: password }, (refusal) => (refusal ? fail(refusal) : takeLeave()));
      }
    });
  });
}

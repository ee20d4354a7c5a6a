import { Readable } from 'node:stream';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import type { SendResult } from '../../rules/send-result';
import { isMailAddress } from '../../rules/mail-address';
import { parseSender } from './addresses';
import { composeMail, type ComposedMail, type Mail } from './compose';
import { connectionOptions } from './connection-options';
import { parseMailServer } from './mail-server';
import { sendFailure, type SmtpError } from './send-failure';
import { whyAway } from './why-away';

export interface Mailer {
  /**
   * Hands over one e-mail, once: no retries of its own. Never throws for what the mail server or the network
   * does.
   */
  send: (mail: Mail) => Promise<SendResult>;
  /**
   * Whether the mail server answers and takes our login; null for yes, else why not. Sends nothing and never
   * throws.
   */
  whyAway: () => Promise<string | null>;
  /** Gives up what is under way. */
  close: () => void;
}

/**
 * Sends e-mail through a mail server, over a connection of its own for each (R2.11). It speaks through nodemailer's connection
 * and not through its transport, which does not tell whether the content had begun to go out when a connection was lost.
 *
 * @param options.url - as {@link parseMailServer} reads it
 * @param options.from - as {@link parseSender} reads it
 * @param options.timeoutMs - for the whole exchange; shorter than the lease of who hands over (design, decision 5)
 * @throws Error if `url` or `from` is none
 */
export function createMailer(options: { url: string; from: string; timeoutMs: number }): Mailer {
  const server = parseMailServer(options.url);
  const sender = parseSender(options.from);
  // Neither is named: errors are logged, and the first one holds a password.
  if (!server || !sender) throw new Error('no mail server, or no sender');
  const connections = new Set<SMTPConnection>();

  function converse(from: string, to: string, { messageId, content }: ComposedMail): Promise<SendResult> {
    return new Promise((resolve) => {
      const connection = new SMTPConnection(connectionOptions(server!, options.timeoutMs));
      connections.add(connection);
      let contentBegun = false;
      const deadline = setTimeout(() => fail({ code: 'ETIMEDOUT' }), options.timeoutMs);

      /** What is settled first counts; after `close` nothing more goes out. */
      function settle(result: SendResult): void {
        clearTimeout(deadline);
        resolve(result);
      }
      function fail(error: SmtpError): void {
        settle(sendFailure(error, contentBegun));
        connection.close();
      }
      // Stays for the connection's whole life: without a listener, an error while it takes leave would end
      // the process.
      connection.on('error', fail);
      connection.once('end', () => {
        connections.delete(connection);
        // Of a connection that ends with an error, the error says more, and may come just after.
        setImmediate(() => fail({ code: 'ECONNECTION' }));
      });

      // Read only when the mail server has answered DATA with its go-ahead.
      const reading = new Readable({
        read() {
          contentBegun = true;
          this.push(content);
          this.push(null);
        },
      });
      function handOver(): void {
        connection.send({ from, to }, reading, (error) => {
          if (error) {
            fail(error);
            return;
          }
          settle({ kind: 'accepted', providerId: messageId, status: 'sent' });
          connection.quit();
        });
      }
      connection.connect((error) => {
        if (error) fail(error);
        else if (!server!.login) handOver();
        else {
          const { user, password } = server!.login;
          connection.login({ user, pass: password }, (refusal) => (refusal ? fail(refusal) : handOver()));
        }
      });
    });
  }

  return {
    async send(mail) {
      if (!isMailAddress(mail.to)) return { kind: 'not-sent', reason: 'address-odd', retryable: false };
      return converse(sender.address, mail.to, await composeMail(mail, sender));
    },
    whyAway: () => whyAway(server, connectionOptions(server, options.timeoutMs), options.timeoutMs),
    close() {
      for (const connection of connections) connection.close();
    },
  };
}

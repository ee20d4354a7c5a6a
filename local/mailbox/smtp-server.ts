import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import PostalMime from 'postal-mime';
import { SMTPServer, type SMTPServerSession } from 'smtp-server';
import type { MailboxStore } from './store';

/** The address that the mail server knows nobody under, so that one can see how that looks. */
export const FAILING_ADDRESS = 'fails@example.com';
/** The address that is not taken for now, however often it is tried. */
export const BUSY_ADDRESS = 'busy@example.com';

/** An e-mail of ours has some thousand bytes. */
const MAX_BYTES = 1_048_576;

export interface SmtpStandIn {
  port: number;
  /** Ends every connection; what is taken is kept. */
  close: () => Promise<void>;
}

/**
 * The local stand-in of a mail server: real SMTP on loopback, without TLS or login. What it takes goes to the
 * store instead of to anybody.
 *
 * @param options.port - 0 for any that is free
 */
export async function startSmtpServer(options: {
  store: MailboxStore;
  port: number;
  now: () => Date;
}): Promise<SmtpStandIn> {
  async function take(content: Buffer, { envelope }: SMTPServerSession): Promise<void> {
    const { from, subject = '', text = '', messageId = '' } = await PostalMime.parse(content);
    const sender = from?.address ?? '';
    for (const { address } of envelope.rcptTo) {
      options.store.save({
        id: `m${randomBytes(16).toString('hex')}`,
        from: from?.name ? `${from.name} <${sender}>` : sender,
        to: address,
        subject,
        text: text.trimEnd(),
        messageId,
        createdAt: options.now().toISOString(),
      });
    }
  }

  const smtp = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    size: MAX_BYTES,
    closeTimeout: 500,
    onRcptTo({ address }, _session, callback) {
      callback(refusalOf(address));
    },
    onData(stream, session, callback) {
      buffer(stream)
        .then((content) => take(content, session))
        .then(
          () => callback(null, 'kept'),
          () => callback(reply(451, 'not kept')),
        );
    },
  });
  // A connection that its other side resets is no matter.
  smtp.on('error', () => undefined);
  const server = smtp.listen(options.port, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    close: () => new Promise((resolve) => smtp.close(resolve)),
  };
}

function refusalOf(address: string): Error | null {
  switch (address.toLowerCase()) {
    case FAILING_ADDRESS:
      return reply(550, 'no such mailbox');
    case BUSY_ADDRESS:
      return reply(451, 'try again later');
    default:
      return null;
  }
}

const reply = (responseCode: number, words: string): Error =>
  Object.assign(new Error(words), { responseCode });

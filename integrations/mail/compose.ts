import { createHash } from 'node:crypto';
import MailComposer from 'nodemailer/lib/mail-composer';
import type { Sender } from './addresses';

/** One notice as e-mail. */
export interface Mail {
  /** One address. */
  to: string;
  subject: string;
  /** Plain text; its line breaks are kept. */
  text: string;
  /** The same for the same notice to the same recipient: it makes the Message-ID. */
  messageKey: string;
}

/** An e-mail as it goes over the wire. */
export interface ComposedMail {
  /** Without its angle brackets. */
  messageId: string;
  content: Buffer;
}

/**
 * Writes an e-mail: plain text in UTF-8, nothing that tracks, and marked as made by a machine (RFC 3834), so
 * that no out-of-office answers it. What could break out of a header is taken out by the composer.
 */
export async function composeMail(mail: Mail, sender: Sender): Promise<ComposedMail> {
  const messageId = messageIdOf(mail.messageKey, sender);
  const composer = new MailComposer({
    // As objects, since a string would be read as a list of addresses.
    from: sender,
    to: { name: '', address: mail.to },
    subject: mail.subject,
    text: mail.text,
    messageId: `<${messageId}>`,
    headers: { 'Auto-Submitted': 'auto-generated' },
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return { messageId, content: await composer.compile().build() };
}

/**
 * The same key gives the same Message-ID, by which a mail server or program can tell a copy; it says nothing
 * of the key.
 */
function messageIdOf(messageKey: string, { address }: Sender): string {
  const hash = createHash('sha256').update(messageKey).digest('hex');
  return `${hash}@${address.slice(address.lastIndexOf('@') + 1)}`;
}

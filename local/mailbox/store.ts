import { z } from 'zod';
import { openMessageFile, type MessageFile } from '../message-file';

const mailSchema = z.object({
  /** The stand-in's own; one e-mail to two addresses has two. */
  id: z.string(),
  /** As a mail program shows it. */
  from: z.string(),
  /** One address. */
  to: z.string(),
  subject: z.string(),
  text: z.string(),
  /** By which a mail program tells a copy. */
  messageId: z.string(),
  /** ISO 8601 in UTC. */
  createdAt: z.iso.datetime(),
});

/** An e-mail that the stand-in mail server has taken. */
export type MailboxMessage = z.infer<typeof mailSchema>;

export type MailboxStore = MessageFile<MailboxMessage>;

/** The stand-in mail server's memory. */
export const openMailboxStore = (options: { file: string; capacity?: number }): MailboxStore =>
  openMessageFile({ ...options, schema: mailSchema });

import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { openMessageFile, type MessageFile } from '../message-file';

const messageSchema = z.object({
  /** As 46elks makes them: an `s` and 32 hexadecimal digits. */
  id: z.string(),
  from: z.string(),
  to: z.string(),
  message: z.string(),
  /** ISO 8601 in UTC. */
  createdAt: z.iso.datetime(),
  status: z.enum(['created', 'sent', 'delivered', 'failed']),
  /** Where delivery reports go, if anywhere. */
  reportUrl: z.string().nullable(),
  /** Whether the sender asked for the text to be kept out of the provider's log (`dontlog=message`). */
  dontlog: z.boolean(),
});

/** An SMS that the stand-in provider has accepted, as it is now. */
export type OutboxMessage = z.infer<typeof messageSchema>;

export interface OutboxStore extends Omit<MessageFile<OutboxMessage>, 'save' | 'get'> {
  /** Keeps a new message, with the status `created`; it is on disk when this returns. */
  accept: (sms: Omit<OutboxMessage, 'id' | 'status'>) => OutboxMessage;
  /** Notes what became of a message; one that is no longer kept is passed over. */
  setStatus: (id: string, status: OutboxMessage['status']) => void;
}

/** The stand-in provider's memory; a message is written again when its status changes. */
export function openOutboxStore(options: { file: string; capacity?: number }): OutboxStore {
  const { save, get, ...kept } = openMessageFile({ ...options, schema: messageSchema });
  return {
    ...kept,
    accept(sms) {
      const message = { ...sms, id: `s${randomBytes(16).toString('hex')}`, status: 'created' as const };
      save(message);
      return message;
    },
    setStatus(id, status) {
      const message = get(id);
      if (message !== undefined) save({ ...message, status });
    },
  };
}

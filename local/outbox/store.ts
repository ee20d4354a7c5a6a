import { randomBytes } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';

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

export interface OutboxStore {
  /** Keeps a new message, with the status `created`; it is on disk when this returns. */
  accept: (sms: Omit<OutboxMessage, 'id' | 'status'>) => OutboxMessage;
  /** Notes what became of a message; one that is no longer kept is passed over. */
  setStatus: (id: string, status: OutboxMessage['status']) => void;
  /** The messages that are kept, oldest first. */
  messages: () => OutboxMessage[];
  /** Calls the listener with every message that is new or has a new status. Returns the end of it. */
  subscribe: (listener: (message: OutboxMessage) => void) => () => void;
  /** Lets go of everything in memory: what arrives later is passed over, and the file can be removed. */
  close: () => void;
}

/**
 * The stand-in provider's memory, in a file of one JSON object a line: a message, and again when its status changes
 * (the last line of an id counts).
 *
 * @param options.file - made, with its folder, if it is not there
 * @param options.capacity - how many messages are kept, the newest
 */
export function openOutboxStore(options: { file: string; capacity?: number }): OutboxStore {
  const { file, capacity = 2_000 } = options;
  const kept = new Map(readMessages(file).map((message) => [message.id, message]));
  const listeners = new Set<(message: OutboxMessage) => void>();
  dropOldest();
  rewrite(file, [...kept.values()]);

  function dropOldest(): void {
    for (const id of kept.keys()) {
      if (kept.size <= capacity) return;
      kept.delete(id);
    }
  }

  function keep(message: OutboxMessage): void {
    appendFileSync(file, toLine(message));
    kept.set(message.id, message);
    dropOldest();
    for (const listener of listeners) listener(message);
  }

  return {
    accept(sms) {
      const message = { ...sms, id: `s${randomBytes(16).toString('hex')}`, status: 'created' as const };
      keep(message);
      return message;
    },
    setStatus(id, status) {
      const message = kept.get(id);
      if (message !== undefined) keep({ ...message, status });
    },
    messages: () => [...kept.values()],
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close() {
      kept.clear();
      listeners.clear();
    },
  };
}

/** Lines that are no message are passed over: the last one is torn if the process died while writing it. */
function readMessages(file: string): OutboxMessage[] {
  if (!existsSync(file)) return [];
  return readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((line) => {
      const message = messageSchema.safeParse(parseJson(line));
      return message.success ? [message.data] : [];
    });
}

/** Writes the file anew, without torn lines and old states; a new file takes its place, so that a crash loses nothing. */
function rewrite(file: string, messages: OutboxMessage[]): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.new`, messages.map(toLine).join(''), { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

function toLine(message: OutboxMessage): string {
  return `${JSON.stringify(message)}\n`;
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { z } from 'zod';

/** What a stand-in keeps of messages, each known by its id. */
export interface MessageFile<Message extends { id: string }> {
  /** Keeps a message, in the place of one with the same id; it is on disk when this returns. */
  save: (message: Message) => void;
  /** undefined for one that is no longer kept. */
  get: (id: string) => Message | undefined;
  /** The messages that are kept, oldest first. */
  messages: () => Message[];
  /** Calls the listener with every message that is new or has changed. Returns the end of it. */
  subscribe: (listener: (message: Message) => void) => () => void;
  /** Lets go of everything in memory: what arrives later is passed over, and the file can be removed. */
  close: () => void;
}

/**
 * A stand-in's memory, in a file of one JSON object a line: a message, and again when it changes (the last
 * line of an id counts).
 *
 * @param options.file - made, with its folder, if it is not there
 * @param options.capacity - how many messages are kept, the newest
 */
export function openMessageFile<Message extends { id: string }>(options: {
  file: string;
  schema: z.ZodType<Message>;
  capacity?: number | undefined;
}): MessageFile<Message> {
  const { file, schema, capacity = 2_000 } = options;
  const kept = new Map(readMessages(file, schema).map((message) => [message.id, message]));
  const listeners = new Set<(message: Message) => void>();
  let isTorn = false;
  dropOldest();
  rewrite(file, [...kept.values()]);

  function dropOldest(): void {
    for (const id of kept.keys()) {
      if (kept.size <= capacity) return;
      kept.delete(id);
    }
  }

  return {
    save(message) {
      // Where a line was written in part, as a full disk leaves it, the next one begins anew.
      const line = `${isTorn ? '\n' : ''}${toLine(message)}`;
      isTorn = true;
      appendFileSync(file, line, { mode: 0o600 });
      isTorn = false;
      kept.set(message.id, message);
      dropOldest();
      for (const listener of listeners) listener(message);
    },
    get: (id) => kept.get(id),
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
function readMessages<Message>(file: string, schema: z.ZodType<Message>): Message[] {
  if (!existsSync(file)) return [];
  return readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((line) => {
      const message = schema.safeParse(parseJson(line));
      return message.success ? [message.data] : [];
    });
}

/**
 * Writes the file anew, without torn lines and old states; a new file takes its place, so that a crash loses
 * nothing.
 */
function rewrite(file: string, messages: unknown[]): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.new`, messages.map(toLine).join(''), { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

function toLine(message: unknown): string {
  return `${JSON.stringify(message)}\n`;
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

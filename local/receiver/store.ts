import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';

const eventSchema = z.object({
  /** What it is kept under: the event's id, or one of its own where the signature did not hold. */
  key: z.string(),
  eventId: z.string(),
  receivedAt: z.iso.datetime(),
  /** As it came; what it says is believed only where the signature held. */
  body: z.string(),
  /** `holds`, or the verifier's own words. */
  signature: z.string(),
  /** How often it has come. */
  times: z.int(),
  /** The status that the receiver answered last; null while it takes its time. */
  answered: z.int().nullable(),
});

/** An event that came to the receiver, as it is now. */
export type ReceivedEvent = z.infer<typeof eventSchema>;

export interface ReceiverStore {
  /** Keeps a new event, or what has become of one. */
  keep(event: ReceivedEvent): void;
  find(key: string): ReceivedEvent | null;
  /** In the order in which they first came. */
  events(): ReceivedEvent[];
  /** Calls the listener at each change. Returns the end of it. */
  subscribe(listener: () => void): () => void;
}

/**
 * The receiver's memory, in a file of one JSON object a line; the last line of a key counts.
 *
 * @param options.file - made, with its folder, if it is not there
 * @param options.capacity - how many events are kept, the newest
 */
export function openReceiverStore(options: { file: string; capacity?: number }): ReceiverStore {
  const { file, capacity = 1_000 } = options;
  const kept = new Map(readEvents(file).map((event) => [event.key, event]));
  const listeners = new Set<() => void>();
  dropOldest();
  rewrite(file, [...kept.values()]);

  function dropOldest(): void {
    for (const key of kept.keys()) {
      if (kept.size <= capacity) return;
      kept.delete(key);
    }
  }

  return {
    keep(event) {
      appendFileSync(file, toLine(event));
      kept.set(event.key, event);
      dropOldest();
      for (const listener of listeners) listener();
    },
    find: (key) => kept.get(key) ?? null,
    events: () => [...kept.values()],
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** Lines that are no event are passed over: the last one is torn if the process died while writing it. */
function readEvents(file: string): ReceivedEvent[] {
  if (!existsSync(file)) return [];
  return readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((line) => {
      const event = eventSchema.safeParse(parseJson(line));
      return event.success ? [event.data] : [];
    });
}

/** Writes the file anew, without torn lines and old states; a new file takes its place, so that a crash loses nothing. */
function rewrite(file: string, events: ReceivedEvent[]): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.new`, events.map(toLine).join(''), { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

const toLine = (event: ReceivedEvent): string => `${JSON.stringify(event)}\n`;

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

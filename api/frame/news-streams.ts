import type { Response } from 'express';

/** Somebody who waits for news of something. */
export interface WaitingForNews {
  /** What the news is of: a case, a clinic's day. */
  subject: string;
  /** Whose streams are counted together: a person, in all browsers. */
  of: string;
  stillAllowed: () => Promise<boolean>;
}

/** The open streams of this process: each tells a page that there is something new, and never what. */
export interface NewsStreams {
  /** A stream that can be sent; null where there are too many, and the page has to ask now and then. */
  open: (waiting: WaitingForNews) => { sendTo: (response: Response) => void } | null;
  /** Ends all of them and opens no more: at a shutdown. Their pages look for another process. */
  endAll: () => void;
}

/** A browser opens six connections to one server: these must leave it some for the pages. */
const MOST_OF_ONE = 4;
const MOST_OF_A_PROCESS = 500;
/** Keeps proxies from closing what is quiet. */
const BEAT_MS = 20_000;
/** After this a page connects anew; a stream that nobody hears from ends. */
const LONGEST_MS = 3_600_000;

interface OpenStream extends WaitingForNews {
  response: Response;
  key: string;
  openedAt: number;
  checkedAt: number;
  beatAt: number;
}

export interface NewsStreamsOptions {
  /** What changes whenever pages of these subjects would show something else: one look for all streams. */
  keysOf: (subjects: string[]) => Promise<Map<string, string>>;
  /** How often it looks. */
  lookMs: number;
  /**
   * How long after a login has ended, or a right at midnight, a quiet stream ends; what is new is told to
   * nobody after it.
   */
  checkMs: number;
}

export function createNewsStreams({ keysOf, lookMs, checkMs }: NewsStreamsOptions): NewsStreams {
  const streams = new Set<OpenStream>();
  let isStopping = false;
  let timer: NodeJS.Timeout | null = null;

  async function look(): Promise<void> {
    const keys = await keysOf([...new Set([...streams].map(({ subject }) => subject))]);
    await Promise.all(
      [...streams].map((stream) => lookAfter(stream, keys.get(stream.subject) ?? stream.key)),
    );
  }

  async function lookAfter(stream: OpenStream, key: string): Promise<void> {
    const now = Date.now();
    const isNew = key !== stream.key;
    if (isNew || now - stream.checkedAt >= checkMs) {
      stream.checkedAt = now;
      if (now - stream.openedAt >= LONGEST_MS || !(await stream.stillAllowed().catch(() => false))) {
        end(stream);
        return;
      }
    }
    if (isNew) tell(stream, key);
    else if (now - stream.beatAt >= BEAT_MS) write(stream, ':\n\n');
  }

  function tell(stream: OpenStream, key: string): void {
    stream.key = key;
    write(stream, `data: ${key}\n\n`);
  }

  function write(stream: OpenStream, text: string): void {
    stream.beatAt = Date.now();
    stream.response.write(text);
  }

  function end(stream: OpenStream): void {
    streams.delete(stream);
    stream.response.end();
  }

  function keepLooking(): void {
    timer ??= setTimeout(() => {
      // Where the database is away for a moment nothing is told; the next look brings it.
      look()
        .catch(() => undefined)
        .finally(() => {
          timer = null;
          if (streams.size > 0) keepLooking();
        });
    }, lookMs).unref();
  }

  return {
    open(waiting) {
      const own = [...streams].filter(({ of }) => of === waiting.of);
      if (isStopping || own.length >= MOST_OF_ONE || streams.size >= MOST_OF_A_PROCESS) return null;
      return {
        sendTo(response) {
          const now = Date.now();
          const stream = { ...waiting, response, key: '', openedAt: now, checkedAt: now, beatAt: now };
          response.set({
            'Content-Type': 'text/event-stream',
            'Cache-Control': 'no-store, no-transform',
            'X-Accel-Buffering': 'no',
          });
          response.flushHeaders();
          response.on('close', () => streams.delete(stream));
          // The first look tells how it stands: what came between the page and this stream is not missed.
          streams.add(stream);
          keepLooking();
        },
      };
    },
    endAll() {
      isStopping = true;
      for (const stream of [...streams]) end(stream);
    },
  };
}

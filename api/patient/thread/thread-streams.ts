import { createHash } from 'node:crypto';
import type { Response } from 'express';
import type { Records } from '../../../records';
import type { CaseState } from '../../../rules/case';

/** Somebody who waits for news of a message case. */
interface Waiting {
  caseId: string;
  /** Whose streams are counted together: the person, in all browsers. */
  loginHash: string;
  stillAllowed: () => Promise<boolean>;
}

/** The open streams of this process: each tells a page that there is something new, and never what. */
export interface ThreadStreams {
  /** A stream that can be sent; null where there are too many, and the page has to ask now and then. */
  open(waiting: Waiting): { sendTo: (response: Response) => void } | null;
  /** Ends all of them and opens no more: at a shutdown. Their pages look for another process. */
  endAll(): void;
}

/** A browser opens six connections to one server: these must leave it some for the pages. */
const MOST_OF_ONE_PERSON = 4;
const MOST_OF_A_PROCESS = 500;
/** One look at the database for all streams. */
const LOOK_MS = 2_000;
/**
 * How long after a login has ended, or a right at midnight, a quiet stream ends; what is new is told to
 * nobody after it.
 */
const CHECK_MS = 10_000;
/** Keeps proxies from closing what is quiet. */
const BEAT_MS = 20_000;
/** After this a page connects anew; a stream that nobody hears from ends. */
const LONGEST_MS = 3_600_000;

interface OpenStream extends Waiting {
  response: Response;
  key: string;
  openedAt: number;
  checkedAt: number;
  beatAt: number;
}

export function createThreadStreams({
  records,
}: {
  records: Pick<Records, 'messages' | 'cases'>;
}): ThreadStreams {
  const streams = new Set<OpenStream>();
  let isStopping = false;
  let timer: NodeJS.Timeout | null = null;

  async function look(): Promise<void> {
    const keys = await caseKeys(records, [...new Set([...streams].map(({ caseId }) => caseId))]);
    await Promise.all([...streams].map((stream) => lookAfter(stream, keys.get(stream.caseId) ?? stream.key)));
  }

  async function lookAfter(stream: OpenStream, key: string): Promise<void> {
    const now = Date.now();
    const isNew = key !== stream.key;
    if (isNew || now - stream.checkedAt >= CHECK_MS) {
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
    }, LOOK_MS).unref();
  }

  return {
    open(waiting) {
      const own = [...streams].filter(({ loginHash }) => loginHash === waiting.loginHash);
      if (isStopping || own.length >= MOST_OF_ONE_PERSON || streams.size >= MOST_OF_A_PROCESS) return null;
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

/** What changes whenever a page of the case would show something else; it tells nothing by itself. */
export async function caseKeys(
  { messages, cases }: Pick<Records, 'messages' | 'cases'>,
  caseIds: string[],
): Promise<Map<string, string>> {
  const [last, states] = await Promise.all([messages.lastOf(caseIds), cases.statesOf(caseIds)]);
  return new Map(caseIds.map((caseId) => [caseId, keyOf(caseId, last.get(caseId) ?? 0, states.get(caseId))]));
}

const keyOf = (caseId: string, last: number, state: CaseState | undefined): string =>
  threadKey(caseId, last, state ?? '');

/** One word for how a thread stands. */
export const threadKey = (...parts: (string | number)[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('base64url').slice(0, 12);

import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Asked } from './checker/evidence';

/** What came of a command in the end. */
export interface Answered extends Asked {
  /** Of the last answer; null where none ever came. */
  body: Record<string, unknown> | null;
}

/**
 * A clinic's system that does not give up: it repeats a command under the same Idempotency-Key until it is
 * done or refused.
 */
export interface ClinicCaller {
  /** What is done once by its key, however often it is sent. */
  command(method: 'POST' | 'PUT', path: string, body: unknown): Promise<Answered>;
  /** What has no key, such as an entry: sent once, and whatever comes of it is as good. */
  tryOnce(path: string, body: unknown): Promise<void>;
}

const ANSWER_WITHIN_MS = 6_000;
const AGAIN_AFTER_MS = 400;

/** @param until when it does give up */
export function createClinicCaller(options: {
  apiUrl: string;
  apiKey: string;
  until: () => Date;
}): ClinicCaller {
  async function send(method: string, path: string, body: unknown, key: string): Promise<Response> {
    return fetch(`${options.apiUrl}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${options.apiKey}`,
        'acting-staff': 'faults',
        'acting-role': 'operations-manager',
        'idempotency-key': key,
        'content-type': 'application/json',
      },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    });
  }

  return {
    async command(method, path, body) {
      const key = randomUUID();
      const sentAt = new Date().toISOString();
      while (new Date() < options.until()) {
        const answered = await send(method, path, body, key).then(finalAnswer, () => null);
        if (answered) return { sentAt, answeredAt: new Date().toISOString(), ...answered };
        await pause(AGAIN_AFTER_MS);
      }
      return { sentAt, answeredAt: null, answer: null, body: null };
    },
    async tryOnce(path, body) {
      const response = await send('POST', path, body, randomUUID()).catch(() => null);
      await response?.body?.cancel().catch(() => undefined);
    },
  };
}

/** Done or refused; null where the same command is to be sent again. */
async function finalAnswer(response: Response): Promise<Pick<Answered, 'answer' | 'body'> | null> {
  const text = await response.text();
  const body = (text === '' ? {} : JSON.parse(text)) as Record<string, unknown>;
  if (response.ok) return { answer: 'done', body };
  const comesAgain =
    response.status >= 500 || response.status === 429 || String(body.type).endsWith(':command-under-way');
  return comesAgain ? null : { answer: 'refused', body };
}

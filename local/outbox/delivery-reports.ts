import { toElksTime } from './elks-time';
import type { OutboxMessage, OutboxStore } from './store';

/** The fictitious number (of PTS's range for use in fiction) to which every SMS fails, so that one can see how that looks. */
export const FAILING_NUMBER = '+46701740699';

/** A phone takes a moment. */
const ARRIVES_AFTER_MS = 700;

/** 46elks tries a report at least five times over at least six hours; the first retry is soon, for who is watching. */
const RETRIES_AFTER_MS = [1_000, 30_000, 5 * 60_000, 60 * 60_000, 5 * 60 * 60_000];

const REPORT_TIMEOUT_MS = 10_000;

export interface DeliveryReports {
  /** Lets the message arrive (or fail) in a moment, and reports that to its report URL until it is taken. */
  follow: (message: OutboxMessage) => void;
}

/** Plays the part of the phone network. What is under way is forgotten at a restart, and holds no process alive. */
export function createDeliveryReports(options: {
  store: OutboxStore;
  now: () => Date;
  fetch: typeof fetch;
}): DeliveryReports {
  const { store, now } = options;

  async function report(url: string, form: Record<string, string>, attempt: number): Promise<void> {
    if (await isTaken(url, form)) return;
    const retryAfterMs = RETRIES_AFTER_MS[attempt];
    if (retryAfterMs !== undefined) later(retryAfterMs, () => void report(url, form, attempt + 1));
  }

  async function isTaken(url: string, form: Record<string, string>): Promise<boolean> {
    try {
      const response = await options.fetch(url, {
        method: 'POST',
        body: new URLSearchParams(form),
        redirect: 'manual',
        signal: AbortSignal.timeout(REPORT_TIMEOUT_MS),
      });
      response.body?.cancel().catch(() => undefined);
      return response.status >= 200 && response.status <= 204;
    } catch {
      return false;
    }
  }

  function arrive({ id, to, reportUrl }: OutboxMessage): void {
    const status = to === FAILING_NUMBER ? 'failed' : 'delivered';
    store.setStatus(id, status);
    if (reportUrl === null) return;
    void report(
      reportUrl,
      { id, status, ...(status === 'delivered' && { delivered: toElksTime(now()) }) },
      0,
    );
  }

  return { follow: (message) => later(ARRIVES_AFTER_MS, () => arrive(message)) };
}

function later(ms: number, action: () => void): void {
  setTimeout(action, ms).unref();
}

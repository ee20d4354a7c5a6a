import { toElksTime } from '../../integrations/sms/elks-time';
import type { FaultAt } from './faults';
import type { OutboxMessage, OutboxStore } from './store';

/**
 * The fictitious number (of PTS's range for use in fiction) to which every SMS fails, so that one can see how
 * that looks.
 */
export const FAILING_NUMBER = '+46701740699';

/** A phone takes a moment. */
const ARRIVES_AFTER_MS = 700;

/**
 * 46elks tries a report at least five times over at least six hours; the first retry is soon, for who is
 * watching.
 */
const RETRIES_AFTER_MS = [1_000, 30_000, 5 * 60_000, 60 * 60_000, 5 * 60 * 60_000];

const REPORT_TIMEOUT_MS = 10_000;

type ReportFault = FaultAt<'report'>;
type Reported = 'sent' | 'delivered' | 'failed';

export interface DeliveryReports {
  /**
   * Lets the message arrive (or fail) in a moment, and reports that to its report URL until it is taken.
   *
   * @param fault - what goes wrong with it
   * @returns once the POST may be answered: at once, unless the report is to come before that
   */
  follow: (message: OutboxMessage, fault: ReportFault | null) => Promise<void>;
}

/**
 * Plays the part of the phone network. What is under way is forgotten at a restart, and holds no process
 * alive.
 */
export function createDeliveryReports(options: {
  store: OutboxStore;
  now: () => Date;
  fetch: typeof fetch;
}): DeliveryReports {
  const { store, now } = options;

  /** Once it was taken or refused for the first time; the retries come by themselves. */
  async function report(url: string, form: Record<string, string>, attempt = 0): Promise<void> {
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

  async function arrive({ id, to, reportUrl }: OutboxMessage, fault: ReportFault | null): Promise<void> {
    const status = to === FAILING_NUMBER || fault?.fault === 'report-failed' ? 'failed' : 'delivered';
    store.setStatus(id, status);
    if (reportUrl === null) return;
    for (const reported of reportsOf(status, fault)) {
      await report(reportUrl, {
        id,
        status: reported,
        ...(reported === 'delivered' && { delivered: toElksTime(now()) }),
      });
    }
  }

  return {
    async follow(message, fault) {
      if (fault?.fault === 'report-before-answer') await arrive(message, fault);
      else later(arrivesAfterMs(fault), () => void arrive(message, fault));
    },
  };
}

/** What is reported, one after the other. */
function reportsOf(status: Reported, fault: ReportFault | null): Reported[] {
  switch (fault?.fault) {
    case 'report-lost':
      return [];
    case 'report-repeated':
      return Array.from({ length: fault.times }, () => status);
    case 'report-out-of-order':
      return [status, 'sent'];
    case 'report-late':
    case 'report-before-answer':
    case 'report-failed':
    case undefined:
      return [status];
  }
}

const arrivesAfterMs = (fault: ReportFault | null): number =>
  fault?.fault === 'report-late' ? fault.delayMs : ARRIVES_AFTER_MS;

function later(ms: number, action: () => void): void {
  setTimeout(action, ms).unref();
}

import type { ClientSession } from 'mongoose';
import type { ClinicSettings } from '../../records/clinics';
import type { LedgerRow } from '../../records/ledger';
import type { NotHandedOver } from '../../rules/ledger';
import { CAP_WINDOW_MS, caps, overCap, type OverCap } from '../../rules/sms-caps';
import type { ActivityDeps } from '../deps';

/** An SMS that would go now. */
export interface SmsNow {
  clinicId: string;
  settings: Pick<ClinicSettings, 'smsPerNumberPerDay' | 'smsPerDay'>;
  number: string;
  now: Date;
}

/** The caps on SMS, as one process sees them. */
export interface SmsCaps {
  /**
   * The cap that one more SMS would exceed now, or null; inside the transaction that takes its row. The
   * number's is exact. The clinic's and the account's are counted once a second, with what this process has
   * taken since.
   */
  over(sms: SmsNow, session: ClientSession): Promise<OverCap | null>;
  /** The row of an SMS of the clinic is taken. */
  taken(clinicId: string): void;
  /** It was surely not sent, and does not count. */
  notSent(clinicId: string): void;
}

/** So long a count of a clinic, or of the account, holds. */
const COUNT_HOLDS_MS = 1_000;
/**
 * So near its cap a number is locked, for one transaction at a time. Further away those of several people who
 * share a number may run side by side: fewer than this do.
 */
const LOCK_WITHIN = 10;

interface Count {
  at: number;
  most: number;
  counted: Promise<number>;
  /** What this process has taken since it was begun. */
  taken: number;
}

export function createSmsCaps({
  records: { ledger },
  smsPerDay,
}: Pick<ActivityDeps, 'records' | 'smsPerDay'>): SmsCaps {
  /** By clinic, and null for the account. */
  const counts = new Map<string | null, Count>();

  async function ofNumber({ clinicId, settings, number, now }: SmsNow, session: ClientSession) {
    const to = { clinicId, number };
    const sent = await ledger.sentToNumber(since(now), to, session);
    const left = settings.smsPerNumberPerDay - sent;
    // Another transaction of the same time writes it too, so that one of us begins again and counts the
    // other.
    if (left > 0 && left <= LOCK_WITHIN) await ledger.lockNumber(number, session);
    return sent;
  }

  async function ofAll(clinicId: string | null, most: number, now: Date): Promise<number> {
    let count = counts.get(clinicId);
    const age = count ? now.getTime() - count.at : 0;
    if (!count || count.most !== most || age < 0 || age >= COUNT_HOLDS_MS) {
      count = { at: now.getTime(), most, counted: ledger.sentSince(since(now), clinicId, most), taken: 0 };
      counts.set(clinicId, count);
      // A count that failed is made anew by the next.
      count.counted.catch(() => counts.delete(clinicId));
    }
    return (await count.counted) + count.taken;
  }

  function count(clinicId: string, more: 1 | -1): void {
    for (const each of [clinicId, null]) {
      const known = counts.get(each);
      if (known) known.taken = Math.max(0, known.taken + more);
    }
  }

  return {
    async over(sms, session) {
      const most = {
        number: sms.settings.smsPerNumberPerDay,
        clinic: sms.settings.smsPerDay,
        account: smsPerDay,
      };
      const sent = {
        number: await ofNumber(sms, session),
        clinic: await ofAll(sms.clinicId, most.clinic, sms.now),
        account: await ofAll(null, most.account, sms.now),
      };
      return overCap(sent, most);
    },
    taken: (clinicId) => count(clinicId, 1),
    notSent: (clinicId) => count(clinicId, -1),
  };
}

const since = (now: Date): Date => new Date(now.getTime() - CAP_WINDOW_MS);

/**
 * Tells whoever runs the service that a cap stopped an SMS: a loop that runs away shows as many of these. All
 * its ids are opaque.
 */
export function warnOfCap(
  log: ActivityDeps['log'],
  { rowId, clinicId }: LedgerRow,
  { reason }: NotHandedOver,
): void {
  if (caps.some((cap) => reason === `over-cap-${cap}`)) {
    log.warn({ rowId, clinicId, reason }, 'an SMS over a cap is not sent');
  }
}

import type { ClientSession } from 'mongoose';
import type { ClinicSettings } from '../../records/clinics';
import type { LedgerRow } from '../../records/ledger';
import type { NotHandedOver } from '../../rules/ledger';
import { CAP_WINDOW_MS, caps, overCap, type OverCap } from '../../rules/sms-caps';
import type { ActivityDeps } from '../deps';

/** The cap that one more SMS to the number would exceed now, or null. */
export async function overCapNow(
  { records, smsPerDay }: Pick<ActivityDeps, 'records' | 'smsPerDay'>,
  {
    row: { clinicId },
    settings,
    number,
    now,
  }: { row: LedgerRow; settings: ClinicSettings; number: string; now: Date },
  session?: ClientSession,
): Promise<OverCap | null> {
  const most = { number: settings.smsPerNumberPerDay, clinic: settings.smsPerDay, account: smsPerDay };
  const since = new Date(now.getTime() - CAP_WINDOW_MS);
  return overCap(await records.ledger.sentSince(since, { clinicId, number }, most, session), most);
}

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

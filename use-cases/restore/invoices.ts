import { isDeepStrictEqual } from 'node:util';
import { saveInvoice } from '../read-models/meeting-and-invoice';
import { isUnsettled } from '../../rules/invoice';
import type { ChargeSnapshot } from '../../workflows/invoice/messages';
import type { CommandDeps } from '../command';

/**
 * Brings the invoices of a meeting and their workflows together. It saves the state that the workflow has
 * come to since. If the record is ahead of the workflow, it starts the workflow again, since each run begins
 * with its record. So a basis that billing has had never goes there again (R5.8).
 */
export async function compareInvoices(
  { records, temporal, clock }: CommandDeps,
  meetingId: string,
): Promise<{ caughtUp: boolean; started: boolean }> {
  const { clinicId, course } = await records.meetings.get(meetingId);
  const compared = { caughtUp: false, started: false };
  for (let startVersion = 1; startVersion <= course.time.startVersion; startVersion += 1) {
    // Read before its workflow, which is never behind it but after a restore.
    const record = (await records.charges.find(meetingId, startVersion))?.course ?? null;
    const found = await temporal.chargeIfAny(meetingId, startVersion);
    const charge = found?.charge ?? null;
    if (charge && charge.version > (record?.version ?? -1)) {
      await saveInvoice(records, charge, clock.now());
      compared.caughtUp = true;
    } else if (record && mustStart(record, charge, found?.isRunning ?? false)) {
      await temporal.startInvoicesAgain({ clinicId, meetingId, startVersion });
      compared.started = true;
    }
  }
  return compared;
}

/**
 * Whether the workflow of invoices is to begin again with what their record says, which is as new as the
 * workflow's or newer.
 */
function mustStart(record: ChargeSnapshot, charge: ChargeSnapshot | null, isRunning: boolean): boolean {
  const last = record.invoices.at(-1);
  if (!isRunning) return last !== undefined && isUnsettled(last.state);
  // It is reading the record this moment, or has another state under the same version.
  return charge !== null && !isDeepStrictEqual(record, charge);
}

import type { Instant } from '../../rules/instant';
import type { ChargeSnapshot, Proposal } from './messages';

/** The finding that nothing is charged, as a workflow would leave it that had nothing to wait for. */
export function nothingToCharge(
  { meetingId, startVersion }: { meetingId: string; startVersion: number },
  { invoiceId, basis, cause, decision, feeCode, amountOre }: Proposal,
  at: Instant,
): ChargeSnapshot {
  const state = 'nothing-to-charge';
  return {
    meetingId,
    startVersion,
    version: 1,
    basis,
    invoices: [
      {
        invoiceId,
        state,
        cause,
        decision,
        feeCode,
        amountOre,
        proposedAt: at,
        letThroughAt: null,
        objected: false,
        handedOverAt: null,
      },
    ],
    next: null,
    steps: [{ at, invoiceId, what: state, reason: cause, commandId: null }],
  };
}

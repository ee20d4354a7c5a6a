import type { BillingFacts } from '../../rules/events';
import type { Invoice } from '../../workflows/invoice/messages';
import type { Meeting } from '../../records/meetings';

/**
 * The billing basis of an invoice that has been handed over. It has what the clinic's billing needs, by ids
 * that billing knows (R5.8, R8.3).
 * @throws for one that cannot have been handed over: without an amount, a payer, or anything to charge
 */
export function billingFacts(meeting: Meeting, startVersion: number, invoice: Invoice): BillingFacts {
  const { invoiceId, decision, feeCode, amountOre } = invoice;
  const { kind, payer, because } = decision;
  const visitAt = meeting.times.find((time) => time.startVersion === startVersion)?.startAt;
  if (kind === 'none' || amountOre === null || payer === null || payer === 'staff-decides' || !visitAt) {
    throw new Error('an invoice was handed over that lacks what billing needs');
  }
  return {
    invoiceId,
    meetingId: meeting.meetingId,
    startVersion,
    reference: meeting.reference,
    patientId: meeting.patientId,
    kind,
    feeCode,
    amountOre,
    currency: 'SEK',
    payer,
    visitAt,
    because,
  };
}

import type { ChargeSnapshot, ChargeStep, Invoice } from '../../workflows/invoice/messages';
import type { ClinicEvent, EventBody } from '../../rules/events';
import { billingFacts } from './billing-facts';
import type { Meeting } from '../../records/meetings';

/** What the clinic's system and its billing hear of the steps of an invoice (R5.8; design, decision 11). */
export function chargeEvents(
  meeting: Meeting,
  charge: ChargeSnapshot,
  newSteps: ChargeStep[],
): ClinicEvent[] {
  const first = charge.steps.length - newSteps.length;
  return newSteps.flatMap((step, index): ClinicEvent[] => {
    const invoice = charge.invoices.find(({ invoiceId }) => invoiceId === step.invoiceId);
    const event = invoice && eventOf(meeting, charge, invoice, step);
    const eventId = `${charge.meetingId}:${charge.startVersion}:invoice:${first + index}`;
    return event ? [{ eventId, at: step.at, ...event }] : [];
  });
}

function eventOf(
  meeting: Meeting,
  { meetingId, startVersion }: ChargeSnapshot,
  invoice: Invoice,
  { what, reason }: ChargeStep,
): EventBody | null {
  const { invoiceId, decision, amountOre } = invoice;
  if (decision.kind === 'none') return null;
  const { kind } = decision;
  const because = reason === null ? {} : { reason };
  const data = { invoiceId, meetingId, startVersion, state: what, kind, amountOre, ...because };
  switch (what) {
    case 'handed-over':
      return { type: 'billing.basis', data: billingFacts(meeting, startVersion, invoice) };
    case 'crediting':
      return { type: 'billing.credit', data: billingFacts(meeting, startVersion, invoice) };
    case 'proposed':
    case 'withdrawn':
    case 'waived':
    case 'issued':
    case 'refused':
    case 'credited':
    case 'objected':
      return { type: `invoice.${what}`, data };
    case 'objected-after-issue':
      return { type: 'invoice.objected', data };
    case 'nothing-to-charge':
    case 'held':
    case 'credit-refused':
    case 'billing-silent':
      return null;
  }
}

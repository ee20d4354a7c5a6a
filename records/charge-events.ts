import type { ChargeSnapshot, ChargeStep, Invoice } from '../workflows/invoice/messages';
import type { NewEvent } from './events';
import type { Meeting } from './meetings';

/** What the clinic's system and its billing hear of the steps of an invoice (R5.8; design, decision 11). */
export function chargeEvents(meeting: Meeting, charge: ChargeSnapshot, newSteps: ChargeStep[]): NewEvent[] {
  const first = charge.steps.length - newSteps.length;
  return newSteps.flatMap((step, index): NewEvent[] => {
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
): Pick<NewEvent, 'type' | 'data'> | null {
  const { invoiceId, decision, amountOre } = invoice;
  const data = { invoiceId, meetingId, startVersion, state: what, kind: decision.kind, amountOre, reason };
  switch (what) {
    case 'handed-over':
      return { type: 'billing.basis', data: billingData(meeting, startVersion, invoice) };
    case 'crediting':
      return { type: 'billing.credit', data: billingData(meeting, startVersion, invoice) };
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
    case 'credit-refused':
    case 'billing-silent':
      return null;
  }
}

/** The billing basis: what the clinic's billing needs, by ids that it knows (R5.8, R8.3). */
function billingData(meeting: Meeting, startVersion: number, invoice: Invoice): Record<string, unknown> {
  const { invoiceId, decision, feeCode, amountOre } = invoice;
  return {
    invoiceId,
    meetingId: meeting.meetingId,
    startVersion,
    reference: meeting.reference,
    patientId: meeting.patientId,
    kind: decision.kind,
    feeCode,
    amountOre,
    currency: 'SEK',
    payer: decision.payer,
    visitAt: meeting.times.find((time) => time.startVersion === startVersion)?.startAt,
    because: decision.because,
  };
}

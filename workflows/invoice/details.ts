import { ABOUT_UTC, utc } from '../shared/utc';
import type { ChargeSnapshot, Invoice } from './messages';

/**
 * The text for the Temporal Web UI about the invoices of one start time, in markdown. It says what can be
 * done. It has opaque ids, amounts and states only.
 */
export function chargeDetails({ invoices, steps, next }: ChargeSnapshot): string {
  return [
    ABOUT_UTC,
    '',
    '**Invoices**',
    ...invoices.map(invoiceLine),
    ...(next ? [`- waits for the clinic's billing, then: ${next.cause}`] : []),
    '',
    '**So far**',
    ...steps.map(({ at, what, reason }) => `- ${utc(at)} ${what}${reason ? ` (\`${reason}\`)` : ''}`),
  ].join('\n');
}

function invoiceLine(invoice: Invoice): string {
  const { state, cause, decision, amountOre } = invoice;
  const why = decision.because.map(({ rule, reason }) => `${rule} ${reason}`).join(', ');
  const amount = decision.kind === 'none' ? '' : `, ${decision.kind} ${amountOre ?? 'without an amount'} öre`;
  const waits = waitsFor(invoice);
  return `- **${state}**: ${cause}${amount} (${why})${waits ? ` → _${waits}_` : ''}`;
}

/** What it waits for and what can be done, or null. */
function waitsFor({ state, letThroughAt, amountOre }: Invoice): string | null {
  switch (state) {
    case 'proposed':
      if (letThroughAt !== null)
        return `goes out ${utc(letThroughAt)}, unless staff waive it or the patient objects`;
      return amountOre === null
        ? 'the fee table has no amount for that day: staff mend it and approve'
        : 'staff approve it, or waive it';
    case 'handed-over':
      return 'the clinic’s billing accepts or refuses it';
    case 'crediting':
      return 'the clinic’s billing credits it';
    case 'refused':
      return 'billing refused it: staff have it replaced';
    case 'nothing-to-charge':
    case 'withdrawn':
    case 'waived':
    case 'issued':
    case 'credited':
      return null;
  }
}

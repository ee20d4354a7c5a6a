import type { ChargeSnapshot, Invoice } from './messages';

/** What the Temporal Web UI shows of the invoices of one time of a meeting, in markdown: opaque ids, amounts and states only. */
export function chargeDetails({ invoices, steps, next }: ChargeSnapshot): string {
  return [
    ...invoices.map(invoiceLine),
    ...(next ? [`- waits for the clinic's billing, then: ${next.cause}`] : []),
    '',
    'So far:',
    ...steps.map(({ at, what, reason }) => `- ${at} ${what}${reason ? ` (${reason})` : ''}`),
  ].join('\n');
}

function invoiceLine({ state, cause, decision, amountOre, letThroughAt }: Invoice): string {
  const why = decision.because.map(({ rule, reason }) => `${rule} ${reason}`).join(', ');
  const amount = decision.kind === 'none' ? '' : `, ${decision.kind} ${amountOre ?? 'without an amount'} öre`;
  return `- **${state}**: ${cause}${amount} (${why})${state === 'proposed' ? waits(letThroughAt) : ''}`;
}

const waits = (letThroughAt: string | null): string =>
  letThroughAt ? `, goes out ${letThroughAt}` : ', waits for approval by staff';

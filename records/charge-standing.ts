import type { InvoiceStanding } from '../rules/invoice';
import type { ChargeSnapshot, ChargeStep } from '../workflows/invoice/messages';

/** Billing has not answered yet; what the patient says meanwhile is no answer. */
export const isSilent = (own: ChargeStep[]): boolean => lastOfBilling(own) === 'billing-silent';

const lastOfBilling = (own: ChargeStep[]): ChargeStep['what'] | undefined =>
  own.findLast(({ what }) => what !== 'objected-after-issue')?.what;

/** Where the last invoice of one start version stands, for those who see to the clinic's invoices. */
export function standingOf({ invoices, steps }: ChargeSnapshot): InvoiceStanding {
  const last = invoices.at(-1);
  const own = steps.filter(({ invoiceId }) => invoiceId === last?.invoiceId);
  switch (last?.state) {
    case 'proposed':
      return last.letThroughAt === null ? 'to-decide' : 'going-out';
    case 'handed-over':
    case 'crediting':
      return isSilent(own) ? 'billing-silent' : 'at-billing';
    case 'refused':
      return 'billing-refused';
    case 'issued':
      return lastOfBilling(own) === 'credit-refused' ? 'billing-refused' : 'issued';
    case undefined:
    case 'nothing-to-charge':
    case 'withdrawn':
    case 'waived':
    case 'credited':
      return 'over';
  }
}

import { isSilent } from '../../records/charge-standing';
import { desiredTask, type TaskKind, type TaskState, type DesiredTask } from '../../rules/tasks';
import type { ChargeSnapshot, ChargeStep, Invoice } from '../../workflows/invoice/messages';

/** The tasks that the invoices of a time call for, as they stand with this read model. */
export function chargeTasks({ invoices, steps }: ChargeSnapshot): DesiredTask[] {
  return invoices.flatMap((invoice, index) => {
    const own = steps.filter(({ invoiceId }) => invoiceId === invoice.invoiceId);
    const isLast = index === invoices.length - 1;
    return [
      ...approveInvoice(invoice, own),
      ...afterwards('invoice-refused', 'refused', invoice, own, isLast && invoice.state === 'refused'),
      ...afterwards('credit-refused', 'credit-refused', invoice, own, invoice.state === 'issued'),
      ...afterwards('billing-silent', 'billing-silent', invoice, own, isSilent(own)),
      ...afterwards(
        'objection-after-issue',
        'objected-after-issue',
        invoice,
        own,
        invoice.state === 'issued',
      ),
    ];
  });
}

const taskOf = (kind: TaskKind, { invoiceId }: Invoice, state: TaskState, because: string[]): DesiredTask =>
  desiredTask(kind, invoiceId, state, { because, invoiceId });

/** R5.7: one that goes out only when a named member of staff approves it. */
function approveInvoice(invoice: Invoice, own: ChargeStep[]): DesiredTask[] {
  if (invoice.state === 'proposed') {
    return invoice.letThroughAt === null
      ? [taskOf('approve-invoice', invoice, 'open', whyApproval(invoice, own))]
      : [];
  }
  const wasApproved = own.some(({ what, reason }) => what === 'waived' || reason === 'approved');
  return [taskOf('approve-invoice', invoice, wasApproved ? 'done' : 'withdrawn', [])];
}

/** Why staff are to decide, in machine words: what it is, and what is special about it. */
export function whyApproval(
  { decision, amountOre, objected }: Pick<Invoice, 'decision' | 'amountOre' | 'objected'>,
  own: Pick<ChargeStep, 'what' | 'reason'>[],
): string[] {
  return [
    decision.kind,
    ...own.flatMap(({ what, reason }) => (what === 'held' && reason !== null ? [reason] : [])),
    ...(amountOre === null ? ['no-amount-in-the-fee-table'] : []),
    ...(decision.payer === 'staff-decides' ? ['payer-to-be-decided'] : []),
    ...(objected ? ['patient-objects'] : []),
  ];
}

/** A task about something that billing or the patient said, open for as long as it stands. */
function afterwards(
  kind: TaskKind,
  what: ChargeStep['what'],
  invoice: Invoice,
  own: ChargeStep[],
  stands: boolean,
): DesiredTask[] {
  const steps = own.filter((each) => each.what === what);
  const because = steps.at(-1)?.reason;
  if (steps.length === 0) return [];
  // Said again it is another matter, also where staff have seen to the first.
  const occasion = `${invoice.invoiceId}:${steps.length}`;
  return [{ ...taskOf(kind, invoice, stands ? 'open' : 'withdrawn', because ? [because] : []), occasion }];
}

import type { FeeDecision } from '../../../../rules/fee';
import { invoiceStates, type InvoiceState } from '../../../../rules/invoice';
import { InvoiceStateMachine } from '../../../../workflows/invoice/state';
import type {
  ApproveCommand,
  BillingAnswerCommand,
  CreditCommand,
  Invoice,
  InvoiceRefusal,
  ObjectCommand,
  Proposal,
  ReplaceCommand,
  WaiveCommand,
} from '../../../../workflows/invoice/messages';
import { after, HOUR } from '../../../rules/builders';

/** Proposals, commands and charges, for the tests of the invoice's state machine. */

export const MONDAY = '2026-11-23T09:30:00.000Z';
/** The end of the second weekday after it. */
export const LET_THROUGH = '2026-11-25T23:00:00.000Z';
export const later = (ms: number, instant = MONDAY): string => after(instant, ms).toISOString();
export const about = { meetingId: 'meeting-1', startVersion: 1 };

// --- what is proposed ---

export const visitFee: FeeDecision = {
  kind: 'visit-fee',
  because: [{ rule: 'R5.2', reason: 'agreed-and-corresponds-to-a-visit' }],
  payer: 'patient',
  needsApproval: false,
};
export const missedVisitFee: FeeDecision = {
  ...visitFee,
  kind: 'missed-visit-fee',
  because: [{ rule: 'R5.3', reason: 'no-show' }],
  needsApproval: true,
};
export const teenagersFee: FeeDecision = { ...visitFee, payer: 'staff-decides', needsApproval: true };
export const free: FeeDecision = {
  kind: 'none',
  because: [{ rule: 'R5.5', reason: 'clinic-absent' }],
  payer: null,
  needsApproval: false,
};

export const proposal = (basis: number, more: Partial<Proposal> = {}): Proposal => ({
  invoiceId: `invoice-${basis}`,
  basis,
  cause: 'completed',
  decision: visitFee,
  feeCode: 'physician',
  amountOre: 30000,
  letThroughAt: LET_THROUGH,
  ...more,
});
export const missed = (basis: number, more: Partial<Proposal> = {}): Proposal =>
  proposal(basis, { cause: 'no-show', decision: missedVisitFee, amountOre: 40000, ...more });
export const nothing = (basis: number): Proposal =>
  proposal(basis, { cause: 'clinic-absent', decision: free, amountOre: 0 });

// --- commands, carried out as the workflow does: refused by the validator, or done once ---

export type Command =
  | ({ do: 'approve' } & ApproveCommand)
  | ({ do: 'waive' } & WaiveCommand)
  | ({ do: 'object' } & ObjectCommand)
  | ({ do: 'billing-answers' } & BillingAnswerCommand)
  | ({ do: 'credit' } & CreditCommand)
  | ({ do: 'replace' } & ReplaceCommand);

export function refusal(charge: InvoiceStateMachine, command: Command): InvoiceRefusal | null {
  switch (command.do) {
    case 'approve':
      return charge.refuseApprove(command);
    case 'waive':
      return charge.refuseWaive(command);
    case 'object':
      return charge.refuseObject(command);
    case 'billing-answers':
      return charge.refuseBillingAnswer(command);
    case 'credit':
      return charge.refuseCredit(command);
    case 'replace':
      return charge.refuseReplace(command);
  }
}

export function send(charge: InvoiceStateMachine, at: string, command: Command): InvoiceRefusal | null {
  const refused = refusal(charge, command);
  if (refused || charge.isDone(command.commandId)) return refused;
  switch (command.do) {
    case 'approve':
      charge.approve(at, command);
      break;
    case 'waive':
      charge.waive(at, command);
      break;
    case 'object':
      charge.object(at, command);
      break;
    case 'billing-answers':
      charge.billingAnswered(at, command);
      break;
    case 'credit':
      charge.credit(at, command);
      break;
    case 'replace':
      charge.replace(at, command);
  }
  return null;
}

const to = (invoiceId: string, commandId: string) => ({ invoiceId, commandId });
export const approve = (
  invoiceId: string,
  more: Partial<Pick<ApproveCommand, 'payer' | 'amountOre'>> = {},
  id = `approve ${invoiceId}`,
): Command => ({ do: 'approve', ...to(invoiceId, id), payer: null, amountOre: null, ...more });
export const waive = (invoiceId: string, id = `waive ${invoiceId}`): Command => ({
  do: 'waive',
  ...to(invoiceId, id),
  reason: 'goodwill',
});
export const object = (invoiceId: string, id = `object ${invoiceId}`): Command => ({
  do: 'object',
  ...to(invoiceId, id),
});
export const billing = (
  says: 'accepts' | 'refuses',
  invoiceId: string,
  answerTo: 'basis' | 'credit' = 'basis',
  id = `${says} ${answerTo} ${invoiceId}`,
): Command => ({
  do: 'billing-answers',
  ...to(invoiceId, id),
  to: answerTo,
  accepted: says === 'accepts',
});
export const credit = (invoiceId: string, id = `credit ${invoiceId}`): Command => ({
  do: 'credit',
  ...to(invoiceId, id),
  reason: 'clinic-mistake',
});
export const replace = (invoiceId: string, by: Proposal, id = `replace ${invoiceId}`): Command => ({
  do: 'replace',
  ...to(invoiceId, id),
  proposal: by,
});

// --- a charge, and what is read of it ---

export const restarted = (charge: InvoiceStateMachine): InvoiceStateMachine =>
  new InvoiceStateMachine({ ...about, charge: charge.snapshot() });

/** A charge with what was proposed at Monday's meeting, and with what was sent an hour after it. */
export function charged(first: Proposal = proposal(0), ...commands: Command[]): InvoiceStateMachine {
  const charge = new InvoiceStateMachine({ ...about, charge: null });
  charge.propose(MONDAY, first);
  for (const command of commands) expect(send(charge, later(HOUR), command)).toBeNull();
  return charge;
}

/** A charge whose only invoice is in that state. */
export function chargeIn(state: InvoiceState): InvoiceStateMachine {
  const needsApproval = missed(0);
  const handedOver = [approve('invoice-0')];
  const issued = [...handedOver, billing('accepts', 'invoice-0')];
  switch (state) {
    case 'nothing-to-charge':
      return charged(nothing(0));
    case 'proposed':
      return charged(needsApproval);
    case 'withdrawn':
      throw new Error('another invoice has taken its place');
    case 'waived':
      return charged(needsApproval, waive('invoice-0'));
    case 'handed-over':
      return charged(needsApproval, ...handedOver);
    case 'refused':
      return charged(needsApproval, ...handedOver, billing('refuses', 'invoice-0'));
    case 'issued':
      return charged(needsApproval, ...issued);
    case 'crediting':
      return charged(needsApproval, ...issued, credit('invoice-0'));
    case 'credited':
      return charged(
        needsApproval,
        ...issued,
        credit('invoice-0'),
        billing('accepts', 'invoice-0', 'credit'),
      );
  }
}

export const states = (charge: InvoiceStateMachine): string[] =>
  charge.snapshot().invoices.map(({ invoiceId, state }) => `${invoiceId} ${state}`);
export const stepsOf = (charge: InvoiceStateMachine): string[] =>
  charge.snapshot().steps.map(({ invoiceId, what, reason }) => `${invoiceId} ${what} (${reason ?? ''})`);
export const last = (charge: InvoiceStateMachine): Invoice => charge.snapshot().invoices.at(-1)!;

export const statesAlone = invoiceStates.filter((state) => state !== 'withdrawn');

import { defineQuery, defineUpdate } from '@temporalio/workflow';
import type { FeeDecision, Payer } from '../../rules/fee';
import type { Instant } from '../../rules/instant';
import type { InvoiceState, WaiveReason } from '../../rules/invoice';
import type { Outcome } from '../../rules/meeting';

/**
 * The contract of an invoice's workflow. One workflow has all invoices of one start version of a meeting, so
 * that two of them can never be live at once (R5.8). It carries opaque ids, instants, amounts and states: who
 * approved and why stands in the database.
 */

/**
 * What is proposed for one start version. The amount, the age and the weekdays were looked up outside
 * (design, decision 3).
 */
export interface Proposal {
  /** The id that the invoice gets, if it comes to one. */
  invoiceId: string;
  /**
   * 0 for what the meeting came to by itself, then the number of the outcome's correction: an older one
   * changes nothing.
   */
  basis: number;
  cause: Outcome | 'rebooked-late';
  decision: FeeDecision;
  feeCode: string;
  /**
   * Null where the fee table has no amount for the day: staff must mend the table, nothing is guessed (R5.9).
   */
  amountOre: number | null;
  /** When it goes out unless staff or the patient say otherwise (R5.7). */
  letThroughAt: Instant;
}

/**
 * What a workflow starts with. The invoices of an earlier run it reads itself: what a caller has read may be
 * older than what that run came to.
 */
export interface InvoiceInput {
  clinicId: string;
  meetingId: string;
  startVersion: number;
  /** Whoever gives a command saves what it changed (design, decision 1); absent by 0.1.0. */
  commandsAreSaved?: true;
}

/** Every command carries its id: carried out twice, also by two runs of the workflow, it has one effect. */
interface Command {
  commandId: string;
}

interface InvoiceCommand extends Command {
  invoiceId: string;
}

export interface ApproveCommand extends InvoiceCommand {
  /** For 13 to 17 staff decide who pays (R5.10); else null. */
  payer: Exclude<Payer, 'staff-decides'> | null;
  /** The amount as it is found now, for a proposal that had none. */
  amountOre: number | null;
}

export interface WaiveCommand extends InvoiceCommand {
  reason: WaiveReason;
}

export type ObjectCommand = InvoiceCommand;

/** What the clinic's billing says of a basis or a credit that it was handed (R5.8). */
export interface BillingAnswerCommand extends InvoiceCommand {
  /** What the answer is to: one that comes late must not count for the other. */
  to: 'basis' | 'credit';
  accepted: boolean;
}

export interface CreditCommand extends InvoiceCommand {
  reason: WaiveReason;
}

/** Another invoice takes the place of this one, by what the rules and tables say now. */
export interface ReplaceCommand extends InvoiceCommand {
  proposal: Proposal;
}

/** Why a command about an invoice is refused. */
export const invoiceRefusals = [
  'no-such-invoice',
  'replaced',
  'waits-for-billing',
  'not-proposed',
  'not-issued',
  'not-handed-over',
  'needs-no-approval',
  'payer-missing',
  'payer-is-decided',
  'amount-missing',
  'objected-already',
  'nothing-changes',
  'too-many-invoices',
] as const;
export type InvoiceRefusal = (typeof invoiceRefusals)[number];

/**
 * One invoice, or the finding that there is nothing to charge: a proposal, and what became of it. A `Charge`
 * is all invoices of one start version of a meeting (records/charges).
 */
export interface Invoice {
  invoiceId: string;
  state: InvoiceState;
  cause: Proposal['cause'];
  decision: FeeDecision;
  feeCode: string;
  amountOre: number | null;
  proposedAt: Instant;
  /** Null where it goes out only when staff approve it (R5.7). */
  letThroughAt: Instant | null;
  objected: boolean;
  handedOverAt: Instant | null;
}

/** One step in the life of the invoices of a start version. */
export interface ChargeStep {
  at: Instant;
  invoiceId: string;
  what: InvoiceState | 'held' | 'objected' | 'objected-after-issue' | 'credit-refused' | 'billing-silent';
  /** Why, in machine words. */
  reason: string | null;
  /** The command that brought it, if one did. */
  commandId: string | null;
}

/** The read model of an invoice's workflow: what one start version of a meeting has been and is charged. */
export interface ChargeSnapshot {
  meetingId: string;
  startVersion: number;
  version: number;
  /** The newest basis that was taken in. */
  basis: number;
  /** Oldest first; only the last one can be live. */
  invoices: Invoice[];
  /** What takes the last one's place once the clinic's billing has answered. */
  next: Proposal | null;
  steps: ChargeStep[];
}

export const proposeUpdate = defineUpdate<ChargeSnapshot, [Proposal]>('propose');
export const approveUpdate = defineUpdate<ChargeSnapshot, [ApproveCommand]>('approve');
export const waiveUpdate = defineUpdate<ChargeSnapshot, [WaiveCommand]>('waive');
export const objectUpdate = defineUpdate<ChargeSnapshot, [ObjectCommand]>('object');
export const billingAnswerUpdate = defineUpdate<ChargeSnapshot, [BillingAnswerCommand]>('billing-answer');
export const creditUpdate = defineUpdate<ChargeSnapshot, [CreditCommand]>('credit');
export const replaceUpdate = defineUpdate<ChargeSnapshot, [ReplaceCommand]>('replace');
/** Null for a moment, until the workflow has read what an earlier run came to. */
export const chargeQuery = defineQuery<ChargeSnapshot | null>('charge');

/** The name of the workflow. */
export const INVOICE_WORKFLOW = 'invoice';

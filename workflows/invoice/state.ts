import { minutesLater, msOf, type Instant } from '../../rules/instant';
import { BILLING_SILENT_MINUTES, isLive, isUnsettled, type InvoiceState } from '../../rules/invoice';
import { copyOf } from '../shared/copy-of';
import type {
  ApproveCommand,
  BillingAnswerCommand,
  ChargeSnapshot,
  ChargeStep,
  CreditCommand,
  Invoice,
  InvoiceInput,
  InvoiceRefusal,
  ObjectCommand,
  Proposal,
  ReplaceCommand,
  WaiveCommand,
} from './messages';

/**
 * More invoices than this for one time of a meeting are a runaway caller; they would also grow the history
 * without end.
 */
const MOST_INVOICES = 50;

/**
 * What one time of a meeting is charged: its invoices, of which at most the last one is live (R5.8).
 * Deterministic and without Temporal, so that it can be read and tested by itself; the workflow gives it the
 * time.
 */
export class InvoiceStateMachine {
  private readonly current: ChargeSnapshot;

  constructor({
    meetingId,
    startVersion,
    charge,
  }: Omit<InvoiceInput, 'clinicId'> & { charge: ChargeSnapshot | null }) {
    this.current = charge
      ? copyOf(charge)
      : { meetingId, startVersion, version: 0, basis: -1, invoices: [], next: null, steps: [] };
  }

  snapshot(): ChargeSnapshot {
    return copyOf(this.current);
  }

  get version(): number {
    return this.current.version;
  }

  // --- proposals -------------------------------------------------------------------------------------------

  /**
   * Takes in what the meeting, or a correction of its outcome, calls for. An older one than was taken in
   * changes nothing.
   */
  propose(at: Instant, proposal: Proposal): void {
    if (proposal.basis <= this.current.basis) return;
    this.current.basis = proposal.basis;
    this.changed();
    this.putInPlace(at, proposal, null);
  }

  /** Staff ask for an invoice by the rules and tables of today in place of this one. */
  replace(at: Instant, { commandId, proposal }: ReplaceCommand): void {
    this.putInPlace(at, proposal, commandId);
  }

  /**
   * A corrected invoice is credited before it is replaced (R5.8); one that has not gone out is just
   * withdrawn.
   */
  private putInPlace(at: Instant, proposal: Proposal, commandId: string | null): void {
    const last = this.last();
    switch (last?.state) {
      case 'proposed':
        this.enter(at, last, 'withdrawn', { reason: 'replaced', commandId });
        this.open(at, proposal, commandId);
        return;
      case 'issued':
        if (isSame(last, proposal)) {
          // Corrected to what it was: it stays, also where billing has refused to credit it meanwhile.
          this.current.next = null;
          return;
        }
        this.current.next = proposal;
        this.enter(at, last, 'crediting', { reason: 'replaced', commandId });
        return;
      case 'handed-over':
      case 'crediting':
        // Billing has it in its hands: what comes next waits for its answer.
        this.current.next = proposal;
        this.changed();
        return;
      case undefined:
      case 'nothing-to-charge':
      case 'withdrawn':
      case 'waived':
      case 'refused':
      case 'credited':
        this.open(at, proposal, commandId);
    }
  }

  private open(at: Instant, proposal: Proposal, commandId: string | null): void {
    const { invoiceId, cause, decision, feeCode, amountOre, letThroughAt } = proposal;
    // R5.7: also if the patient objected to an earlier proposal. An invoice that replaces one which billing
    // has had comes when billing allows it. Its weekdays may have passed by then, so somebody looks at it.
    const needsEyes = this.current.invoices.some((each) => each.objected || each.handedOverAt !== null);
    const mustBeApproved =
      decision.needsApproval || decision.payer === 'staff-decides' || amountOre === null || needsEyes;
    const invoice: Invoice = {
      invoiceId,
      state: 'proposed',
      cause,
      decision,
      feeCode,
      amountOre,
      proposedAt: at,
      letThroughAt: mustBeApproved || decision.kind === 'none' ? null : letThroughAt,
      objected: false,
      handedOverAt: null,
    };
    this.current.next = null;
    this.current.invoices.push(invoice);
    const state = decision.kind === 'none' ? 'nothing-to-charge' : 'proposed';
    this.enter(at, invoice, state, { reason: cause, commandId });
  }

  // --- refusals: from the invoices' own state alone --------------------------------------------------------

  refuseApprove(command: ApproveCommand): InvoiceRefusal | null {
    return this.refuse(command, (invoice) => {
      if (invoice.state !== 'proposed') return 'not-proposed';
      if (invoice.letThroughAt !== null) return 'needs-no-approval';
      const isOpen = invoice.decision.payer === 'staff-decides';
      if (isOpen && command.payer === null) return 'payer-missing';
      if (!isOpen && command.payer !== null && command.payer !== invoice.decision.payer)
        return 'payer-is-decided';
      return invoice.amountOre === null && command.amountOre === null ? 'amount-missing' : null;
    });
  }

  refuseWaive(command: WaiveCommand): InvoiceRefusal | null {
    return this.refuse(command, ({ state }) => (state === 'proposed' ? null : 'not-proposed'));
  }

  refuseObject(command: ObjectCommand): InvoiceRefusal | null {
    return this.refuse(command, ({ state, objected }) => {
      if (objected) return 'objected-already';
      return state === 'proposed' || state === 'handed-over' || state === 'issued' ? null : 'not-issued';
    });
  }

  refuseBillingAnswer(command: BillingAnswerCommand): InvoiceRefusal | null {
    const awaited = command.to === 'basis' ? 'handed-over' : 'crediting';
    return this.refuse(command, ({ state }) => (state === awaited ? null : 'not-handed-over'));
  }

  refuseCredit(command: CreditCommand): InvoiceRefusal | null {
    return this.refuse(command, ({ state }) => {
      if (state === 'handed-over' || state === 'crediting') return 'waits-for-billing';
      return state === 'issued' ? null : 'not-issued';
    });
  }

  refuseReplace(command: ReplaceCommand): InvoiceRefusal | null {
    return this.refuse(command, (invoice) => {
      if (this.current.invoices.length >= MOST_INVOICES) return 'too-many-invoices';
      if (invoice.state === 'handed-over' || invoice.state === 'crediting') return 'waits-for-billing';
      return isLive(invoice.state) && isSame(invoice, command.proposal) ? 'nothing-changes' : null;
    });
  }

  /** A command that has been carried out already is not refused when it comes again: it changes nothing. */
  private refuse(
    command: { commandId: string; invoiceId: string },
    why: (invoice: Invoice) => InvoiceRefusal | null,
  ): InvoiceRefusal | null {
    if (this.isDone(command.commandId)) return null;
    const last = this.last();
    if (!this.current.invoices.some(({ invoiceId }) => invoiceId === command.invoiceId))
      return 'no-such-invoice';
    return last?.invoiceId === command.invoiceId ? why(last) : 'replaced';
  }

  // --- commands --------------------------------------------------------------------------------------------

  /** The command has been carried out before, by this run of the workflow or an earlier one. */
  isDone(commandId: string): boolean {
    return this.current.steps.some((step) => step.commandId === commandId);
  }

  approve(at: Instant, { commandId, payer, amountOre }: ApproveCommand): void {
    const invoice = this.lastOf();
    if (payer !== null) invoice.decision = { ...invoice.decision, payer };
    invoice.amountOre ??= amountOre;
    this.handOver(at, invoice, { reason: 'approved', commandId });
  }

  waive(at: Instant, { commandId, reason }: WaiveCommand): void {
    this.enter(at, this.lastOf(), 'waived', { reason, commandId });
  }

  /** The patient objects: from then on it goes out only when staff approve it (R5.7). */
  object(at: Instant, { commandId }: ObjectCommand): void {
    const invoice = this.lastOf();
    const what = invoice.state === 'proposed' ? 'objected' : 'objected-after-issue';
    invoice.objected = true;
    invoice.letThroughAt = null;
    this.step(at, invoice, { what, reason: null, commandId });
  }

  billingAnswered(at: Instant, { commandId, to, accepted }: BillingAnswerCommand): void {
    const invoice = this.lastOf();
    const { next } = this.current;
    const answer = { reason: accepted ? 'accepted-by-billing' : 'refused-by-billing', commandId };
    if (to === 'basis') {
      this.enter(at, invoice, accepted ? 'issued' : 'refused', answer);
      if (next) this.putInPlace(at, next, null);
    } else if (accepted) {
      this.enter(at, invoice, 'credited', answer);
      if (next) this.open(at, next, null);
    } else {
      // Nothing takes its place before it is credited (R5.8).
      invoice.state = 'issued';
      this.step(at, invoice, { what: 'credit-refused', ...answer });
    }
  }

  credit(at: Instant, { commandId, reason }: CreditCommand): void {
    this.enter(at, this.lastOf(), 'crediting', { reason, commandId });
  }

  // --- time ------------------------------------------------------------------------------------------------

  /** A proposal's time to go out has come. */
  goesOut(at: Instant): boolean {
    const invoice = this.last();
    return (
      invoice?.state === 'proposed' && invoice.letThroughAt !== null && msOf(at) >= msOf(invoice.letThroughAt)
    );
  }

  /**
   * Takes in that time has passed: a proposal goes out, a silent billing is noticed.
   * @param hold why the proposal must wait for staff instead, as was found out when its time had come
   */
  passTime(at: Instant, hold: string | null = null): void {
    const invoice = this.last();
    const step = this.nextStep();
    if (!invoice || !step || msOf(at) < msOf(step.at)) return;
    if (invoice.state === 'proposed' && hold !== null) {
      invoice.letThroughAt = null;
      this.step(at, invoice, { what: 'held', reason: hold, commandId: null });
    } else if (invoice.state === 'proposed') {
      this.handOver(at, invoice, { reason: 'let-through', commandId: null });
    } else this.step(at, invoice, { what: 'billing-silent', reason: invoice.state, commandId: null });
  }

  /**
   * The next instant at which the clock alone changes something, and what, in words for the Web UI; null for
   * never.
   */
  nextStep(): { at: Instant; why: string } | null {
    const invoice = this.last();
    switch (invoice?.state) {
      case 'proposed':
        return invoice.letThroughAt === null
          ? null
          : { at: invoice.letThroughAt, why: 'the proposal goes out' };
      case 'handed-over':
      case 'crediting': {
        // Counted from what billing was asked, whatever the patient says meanwhile.
        const { steps } = this.current;
        const asked = steps.findLastIndex(({ what }) => what === 'handed-over' || what === 'crediting');
        const isNoticed = steps.slice(asked).some(({ what }) => what === 'billing-silent');
        return isNoticed
          ? null
          : { at: minutesLater(steps[asked]!.at, BILLING_SILENT_MINUTES), why: 'has billing answered?' };
      }
      case undefined:
      case 'nothing-to-charge':
      case 'withdrawn':
      case 'waived':
      case 'refused':
      case 'issued':
      case 'credited':
        return null;
    }
  }

  /** Nothing is waited for: what comes later, such as a credit, starts the workflow anew. */
  get hasNothingLeft(): boolean {
    const state = this.last()?.state;
    return state !== undefined && !isUnsettled(state);
  }

  // --- within ----------------------------------------------------------------------------------------------

  private last(): Invoice | undefined {
    return this.current.invoices.at(-1);
  }

  /** Commands come here when the validator has let them through: there is an invoice. */
  private lastOf(): Invoice {
    return this.current.invoices[this.current.invoices.length - 1]!;
  }

  private handOver(at: Instant, invoice: Invoice, why: Pick<ChargeStep, 'reason' | 'commandId'>): void {
    invoice.handedOverAt = at;
    this.enter(at, invoice, 'handed-over', why);
  }

  private enter(
    at: Instant,
    invoice: Invoice,
    state: InvoiceState,
    why: Pick<ChargeStep, 'reason' | 'commandId'>,
  ): void {
    invoice.state = state;
    this.step(at, invoice, { what: state, ...why });
  }

  private step(
    at: Instant,
    { invoiceId }: Invoice,
    step: Pick<ChargeStep, 'what' | 'reason' | 'commandId'>,
  ): void {
    this.current.steps.push({ at, invoiceId, ...step });
    this.changed();
  }

  private changed(): void {
    this.current.version += 1;
  }
}

/**
 * The same thing charged to the same payer: crediting one for the other would only confuse whoever gets them.
 */
function isSame(invoice: Invoice, { decision, feeCode, amountOre }: Proposal): boolean {
  const samePayer = decision.payer === invoice.decision.payer || decision.payer === 'staff-decides';
  return (
    decision.kind === invoice.decision.kind &&
    samePayer &&
    feeCode === invoice.feeCode &&
    amountOre === invoice.amountOre
  );
}

import fc from 'fast-check';
import type { FeeDecision } from '../../../../rules/fee';
import { invoiceStates, isLive, type InvoiceState } from '../../../../rules/invoice';
import { InvoiceStateMachine } from '../../../../workflows/invoice/state';
import type { ChargeSnapshot, ChargeStep, Invoice, Proposal } from '../../../../workflows/invoice/messages';
import { DAY, MINUTE } from '../../../rules/builders';
import {
  MONDAY,
  later,
  about,
  visitFee,
  missedVisitFee,
  teenagersFee,
  free,
  type Command,
  send,
  approve,
  waive,
  object,
  billing,
  credit,
  replace,
  restarted,
} from './builders';

describe('any course of commands, corrections, restarts and time', () => {
  const decisions: [Proposal['cause'], FeeDecision, number | null][] = [
    // Twice: what goes out by itself must not be rare.
    ['completed', visitFee, 30000],
    ['completed', visitFee, 20000],
    ['completed', visitFee, null],
    ['completed', { ...visitFee, needsApproval: true }, 30000],
    ['completed', teenagersFee, 30000],
    ['no-show', missedVisitFee, 40000],
    ['cancelled-late', { ...missedVisitFee, payer: 'guardian' }, 40000],
    ['clinic-absent', free, 0],
  ];
  /** What is proposed without its ids, which the course gives. */
  const anyProposal = fc
    .record({ of: fc.constantFrom(...decisions), days: fc.nat(6) })
    .map(({ of: [cause, decision, amountOre], days }) => ({ cause, decision, amountOre, days }));
  type AnyProposal = typeof anyProposal extends fc.Arbitrary<infer T> ? T : never;

  const anyEvent = fc.oneof(
    fc.record({
      event: fc.constant('propose' as const),
      what: anyProposal,
      steps: fc.integer({ min: -1, max: 2 }),
    }),
    fc.record({
      event: fc.constant('command' as const),
      what: fc.constantFrom(
        'approve' as const,
        'waive' as const,
        'object' as const,
        'credit' as const,
        'replace' as const,
      ),
      by: anyProposal,
      payer: fc.constantFrom('patient' as const, 'guardian' as const, null),
      amountOre: fc.constantFrom(30000, null),
      toLast: fc.constantFrom(true, true, true, false),
    }),
    fc.record({
      event: fc.constant('billing' as const),
      accepted: fc.constantFrom(true, true, false),
      asked: fc.constantFrom(true, true, true, false),
    }),
    fc.record({ event: fc.constant('approve-as-needed' as const) }),
    fc.record({ event: fc.constant('time' as const), ms: fc.oneof(fc.nat(10 * MINUTE), fc.nat(8 * DAY)) }),
    { weight: 3, arbitrary: fc.record({ event: fc.constant('to-next-step' as const) }) },
    fc.record({ event: fc.constant('again' as const), which: fc.nat(20) }),
    fc.record({ event: fc.constant('restart' as const) }),
  );
  type AnyEvent = typeof anyEvent extends fc.Arbitrary<infer T> ? T : never;

  /** One course: what happens to the charge, and what is remembered of it to judge by. */
  class Course {
    charge = new InvoiceStateMachine({ ...about, charge: null });
    now = MONDAY;
    readonly proposals = new Map<string, Proposal>();
    readonly sent: Command[] = [];
    private newestBasis = -1;

    happen(each: AnyEvent): void {
      switch (each.event) {
        case 'propose':
          this.propose(each.what, each.steps);
          break;
        case 'command':
          this.send(this.commandOf(each));
          break;
        case 'billing':
          this.answer(each);
          break;
        case 'approve-as-needed': {
          const { decision } = this.last() ?? {};
          const payer = decision?.payer === 'staff-decides' ? 'guardian' : null;
          this.send(approve(this.lastId(), { payer, amountOre: 30000 }, this.commandId()));
          break;
        }
        case 'time':
          this.pass(later(each.ms, this.now));
          break;
        case 'to-next-step': {
          const next = this.charge.nextStep();
          if (next && next.at > this.now) this.pass(next.at);
          break;
        }
        case 'again':
          this.again(each.which);
          break;
        case 'restart':
          this.charge = restarted(this.charge);
      }
    }

    private last = (): Invoice | undefined => this.charge.snapshot().invoices.at(-1);
    private lastId = (): string => this.last()?.invoiceId ?? 'none';
    private commandId = (): string => `command-${this.sent.length}`;

    private proposalOf(basis: number, { days, ...what }: AnyProposal): Proposal {
      const invoiceId = `invoice-${this.proposals.size}`;
      const made = {
        invoiceId,
        basis,
        feeCode: 'physician',
        letThroughAt: later(days * DAY, this.now),
        ...what,
      };
      this.proposals.set(invoiceId, made);
      return made;
    }

    private propose(what: AnyProposal, steps: number): void {
      const before = this.charge.snapshot();
      const made = this.proposalOf(Math.max(0, this.newestBasis + steps), what);
      this.charge.propose(this.now, made);
      const { invoices, next, basis } = this.charge.snapshot();
      if (made.basis <= this.newestBasis) {
        // R5.1: an older one changes nothing.
        expect(this.charge.snapshot()).toEqual(before);
        return;
      }
      this.newestBasis = made.basis;
      expect(basis).toBe(made.basis);
      // What is newest is charged now, or waits for billing, or is charged already.
      const charged = invoices.at(-1)!;
      const isCharged =
        charged.decision.kind === made.decision.kind && charged.amountOre === made.amountOre && next === null;
      expect([charged.invoiceId, next?.invoiceId, isCharged && made.invoiceId]).toContain(made.invoiceId);
    }

    private commandOf(each: Extract<AnyEvent, { event: 'command' }>): Command {
      const { invoices, basis } = this.charge.snapshot();
      const invoiceId = each.toLast ? this.lastId() : (invoices[0]?.invoiceId ?? 'none');
      const id = this.commandId();
      switch (each.what) {
        case 'approve':
          return approve(invoiceId, { payer: each.payer, amountOre: each.amountOre }, id);
        case 'waive':
          return waive(invoiceId, id);
        case 'object':
          return object(invoiceId, id);
        case 'credit':
          return credit(invoiceId, id);
        case 'replace':
          return replace(invoiceId, this.proposalOf(basis, each.by), id);
      }
    }

    private answer({ accepted, asked }: Extract<AnyEvent, { event: 'billing' }>): void {
      const awaited = this.last()?.state === 'crediting' ? 'credit' : 'basis';
      const other = awaited === 'credit' ? 'basis' : 'credit';
      const says = accepted ? 'accepts' : 'refuses';
      this.send(billing(says, this.lastId(), asked ? awaited : other, this.commandId()));
    }

    private send(command: Command): void {
      const before = this.charge.snapshot();
      this.sent.push(command);
      const refused = send(this.charge, this.now, command);
      // A refusal leaves nothing; what is carried out is a step, by which it is known again.
      expect(this.charge.snapshot().version > before.version).toBe(refused === null);
      expect(this.charge.isDone(command.commandId)).toBe(refused === null);
      if (refused) expect(this.charge.snapshot()).toEqual(before);
    }

    private again(which: number): void {
      const command = this.sent[which];
      if (!command || !this.charge.isDone(command.commandId)) return;
      const before = this.charge.snapshot();
      expect(send(this.charge, this.now, command)).toBeNull();
      expect(this.charge.snapshot()).toEqual(before);
    }

    /** As the workflow's loop does, which looks again after each change. */
    private pass(until: string): void {
      this.now = until;
      let version: number;
      do {
        version = this.charge.version;
        this.charge.passTime(this.now);
      } while (this.charge.version !== version);
      const next = this.charge.nextStep();
      if (next) expect(next.at > this.now).toBe(true);
    }
  }

  const ended: readonly InvoiceState[] = ['nothing-to-charge', 'withdrawn', 'waived', 'refused', 'credited'];

  function expectGrowth(before: ChargeSnapshot, now: ChargeSnapshot): void {
    expect(now.version).toBeGreaterThanOrEqual(before.version);
    if (now.version === before.version) expect(now).toEqual(before);
    expect(now.basis).toBeGreaterThanOrEqual(before.basis);
    expect(now.steps.slice(0, before.steps.length)).toEqual(before.steps);
    expect(now.invoices.length).toBeGreaterThanOrEqual(before.invoices.length);
    before.invoices.forEach((invoice, n) => {
      expect(now.invoices[n]?.invoiceId).toBe(invoice.invoiceId);
      // What has ended stays so.
      if (ended.includes(invoice.state)) expect(now.invoices[n]).toEqual(invoice);
    });
  }

  function expectSound(charge: InvoiceStateMachine, proposals: Map<string, Proposal>): void {
    const { invoices, steps, next } = charge.snapshot();
    // R5.8: at most one is live, and it is the last.
    for (const { state } of invoices.slice(0, -1)) expect(isLive(state)).toBe(false);
    invoices.forEach((invoice, n) => expectSoundInvoice(invoice, steps, proposals, invoices.slice(0, n)));
    if (charge.hasNothingLeft) expect(charge.nextStep()).toBeNull();
    // What is to come waits for billing, or for a credit that it has refused, and has not come already.
    if (!next) return;
    expect(['handed-over', 'crediting', 'issued']).toContain(invoices.at(-1)?.state);
    if (invoices.at(-1)?.state === 'issued')
      expect(steps.filter(({ what }) => !what.startsWith('objected')).at(-1)?.what).toBe('credit-refused');
    expect(invoices.map(({ invoiceId }) => invoiceId)).not.toContain(next.invoiceId);
  }

  function expectSoundInvoice(
    invoice: Invoice,
    steps: ChargeStep[],
    proposals: Map<string, Proposal>,
    earlier: Invoice[],
  ): void {
    const made = proposals.get(invoice.invoiceId)!;
    const own = steps.filter(({ invoiceId }) => invoiceId === invoice.invoiceId);
    const begun = steps.indexOf(own[0]!);

    // R5.5: nothing to charge never becomes an invoice.
    if (made.decision.kind === 'none') {
      expect(invoice.state).toBe('nothing-to-charge');
      expect(own).toHaveLength(1);
    }
    // R5.8: nothing was replaced that was with billing and not credited.
    for (const { invoiceId } of earlier) {
      const past = steps.slice(0, begun).filter((step) => step.invoiceId === invoiceId);
      if (past.some(({ what }) => what === 'handed-over'))
        expect(past.some(({ what }) => what === 'credited' || what === 'refused')).toBe(true);
      if (past.some(({ what }) => what === 'issued'))
        expect(past.some(({ what }) => what === 'credited')).toBe(true);
    }
    // R5.8: handed over at most once; what went out has a payer and an amount (R5.9, R5.10).
    const out = own.filter(({ what }) => what === 'handed-over');
    expect(out.length).toBeLessThanOrEqual(1);
    expect(invoice.handedOverAt).toBe(out[0]?.at ?? null);
    if (!out[0]) return;
    expect(['patient', 'guardian']).toContain(invoice.decision.payer);
    expect(invoice.amountOre).not.toBeNull();

    // R5.7: what needs approval goes out only so, and the rest not before its instant.
    const objected = steps
      .slice(0, steps.indexOf(out[0]))
      .some(({ what }) => what === 'objected' || what === 'objected-after-issue');
    const needsApproval =
      made.decision.needsApproval || made.decision.payer === 'staff-decides' || made.amountOre === null;
    // What takes the place of one that billing has had is looked at by somebody.
    const wasBilled = earlier.some(({ handedOverAt }) => handedOverAt !== null);
    expect(out[0].reason).toBe(needsApproval || objected || wasBilled ? 'approved' : 'let-through');
    if (out[0].reason === 'let-through') expect(out[0].at >= made.letThroughAt).toBe(true);
  }

  it('R5.1 R5.7 R5.8 one live invoice, handed over once, approved where it must be, credited before it is replaced', () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(anyProposal, fc.array(anyEvent, { minLength: 5, maxLength: 30 }), (first, events) => {
        const course = new Course();
        course.happen({ event: 'propose', what: first, steps: 1 });
        let before = course.charge.snapshot();
        for (const each of events) {
          course.happen(each);
          const now = course.charge.snapshot();
          expectGrowth(before, now);
          expectSound(course.charge, course.proposals);
          before = now;
        }
        for (const { what } of before.steps) seen.add(what);
      }),
      // Always the same courses: that they come everywhere must not be luck.
      { numRuns: 1_000, seed: 20261122 },
    );
    // The courses came everywhere.
    expect([...seen].sort()).toEqual(
      [...invoiceStates, 'objected', 'objected-after-issue', 'credit-refused', 'billing-silent'].sort(),
    );
  });
});

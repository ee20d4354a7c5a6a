import fc from 'fast-check';
import type { FeeDecision } from '../../../rules/fee';
import { invoiceStates, isLive, type InvoiceState } from '../../../rules/invoice';
import { InvoiceStateMachine } from '../../../workflows/invoice/state';
import type {
  ApproveCommand,
  BillingAnswerCommand,
  ChargeSnapshot,
  ChargeStep,
  CreditCommand,
  Invoice,
  InvoiceRefusal,
  ObjectCommand,
  Proposal,
  ReplaceCommand,
  WaiveCommand,
} from '../../../workflows/invoice/messages';
import { nothingToCharge } from '../../../workflows/invoice/snapshot';
import { after, DAY, HOUR, MINUTE } from '../../rules/builders';

const MONDAY = '2026-11-23T09:30:00.000Z';
/** The end of the second weekday after it. */
const LET_THROUGH = '2026-11-25T23:00:00.000Z';
const later = (ms: number, instant = MONDAY): string => after(instant, ms).toISOString();
const about = { meetingId: 'meeting-1', startVersion: 1 };

// --- what is proposed ---

const visitFee: FeeDecision = {
  kind: 'visit-fee',
  because: [{ rule: 'R5.2', reason: 'agreed-and-corresponds-to-a-visit' }],
  payer: 'patient',
  needsApproval: false,
};
const missedVisitFee: FeeDecision = {
  ...visitFee,
  kind: 'missed-visit-fee',
  because: [{ rule: 'R5.3', reason: 'no-show' }],
  needsApproval: true,
};
const teenagersFee: FeeDecision = { ...visitFee, payer: 'staff-decides', needsApproval: true };
const free: FeeDecision = {
  kind: 'none',
  because: [{ rule: 'R5.5', reason: 'clinic-absent' }],
  payer: null,
  needsApproval: false,
};

const proposal = (basis: number, more: Partial<Proposal> = {}): Proposal => ({
  invoiceId: `invoice-${basis}`,
  basis,
  cause: 'completed',
  decision: visitFee,
  feeCode: 'physician',
  amountOre: 30000,
  letThroughAt: LET_THROUGH,
  ...more,
});
const missed = (basis: number, more: Partial<Proposal> = {}): Proposal =>
  proposal(basis, { cause: 'no-show', decision: missedVisitFee, amountOre: 40000, ...more });
const nothing = (basis: number): Proposal =>
  proposal(basis, { cause: 'clinic-absent', decision: free, amountOre: 0 });

// --- commands, carried out as the workflow does: refused by the validator, or done once ---

type Command =
  | ({ do: 'approve' } & ApproveCommand)
  | ({ do: 'waive' } & WaiveCommand)
  | ({ do: 'object' } & ObjectCommand)
  | ({ do: 'billing-answers' } & BillingAnswerCommand)
  | ({ do: 'credit' } & CreditCommand)
  | ({ do: 'replace' } & ReplaceCommand);

function refusal(charge: InvoiceStateMachine, command: Command): InvoiceRefusal | null {
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

function send(charge: InvoiceStateMachine, at: string, command: Command): InvoiceRefusal | null {
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
const approve = (
  invoiceId: string,
  more: Partial<Pick<ApproveCommand, 'payer' | 'amountOre'>> = {},
  id = `approve ${invoiceId}`,
): Command => ({ do: 'approve', ...to(invoiceId, id), payer: null, amountOre: null, ...more });
const waive = (invoiceId: string, id = `waive ${invoiceId}`): Command => ({
  do: 'waive',
  ...to(invoiceId, id),
  reason: 'goodwill',
});
const object = (invoiceId: string, id = `object ${invoiceId}`): Command => ({
  do: 'object',
  ...to(invoiceId, id),
});
const billing = (
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
const credit = (invoiceId: string, id = `credit ${invoiceId}`): Command => ({
  do: 'credit',
  ...to(invoiceId, id),
  reason: 'clinic-mistake',
});
const replace = (invoiceId: string, by: Proposal, id = `replace ${invoiceId}`): Command => ({
  do: 'replace',
  ...to(invoiceId, id),
  proposal: by,
});

// --- a charge, and what is read of it ---

const restarted = (charge: InvoiceStateMachine): InvoiceStateMachine =>
  new InvoiceStateMachine({ ...about, charge: charge.snapshot() });

/** A charge with what was proposed at Monday's meeting, and with what was sent an hour after it. */
function charged(first: Proposal = proposal(0), ...commands: Command[]): InvoiceStateMachine {
  const charge = new InvoiceStateMachine({ ...about, charge: null });
  charge.propose(MONDAY, first);
  for (const command of commands) expect(send(charge, later(HOUR), command)).toBeNull();
  return charge;
}

/** A charge whose only invoice is in that state. */
function chargeIn(state: InvoiceState): InvoiceStateMachine {
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

const states = (charge: InvoiceStateMachine): string[] =>
  charge.snapshot().invoices.map(({ invoiceId, state }) => `${invoiceId} ${state}`);
const stepsOf = (charge: InvoiceStateMachine): string[] =>
  charge.snapshot().steps.map(({ invoiceId, what, reason }) => `${invoiceId} ${what} (${reason ?? ''})`);
const last = (charge: InvoiceStateMachine): Invoice => charge.snapshot().invoices.at(-1)!;

const statesAlone = invoiceStates.filter((state) => state !== 'withdrawn');

describe('Charge', () => {
  it('begins with nothing, waiting for a proposal', () => {
    const charge = new InvoiceStateMachine({ ...about, charge: null });
    expect(charge.snapshot()).toEqual({
      ...about,
      version: 0,
      basis: -1,
      invoices: [],
      next: null,
      steps: [],
    });
    expect(charge.over).toBe(false);
    expect(charge.nextStep()).toBeNull();
  });

  it.each(statesAlone)('can be brought to the state %s, and goes on from there after a restart', (state) => {
    const charge = chargeIn(state);
    expect(last(charge).state).toBe(state);
    expect(restarted(charge).snapshot()).toEqual(charge.snapshot());
    expect(restarted(charge).nextStep()).toEqual(charge.nextStep());
    expect(restarted(charge).over).toBe(charge.over);
  });

  it('gives copies, and keeps none of what it was given', () => {
    const charge = chargeIn('issued');
    const snapshot = charge.snapshot();
    const copy = new InvoiceStateMachine({ ...about, charge: snapshot });
    snapshot.invoices[0]!.state = 'credited';
    snapshot.steps.length = 0;
    expect(charge.snapshot()).toEqual(chargeIn('issued').snapshot());
    expect(copy.snapshot()).toEqual(chargeIn('issued').snapshot());
  });

  it.each(statesAlone)(
    'R5.8 something is waited for exactly while it may change by itself or by billing: %s',
    (state) => {
      const charge = chargeIn(state);
      expect(charge.over).toBe(!['proposed', 'handed-over', 'crediting'].includes(state));
    },
  );
});

describe('a proposal', () => {
  it('R5.7 goes out at its instant, and not a millisecond before', () => {
    const charge = charged();
    expect(charge.nextStep()).toEqual({ at: LET_THROUGH, why: 'the proposal goes out' });
    charge.passTime(later(-1, LET_THROUGH));
    expect(states(charge)).toEqual(['invoice-0 proposed']);
    charge.passTime(LET_THROUGH);
    charge.passTime(LET_THROUGH);
    expect(stepsOf(charge)).toEqual([
      'invoice-0 proposed (completed)',
      'invoice-0 handed-over (let-through)',
    ]);
    expect(last(charge)).toMatchObject({ state: 'handed-over', handedOverAt: LET_THROUGH });
  });

  it.each([
    ['a missed-visit fee', missed(0)],
    [
      'one that a person must approve for age or identity',
      proposal(0, { decision: { ...visitFee, needsApproval: true } }),
    ],
    ['one without a payer', proposal(0, { decision: { ...teenagersFee, needsApproval: false } })],
    ['one without an amount', proposal(0, { amountOre: null })],
  ])('R5.7 R5.9 R5.10 %s never goes out by itself', (_, first) => {
    const charge = charged(first);
    expect(last(charge).letThroughAt).toBeNull();
    expect(charge.nextStep()).toBeNull();
    charge.passTime(later(365 * DAY));
    expect(states(charge)).toEqual(['invoice-0 proposed']);
    expect(charge.over).toBe(false);
  });

  it('R5.7 goes out when staff approve it', () => {
    const charge = charged(missed(0), approve('invoice-0'));
    expect(stepsOf(charge).at(-1)).toBe('invoice-0 handed-over (approved)');
    expect(last(charge).handedOverAt).toBe(later(HOUR));
  });

  it('R5.7 does not wait for an approval that it does not need', () => {
    expect(send(charged(), later(HOUR), approve('invoice-0'))).toBe('needs-no-approval');
  });

  it('R5.10 from 13 to 17 staff say who pays, and must', () => {
    const first = proposal(0, { decision: teenagersFee });
    expect(send(charged(first), later(HOUR), approve('invoice-0'))).toBe('payer-missing');
    for (const payer of ['patient', 'guardian'] as const) {
      const charge = charged(first, approve('invoice-0', { payer }));
      expect(last(charge)).toMatchObject({ state: 'handed-over', decision: { ...teenagersFee, payer } });
    }
  });

  it('R5.10 staff change no payer who is decided', () => {
    const first = missed(0);
    expect(send(charged(first), later(HOUR), approve('invoice-0', { payer: 'guardian' }))).toBe(
      'payer-is-decided',
    );
    expect(last(charged(first, approve('invoice-0', { payer: 'patient' }))).decision).toEqual(missedVisitFee);
  });

  it('R5.9 without an amount it goes out with the one that the table has by then, and not without', () => {
    const first = missed(0, { amountOre: null });
    expect(send(charged(first), later(HOUR), approve('invoice-0'))).toBe('amount-missing');
    expect(last(charged(first, approve('invoice-0', { amountOre: 0 })))).toMatchObject({
      state: 'handed-over',
      amountOre: 0,
    });
  });

  it('R5.9 the amount that was proposed stands, also where the table says another by now', () => {
    const charge = charged(missed(0), approve('invoice-0', { amountOre: 99900 }));
    expect(last(charge).amountOre).toBe(40000);
  });

  it('R5.7 is waived by staff, with the reason, and is over', () => {
    const charge = charged(proposal(0), waive('invoice-0'));
    expect(stepsOf(charge).at(-1)).toBe('invoice-0 waived (goodwill)');
    charge.passTime(LET_THROUGH);
    expect(states(charge)).toEqual(['invoice-0 waived']);
    expect(charge.over).toBe(true);
  });

  it('R5.5 that nothing is charged is a finding, and never an invoice', () => {
    const charge = charged(nothing(0));
    charge.passTime(later(365 * DAY));
    expect(stepsOf(charge)).toEqual(['invoice-0 nothing-to-charge (clinic-absent)']);
    expect(charge.over).toBe(true);
    for (const command of [
      approve('invoice-0'),
      waive('invoice-0'),
      object('invoice-0'),
      credit('invoice-0'),
    ])
      expect(refusal(charge, command)).not.toBeNull();
  });

  it('R5.5 is found the same where no workflow is started for it', () => {
    const { version, ...found } = nothingToCharge(about, nothing(0), MONDAY);
    expect(charged(nothing(0)).snapshot()).toMatchObject(found);
    expect(version).toBeLessThanOrEqual(charged(nothing(0)).version);
  });
});

describe('a proposal whose time has come', () => {
  it('R5.7 waits for staff where there is a reason for it by now, told once; then it goes out when they approve it', () => {
    const charge = charged();
    expect(charge.goesOut(later(-1, LET_THROUGH))).toBe(false);
    expect(charge.goesOut(LET_THROUGH)).toBe(true);
    charge.passTime(LET_THROUGH, 'protected-identity');
    expect(stepsOf(charge).slice(1)).toEqual(['invoice-0 held (protected-identity)']);
    expect(last(charge)).toMatchObject({ state: 'proposed', letThroughAt: null });
    expect(charge.goesOut(later(DAY, LET_THROUGH))).toBe(false);
    const again = restarted(charge);
    again.passTime(later(DAY, LET_THROUGH), 'protected-identity');
    expect(again.snapshot()).toEqual(charge.snapshot());
    expect(send(again, later(DAY, LET_THROUGH), approve('invoice-0'))).toBeNull();
    expect(states(again)).toEqual(['invoice-0 handed-over']);
  });
});

describe('an objection', () => {
  it('R5.7 stops a proposal from going out, until staff approve it', () => {
    const charge = charged(proposal(0), object('invoice-0'));
    expect(stepsOf(charge).at(-1)).toBe('invoice-0 objected ()');
    expect(charge.nextStep()).toBeNull();
    charge.passTime(later(DAY, LET_THROUGH));
    expect(last(charge)).toMatchObject({ state: 'proposed', objected: true, letThroughAt: null });
    expect(send(charge, later(2 * DAY, LET_THROUGH), approve('invoice-0'))).toBeNull();
    expect(last(charge).state).toBe('handed-over');
  });

  it('R5.7 stops also what is proposed in its place', () => {
    const charge = charged(proposal(0), object('invoice-0'));
    charge.propose(later(2 * HOUR), proposal(1, { amountOre: 20000 }));
    expect(last(charge)).toMatchObject({ invoiceId: 'invoice-1', objected: false, letThroughAt: null });
    charge.passTime(later(DAY, LET_THROUGH));
    expect(states(charge)).toEqual(['invoice-0 withdrawn', 'invoice-1 proposed']);
  });

  it.each(['handed-over', 'issued'] as const)(
    'R5.7 to one that is %s is noted, and changes no state',
    (state) => {
      const charge = chargeIn(state);
      expect(send(charge, later(DAY), object('invoice-0'))).toBeNull();
      expect(stepsOf(charge).at(-1)).toBe('invoice-0 objected-after-issue ()');
      expect(last(charge)).toMatchObject({ state, objected: true });
    },
  );

  it('R5.7 is taken in once', () => {
    const charge = charged(proposal(0), object('invoice-0'));
    expect(send(charge, later(DAY), object('invoice-0', 'another'))).toBe('objected-already');
  });

  it('R5.7 a proposal that replaces the one objected to can be objected to again', () => {
    const charge = charged(proposal(0), object('invoice-0'));
    charge.propose(later(2 * HOUR), proposal(1));
    expect(send(charge, later(DAY), object('invoice-1'))).toBeNull();
  });
});

describe("the clinic's billing", () => {
  it('R5.8 issued means accepted there', () => {
    const charge = chargeIn('issued');
    expect(stepsOf(charge).at(-1)).toBe('invoice-0 issued (accepted-by-billing)');
    expect(charge.over).toBe(true);
    expect(charge.nextStep()).toBeNull();
  });

  it('R5.8 what it refuses is no invoice; staff can have it made anew', () => {
    const charge = chargeIn('refused');
    expect(charge.over).toBe(true);
    expect(send(charge, later(DAY), replace('invoice-0', missed(0, { invoiceId: 'invoice-1' })))).toBeNull();
    expect(states(charge)).toEqual(['invoice-0 refused', 'invoice-1 proposed']);
  });

  it('R5.8 an answer to the one question is none to the other', () => {
    expect(refusal(chargeIn('crediting'), billing('accepts', 'invoice-0', 'basis', 'late'))).toBe(
      'not-handed-over',
    );
    expect(refusal(chargeIn('handed-over'), billing('accepts', 'invoice-0', 'credit'))).toBe(
      'not-handed-over',
    );
  });

  it('R5.8 a second and other answer is refused', () => {
    expect(refusal(chargeIn('issued'), billing('refuses', 'invoice-0'))).toBe('not-handed-over');
    expect(refusal(chargeIn('refused'), billing('accepts', 'invoice-0'))).toBe('not-handed-over');
  });

  it.each(['handed-over', 'crediting'] as const)(
    'R5.8 that is silent for seven days is noticed, once: %s',
    (state) => {
      const charge = chargeIn(state);
      const silentAt = later(HOUR + 7 * DAY);
      expect(charge.nextStep()).toEqual({ at: silentAt, why: 'has billing answered?' });
      charge.passTime(later(-1, silentAt));
      expect(stepsOf(charge).at(-1)).not.toContain('billing-silent');
      charge.passTime(silentAt);
      charge.passTime(later(30 * DAY, silentAt));
      expect(stepsOf(charge).filter((step) => step.includes('silent'))).toEqual([
        `invoice-0 billing-silent (${state})`,
      ]);
      expect(charge.nextStep()).toBeNull();
      expect(charge.over).toBe(false);
      const answer = billing('accepts', 'invoice-0', state === 'crediting' ? 'credit' : 'basis', 'at last');
      expect(send(charge, later(31 * DAY, silentAt), answer)).toBeNull();
      expect(charge.over).toBe(true);
    },
  );

  it('R5.8 an objection meanwhile neither puts off that its silence is noticed, nor has it noticed twice', () => {
    const charge = chargeIn('handed-over');
    const silentAt = later(HOUR + 7 * DAY);
    send(charge, later(6 * DAY), object('invoice-0'));
    expect(charge.nextStep()?.at).toBe(silentAt);

    const noticed = chargeIn('handed-over');
    noticed.passTime(silentAt);
    send(noticed, later(8 * DAY), object('invoice-0'));
    expect(noticed.nextStep()).toBeNull();
  });

  it('R5.8 its silence is counted anew from a credit that is tried again', () => {
    const charge = chargeIn('crediting');
    charge.passTime(later(HOUR + 7 * DAY));
    send(charge, later(8 * DAY), billing('refuses', 'invoice-0', 'credit'));
    send(charge, later(9 * DAY), credit('invoice-0', 'again'));
    expect(charge.nextStep()?.at).toBe(later(16 * DAY));
  });
});

describe('a credit', () => {
  it('R5.8 is asked of billing, and then nothing is in its place', () => {
    const charge = chargeIn('credited');
    expect(stepsOf(charge).slice(-2)).toEqual([
      'invoice-0 crediting (clinic-mistake)',
      'invoice-0 credited (accepted-by-billing)',
    ]);
    expect(charge.over).toBe(true);
    expect(charge.nextStep()).toBeNull();
  });

  it('R5.8 that billing refuses leaves it issued, and can be tried again', () => {
    const charge = chargeIn('crediting');
    send(charge, later(DAY), billing('refuses', 'invoice-0', 'credit'));
    expect(stepsOf(charge).at(-1)).toBe('invoice-0 credit-refused (refused-by-billing)');
    expect(states(charge)).toEqual(['invoice-0 issued']);
    expect(charge.over).toBe(true);
    const again = restarted(charge);
    expect(send(again, later(2 * DAY), credit('invoice-0', 'again'))).toBeNull();
    expect(send(again, later(3 * DAY), billing('accepts', 'invoice-0', 'credit', 'now'))).toBeNull();
    expect(states(again)).toEqual(['invoice-0 credited']);
  });

  it.each([
    ['proposed', 'not-issued'],
    ['nothing-to-charge', 'not-issued'],
    ['waived', 'not-issued'],
    ['refused', 'not-issued'],
    ['credited', 'not-issued'],
    ['handed-over', 'waits-for-billing'],
    ['crediting', 'waits-for-billing'],
  ] as const)('R5.8 one that is %s is not credited: %s', (state, reason) => {
    expect(refusal(chargeIn(state), credit('invoice-0', 'now'))).toBe(reason);
  });
});

describe('replacing', () => {
  const other = missed(0, { invoiceId: 'invoice-1', amountOre: 20000 });

  it('R5.8 a proposal is withdrawn, and another proposed', () => {
    const charge = chargeIn('proposed');
    expect(send(charge, later(DAY), replace('invoice-0', other))).toBeNull();
    expect(stepsOf(charge).slice(-2)).toEqual([
      'invoice-0 withdrawn (replaced)',
      'invoice-1 proposed (no-show)',
    ]);
  });

  it('R5.8 an issued one is credited first', () => {
    const charge = chargeIn('issued');
    expect(send(charge, later(DAY), replace('invoice-0', other))).toBeNull();
    expect(states(charge)).toEqual(['invoice-0 crediting']);
    expect(charge.snapshot().next).toEqual(other);
    send(charge, later(2 * DAY), billing('accepts', 'invoice-0', 'credit'));
    expect(states(charge)).toEqual(['invoice-0 credited', 'invoice-1 proposed']);
    expect(charge.snapshot().next).toBeNull();
  });

  it('R5.8 nothing takes the place of one that billing refuses to credit, until it does', () => {
    const charge = chargeIn('issued');
    send(charge, later(DAY), replace('invoice-0', other));
    send(charge, later(2 * DAY), billing('refuses', 'invoice-0', 'credit'));
    expect(states(charge)).toEqual(['invoice-0 issued']);
    const again = restarted(charge);
    send(again, later(3 * DAY), credit('invoice-0'));
    send(again, later(4 * DAY), billing('accepts', 'invoice-0', 'credit', 'now'));
    expect(states(again)).toEqual(['invoice-0 credited', 'invoice-1 proposed']);
  });

  it.each(['nothing-to-charge', 'waived', 'refused', 'credited'] as const)(
    'R5.8 in the place of one that is %s another is proposed at once',
    (state) => {
      const charge = chargeIn(state);
      expect(send(charge, later(DAY), replace('invoice-0', other))).toBeNull();
      expect(states(charge)).toEqual([`invoice-0 ${state}`, 'invoice-1 proposed']);
    },
  );

  it.each(['handed-over', 'crediting'] as const)('R5.8 one that is %s waits for billing', (state) => {
    expect(refusal(chargeIn(state), replace('invoice-0', other))).toBe('waits-for-billing');
  });

  it.each(['proposed', 'issued'] as const)('R5.8 one that is %s is not replaced by the same', (state) => {
    const same = missed(0, { invoiceId: 'invoice-1' });
    expect(refusal(chargeIn(state), replace('invoice-0', same))).toBe('nothing-changes');
    for (const change of [
      { amountOre: 20000 },
      { feeCode: 'nurse' },
      { decision: { ...missedVisitFee, payer: 'guardian' as const } },
      { decision: free },
    ])
      expect(refusal(chargeIn(state), replace('invoice-0', { ...same, ...change }))).toBeNull();
  });

  it('R5.10 the payer whom staff have decided on is no reason to credit and replace', () => {
    const first = proposal(0, { decision: teenagersFee });
    const charge = charged(
      first,
      approve('invoice-0', { payer: 'guardian' }),
      billing('accepts', 'invoice-0'),
    );
    expect(refusal(charge, replace('invoice-0', { ...first, invoiceId: 'invoice-1' }))).toBe(
      'nothing-changes',
    );
  });

  it('a caller that replaces for ever is stopped', () => {
    const charge = charged();
    for (let n = 1; n < 50; n += 1) {
      const by = proposal(0, { invoiceId: `invoice-${n}`, amountOre: n });
      expect(send(charge, MONDAY, replace(`invoice-${n - 1}`, by))).toBeNull();
    }
    const by = proposal(0, { invoiceId: 'invoice-50', amountOre: 50 });
    expect(send(charge, MONDAY, replace('invoice-49', by))).toBe('too-many-invoices');
    expect(send(charge, MONDAY, waive('invoice-49'))).toBeNull();
  });
});

describe('a correction of the outcome', () => {
  it.each([
    ['nothing-to-charge', ['invoice-0 nothing-to-charge', 'invoice-1 proposed']],
    ['proposed', ['invoice-0 withdrawn', 'invoice-1 proposed']],
    ['waived', ['invoice-0 waived', 'invoice-1 proposed']],
    ['refused', ['invoice-0 refused', 'invoice-1 proposed']],
    ['credited', ['invoice-0 credited', 'invoice-1 proposed']],
    ['issued', ['invoice-0 crediting']],
    ['crediting', ['invoice-0 crediting']],
    ['handed-over', ['invoice-0 handed-over']],
  ] as const)('R5.1 R5.8 of one that is %s', (state, expected) => {
    const charge = chargeIn(state);
    const corrected = proposal(1);
    charge.propose(later(DAY), corrected);
    expect(states(charge)).toEqual(expected);
    expect(charge.snapshot().next).toEqual(expected.length === 1 ? corrected : null);
    expect(charge.snapshot().basis).toBe(1);
  });

  it('R5.8 while billing has the basis: accepted, credited and then replaced', () => {
    const charge = chargeIn('handed-over');
    charge.propose(later(DAY), proposal(1));
    send(charge, later(2 * DAY), billing('accepts', 'invoice-0'));
    expect(states(charge)).toEqual(['invoice-0 crediting']);
    expect(stepsOf(charge).slice(-2)).toEqual([
      'invoice-0 issued (accepted-by-billing)',
      'invoice-0 crediting (replaced)',
    ]);
    send(charge, later(2 * DAY), billing('accepts', 'invoice-0', 'credit'));
    expect(states(charge)).toEqual(['invoice-0 credited', 'invoice-1 proposed']);
  });

  it('R5.8 while billing has the basis: refused, and so replaced at once', () => {
    const charge = chargeIn('handed-over');
    charge.propose(later(DAY), proposal(1));
    send(charge, later(2 * DAY), billing('refuses', 'invoice-0'));
    expect(states(charge)).toEqual(['invoice-0 refused', 'invoice-1 proposed']);
  });

  it('R5.8 that nothing is to be paid credits what was issued', () => {
    const charge = chargeIn('issued');
    charge.propose(later(DAY), nothing(1));
    send(charge, later(2 * DAY), billing('accepts', 'invoice-0', 'credit'));
    expect(states(charge)).toEqual(['invoice-0 credited', 'invoice-1 nothing-to-charge']);
    expect(charge.over).toBe(true);
  });

  it('R5.8 the newest of several takes the place', () => {
    const charge = chargeIn('issued');
    charge.propose(later(DAY), proposal(1));
    charge.propose(later(DAY), nothing(2));
    charge.propose(later(DAY), proposal(3, { amountOre: 12300 }));
    send(charge, later(2 * DAY), billing('accepts', 'invoice-0', 'credit'));
    expect(states(charge)).toEqual(['invoice-0 credited', 'invoice-3 proposed']);
    expect(last(charge).amountOre).toBe(12300);
  });

  it.each(['issued', 'handed-over'] as const)(
    'R5.8 to what it was leaves one that is %s as it is',
    (state) => {
      const charge = chargeIn(state);
      if (state === 'handed-over') {
        charge.propose(later(DAY), nothing(1));
        charge.propose(later(DAY), missed(2));
        send(charge, later(2 * DAY), billing('accepts', 'invoice-0'));
      } else {
        charge.propose(later(DAY), missed(1));
      }
      expect(states(charge)).toEqual(['invoice-0 issued']);
      expect(charge.snapshot().next).toBeNull();
      expect(charge.over).toBe(true);
    },
  );

  it('R5.8 to what it was, after billing has refused to credit, leaves nothing to take its place', () => {
    const charge = chargeIn('issued');
    charge.propose(later(DAY), proposal(1));
    send(charge, later(2 * DAY), billing('refuses', 'invoice-0', 'credit'));
    charge.propose(later(3 * DAY), missed(2));
    expect(charge.snapshot().next).toBeNull();
    // Staff have it credited all the same, with nothing in its place.
    send(charge, later(4 * DAY), credit('invoice-0'));
    send(charge, later(5 * DAY), billing('accepts', 'invoice-0', 'credit', 'now'));
    expect(states(charge)).toEqual(['invoice-0 credited']);
  });

  // The two weekdays were counted when it was proposed, and have passed when billing at last answers.
  it('R5.7 what had to wait for billing can still be looked at and objected to before it goes out', () => {
    const charge = chargeIn('issued');
    charge.propose(later(DAY), proposal(1));
    const answeredAt = later(DAY, LET_THROUGH);
    send(charge, answeredAt, billing('accepts', 'invoice-0', 'credit'));
    charge.passTime(answeredAt);
    expect(states(charge)).toEqual(['invoice-0 credited', 'invoice-1 proposed']);
  });
});

describe('once', () => {
  const again = {
    approve: [chargeIn('proposed'), approve('invoice-0')],
    waive: [chargeIn('proposed'), waive('invoice-0')],
    object: [chargeIn('proposed'), object('invoice-0')],
    'object after issue': [chargeIn('issued'), object('invoice-0')],
    'billing accepts': [chargeIn('handed-over'), billing('accepts', 'invoice-0')],
    'billing refuses': [chargeIn('handed-over'), billing('refuses', 'invoice-0')],
    credit: [chargeIn('issued'), credit('invoice-0')],
    'billing credits': [chargeIn('crediting'), billing('accepts', 'invoice-0', 'credit')],
    'billing refuses to credit': [chargeIn('crediting'), billing('refuses', 'invoice-0', 'credit')],
    'replace a proposal': [
      chargeIn('proposed'),
      replace('invoice-0', missed(0, { invoiceId: 'invoice-1', amountOre: 1 })),
    ],
    'replace an issued one': [
      chargeIn('issued'),
      replace('invoice-0', missed(0, { invoiceId: 'invoice-1', amountOre: 1 })),
    ],
    'replace a credited one': [
      chargeIn('credited'),
      replace('invoice-0', missed(0, { invoiceId: 'invoice-1' })),
    ],
  } satisfies Record<string, [InvoiceStateMachine, Command]>;

  it.each(Object.entries(again))(
    'decision 6: the same command again, by this run or the next, is answered and has no effect: %s',
    (_, [charge, command]) => {
      const before = charge.snapshot();
      expect(send(charge, later(DAY), command)).toBeNull();
      const done = charge.snapshot();
      expect(done).not.toEqual(before);
      expect(done.version).toBeGreaterThan(before.version);

      expect(send(charge, later(2 * DAY), command)).toBeNull();
      const next = restarted(charge);
      expect(send(next, later(3 * DAY), command)).toBeNull();
      expect(charge.snapshot()).toEqual(done);
      expect(next.snapshot()).toEqual(done);
    },
  );

  it('decision 6: a command that was done is not refused for what has come after it', () => {
    const charge = chargeIn('credited');
    expect(refusal(charge, approve('invoice-0'))).toBeNull();
    expect(refusal(charge, credit('invoice-0'))).toBeNull();
    send(charge, later(DAY), replace('invoice-0', missed(0, { invoiceId: 'invoice-1' })));
    expect(refusal(charge, approve('invoice-0'))).toBeNull();
    expect(refusal(charge, approve('invoice-0', {}, 'another'))).toBe('replaced');
  });

  it.each(statesAlone)('R5.1 the same proposal again, or an older one, changes nothing: %s', (state) => {
    const charge = restarted(chargeIn(state));
    charge.propose(later(DAY), proposal(3));
    const before = charge.snapshot();
    for (const basis of [3, 2, 0]) {
      charge.propose(later(2 * DAY), proposal(basis, { invoiceId: 'another', amountOre: 1 }));
      expect(charge.snapshot()).toEqual(before);
      const next = restarted(charge);
      next.propose(later(2 * DAY), proposal(basis, { invoiceId: 'another', amountOre: 1 }));
      expect(next.snapshot()).toEqual(before);
    }
  });

  it('a command about no invoice of this time, or a replaced one, is refused', () => {
    const charge = charged();
    charge.propose(later(HOUR), proposal(1, { amountOre: 1 }));
    const commands = (id: string) => [
      approve(id),
      waive(id),
      object(id),
      billing('accepts', id),
      credit(id),
      replace(id, proposal(0)),
    ];
    for (const command of commands('invoice-9')) expect(refusal(charge, command)).toBe('no-such-invoice');
    for (const command of commands('invoice-0')) expect(refusal(charge, command)).toBe('replaced');
  });

  it.each([
    ['approve', approve('invoice-0', {}, 'now')],
    ['waive', waive('invoice-0', 'now')],
  ])('only a proposal takes: %s', (_, command) => {
    for (const state of statesAlone)
      expect(refusal(chargeIn(state), command)).toBe(state === 'proposed' ? null : 'not-proposed');
  });

  it('asking whether changes nothing', () => {
    for (const state of statesAlone) {
      const charge = chargeIn(state);
      const before = charge.snapshot();
      for (const command of [
        approve('invoice-0', {}, 'now'),
        waive('invoice-0', 'now'),
        object('invoice-0', 'now'),
        billing('refuses', 'invoice-0', 'credit', 'now'),
        credit('invoice-0', 'now'),
        replace('invoice-0', proposal(0), 'now'),
      ])
        refusal(charge, command);
      charge.nextStep();
      charge.passTime(later(2 * HOUR));
      expect(charge.snapshot()).toEqual(before);
    }
  });
});

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
    if (charge.over) expect(charge.nextStep()).toBeNull();
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

import { InvoiceStateMachine } from '../../../../workflows/invoice/state';
import { nothingToCharge } from '../../../../workflows/invoice/snapshot';
import { DAY, HOUR } from '../../../rules/builders';
import {
  MONDAY,
  LET_THROUGH,
  later,
  about,
  visitFee,
  missedVisitFee,
  teenagersFee,
  proposal,
  missed,
  nothing,
  refusal,
  send,
  approve,
  waive,
  object,
  credit,
  restarted,
  charged,
  chargeIn,
  states,
  stepsOf,
  last,
  statesAlone,
} from './builders';

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
    expect(charge.hasNothingLeft).toBe(false);
    expect(charge.nextStep()).toBeNull();
  });

  it.each(statesAlone)('can be brought to the state %s, and goes on from there after a restart', (state) => {
    const charge = chargeIn(state);
    expect(last(charge).state).toBe(state);
    expect(restarted(charge).snapshot()).toEqual(charge.snapshot());
    expect(restarted(charge).nextStep()).toEqual(charge.nextStep());
    expect(restarted(charge).hasNothingLeft).toBe(charge.hasNothingLeft);
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
      expect(charge.hasNothingLeft).toBe(!['proposed', 'handed-over', 'crediting'].includes(state));
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
    expect(charge.hasNothingLeft).toBe(false);
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
    expect(charge.hasNothingLeft).toBe(true);
  });

  it('R5.5 that nothing is charged is a finding, and never an invoice', () => {
    const charge = charged(nothing(0));
    charge.passTime(later(365 * DAY));
    expect(stepsOf(charge)).toEqual(['invoice-0 nothing-to-charge (clinic-absent)']);
    expect(charge.hasNothingLeft).toBe(true);
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

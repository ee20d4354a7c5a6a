import { DAY, HOUR } from '../../../rules/builders';
import {
  LET_THROUGH,
  later,
  proposal,
  send,
  approve,
  object,
  charged,
  chargeIn,
  states,
  stepsOf,
  last,
} from './builders';

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

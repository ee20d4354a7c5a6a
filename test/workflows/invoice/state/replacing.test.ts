import { DAY } from '../../../rules/builders';
import {
  MONDAY,
  LET_THROUGH,
  later,
  missedVisitFee,
  teenagersFee,
  free,
  proposal,
  missed,
  nothing,
  refusal,
  send,
  approve,
  waive,
  billing,
  credit,
  replace,
  restarted,
  charged,
  chargeIn,
  states,
  stepsOf,
  last,
} from './builders';

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
    expect(charge.hasNothingLeft).toBe(true);
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
      expect(charge.hasNothingLeft).toBe(true);
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

import type { InvoiceStateMachine } from '../../../../workflows/invoice/state';
import { DAY, HOUR } from '../../../rules/builders';
import {
  later,
  proposal,
  missed,
  type Command,
  refusal,
  send,
  approve,
  waive,
  object,
  billing,
  credit,
  replace,
  restarted,
  charged,
  chargeIn,
  statesAlone,
} from './builders';

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

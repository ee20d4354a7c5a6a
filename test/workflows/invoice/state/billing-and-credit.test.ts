import { DAY, HOUR } from '../../../rules/builders';
import {
  later,
  missed,
  refusal,
  send,
  object,
  billing,
  credit,
  replace,
  restarted,
  chargeIn,
  states,
  stepsOf,
} from './builders';

describe("the clinic's billing", () => {
  it('R5.8 issued means accepted there', () => {
    const charge = chargeIn('issued');
    expect(stepsOf(charge).at(-1)).toBe('invoice-0 issued (accepted-by-billing)');
    expect(charge.hasNothingLeft).toBe(true);
    expect(charge.nextStep()).toBeNull();
  });

  it('R5.8 what it refuses is no invoice; staff can have it made anew', () => {
    const charge = chargeIn('refused');
    expect(charge.hasNothingLeft).toBe(true);
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
      expect(charge.hasNothingLeft).toBe(false);
      const answer = billing('accepts', 'invoice-0', state === 'crediting' ? 'credit' : 'basis', 'at last');
      expect(send(charge, later(31 * DAY, silentAt), answer)).toBeNull();
      expect(charge.hasNothingLeft).toBe(true);
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
    expect(charge.hasNothingLeft).toBe(true);
    expect(charge.nextStep()).toBeNull();
  });

  it('R5.8 that billing refuses leaves it issued, and can be tried again', () => {
    const charge = chargeIn('crediting');
    send(charge, later(DAY), billing('refuses', 'invoice-0', 'credit'));
    expect(stepsOf(charge).at(-1)).toBe('invoice-0 credit-refused (refused-by-billing)');
    expect(states(charge)).toEqual(['invoice-0 issued']);
    expect(charge.hasNothingLeft).toBe(true);
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

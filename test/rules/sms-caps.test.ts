import fc from 'fast-check';
import { caps, defaultSmsLimits, overCap, type Cap, type OverCap } from '../../rules/sms-caps';

const most = { number: 20, clinic: 2_000, account: 20_000 };
const none = { number: 0, clinic: 0, account: 0 };

describe('overCap', () => {
  it.each<[string, Partial<Record<Cap, number>>, OverCap | null]>([
    ['nothing went', {}, null],
    ['one less than each cap went', { number: 19, clinic: 1_999, account: 19_999 }, null],
    ['the cap of the number is used up', { number: 20 }, 'over-cap-number'],
    ['the cap of the clinic is used up', { clinic: 2_000 }, 'over-cap-clinic'],
    ['the cap of the account is used up', { account: 20_000 }, 'over-cap-account'],
    ['more went than a cap', { number: 23 }, 'over-cap-number'],
    ['the narrowest cap is told', { number: 20, clinic: 2_000, account: 20_000 }, 'over-cap-number'],
    ['the clinic’s before the account’s', { clinic: 2_000, account: 20_000 }, 'over-cap-clinic'],
  ])('R2.7 where %s', (_, sent, expected) => {
    expect(overCap({ ...none, ...sent }, most)).toBe(expected);
  });

  it('R2.7 lets one more go exactly where all that went is less than its cap', () => {
    const counts = fc.record({ number: fc.nat(5), clinic: fc.nat(5), account: fc.nat(5) });
    fc.assert(
      fc.property(counts, counts, (sent, limits) => {
        expect(overCap(sent, limits) === null).toBe(caps.every((cap) => sent[cap] < limits[cap]));
      }),
    );
  });
});

describe('the defaults', () => {
  it('leave room for the five or six SMS of each of a few meetings a day, and are Sweden’s', () => {
    expect(defaultSmsLimits).toEqual({ smsPerNumberPerDay: 20, smsPerDay: 2_000, foreignNumbers: false });
  });
});

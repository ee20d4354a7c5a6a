import fc from 'fast-check';
import { ageAt, guardianMayAct, outgrown, reachesAge } from '../../../rules/calendar/age';
import { after, anyInstant, stockholm } from '../builders';

const isLeap = (year: number): boolean => new Date(Date.UTC(year, 1, 29)).getUTCMonth() === 1;

/** Age by comparing calendar dates as text, by the other clock. */
function expectedAge(birthDate: string, at: Date): number {
  const today = stockholm(at).day;
  const year = Number(today.slice(0, 4));
  const born = birthDate.slice(5);
  const birthday = born === '02-29' && !isLeap(year) ? '02-28' : born;
  return year - Number(birthDate.slice(0, 4)) - (today.slice(5) < birthday ? 1 : 0);
}

const anyBirthDate = fc.oneof(
  fc
    .integer({ min: Date.parse('1915-01-01'), max: Date.parse('2023-12-31') })
    .map((ms) => new Date(ms).toISOString().slice(0, 10)),
  fc.constantFrom(
    '2012-02-29',
    '2016-02-29',
    '2013-03-31',
    '2013-10-27',
    '2014-03-30',
    '2013-12-31',
    '2013-01-01',
  ),
);

describe('ageAt', () => {
  it.each([
    ['in winter', '2013-11-23', '2026-11-22T23:00:00.000Z'],
    ['in summer', '2013-07-01', '2026-06-30T22:00:00.000Z'],
    ['on the day of the spring change', '2014-03-28', '2027-03-27T23:00:00.000Z'],
    ['the day after the spring change', '2014-03-29', '2027-03-28T22:00:00.000Z'],
    ['on the day of the autumn change', '2013-10-25', '2026-10-24T22:00:00.000Z'],
    ['the day after the autumn change', '2013-10-26', '2026-10-25T23:00:00.000Z'],
    ['born on 29 February', '2012-02-29', '2025-02-27T23:00:00.000Z'],
    ['on New Year', '2014-01-01', '2026-12-31T23:00:00.000Z'],
  ])('R7.2 turns 13 at midnight in Stockholm: %s', (_, birthDate, midnight) => {
    expect(ageAt(birthDate, after(midnight, -1))).toBe(12);
    expect(ageAt(birthDate, new Date(midnight))).toBe(13);
    expect(guardianMayAct(birthDate, after(midnight, -1))).toBe(true);
    expect(guardianMayAct(birthDate, new Date(midnight))).toBe(false);
    expect(reachesAge(birthDate, 13).toISOString()).toBe(midnight);
  });

  it('R7.2 one born on 29 February has the birthday on the 29th where there is one', () => {
    expect(ageAt('2012-02-29', new Date('2028-02-28T22:59:59.999Z'))).toBe(15);
    expect(ageAt('2012-02-29', new Date('2028-02-28T23:00:00Z'))).toBe(16);
    expect(ageAt('2012-02-29', new Date('2027-02-27T23:00:00Z'))).toBe(15);
  });

  it('R7.1 is 0 from the day of birth', () => {
    expect(ageAt('2026-11-23', new Date('2026-11-22T23:00:00Z'))).toBe(0);
    expect(guardianMayAct('2026-11-23', new Date('2026-11-22T23:00:00Z'))).toBe(true);
  });

  it('R7.2 follows the calendar for every birth date and instant', () => {
    fc.assert(
      fc.property(anyBirthDate, anyInstant, (birthDate, at) => {
        expect(ageAt(birthDate, at)).toBe(expectedAge(birthDate, at));
      }),
      { numRuns: 500 },
    );
  });

  it('R7.2 the new age begins at the instant at which it is reached, not a millisecond before', () => {
    fc.assert(
      fc.property(anyBirthDate, fc.integer({ min: 1, max: 100 }), (birthDate, age) => {
        const midnight = reachesAge(birthDate, age);
        expect(ageAt(birthDate, midnight)).toBe(age);
        expect(ageAt(birthDate, after(midnight, -1))).toBe(age - 1);
      }),
      { numRuns: 500 },
    );
  });

  it.each(['2026-02-30', 'unknown', ''])('refuses what is no birth date: "%s"', (birthDate) => {
    expect(() => ageAt(birthDate, new Date())).toThrow(RangeError);
  });
});

describe('outgrown', () => {
  const birthDate = '2013-11-23';
  const thirteen = '2026-11-22T23:00:00.000Z';

  it('R7.2 what was recorded while a guardian acted ends at the midnight of 13', () => {
    const before = after(thirteen, -1);
    expect(outgrown(birthDate, before, before)).toBe(false);
    expect(outgrown(birthDate, before, new Date(thirteen))).toBe(true);
    expect(outgrown(birthDate, new Date('2020-01-01'), new Date('2040-01-01'))).toBe(true);
  });

  it('R7.2 what the child has confirmed since stands', () => {
    expect(outgrown(birthDate, new Date(thirteen), new Date(thirteen))).toBe(false);
    expect(outgrown(birthDate, new Date(thirteen), new Date('2040-01-01'))).toBe(false);
  });

  it('R7.2 is so exactly where a guardian could act then and cannot now', () => {
    fc.assert(
      fc.property(anyBirthDate, anyInstant, anyInstant, (born, recordedAt, now) => {
        expect(outgrown(born, recordedAt, now)).toBe(
          guardianMayAct(born, recordedAt) && !guardianMayAct(born, now),
        );
      }),
    );
  });
});

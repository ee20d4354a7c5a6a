import fc from 'fast-check';
import { birthDateOf, holdsIdentity, parseIdentity, type IdentityKind } from '../../rules/personal-number';

/** Luhn's check digit over the ten short digits, by hand. */
function checkDigit(nine: string): number {
  const sum = Array.from(nine, Number)
    .map((digit, place) => (place % 2 === 0 ? digit * 2 : digit))
    .reduce((total, product) => total + Math.floor(product / 10) + (product % 10), 0);
  return (10 - (sum % 10)) % 10;
}

/**
 * With the serials that the tax agency keeps for tests (238, 239 and 980 to 999), so that nobody real is
 * written here.
 */
const anyTestNumber = (kind: Exclude<IdentityKind, 'reserve-number'>) =>
  fc
    .tuple(
      fc.integer({ min: Date.parse('1900-01-01'), max: Date.parse('2025-12-31') }),
      fc.oneof(fc.constantFrom(238, 239), fc.integer({ min: 980, max: 999 })),
    )
    .map(([ms, serial]) => {
      const birthDate = new Date(ms).toISOString().slice(0, 10);
      const [year, month, day] = birthDate.split('-').map(Number) as [number, number, number];
      const writtenDay = kind === 'co-ordination-number' ? day + 60 : day;
      const eleven = `${year}${String(month).padStart(2, '0')}${String(writtenDay).padStart(2, '0')}${serial}`;
      return { birthDate, number: `${eleven}${checkDigit(eleven.slice(2))}` };
    });

describe('parseIdentity', () => {
  it.each(['198112189876', '19811218-9876', ' 198112189876 '])(
    "R7.4 takes the tax agency's test number as %s",
    (input) => {
      expect(parseIdentity(input)).toEqual({ kind: 'personal-number', number: '198112189876' });
    },
  );

  it('R7.4 takes a number of either kind with its right check digit, tells its birth date, and takes no other digit', () => {
    for (const kind of ['personal-number', 'co-ordination-number'] as const) {
      fc.assert(
        fc.property(anyTestNumber(kind), ({ number, birthDate }) => {
          const identity = parseIdentity(number);
          expect(identity).toEqual({ kind, number });
          expect(birthDateOf(identity!)).toBe(birthDate);
          expect(parseIdentity(`${number.slice(0, 8)}-${number.slice(8)}`)).toEqual(identity);
          for (let other = 1; other <= 9; other += 1) {
            expect(parseIdentity(`${number.slice(0, 11)}${(Number(number[11]) + other) % 10}`)).toBeNull();
          }
        }),
      );
    }
  });

  it('R7.4 refuses a number with any one of its ten short digits changed', () => {
    const anyPlace = fc.integer({ min: 2, max: 11 });
    fc.assert(
      fc.property(
        anyTestNumber('personal-number'),
        anyPlace,
        fc.integer({ min: 1, max: 9 }),
        ({ number }, place, by) => {
          const digit = (Number(number[place]) + by) % 10;
          expect(parseIdentity(number.slice(0, place) + String(digit) + number.slice(place + 1))).toBeNull();
        },
      ),
      { numRuns: 500 },
    );
  });

  it('R7.4 refuses every other length, so that the century is never guessed', () => {
    const number = '198112189876';
    for (let length = 0; length < 12; length += 1) {
      expect(parseIdentity(number.slice(0, length))).toBeNull();
      expect(parseIdentity(number.slice(12 - length))).toBeNull();
    }
    for (const longer of [`${number}0`, `0${number}`, number + number])
      expect(parseIdentity(longer)).toBeNull();
    expect(parseIdentity('811218-9876')).toBeNull();
    expect(parseIdentity('811218+9876')).toBeNull();
  });

  it.each([
    ['a day that does not exist', `19810230987${checkDigit('810230987')}`],
    ['29 February outside a leap year', `19810229987${checkDigit('810229987')}`],
    ['a month 13', `19811318987${checkDigit('811318987')}`],
    ['a month 0', `19810018987${checkDigit('810018987')}`],
    ['a day 0', `19811200987${checkDigit('811200987')}`],
    ['a co-ordination day 92', `19811292987${checkDigit('811292987')}`],
    ['a day between the two kinds', `19811240987${checkDigit('811240987')}`],
    ['a century that nobody lives from', `17811218987${checkDigit('811218987')}`],
    ['a century to come', `21811218987${checkDigit('811218987')}`],
    ['the sign of the old', '19811218+9876'],
    ['letters', '19811218TF76'],
    ['an interim number', `19811218T98${checkDigit('811218198')}`],
    ['a dash elsewhere', '1981-12189876'],
    ['a line break', '19811218\n9876'],
  ])('R7.4 refuses %s', (_, number) => {
    expect(parseIdentity(number)).toBeNull();
  });

  it('R7.4 takes 29 February of a leap year', () => {
    const eleven = '20160229238';
    const identity = parseIdentity(`${eleven}${checkDigit(eleven.slice(2))}`);
    expect(birthDateOf(identity!)).toBe('2016-02-29');
  });

  it.each(['19810829M071', '20160229K123', '18990101X001', '19810829m071'])(
    'R7.4 takes the reserve number %s',
    (input) => {
      const identity = parseIdentity(input);
      expect(identity).toEqual({ kind: 'reserve-number', number: input.toUpperCase() });
      expect(birthDateOf(identity!)?.replaceAll('-', '')).toBe(input.slice(0, 8));
    },
  );

  it.each([
    '19810230M071',
    '19811329K071',
    '19810829A071',
    '19810829M07',
    '19810829M0711',
    '810829M071',
    '19810889M071',
  ])('R7.4 refuses the reserve number %s', (input) => {
    expect(parseIdentity(input)).toBeNull();
  });
});

test('D15 the digits of a UUID are there by chance, and are no number', () => {
  expect(holdsIdentity('aa930102-3009-4782-927e-c3801a88a905')).toBe(false);
  expect(holdsIdentity('book-198112189876')).toBe(true);
  expect(holdsIdentity('aa930102-3009-4782-927e-c3801a88a905 198112189876')).toBe(true);
});

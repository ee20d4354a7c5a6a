import fc from 'fast-check';
import { isForeign, mobileNumber } from '../../rules/phone-number';

/** The mobile numbers that Sweden keeps free for fiction, without the leading zero. */
const anyFictitious = fc.integer({ min: 605, max: 699 }).map((last) => `701740${last}`);

describe('mobileNumber', () => {
  it('R2.2 takes a Swedish mobile number in every usual writing, and keeps one', () => {
    fc.assert(
      fc.property(anyFictitious, (number) => {
        const [a, b, c, d] = [number.slice(0, 2), number.slice(2, 5), number.slice(5, 7), number.slice(7)];
        for (const written of [
          `+46${number}`,
          `0046${number}`,
          `0${number}`,
          `0${a}-${b} ${c} ${d}`,
          `0${a} ${b}${c}${d}`,
          `+46 ${a} ${b} ${c} ${d}`,
          `+46 (0)${a}-${b} ${c} ${d}`,
          ` 0${number} `,
        ]) {
          expect(mobileNumber(written)).toBe(`+46${number}`);
        }
      }),
    );
  });

  it('R2.2 refuses a fictitious number with a digit too many or too few', () => {
    fc.assert(
      fc.property(anyFictitious, fc.integer({ min: 0, max: 9 }), (number, digit) => {
        expect(mobileNumber(`+46${number}${digit}`)).toBeNull();
        expect(mobileNumber(`+46${number.slice(0, -1)}`)).toBeNull();
      }),
    );
  });

  it.each([
    ['Norwegian', '+47 406 12 345', '+4740612345'],
    ['Norwegian, with 00', '0047 406 12 345', '+4740612345'],
    ['British', '+44 7911 123456', '+447911123456'],
    ['British, with its own zero', '+44 (0)7911 123456', '+447911123456'],
    ['Finnish', '+358 44 123 45 678', '+3584412345678'],
    ['Danish, where numbers do not tell mobile from fixed', '+45 20 12 34 56', '+4520123456'],
    ['American, likewise', '+1 202 555 0143', '+12025550143'],
  ])('R2.2 takes another country’s mobile number with its country code: %s', (_, input, kept) => {
    expect(mobileNumber(input)).toBe(kept);
    expect(isForeign(kept)).toBe(true);
  });

  it.each([
    ['a landline', '08-465 004 06'],
    ['an emergency number', '112'],
    ['a short code', '71010'],
    ['a premium number', '0900-123 45 67'],
    ['a freephone number', '020-91 00 37'],
    ['a machine', '0719-12 34 56'],
    ['a Norwegian number without its country code', '406 12 345'],
    ['a Norwegian premium number', '+47 820 12 345'],
    ['an American premium number', '+1 900 555 1234'],
    ['a British number that follows a person', '+44 70 1234 5678'],
    ['an Italian landline', '+39 06 12345678'],
    ['a satellite phone', '+881 612345678'],
    ['an international network', '+883 510000000000'],
    ['a country that there is not', '+999 701740605'],
    ['a number with an extension', '+1 202 555 0143 ext. 7'],
    ['words', 'hemligt'],
    ['an e-mail address', 'kim@example.se'],
    ['nothing', ''],
  ])('R2.2 refuses %s', (_, input) => {
    expect(mobileNumber(input)).toBeNull();
  });
});

describe('isForeign', () => {
  it('is no Swedish number', () => {
    fc.assert(fc.property(anyFictitious, (number) => expect(isForeign(`+46${number}`)).toBe(false)));
  });
});

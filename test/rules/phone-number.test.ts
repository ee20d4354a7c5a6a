import fc from 'fast-check';
import { swedishMobile } from '../../rules/phone-number';

/** The mobile numbers that Sweden keeps free for fiction, without the leading zero. */
const anyFictitious = fc.integer({ min: 605, max: 699 }).map((last) => `701740${last}`);

describe('swedishMobile', () => {
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
          expect(swedishMobile(written)).toBe(`+46${number}`);
        }
      }),
    );
  });

  it('R2.2 refuses a fictitious number with a digit too many or too few', () => {
    fc.assert(
      fc.property(anyFictitious, fc.integer({ min: 0, max: 9 }), (number, digit) => {
        expect(swedishMobile(`+46${number}${digit}`)).toBeNull();
        expect(swedishMobile(`+46${number.slice(0, -1)}`)).toBeNull();
      }),
    );
  });

  it.each([
    ['a landline', '08-465 004 06'],
    ['a Norwegian mobile', '+47 406 12 345'],
    ['a Danish number', '+45 20 12 34 56'],
    ['an emergency number', '112'],
    ['a short code', '71010'],
    ['a premium number', '0900-123 45 67'],
    ['a freephone number', '020-91 00 37'],
    ['a machine', '0719-12 34 56'],
    ['words', 'hemligt'],
    ['an e-mail address', 'kim@example.se'],
    ['nothing', ''],
  ])('R2.2 refuses %s', (_, input) => {
    expect(swedishMobile(input)).toBeNull();
  });
});

import fc from 'fast-check';
import { isOneGsm7Part, smsParts } from '../../../integrations/sms/gsm7';

describe('smsParts', () => {
  it.each([
    ['an empty text', '', 'gsm-7', 1, 0],
    ['160 characters', 'a'.repeat(160), 'gsm-7', 1, 160],
    ['161 characters', 'a'.repeat(161), 'gsm-7', 2, 161],
    ['two full parts', 'a'.repeat(306), 'gsm-7', 2, 306],
    ['one more than two full parts', 'a'.repeat(307), 'gsm-7', 3, 307],
    ['80 extension characters', '€'.repeat(80), 'gsm-7', 1, 160],
    ['an extension character that makes 161', `${'a'.repeat(159)}€`, 'gsm-7', 2, 161],
    ['Swedish letters', 'åäöéÅÄÖÉ', 'gsm-7', 1, 8],
    ['a typographic dash', 'kl 10–11', 'ucs-2', 1, 8],
    ['typographic quotes', '”möte”', 'ucs-2', 1, 6],
    ['70 UCS-2 units', 'ł'.repeat(70), 'ucs-2', 1, 70],
    ['71 UCS-2 units', 'ł'.repeat(71), 'ucs-2', 2, 71],
    ['one more than two full UCS-2 parts', 'ł'.repeat(135), 'ucs-2', 3, 135],
    ['a character outside the basic plane', '🙂', 'ucs-2', 1, 2],
  ])('R2.3 counts %s', (_, text, encoding, parts, units) => {
    expect(smsParts(text)).toEqual({ encoding, parts, units });
  });

  it('R2.3 never splits an escape pair over a part border', () => {
    // 152 + a pair over the border + 152: 306 units would be two parts if the pair could be split.
    const text = `${'a'.repeat(152)}€${'a'.repeat(152)}`;
    expect(smsParts(text)).toEqual({ encoding: 'gsm-7', parts: 3, units: 306 });
  });

  it('R2.3 never splits a surrogate pair over a part border', () => {
    const text = `${'ł'.repeat(66)}🙂${'ł'.repeat(66)}`;
    expect(smsParts(text)).toEqual({ encoding: 'ucs-2', parts: 3, units: 134 });
  });

  it('R2.3 needs at least the parts that the units fill, and no more than a wasted unit a part', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('a', 'å', '€', '~'), minLength: 1, maxLength: 800 }),
        (text) => {
          const { parts, units } = smsParts(text);
          expect(parts).toBeGreaterThanOrEqual(units <= 160 ? 1 : Math.ceil(units / 153));
          expect(parts).toBeLessThanOrEqual(Math.ceil(units / 152));
        },
      ),
    );
  });
});

describe('isOneGsm7Part', () => {
  it.each([
    ['a short text', 'Hej!', true],
    ['160 units', 'a'.repeat(160), true],
    ['161 units', 'a'.repeat(161), false],
    ['a short text in UCS-2', 'Hej – då', false],
  ])('R2.3 judges %s', (_, text, expected) => {
    expect(isOneGsm7Part(text)).toBe(expected);
  });
});

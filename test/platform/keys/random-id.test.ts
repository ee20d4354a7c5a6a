import { fractionOf, randomId, randomSecret } from '../../../platform/keys/random-id';

describe('random ids', () => {
  it.each([
    ['randomId', randomId, 22],
    ['randomSecret', randomSecret, 43],
  ])('%s fits into an address and does not come twice', (_, make, length) => {
    const made = Array.from({ length: 1000 }, make);
    for (const each of made) expect(each).toMatch(new RegExp(`^[A-Za-z0-9_-]{${length}}$`));
    expect(new Set(made).size).toBe(made.length);
  });

  it('fall evenly between 0 and 1, each always at the same place', () => {
    const ids = Array.from({ length: 4000 }, randomId);
    const fractions = ids.map(fractionOf);
    expect(fractions).toEqual(ids.map(fractionOf));
    expect(fractions.filter((fraction) => fraction < 0 || fraction >= 1)).toEqual([]);
    for (const quarter of [0, 1, 2, 3]) {
      const inIt = fractions.filter((fraction) => Math.floor(fraction * 4) === quarter).length;
      // Ten standard deviations: never by chance.
      expect(Math.abs(inIt - 1000)).toBeLessThan(275);
    }
  });
});

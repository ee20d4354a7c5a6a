import { randomId, randomSecret } from '../../keys/random-id';

describe('random ids', () => {
  it.each([
    ['randomId', randomId, 22],
    ['randomSecret', randomSecret, 43],
  ])('%s fits into an address and does not come twice', (_, make, length) => {
    const made = Array.from({ length: 1000 }, make);
    for (const each of made) expect(each).toMatch(new RegExp(`^[A-Za-z0-9_-]{${length}}$`));
    expect(new Set(made).size).toBe(made.length);
  });
});

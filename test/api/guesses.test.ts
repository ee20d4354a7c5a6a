import { createGuesses, type Tried } from '../../api/guesses';

/** C8: what a burst of tries looks up. */
const MOST = 3;

/** Look-ups that come to their end when the test says so. */
function slowLookUps() {
  const open: { secret: string; end: (found: string | null | Error) => void }[] = [];
  const guesses = createGuesses(MOST);
  const look = (secret: string, address = 'an address'): Promise<Tried<string>> =>
    guesses.look(
      address,
      secret,
      () =>
        new Promise((resolve, reject) =>
          open.push({
            secret,
            end: (found) => (found instanceof Error ? reject(found) : resolve(found)),
          }),
        ),
    );
  /** Ends the next one, and waits until what follows from it has begun. */
  const endNext = async (found: string | null | Error): Promise<void> => {
    open.shift()?.end(found);
    await new Promise(setImmediate);
  };
  return { guesses, open, look, endNext };
}
const settled = () => new Promise(setImmediate);

it('C8 unknown ones under way count as wrong; those beyond wait, and are refused once as many were wrong', async () => {
  const { open, look, endNext } = slowLookUps();
  const tries = Array.from({ length: 10 }, (_, number) => look(`guess ${number}`));
  await settled();
  expect(open.map(({ secret }) => secret)).toEqual(['guess 0', 'guess 1', 'guess 2']);
  for (let number = 0; number < MOST; number += 1) await endNext(null);
  expect(open).toEqual([]);
  expect(await Promise.all(tries)).toEqual([
    ...Array<unknown>(3).fill({ found: null }),
    { refused: 'first' },
    ...Array<unknown>(6).fill({ refused: 'again' }),
  ]);
  // Nobody else's address waits for it.
  void look('another', 'another address');
  await settled();
  expect(open).toHaveLength(1);
});

it('C8 right ones give their room back, and so does a look-up that fails', async () => {
  const { open, look, endNext } = slowLookUps();
  const right = Array.from({ length: 7 }, (_, number) => look(`right ${number}`));
  await settled();
  for (let number = 0; number < 7; number += 1) {
    expect(open.length).toBeLessThanOrEqual(MOST);
    await endNext('found');
  }
  expect(await Promise.all(right)).toEqual(Array(7).fill({ found: 'found' }));

  const failing = look('unknown').catch((error: unknown) => error);
  await settled();
  await endNext(new Error('away'));
  expect(await failing).toEqual(new Error('away'));
  const wrong = Array.from({ length: MOST }, (_, number) => look(`wrong ${number}`));
  await settled();
  expect(open).toHaveLength(MOST);
  for (let number = 0; number < MOST; number += 1) await endNext(null);
  expect(await Promise.all(wrong)).toEqual(Array(MOST).fill({ found: null }));
  expect(await look('one more')).toEqual({ refused: 'first' });
  // What was right here before is looked up all the same.
  const known = look('right 1');
  await settled();
  await endNext('found');
  expect(await known).toEqual({ found: 'found' });
});

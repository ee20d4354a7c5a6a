/** How many calls are under way at once, wherever something is done as fast as it goes. */
export const AT_ONCE = 16;

/**
 * Does something so many times, {@link AT_ONCE} at once.
 * @returns how many a second
 */
export async function times(count: number, act: (number: number) => Promise<unknown>): Promise<number> {
  const began = performance.now();
  let next = 0;
  await inLanes(async () => {
    while (next < count) await act(next++);
  });
  return count / seconds(began);
}

/**
 * Does something for so long, {@link AT_ONCE} at once.
 * @returns how many a second
 */
export async function forMs(ms: number, act: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  let count = 0;
  await inLanes(async () => {
    while (performance.now() - began < ms) {
      await act();
      count += 1;
    }
  });
  return count / seconds(began);
}

const inLanes = (lane: () => Promise<void>): Promise<unknown> =>
  Promise.all(Array.from({ length: AT_ONCE }, lane));

const seconds = (began: number): number => (performance.now() - began) / 1_000;

/** How many calls are under way at once, wherever something is done as fast as it goes. */
export const AT_ONCE = 32;

/** How often something was done, and how often in a second. */
export interface Done {
  count: number;
  perSecond: number;
}

/** Does something so many times, {@link AT_ONCE} at once. */
export async function times(count: number, act: (number: number) => Promise<unknown>): Promise<Done> {
  const began = performance.now();
  let next = 0;
  await inLanes(async () => {
    while (next < count) await act(next++);
  });
  return { count, perSecond: count / seconds(began) };
}

/** Does something for so long, {@link AT_ONCE} at once. */
export async function forMs(ms: number, act: () => Promise<unknown>): Promise<Done> {
  const began = performance.now();
  let count = 0;
  await inLanes(async () => {
    while (performance.now() - began < ms) {
      await act();
      count += 1;
    }
  });
  return { count, perSecond: count / seconds(began) };
}

const inLanes = (lane: () => Promise<void>): Promise<unknown> =>
  Promise.all(Array.from({ length: AT_ONCE }, lane));

const seconds = (began: number): number => (performance.now() - began) / 1_000;

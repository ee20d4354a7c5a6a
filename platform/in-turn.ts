/**
 * Lets work on the same thing follow one another within this process. Transactions that conflict begin again,
 * with growing pauses. Two who write at once would otherwise wait for seconds, and do the work several times
 * over.
 */
export function createInTurn(): <T>(about: string, work: () => Promise<T>) => Promise<T> {
  const last = new Map<string, Promise<unknown>>();
  return async (about, work) => {
    const mine = after(last.get(about), work);
    last.set(about, mine);
    try {
      return await mine;
    } finally {
      if (last.get(about) === mine) last.delete(about);
    }
  };
}

/** Whatever came of what was before. */
async function after<T>(before: Promise<unknown> | undefined, work: () => Promise<T>): Promise<T> {
  await before?.catch(() => undefined);
  return work();
}

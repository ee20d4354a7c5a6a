/** A read that is under way, and the one that those wait for who came since it began. */
interface UnderWay<T> {
  /** Settles with it, and never fails. */
  over: Promise<unknown>;
  next: Promise<T> | null;
}

/**
 * Reads of the same thing that come while it is being read share the answer of the next read, which begins
 * when that one is over (design, decision 14). So each caller sees what was written before it asked, by
 * whichever process, and nothing is kept beyond its read. Whoever comes alone waits for nobody.
 *
 * Not for reads in a transaction, which see that transaction's time. Callers share one answer: none of them
 * may change it.
 */
export function createSharedReads<T>(read: (key: string) => PromiseLike<T>): (key: string) => Promise<T> {
  const underWay = new Map<string, UnderWay<T>>();

  function begin(key: string): Promise<T> {
    // A query of mongoose's is asked anew by each that waits for it: a promise is not.
    const reading = (async () => read(key))();
    const mine: UnderWay<T> = { over: reading.catch(() => undefined), next: null };
    underWay.set(key, mine);
    void mine.over.then(() => {
      if (mine.next === null) underWay.delete(key);
    });
    return reading;
  }

  return (key) => {
    const found = underWay.get(key);
    if (!found) return begin(key);
    found.next ??= found.over.then(() => begin(key));
    return found.next;
  };
}

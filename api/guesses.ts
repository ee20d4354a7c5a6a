import { createHash } from 'node:crypto';

const WINDOW_MS = 60_000;
/** So many that were right are remembered, the latest. */
const MOST_KNOWN = 20_000;
/** So many addresses are counted at once; those of one window. */
const MOST_ADDRESSES = 100_000;

/**
 * Holds off guessing at secrets that are looked up: keys of the API, cookies of sessions, tokens of hooks.
 * After too many wrong ones within a minute, no more from that address are looked up. Those that were right
 * here before still are, so nobody's guessing locks out others behind the same address.
 */
export interface Guesses {
  /** Whether a secret from there is looked up; `first` is the first refusal of the address in its minute. */
  judge(address: string, secret: string): 'look-up' | 'first' | 'refused';
  right(secret: string): void;
  /** One that was right before, and is not any more, is known no more. */
  wrong(address: string, secret: string): void;
}

/** @param wrongPerMinute of one address */
export function createGuesses(wrongPerMinute: number): Guesses {
  /** Hashes only: what lies in memory opens nothing. */
  const known = new Set<string>();
  const addresses = new Map<string, { wrong: number; refused: boolean; until: number }>();
  const hashOf = (secret: string): string => createHash('sha256').update(secret).digest('base64');

  function of(address: string) {
    const now = performance.now();
    const found = addresses.get(address);
    if (found && found.until > now) return found;
    if (addresses.size >= MOST_ADDRESSES) addresses.clear();
    const fresh = { wrong: 0, refused: false, until: now + WINDOW_MS };
    addresses.set(address, fresh);
    return fresh;
  }

  return {
    judge(address, secret) {
      const found = of(address);
      if (found.wrong < wrongPerMinute || known.has(hashOf(secret))) return 'look-up';
      const first = !found.refused;
      found.refused = true;
      return first ? 'first' : 'refused';
    },
    right(secret) {
      const hash = hashOf(secret);
      // Again at the end: the oldest goes first.
      known.delete(hash);
      known.add(hash);
      if (known.size > MOST_KNOWN) known.delete(known.values().next().value ?? '');
    },
    wrong(address, secret) {
      of(address).wrong += 1;
      known.delete(hashOf(secret));
    },
  };
}

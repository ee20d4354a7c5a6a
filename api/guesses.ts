import { createHash } from 'node:crypto';

const WINDOW_MS = 60_000;
/** So many that were right are remembered, the latest. */
const MOST_KNOWN = 20_000;
/** So many addresses are counted at once; those of one window. */
const MOST_ADDRESSES = 100_000;

/** What came of a try: what was found, null for a wrong secret; or the secret was not looked up. */
export type Tried<Found> =
  | { found: Found | null }
  /** `first`: the first refusal of the address in its minute. */
  | { refused: 'first' | 'again' };

/**
 * Holds off guessing at secrets that are looked up: keys of the API, cookies of sessions, tokens of hooks.
 * After too many wrong ones within a minute, no more from that address are looked up. Those that were right
 * here before still are, so nobody's guessing locks out others behind the same address.
 */
export interface Guesses {
  /**
   * Looks a secret up, where that address may. A secret under way counts as wrong until it is found, so that
   * many at once are no more guesses than one after the other. Those beyond wait for what comes of these: the
   * right ones of a whole hospital can come at once.
   *
   * @param lookUp answers null for a wrong one; what it throws is neither right nor wrong
   */
  look<Found>(address: string, secret: string, lookUp: () => Promise<Found | null>): Promise<Tried<Found>>;
  /** A secret that was made just now. */
  right(secret: string): void;
}

/** The tries of one address. */
interface Tries {
  wrong: number;
  underWay: number;
  /** Go on when others have come to their end. */
  waiting: (() => void)[];
  refused: boolean;
  until: number;
}

/** @param wrongPerMinute of one address */
export function createGuesses(wrongPerMinute: number): Guesses {
  /** Hashes only: what lies in memory opens nothing. */
  const known = new Set<string>();
  const addresses = new Map<string, Tries>();
  const hashOf = (secret: string): string => createHash('sha256').update(secret).digest('base64');

  function triesOf(address: string): Tries {
    const now = performance.now();
    const found = addresses.get(address);
    if (found) {
      // Those under way go on into the next minute.
      if (found.until <= now) Object.assign(found, { wrong: 0, refused: false, until: now + WINDOW_MS });
      return found;
    }
    if (addresses.size >= MOST_ADDRESSES)
      for (const [each, { underWay }] of addresses) if (underWay === 0) addresses.delete(each);
    const fresh = { wrong: 0, underWay: 0, waiting: [], refused: false, until: now + WINDOW_MS };
    addresses.set(address, fresh);
    return fresh;
  }

  /** Wakes as many as there is room for; all of them to be refused where there will be none. */
  function wake({ wrong, underWay, waiting }: Tries): void {
    const room = wrong >= wrongPerMinute ? waiting.length : Math.max(wrongPerMinute - wrong - underWay, 0);
    for (const goOn of waiting.splice(0, room)) goOn();
  }

  /** Takes room for one more unknown secret, as soon as there is some. */
  async function reserve(address: string, hash: string): Promise<'known' | 'reserved' | 'refused'> {
    for (;;) {
      const tries = triesOf(address);
      if (known.has(hash)) return 'known';
      if (tries.wrong >= wrongPerMinute) return 'refused';
      if (tries.wrong + tries.underWay < wrongPerMinute) {
        tries.underWay += 1;
        return 'reserved';
      }
      await new Promise<void>((resolve) => tries.waiting.push(resolve));
    }
  }

  function right(hash: string): void {
    // Again at the end: the oldest goes first.
    known.delete(hash);
    known.add(hash);
    if (known.size > MOST_KNOWN) known.delete(known.values().next().value ?? '');
  }

  return {
    async look(address, secret, lookUp) {
      const hash = hashOf(secret);
      const room = await reserve(address, hash);
      if (room === 'refused') {
        const tries = triesOf(address);
        const refused = tries.refused ? 'again' : 'first';
        tries.refused = true;
        return { refused };
      }
      let isWrong = false;
      try {
        const found = await lookUp();
        isWrong = found === null;
        // One that was right before, and is not any more, is known no more.
        if (isWrong) known.delete(hash);
        else right(hash);
        return { found };
      } finally {
        const tries = triesOf(address);
        if (isWrong) tries.wrong += 1;
        if (room === 'reserved') tries.underWay -= 1;
        wake(tries);
      }
    },
    right: (secret) => right(hashOf(secret)),
  };
}

import { seededRandom } from '../local/seeded-random';

/** Numbers and choices from one seeded generator. */
export interface Dice {
  /** A whole number, both ends included. */
  between(least: number, most: number): number;
  chance(probability: number): boolean;
  shuffled<T>(all: readonly T[]): T[];
}

export function diceOf(seed: number): Dice {
  const random = seededRandom(seed);
  return {
    between: (least, most) => least + Math.floor(random() * (most - least + 1)),
    chance: (probability) => random() < probability,
    shuffled: (all) =>
      all
        .map((each) => ({ each, at: random() }))
        .sort((a, b) => a.at - b.at)
        .map(({ each }) => each),
  };
}

/** A deck that is dealt again and again, newly shuffled, so that even a short run sees different things. */
export function dealer<T>(dice: Dice, deck: readonly T[]): () => T {
  let left: T[] = [];
  return () => {
    if (left.length === 0) left = dice.shuffled(deck);
    return left.pop()!;
  };
}

/** An address with a query of what is given; what is null is left out. */
export function pathWith(path: string, query: Record<string, string | null>): string {
  const given = Object.entries(query).filter((each): each is [string, string] => each[1] !== null);
  return given.length === 0 ? path : `${path}?${new URLSearchParams(given).toString()}`;
}

/** One of a fixed list of words, as an address asks for it; null for anything else. */
export const oneOf = <Word extends string>(words: readonly Word[], asked: string | undefined): Word | null =>
  words.find((word) => word === asked) ?? null;

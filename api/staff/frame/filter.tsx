import type { ComponentChildren } from 'preact';
import { Button } from '../../frame/parts';

/** Chooses what a list shows: an ordinary form that asks for the same page, so that no script is needed. */
export const FilterForm = ({
  path,
  kept,
  label,
  children,
}: {
  path: string;
  /** What else the page was asked for. */
  kept: Record<string, string | null>;
  /** Of the button. */
  label: string;
  children: ComponentChildren;
}) => (
  <form method="get" action={path} class="button-row">
    {Object.entries(kept).map(
      ([name, value]) => value !== null && <input key={name} type="hidden" name={name} value={value} />,
    )}
    {children}
    <Button kind="secondary">{label}</Button>
  </form>
);

/** An address with a query of what is given; what is null is left out. */
export function pathWith(path: string, query: Record<string, string | null>): string {
  const given = Object.entries(query).filter((each): each is [string, string] => each[1] !== null);
  return given.length === 0 ? path : `${path}?${new URLSearchParams(given).toString()}`;
}

/** One of a fixed list of words, as an address asks for it; null for anything else. */
export const oneOf = <Word extends string>(words: readonly Word[], asked: string | undefined): Word | null =>
  words.find((word) => word === asked) ?? null;

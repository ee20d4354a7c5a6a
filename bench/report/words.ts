import type { Table } from './tables';

/** A number for a reader: `12,345`, `0.25`. */
export const number = (value: number): string => value.toLocaleString('en-US', { maximumFractionDigits: 3 });

/** As Markdown. */
export const inMarkdown = ({ heading, rows }: Table): string =>
  [heading, heading.map(() => '---'), ...rows.map((row) => cellsOf(row, heading.length))]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');

/** With columns under each other. */
export function inTerminal({ heading, rows }: Table): string {
  const all = [heading, ...rows.map((row) => cellsOf(row, heading.length))];
  const widths = heading.map((_, column) => Math.max(...all.map((row) => row[column]!.length)));
  return all
    .map((row) =>
      row
        .map((text, column) => (column === 0 ? text.padEnd(widths[column]!) : text.padStart(widths[column]!)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

const cellsOf = ([what, ...values]: Table['rows'][number], count: number): string[] => {
  const cells = values.map((value) => (value === null || value === undefined ? '' : number(value)));
  return [what, ...cells, ...Array.from({ length: count }, () => '')].slice(0, count);
};

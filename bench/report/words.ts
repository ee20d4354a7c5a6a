/** A number for a reader: `12,345`, `0.25`. */
export const number = (value: number): string => value.toLocaleString('en-US', { maximumFractionDigits: 3 });

/** A ratio as a factor: `× 2.5`; empty where there is nothing to compare. */
export const factor = (ratio: number | null): string => (ratio === null ? '' : `× ${number(ratio)}`);

/** Milliseconds as a reader takes them in: `850 ms`, `12.3 s`. */
export const duration = (ms: number): string =>
  Math.abs(ms) < 1_000 ? `${number(ms)} ms` : `${number(Math.round(ms / 100) / 10)} s`;

/** A table in Markdown. */
export const table = (heading: string[], rows: string[][]): string =>
  [heading, heading.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

/** The value below which that share (0 to 1) of all lies: the nearest rank. */
export function percentile(values: number[], share: number): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
}

export const median = (values: number[]): number => percentile(values, 0.5);

export const sum = (values: number[]): number => values.reduce((total, value) => total + value, 0);

export const rounded = (value: number, digits = 0): number => Number(value.toFixed(digits));

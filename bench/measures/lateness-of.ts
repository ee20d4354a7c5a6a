import { perOperation, type Cpu } from '../cpu';
import type { Lateness } from '../figures';
import { percentile, rounded } from '../numbers';
import type { Arrival } from '../rig/provider';

/** What came to the provider of what was due at one instant. */
export interface DueAtOnce {
  /** Milliseconds since 1970. */
  dueAt: number;
  arrivals: Arrival[];
  /** From when all stood ready until all was done. */
  cpu: Cpu | null;
  /** What tells one reminder from another, whoever sent it. */
  idOf(arrival: Arrival): string;
}

/** @param count how many were due */
export function latenessOf({ dueAt, arrivals, cpu, idOf }: DueAtOnce, count: number): Lateness {
  const late = arrivals.map(({ at }) => at - dueAt);
  const different = new Set(arrivals.map(idOf)).size;
  return {
    // A lateness of nothing would make a ratio to it meaningless.
    p50Ms: Math.max(1, rounded(percentile(late, 0.5))),
    p99Ms: Math.max(1, rounded(percentile(late, 0.99))),
    lastMs: rounded(percentile(late, 1)),
    early: late.filter((ms) => ms < 0).length,
    missing: count - different,
    twice: arrivals.length - different,
    cpu: perOperation(cpu, count),
  };
}

import { msOf, type Instant } from './instant';

/** A time of which a restored ledger knows nothing. */
export interface Gap {
  dataAsOf: Instant;
  restoredAt: Instant;
}

/** Why a row is `unknown` without having been handed over, as far as its ledger knows. */
export const MAY_HAVE_GONE = 'may-have-gone-before-the-restore';

/**
 * How far the provider's clock and ours may differ at a gap's beginning. At its end everything had been
 * stopped.
 */
const ALLOWANCE_MS = 60_000;

/**
 * When a notice that a restored ledger holds for planned may have gone out already (R2.7): in the gaps that
 * ended after it was due. Null where it is due after all of them.
 *
 * @param dueAt null where the plan does not tell: then it may have gone in any of them
 * @returns from the first gap's beginning to the last one's end, both excluded
 */
export function mayHaveGone(
  dueAt: Instant | null,
  gaps: readonly Gap[],
): { after: Date; before: Date } | null {
  const concerned = gaps.filter(({ restoredAt }) => dueAt === null || msOf(dueAt) < msOf(restoredAt));
  if (concerned.length === 0) return null;
  return {
    after: new Date(Math.min(...concerned.map(({ dataAsOf }) => msOf(dataAsOf))) - ALLOWANCE_MS),
    before: new Date(Math.max(...concerned.map(({ restoredAt }) => msOf(restoredAt)))),
  };
}

import { msOf, type Instant } from '../../rules/instant';
import type { FieldProblem } from '../command';

/** What no schema can tell of the times that staff state, because it depends on the clock. */

const YEARS_AHEAD_MS = 2 * 366 * 24 * 3_600_000;

/** A meeting starts in the future, and within two years (ours). */
export function startProblems(startAt: Instant, now: Date): FieldProblem[] {
  const aheadMs = msOf(startAt) - now.getTime();
  if (aheadMs <= 0)
    return [{ field: '/body/startAt', reason: 'in-the-past', message: 'must be in the future' }];
  return aheadMs > YEARS_AHEAD_MS
    ? [{ field: '/body/startAt', reason: 'too-far-ahead', message: 'must be within two years' }]
    : [];
}

/**
 * What staff state as the time of receipt is past: a wish cannot be received later than it is entered (R1.5).
 */
export function receivedProblems(receivedAt: Instant | null, now: Date): FieldProblem[] {
  return receivedAt !== null && msOf(receivedAt) > now.getTime()
    ? [{ field: '/body/receivedAt', reason: 'in-the-future', message: 'must not be in the future' }]
    : [];
}

import { msOf, type Instant } from './instant';

/**
 * A notice is late, and staff have to hear of it, so long after it was due (R2.10; ours): time is left to
 * call.
 */
const LATE_AFTER_MS = 15 * 60_000;
/** Within so long before the start nobody waits for that. */
const NEAR_MS = 60 * 60_000;
/** There a notice that just waits for its turn is late after this; one that was refused, at once. */
const LATE_AFTER_WHEN_NEAR_MS = 5 * 60_000;

const isNear = (startAt: Instant | null, now: Date): boolean =>
  startAt !== null && msOf(startAt) - now.getTime() <= NEAR_MS;

/**
 * When a notice that is due now is late, unless it is handed over by then. @param startAt the meeting's; null
 * where it is of a case
 */
export const lateAtWhenDue = (startAt: Instant | null, now: Date): Date =>
  new Date(now.getTime() + (isNear(startAt, now) ? LATE_AFTER_WHEN_NEAR_MS : LATE_AFTER_MS));

/** The same of one that was surely refused now and will be tried again; null where it is as it was. */
export const lateAtWhenRefused = (startAt: Instant | null, now: Date): Date | null =>
  isNear(startAt, now) ? now : null;

/**
 * How many SMS in a row must fail, and for how long, before the operations manager is told (ours). A burst
 * that was refused is no outage.
 */
export const FAILURES_IN_A_ROW = 5;
export const FAILING_FOR_MS = 5 * 60_000;
/**
 * A run is over when nothing has been tried for so long (ours): nobody is told day after day of what a clinic
 * that sends nothing had once.
 */
export const RUN_OVER_MS = 72 * 60 * 60_000;

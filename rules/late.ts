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

/** Administrators see a notice that nobody has handed over so long after it was due (ours): before staff hear. */
const OVERDUE_AFTER_MS = 5 * 60_000;
/** One that waits for the provider's rate is looked at again after this, until it is late. */
export const RATE_LOOK_MS = 60_000;

/** When a notice that is due at this instant is overdue, unless it has been handed over by then. */
export const overdueAt = (dueAt: Instant): Date => new Date(msOf(dueAt) + OVERDUE_AFTER_MS);

/**
 * Why a notice waits that was due: nobody has handed it over and should have, or there is a good reason. It
 * waits for the morning (R2.9), or for its turn at the provider's rate.
 */
export type WaitCause = 'overdue' | 'quiet-hours' | 'rate';

/** When a notice that still waits is shown to administrators as overdue, and when staff hear of it as late. */
export interface LateTimes {
  overdueAt: Date;
  lateAt: Date;
}

/**
 * Whether the queue of SMS moves as fast as the provider's rate lets it, so that who waits in it waits for
 * their turn. Half of the rate is enough: a queue is spread unevenly over a minute.
 * @param handedOver how many SMS were handed over in the last minute
 */
export const isAtRate = (handedOver: number, smsPerMinute: number): boolean => handedOver >= smsPerMinute / 2;

const isNear = (startAt: Instant | null, now: Date): boolean =>
  startAt !== null && msOf(startAt) - now.getTime() <= NEAR_MS;

/**
 * When a notice that is due now is overdue and late, unless it is handed over by then. @param startAt the
 * meeting's; null where it is of a case
 */
export function lateTimesWhenDue(startAt: Instant | null, now: Date): LateTimes {
  const after = (ms: number): Date => new Date(now.getTime() + ms);
  return {
    overdueAt: after(OVERDUE_AFTER_MS),
    lateAt: after(isNear(startAt, now) ? LATE_AFTER_WHEN_NEAR_MS : LATE_AFTER_MS),
  };
}

/** The same of one that was surely refused now and will be tried again; null where it is as it was. */
export const lateTimesWhenRefused = (startAt: Instant | null, now: Date): LateTimes | null =>
  isNear(startAt, now) ? { overdueAt: now, lateAt: now } : null;

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

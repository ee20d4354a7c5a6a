/** The clock is handed in wherever time is asked for, so that tests and skipped time have their own. */
export interface Clock {
  now(): Date;
}

/** The machine's own clock. */
export const systemClock: Clock = { now: () => new Date() };

import { FIRST_YEAR, LAST_YEAR } from './calendar-date';

/**
 * A point in time as ISO 8601 in UTC, such as `2026-11-23T09:00:00.000Z`: what contracts, histories and
 * answers carry.
 */
export type Instant = string;

/** The instant of a date. */
export const toInstant = (date: Date): Instant => date.toISOString();

/** Milliseconds since 1970 of an instant, for comparing. */
export const msOf = (instant: Instant): number => Date.parse(instant);

/** The instant so many minutes later (earlier when negative). Elapsed time, not wall-clock. */
export const minutesLater = (instant: Instant, minutes: number): Instant =>
  new Date(msOf(instant) + minutes * 60_000).toISOString();

/** Minutes of elapsed time from one instant to another. */
export const minutesBetween = (from: Instant, until: Instant): number => (msOf(until) - msOf(from)) / 60_000;

const FIRST_MS = Date.UTC(FIRST_YEAR, 0, 1);
const AFTER_LAST_MS = Date.UTC(LAST_YEAR + 1, 0, 1);

/**
 * Whether a point in time is believed: it is of the years from 1900 to 2200 in UTC, whatever offset it was
 * written with.
 */
export const isBelievedTime = (at: Date): boolean => at.getTime() >= FIRST_MS && at.getTime() < AFTER_LAST_MS;

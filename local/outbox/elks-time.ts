import { DateTime } from 'luxon';

/** A time as 46elks writes most of them: UTC in microseconds, without a zone suffix. */
export function toElksTime(instant: Date): string {
  return instant.toISOString().replace('Z', '000');
}

/**
 * A time as 46elks reads them: UTC unless it has a zone suffix.
 *
 * @returns null if it is no time
 */
export function fromElksTime(text: string): Date | null {
  const time = DateTime.fromISO(text, { zone: 'utc' });
  return time.isValid ? time.toJSDate() : null;
}

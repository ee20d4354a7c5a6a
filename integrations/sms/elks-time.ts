import { DateTime } from 'luxon';
import { z } from 'zod';
import { isBelievedTime } from '../../rules/instant';

/** A time of 46elks: UTC, also where it has no zone suffix. */
export const elksTime = z.string().transform((text, context) => {
  const time = DateTime.fromISO(text, { zone: 'utc' });
  if (time.isValid && isBelievedTime(time.toJSDate())) return time.toJSDate();
  context.addIssue('Invalid time');
  return z.NEVER;
});

/** A time as 46elks itself writes most of them: UTC in microseconds, without a zone suffix. */
export const toElksTime = (instant: Date): string => instant.toISOString().replace('Z', '000');

import { DateTime } from 'luxon';
import { isCalendarDate } from '../rules/calendar-date';
import { isBelievedTime } from '../rules/instant';
import { inStockholm, STOCKHOLM, stockholmDay } from '../rules/calendar/stockholm';
import { NotPossible } from './operation';

/** How far around a time a meeting is looked for, in minutes. */
const AROUND_MINUTES = 30;

/** An instant as an operator reads it: on the clock in Stockholm. */
export const clock = (instant: string): string =>
  inStockholm(new Date(instant)).toFormat('yyyy-MM-dd HH:mm:ss').replace(/:00$/, '');

/** When to look: around a time, or on a day. */
export function timesOf({ at, day }: { at: string | null; day: string | null }): { from: Date; until: Date } {
  if ((at === null) === (day === null))
    throw new NotPossible('Say when: --at 2026-11-23T10:00, or --day 2026-11-23.');
  if (day !== null) {
    if (!isCalendarDate(day)) throw new NotPossible('--day is a date: 2026-11-23.');
    return stockholmDay(day);
  }
  // The repeated hour is found with an offset, or by --day (facts: luxon).
  const time = DateTime.fromISO(at ?? '', { zone: STOCKHOLM });
  if (!time.isValid || !isBelievedTime(time.toJSDate()))
    throw new NotPossible('--at is a time in Stockholm, 2026-11-23T10:00, or one with an offset.');
  return {
    from: time.minus({ minutes: AROUND_MINUTES }).toJSDate(),
    until: time.plus({ minutes: AROUND_MINUTES }).toJSDate(),
  };
}

import { DateTime } from 'luxon';
import { isCalendarDate } from '../calendar-date';
import { atClock, inStockholm, stockholmDay } from './stockholm';

/**
 * Weekdays (vardagar, R6.2) are Monday to Friday, but not public holidays. Public holidays are those in force
 * since 2005 (lag 1989:253). Midsommarafton, julafton and nyårsafton are no weekdays either (ours, by analogy
 * with lag 1930:173).
 */

/** Public holidays and eves on the same day each year, as `MM-DD`. */
const FIXED_DAYS_OFF = new Set([
  '01-01', // nyårsdagen
  '01-06', // trettondedag jul
  '05-01', // första maj
  '06-06', // nationaldagen
  '12-24', // julafton
  '12-25', // juldagen
  '12-26', // annandag jul
  '12-31', // nyårsafton
]);

/** Days from Easter Sunday to the holidays that follow it, those on Sundays left out. */
const DAYS_OFF_FROM_EASTER = new Set([
  -2, // långfredagen
  1, // annandag påsk
  39, // Kristi himmelsfärdsdag
]);

const SATURDAY = 6;

/**
 * Whether the day is a weekday (R6.2).
 * @param day `YYYY-MM-DD`
 * @throws RangeError for what is no day
 */
export function isWeekday(day: string): boolean {
  const date = dateOf(day);
  return date.weekday < SATURDAY && !isDayOff(date);
}

/**
 * The count-th weekday after the Stockholm day of the instant, as `YYYY-MM-DD`. That day itself never counts
 * (R6.2).
 */
export function weekdayAfter(instant: Date, count: number): string {
  if (!Number.isInteger(count) || count < 1)
    throw new RangeError('the first weekday after a day is number 1');
  return weekdaysAfter(instant, count)[count - 1]!;
}

/**
 * The midnight that ends the count-th weekday after the Stockholm day of the instant: a reply deadline (R6.1,
 * R6.2).
 */
export function endOfWeekdayAfter(instant: Date, count: number): Date {
  return stockholmDay(weekdayAfter(instant, count)).until;
}

/**
 * That clock time in Stockholm on each of the next `count` weekdays after the instant's day (R6.3).
 * @param clock `HH:mm`, not between 02:00 and 03:00 (facts: luxon)
 */
export function openingsAfter(instant: Date, count: number, clock: string): Date[] {
  return weekdaysAfter(instant, count).map((day) =>
    atClock(inStockholm(stockholmDay(day).from), clock).toJSDate(),
  );
}

function weekdaysAfter(instant: Date, count: number): string[] {
  const weekdays: string[] = [];
  let date = dateOf(inStockholm(instant).toISODate());
  while (weekdays.length < count) {
    date = date.plus({ days: 1 });
    const day = date.toISODate();
    if (isWeekday(day)) weekdays.push(day);
  }
  return weekdays;
}

/** A day as a date without a clock: in UTC, where every day has 24 hours. */
function dateOf(day: string): DateTime<true> {
  const date = DateTime.fromISO(day, { zone: 'utc' });
  if (!isCalendarDate(day) || !date.isValid) throw new RangeError('not a day');
  return date;
}

/** A public holiday, or one of the three eves, that can fall on Monday to Friday. */
function isDayOff(date: DateTime<true>): boolean {
  if (FIXED_DAYS_OFF.has(date.toFormat('MM-dd'))) return true;
  const fromEaster = date.diff(easterSunday(date.year), 'days').days;
  return DAYS_OFF_FROM_EASTER.has(fromEaster) || isMidsummerEve(date);
}

/** Midsommarafton: the day before midsommardagen, which is the Saturday from 20 to 26 June. */
const isMidsummerEve = ({ month, day, weekday }: DateTime): boolean =>
  month === 6 && day >= 19 && day <= 25 && weekday === SATURDAY - 1;

/** Easter Sunday of a Gregorian year, by the anonymous computus (Meeus, Jones, Butcher). */
function easterSunday(year: number): DateTime<true> {
  const golden = year % 19;
  const century = Math.floor(year / 100);
  const yearOfCentury = year % 100;
  const moonCorrection = Math.floor((8 * century + 13) / 25);
  const epact = (19 * golden + century - Math.floor(century / 4) - moonCorrection + 15) % 30;
  const toSunday =
    (32 + 2 * (century % 4) + 2 * Math.floor(yearOfCentury / 4) - epact - (yearOfCentury % 4)) % 7;
  const late = Math.floor((golden + 11 * epact + 22 * toSunday) / 451);
  const days = epact + toSunday - 7 * late + 114;
  return dateOf(
    `${year}-${String(Math.floor(days / 31)).padStart(2, '0')}-${String((days % 31) + 1).padStart(2, '0')}`,
  );
}

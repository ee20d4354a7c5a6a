/**
 * The years that are believed in what somebody states: more is a slip of the pen, and breaks what is reckoned
 * from it.
 */
export const FIRST_YEAR = 1900;
export const LAST_YEAR = 2200;

/** A day that exists, as `YYYY-MM-DD`, in the years from 1900 to 2200. */
export function isCalendarDate(text: string): boolean {
  const year = Number(text.slice(0, 4));
  return year >= FIRST_YEAR && year <= LAST_YEAR && dayExists(text);
}

/** A day that exists, as `YYYY-MM-DD`, in whatever year. */
export function dayExists(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const time = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}

/** The day so many days later (earlier when negative); both as `YYYY-MM-DD`. */
export function daysLater(day: string, days: number): string {
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() + days);
  return date.toISOString().slice(0, 10);
}

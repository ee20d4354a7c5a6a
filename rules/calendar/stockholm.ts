import { DateTime } from 'luxon';

/** All wall-clock rules are read on this clock (rules.md); the host's own zone never matters. */
export const STOCKHOLM = 'Europe/Stockholm';

/** The instant as wall-clock time in Stockholm. */
export function inStockholm(instant: Date): DateTime<true> {
  const local = DateTime.fromJSDate(instant, { zone: STOCKHOLM });
  if (!local.isValid) throw new RangeError('not an instant');
  return local;
}

/**
 * That clock time (`HH:mm`) on the same Stockholm day as the instant. Not for times between 02:00 and 03:00
 * (facts: luxon).
 */
export function atClock(day: DateTime<true>, clock: string): DateTime<true> {
  const [hour, minute] = clock.split(':').map(Number);
  return day.set({ hour, minute, second: 0, millisecond: 0 });
}

/** The next time that the clock in Stockholm shows `HH:mm`, strictly after the instant. */
export function nextAtClock(instant: Date, clock: string): DateTime<true> {
  const now = inStockholm(instant);
  const today = atClock(now, clock);
  return today > now ? today : atClock(now.plus({ days: 1 }), clock);
}

/**
 * The instants at which a clock in Stockholm shows that time on that day, the first one first: none in the
 * hour that a spring night lacks, two in the hour that an autumn night has twice.
 *
 * @param day `YYYY-MM-DD`, of the years since 1980 @param clock `HH:mm`
 */
export function instantsAt(day: string, clock: string): Date[] {
  const shown = `${day}T${clock}`;
  return [SUMMER_HOURS, WINTER_HOURS]
    .map((hours) => new Date(Date.parse(`${shown}:00Z`) - hours * 3_600_000))
    .filter((at) => inStockholm(at).toFormat("yyyy-MM-dd'T'HH:mm") === shown);
}
/** How far Stockholm's clocks are ahead of UTC. */
const [SUMMER_HOURS, WINTER_HOURS] = [2, 1];

/**
 * Which of the two it is, in the hour that an autumn night has twice: there a clock time alone would be two
 * different times. Null in every other hour.
 */
export function repeatedHour(at: Date): 'summer' | 'winter' | null {
  const local = inStockholm(at);
  return local.getPossibleOffsets().length > 1 ? (local.isInDST ? 'summer' : 'winter') : null;
}

/** First and last instant (exclusive) of a Stockholm calendar day given as `YYYY-MM-DD`. */
export function stockholmDay(date: string): { from: Date; until: Date } {
  const day = DateTime.fromISO(date, { zone: STOCKHOLM });
  if (!day.isValid) throw new RangeError(`not a date: ${date}`);
  return { from: day.startOf('day').toJSDate(), until: day.plus({ days: 1 }).startOf('day').toJSDate() };
}

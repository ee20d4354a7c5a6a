import { REPLY_WEEKDAYS, type CaseRules, type PlannedWarning, type ReplyClock } from '../case';
import { toInstant, type Instant } from '../instant';
import { atClock, inStockholm } from './stockholm';
import { endOfWeekdayAfter, isWeekday, openingsAfter } from './weekdays';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** How many openings are planned ahead; when they have passed the next ones are asked for. */
export const OPENINGS_AHEAD = 5;

/** What decides when a clinic's staff hear of what waits. */
export type OpeningHours = Pick<CaseRules, 'opensAt' | 'closesAt' | 'warnMinutesBeforeClosing'>;

/** The clock that a message from the patient starts: its deadline and who hears of it when (R6.2, R6.3). */
export function replyClock(arrivedAt: Date, hours: OpeningHours): ReplyClock {
  const deadline = endOfWeekdayAfter(arrivedAt, REPLY_WEEKDAYS);
  const lastWeekday = inStockholm(new Date(deadline.getTime() - 1));
  const aimAt = atClock(lastWeekday, hours.closesAt).toJSDate();
  return {
    arrivedAt: toInstant(arrivedAt),
    aimAt: toInstant(aimAt),
    deadlineAt: toInstant(deadline),
    warnings: warnings(atClock(lastWeekday, hours.opensAt).toJSDate(), aimAt, hours),
    tellManagerAt: nextOpenings(new Date(deadline.getTime() - 1), OPENINGS_AHEAD, hours),
  };
}

function warnings(
  opens: Date,
  closes: Date,
  { warnMinutesBeforeClosing }: Pick<OpeningHours, 'warnMinutesBeforeClosing'>,
): PlannedWarning[] {
  const before = new Date(closes.getTime() - warnMinutesBeforeClosing * MINUTE_MS);
  const atOpening: PlannedWarning = { kind: 'last-weekday-opens', at: toInstant(opens) };
  // Where a clinic is open for less than that, one warning is enough.
  return before > opens ? [atOpening, { kind: 'before-closing', at: toInstant(before) }] : [atOpening];
}

/** The next openings after the instant, also on its own day. */
export function nextOpenings(
  after: Date,
  count: number,
  { opensAt }: Pick<OpeningHours, 'opensAt'>,
): Instant[] {
  return openingsAfter(new Date(after.getTime() - DAY_MS), count + 2, opensAt)
    .filter((opening) => opening > after)
    .slice(0, count)
    .map(toInstant);
}

/** On a weekday, from opening until closing: otherwise nobody is told of anything (R6.3). */
export function isOpen(at: Date, { opensAt, closesAt }: Pick<OpeningHours, 'opensAt' | 'closesAt'>): boolean {
  const local = inStockholm(at);
  const clock = local.toFormat('HH:mm');
  return isWeekday(local.toISODate()) && clock >= opensAt && clock < closesAt;
}

import fc from 'fast-check';
import type { MeetingTime, ParticipantRole } from '../../rules/meeting';
import type { Stay } from '../../rules/presence';

/** Small builders and oracles that the tests of the rules share. */

export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

export const after = (instant: string | Date, ms: number): Date =>
  new Date((typeof instant === 'string' ? Date.parse(instant) : instant.getTime()) + ms);

/** That many minutes (seconds by fractions) after an instant, as an instant. */
export const minutesAfter = (instant: string, minutes: number): string =>
  after(instant, minutes * MINUTE).toISOString();

const format = new Intl.DateTimeFormat('sv-SE', {
  timeZone: 'Europe/Stockholm',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  fractionalSecondDigits: 3,
  hourCycle: 'h23',
});

/** Stockholm's wall clock by another way than the code's own: `2026-11-23` and `10:00:00.000`. */
export function stockholm(instant: Date): { day: string; clock: string } {
  const part = Object.fromEntries(format.formatToParts(instant).map(({ type, value }) => [type, value]));
  return {
    day: `${part.year}-${part.month}-${part.day}`,
    clock: `${part.hour}:${part.minute}:${part.second}.${part.fractionalSecond}`,
  };
}

/** The instant at which Stockholm shows that day and clock time, found by trying both of its offsets. */
export function stockholmInstant(day: string, clock: string): Date {
  for (const offset of ['+02:00', '+01:00']) {
    const instant = new Date(`${day}T${clock}${offset}`);
    const shown = stockholm(instant);
    if (shown.day === day && shown.clock.startsWith(clock)) return instant;
  }
  throw new RangeError(`no ${clock} on ${day}`);
}

/** The calendar day so many days later. */
export const dayAfter = (day: string, days = 1): string =>
  after(`${day}T00:00:00Z`, days * DAY)
    .toISOString()
    .slice(0, 10);

/** The clock changes of some years, as the instants at which the clock jumps. */
export const springChange = new Date('2027-03-28T01:00:00Z');
export const autumnChange = new Date('2026-10-25T01:00:00Z');

/** Any instant of a decade, often near a clock change and often at a whole minute. */
export const anyInstant: fc.Arbitrary<Date> = fc
  .oneof(
    fc.integer({ min: Date.parse('2024-01-01'), max: Date.parse('2034-12-31') }),
    fc
      .tuple(fc.constantFrom(springChange, autumnChange), fc.integer({ min: -60 * HOUR, max: 60 * HOUR }))
      .map(([change, ms]) => change.getTime() + ms),
  )
  .chain((ms) => fc.constantFrom(ms, Math.floor(ms / MINUTE) * MINUTE, Math.floor(ms / HOUR) * HOUR))
  .map((ms) => new Date(ms));

/** Monday 10:00 in Stockholm, in winter. */
export const START = '2026-11-23T09:00:00.000Z';

/** A meeting of half an hour with the usual terms. */
export function timeAt(startAt = START, startVersion = 1): MeetingTime {
  return {
    startVersion,
    startAt,
    endAt: minutesAfter(startAt, 30),
    doorOpensAt: minutesAfter(startAt, -15),
    graceEndsAt: minutesAfter(startAt, 15),
    doorClosesAt: minutesAfter(startAt, 60),
  };
}

/** A stay from and until so many minutes after the start; null for one who is still there. */
export const stay = (role: ParticipantRole, from: number, until: number | null): Stay => ({
  participantId: `a-${role}`,
  role,
  joinedAt: minutesAfter(START, from),
  leftAt: until === null ? null : minutesAfter(START, until),
});

export const booleans = [false, true] as const;

/** Every combination of one value from each list. */
export function combinations<T extends Record<string, readonly unknown[]>>(
  lists: T,
): { [K in keyof T]: T[K][number] }[] {
  return Object.entries(lists).reduce<Record<string, unknown>[]>(
    (rows, [key, values]) => rows.flatMap((row) => values.map((value) => ({ ...row, [key]: value }))),
    [{}],
  ) as { [K in keyof T]: T[K][number] }[];
}

import Holidays from 'date-holidays';
import fc from 'fast-check';
import { isOpen, nextOpenings, OPENINGS_AHEAD, replyClock } from '../../../rules/calendar/reply-clock';
import { defaultCaseRules } from '../../../rules/case';
import {
  after,
  anyInstant,
  autumnChange,
  dayAfter,
  SECOND,
  springChange,
  stockholm,
  stockholmInstant,
} from '../builders';

const at = (day: string, clock: string): string => stockholmInstant(day, clock).toISOString();
const clockOf = (arrivedAt: Date) => replyClock(arrivedAt, defaultCaseRules);

const oracle = new Holidays('SE', { types: ['public', 'bank'], timezone: 'Europe/Stockholm' });
const daysOff = new Map<string, Set<string>>();
function isDayOff(day: string): boolean {
  const year = day.slice(0, 4);
  const ofYear =
    daysOff.get(year) ?? new Set(oracle.getHolidays(Number(year)).map(({ date }) => date.slice(0, 10)));
  daysOff.set(year, ofYear);
  const weekday = new Date(`${day}T00:00:00Z`).getUTCDay();
  return weekday === 0 || weekday === 6 || ofYear.has(day);
}
function weekdayAfter(day: string, count: number): string {
  let left = count;
  let last = day;
  while (left > 0) {
    last = dayAfter(last);
    if (!isDayOff(last)) left -= 1;
  }
  return last;
}

describe('the clock of a message', () => {
  // facts.md, "Dates": arrival, last day that counts, first opening after a breach.
  it.each([
    ['2026-11-20', '2026-11-24', '2026-11-25'],
    ['2026-11-21', '2026-11-24', '2026-11-25'],
    ['2026-04-02', '2026-04-08', '2026-04-09'],
    ['2026-04-30', '2026-05-05', '2026-05-06'],
    ['2026-06-18', '2026-06-23', '2026-06-24'],
    ['2026-12-22', '2026-12-28', '2026-12-29'],
    ['2026-12-30', '2027-01-05', '2027-01-07'],
    ['2027-01-05', '2027-01-08', '2027-01-11'],
    ['2026-12-31', '2027-01-05', '2027-01-07'],
  ])('R6.2, R6.3 arrived %s: due by the end of %s, breach told at opening on %s', (arrival, last, told) => {
    for (const clock of ['00:00:00', '07:59:59', '16:30:00', '23:59:59']) {
      const arrivedAt = stockholmInstant(arrival, clock);
      expect(clockOf(arrivedAt)).toEqual({
        arrivedAt: arrivedAt.toISOString(),
        aimAt: at(last, '16:00'),
        deadlineAt: at(dayAfter(last), '00:00'),
        warnings: [
          { kind: 'last-weekday-opens', at: at(last, '08:00') },
          { kind: 'before-closing', at: at(last, '14:00') },
        ],
        tellManagerAt: Array.from({ length: OPENINGS_AHEAD }, (_, index) =>
          at(index === 0 ? told : weekdayAfter(told, index), '08:00'),
        ),
      });
    }
  });

  it('R6.2 one second before and after midnight are two days', () => {
    const midnight = stockholmInstant('2026-11-24', '00:00');
    expect(clockOf(after(midnight, -SECOND)).deadlineAt).toBe(at('2026-11-26', '00:00'));
    expect(clockOf(midnight).deadlineAt).toBe(at('2026-11-27', '00:00'));
    expect(clockOf(after(midnight, SECOND)).deadlineAt).toBe(at('2026-11-27', '00:00'));
  });

  it('R6.2 on 31 December, to the last second', () => {
    const arrivedAt = stockholmInstant('2026-12-31', '23:59:59');
    expect(clockOf(arrivedAt).deadlineAt).toBe(at('2027-01-06', '00:00'));
    expect(clockOf(after(arrivedAt, SECOND)).deadlineAt).toBe(at('2027-01-06', '00:00'));
  });

  it.each([
    ['spring', springChange, '2027-03-31', '2027-03-30T06:00:00.000Z', '2027-03-30T22:00:00.000Z'],
    ['autumn', autumnChange, '2026-10-28', '2026-10-27T07:00:00.000Z', '2026-10-27T23:00:00.000Z'],
  ])('R6.2 over the clock change in %s: wall-clock times stay', (season, change, told, opens, deadline) => {
    for (const seconds of [-3601, -1, 0, 1, 3601]) {
      const clock = clockOf(after(change, seconds * SECOND));
      // The Monday after Easter Sunday 28 March 2027 is a day off as well.
      const [opensAt, deadlineAt] =
        season === 'spring'
          ? [after(opens, 86_400_000).toISOString(), after(deadline, 86_400_000).toISOString()]
          : [opens, deadline];
      expect(clock.warnings[0]!.at).toBe(opensAt);
      expect(clock.deadlineAt).toBe(deadlineAt);
      expect(clock.tellManagerAt[0]).toBe(at(season === 'spring' ? dayAfter(told) : told, '08:00'));
    }
  });

  it('R6.2, R6.3 in general, against date-holidays', () => {
    fc.assert(
      fc.property(anyInstant, (arrivedAt) => {
        const last = weekdayAfter(stockholm(arrivedAt).day, 2);
        const clock = clockOf(arrivedAt);
        expect(clock.deadlineAt).toBe(at(dayAfter(last), '00:00'));
        expect(clock.aimAt).toBe(at(last, '16:00'));
        expect(clock.warnings.map((warning) => warning.at)).toEqual([at(last, '08:00'), at(last, '14:00')]);
        expect(clock.tellManagerAt[0]).toBe(at(weekdayAfter(last, 1), '08:00'));
        const all = [
          clock.arrivedAt,
          ...clock.warnings.map((each) => each.at),
          clock.aimAt,
          clock.deadlineAt,
        ];
        expect([...all, ...clock.tellManagerAt]).toEqual([...all, ...clock.tellManagerAt].sort());
      }),
      { numRuns: 200 },
    );
  });

  it('R6.3 a clinic has its own hours, and one warning where it is open for less than the second needs', () => {
    const hours = { opensAt: '09:30', closesAt: '11:00', warnMinutesBeforeClosing: 60 };
    const arrivedAt = stockholmInstant('2026-11-20', '12:00');
    expect(replyClock(arrivedAt, hours).warnings).toEqual([
      { kind: 'last-weekday-opens', at: at('2026-11-24', '09:30') },
      { kind: 'before-closing', at: at('2026-11-24', '10:00') },
    ]);
    expect(replyClock(arrivedAt, { ...hours, warnMinutesBeforeClosing: 90 }).warnings).toHaveLength(1);
  });
});

describe('openings', () => {
  it('R6.3 the same day counts until its opening has come', () => {
    const opening = stockholmInstant('2026-11-23', '08:00');
    const first = (instant: Date): string => nextOpenings(instant, 1, defaultCaseRules)[0]!;
    expect(first(after(opening, -1))).toBe(opening.toISOString());
    expect(first(opening)).toBe(at('2026-11-24', '08:00'));
    // Friday evening, before Easter and before a week-end.
    expect(first(stockholmInstant('2026-04-02', '20:00'))).toBe(at('2026-04-07', '08:00'));
    expect(first(stockholmInstant('2026-11-20', '20:00'))).toBe(at('2026-11-23', '08:00'));
  });

  it('R6.3 are on weekdays, after the instant, and none is left out', () => {
    fc.assert(
      fc.property(anyInstant, fc.integer({ min: 1, max: 8 }), (instant, count) => {
        const openings = nextOpenings(instant, count, defaultCaseRules);
        expect(openings).toHaveLength(count);
        let day = dayAfter(stockholm(instant).day, -1);
        for (const opening of openings) {
          do day = dayAfter(day);
          while (isDayOff(day) || stockholmInstant(day, '08:00') <= instant);
          expect(opening).toBe(at(day, '08:00'));
        }
      }),
      { numRuns: 200 },
    );
  });

  it('R6.3 a clinic is open on weekdays, from opening until closing', () => {
    const open = (day: string, clock: string): boolean =>
      isOpen(stockholmInstant(day, clock), defaultCaseRules);
    expect([
      open('2026-11-23', '07:59:59'),
      open('2026-11-23', '08:00'),
      open('2026-11-23', '15:59:59'),
    ]).toEqual([false, true, true]);
    expect([open('2026-11-23', '16:00'), open('2026-11-22', '12:00'), open('2026-12-24', '12:00')]).toEqual([
      false,
      false,
      false,
    ]);
  });
});

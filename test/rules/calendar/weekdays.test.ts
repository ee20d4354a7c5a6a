import Holidays from 'date-holidays';
import fc from 'fast-check';
import { endOfWeekdayAfter, isWeekday, openingsAfter, weekdayAfter } from '../../../rules/calendar/weekdays';
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

const noon = (day: string): Date => stockholmInstant(day, '12:00');
const anyCount = fc.integer({ min: 1, max: 12 });

describe('isWeekday', () => {
  it('R6.2 agrees with date-holidays, public and bank, for every day of 2005 to 2099', () => {
    const oracle = new Holidays('SE', { types: ['public', 'bank'], timezone: 'Europe/Stockholm' });
    const differing: string[] = [];
    for (let year = 2005; year <= 2099; year += 1) {
      const daysOff = new Set(oracle.getHolidays(year).map(({ date }) => date.slice(0, 10)));
      for (let day = `${year}-01-01`; day <= `${year}-12-31`; day = dayAfter(day)) {
        const dayOfWeek = new Date(`${day}T00:00:00Z`).getUTCDay();
        const expected = dayOfWeek >= 1 && dayOfWeek <= 5 && !daysOff.has(day);
        if (isWeekday(day) !== expected) differing.push(day);
      }
    }
    expect(differing).toEqual([]);
  });

  it.each([
    ['2026-01-01', 'nyårsdagen'],
    ['2026-01-06', 'trettondedag jul'],
    ['2026-04-03', 'långfredagen'],
    ['2026-04-05', 'påskdagen'],
    ['2026-04-06', 'annandag påsk'],
    ['2026-05-01', 'första maj'],
    ['2026-05-14', 'Kristi himmelsfärdsdag'],
    ['2026-05-24', 'pingstdagen'],
    ['2025-06-06', 'nationaldagen'],
    ['2026-06-19', 'midsommarafton'],
    ['2026-06-20', 'midsommardagen'],
    ['2026-10-31', 'alla helgons dag'],
    ['2026-12-24', 'julafton'],
    ['2026-12-25', 'juldagen'],
    ['2022-12-26', 'annandag jul'],
    ['2026-12-31', 'nyårsafton'],
    ['2026-11-21', 'a Saturday'],
    ['2026-11-22', 'a Sunday'],
  ])('R6.2 %s is none: %s', (day) => {
    expect(isWeekday(day)).toBe(false);
  });

  it.each([
    ['2026-01-05', 'trettondagsafton'],
    ['2026-04-02', 'skärtorsdagen'],
    ['2026-04-30', 'valborgsmässoafton'],
    ['2026-05-15', 'the day between Kristi himmelsfärdsdag and the week-end'],
    ['2026-05-25', 'annandag pingst, no holiday since 2005'],
    ['2026-06-18', 'the day before midsommarafton'],
    ['2026-06-22', 'the Monday after midsommardagen'],
    ['2026-10-30', 'the day before alla helgons dag'],
    ['2026-12-23', 'the day before julafton'],
    ['2026-12-30', 'the day before nyårsafton'],
  ])('R6.2 %s is one: %s', (day) => {
    expect(isWeekday(day)).toBe(true);
  });

  it.each(['2026-02-30', '2026-2-3', '20260203', '2026-11-23T09:00:00Z', ''])(
    'refuses what is no day: "%s"',
    (text) => {
      expect(() => isWeekday(text)).toThrow(RangeError);
    },
  );
});

/** Arrival and the last day that still counts (facts.md, "Dates"). */
const workedExamples = [
  ['2026-11-20', '2026-11-24'],
  ['2026-11-21', '2026-11-24'],
  ['2026-04-02', '2026-04-08'],
  ['2026-04-30', '2026-05-05'],
  ['2026-06-18', '2026-06-23'],
  ['2026-12-22', '2026-12-28'],
  ['2026-12-30', '2027-01-05'],
  ['2027-01-05', '2027-01-08'],
] as const;

describe('the second weekday after an arrival', () => {
  it.each(workedExamples)('R6.2 arrived %s: by the end of %s', (arrival, last) => {
    for (const clock of ['00:00:00', '07:59:59', '12:00:00', '23:59:59']) {
      const arrivedAt = stockholmInstant(arrival, clock);
      expect(weekdayAfter(arrivedAt, 2)).toBe(last);
      expect(endOfWeekdayAfter(arrivedAt, 2)).toEqual(stockholmInstant(dayAfter(last), '00:00'));
    }
  });

  it('R6.2 the day of arrival ends at midnight in Stockholm, not in UTC', () => {
    const midnight = stockholmInstant('2026-11-24', '00:00');
    expect(weekdayAfter(after(midnight, -SECOND), 2)).toBe('2026-11-25');
    expect(weekdayAfter(midnight, 2)).toBe('2026-11-26');
    expect(weekdayAfter(after(midnight, SECOND), 2)).toBe('2026-11-26');
    // 23:30 in UTC on the 23rd is the 24th in Stockholm.
    expect(weekdayAfter(new Date('2026-11-23T23:30:00Z'), 2)).toBe('2026-11-26');
  });

  it('R6.2 a summer night: the same, two hours before midnight in UTC', () => {
    const midnight = stockholmInstant('2026-07-02', '00:00');
    expect(midnight).toEqual(new Date('2026-07-01T22:00:00Z'));
    expect(weekdayAfter(after(midnight, -SECOND), 2)).toBe('2026-07-03');
    expect(weekdayAfter(midnight, 2)).toBe('2026-07-06');
  });

  it.each([
    ['2004-12-31', '2005-01-03'],
    ['2026-12-31', '2027-01-04'],
    ['2027-12-31', '2028-01-03'],
    ['2028-12-31', '2029-01-02'],
  ])('R6.2 arrived in the last second of %s: the first weekday is %s', (arrival, first) => {
    expect(weekdayAfter(stockholmInstant(arrival, '23:59:59'), 1)).toBe(first);
    expect(weekdayAfter(stockholmInstant(arrival, '00:00:00'), 1)).toBe(first);
  });

  it('R6.2 across the clock changes the deadline is still midnight', () => {
    // Fridays before the nights of 28 March 2027 and 25 October 2026.
    expect(endOfWeekdayAfter(noon('2026-10-23'), 1)).toEqual(new Date('2026-10-26T23:00:00Z'));
    expect(endOfWeekdayAfter(noon('2026-10-22'), 1)).toEqual(new Date('2026-10-23T22:00:00Z'));
    expect(endOfWeekdayAfter(noon('2026-03-27'), 1)).toEqual(new Date('2026-03-30T22:00:00Z'));
    expect(endOfWeekdayAfter(noon('2026-03-26'), 1)).toEqual(new Date('2026-03-27T23:00:00Z'));
  });

  it('R6.2 an arrival in the hours that the clock changes take and give counts from that Sunday', () => {
    for (const change of [springChange, autumnChange]) {
      for (const seconds of [-3600, -1, 0, 1, 3600]) {
        const day = weekdayAfter(after(change, seconds * SECOND), 1);
        expect(day).toBe(change === autumnChange ? '2026-10-26' : '2027-03-30');
      }
    }
  });

  it('R6.2 in general: a weekday, after the day of arrival, with exactly as many weekdays up to it', () => {
    fc.assert(
      fc.property(anyInstant, anyCount, (instant, count) => {
        const last = weekdayAfter(instant, count);
        let weekdays = 0;
        for (let day = dayAfter(stockholm(instant).day); day <= last; day = dayAfter(day))
          if (isWeekday(day)) weekdays += 1;
        expect(weekdays).toBe(count);
        expect(isWeekday(last)).toBe(true);
        expect(endOfWeekdayAfter(instant, count)).toEqual(stockholmInstant(dayAfter(last), '00:00'));
      }),
      { numRuns: 300 },
    );
  });

  it('R6.2 one who arrives later never has an earlier deadline', () => {
    fc.assert(
      fc.property(anyInstant, anyInstant, anyCount, (one, other, count) => {
        const [first, second] = one <= other ? [one, other] : [other, one];
        expect(+endOfWeekdayAfter(first, count)).toBeLessThanOrEqual(+endOfWeekdayAfter(second, count));
      }),
      { numRuns: 300 },
    );
  });

  it.each([0, -1, 1.5, NaN, Infinity])('refuses a count that is none: %d', (count) => {
    expect(() => weekdayAfter(noon('2026-11-23'), count)).toThrow(RangeError);
    expect(() => endOfWeekdayAfter(noon('2026-11-23'), count)).toThrow(RangeError);
  });

  it('refuses what is no instant', () => {
    expect(() => weekdayAfter(new Date(NaN), 1)).toThrow(RangeError);
  });
});

describe('openingsAfter', () => {
  it('R6.3 is that clock time on each of the next weekdays, whatever the offset', () => {
    expect(openingsAfter(noon('2026-10-22'), 3, '08:00')).toEqual([
      new Date('2026-10-23T06:00:00Z'),
      new Date('2026-10-26T07:00:00Z'),
      new Date('2026-10-27T07:00:00Z'),
    ]);
    expect(openingsAfter(noon('2026-03-27'), 2, '08:00')).toEqual([
      new Date('2026-03-30T06:00:00Z'),
      new Date('2026-03-31T06:00:00Z'),
    ]);
  });

  it('R6.3 never on the day itself, also where it opens later that day', () => {
    expect(openingsAfter(stockholmInstant('2026-11-23', '06:00'), 1, '08:00')).toEqual([
      stockholmInstant('2026-11-24', '08:00'),
    ]);
  });

  it('R6.3 in general: on the weekdays one after the other', () => {
    fc.assert(
      fc.property(
        anyInstant,
        anyCount,
        fc.constantFrom('00:00', '08:00', '23:59'),
        (instant, count, clock) => {
          const openings = openingsAfter(instant, count, clock);
          expect(openings).toEqual(
            Array.from({ length: count }, (_, index) =>
              stockholmInstant(weekdayAfter(instant, index + 1), clock),
            ),
          );
        },
      ),
    );
  });

  it('is none for none', () => {
    expect(openingsAfter(noon('2026-11-23'), 0, '08:00')).toEqual([]);
  });
});

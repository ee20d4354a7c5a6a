import fc from 'fast-check';
import {
  atClock,
  inStockholm,
  instantsAt,
  nextAtClock,
  stockholmDay,
} from '../../../rules/calendar/stockholm';
import { after, anyInstant, DAY, dayAfter, HOUR, stockholm, stockholmInstant } from '../builders';

const anyDay = anyInstant.map((instant) => stockholm(instant).day);
/** No clock time of the hour that the clock changes take and give. */
const anyClock = fc
  .integer({ min: 0, max: 24 * 60 - 1 })
  .filter((minute) => Math.floor(minute / 60) !== 2)
  .map(
    (minute) => `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`,
  );

describe('instantsAt', () => {
  it.each([
    ['2026-11-23', '10:00', ['2026-11-23T09:00:00.000Z']],
    ['2026-07-01', '00:30', ['2026-06-30T22:30:00.000Z']],
    ['2027-03-28', '01:59', ['2027-03-28T00:59:00.000Z']],
    ['2027-03-28', '02:00', []],
    ['2027-03-28', '02:59', []],
    ['2027-03-28', '03:00', ['2027-03-28T01:00:00.000Z']],
    ['2027-10-31', '01:59', ['2027-10-30T23:59:00.000Z']],
    ['2027-10-31', '02:30', ['2027-10-31T00:30:00.000Z', '2027-10-31T01:30:00.000Z']],
    ['2027-10-31', '03:00', ['2027-10-31T02:00:00.000Z']],
  ])('%s at %s', (day, clock, instants) => {
    expect(instantsAt(day, clock).map((at) => at.toISOString())).toEqual(instants);
  });

  it('has one outside of the hour of the clock changes, and shows what was asked for', () => {
    fc.assert(
      fc.property(anyDay, anyClock, (day, clock) => {
        const [at, ...others] = instantsAt(day, clock);
        expect(others).toEqual([]);
        expect(at && inStockholm(at).toFormat('yyyy-MM-dd HH:mm')).toBe(`${day} ${clock}`);
      }),
    );
  });
});

describe('stockholmDay', () => {
  it.each([
    ['2027-03-28', 23, '2027-03-27T23:00:00.000Z'],
    ['2026-10-25', 25, '2026-10-24T22:00:00.000Z'],
    ['2026-11-23', 24, '2026-11-22T23:00:00.000Z'],
    ['2026-07-01', 24, '2026-06-30T22:00:00.000Z'],
    ['2028-02-29', 24, '2028-02-28T23:00:00.000Z'],
  ])('%s has %i hours', (date, hours, begins) => {
    const { from, until } = stockholmDay(date);
    expect(from.toISOString()).toBe(begins);
    expect(until.getTime() - from.getTime()).toBe(hours * HOUR);
  });

  it('begins and ends at midnight, where the next day begins', () => {
    fc.assert(
      fc.property(anyDay, (day) => {
        const { from, until } = stockholmDay(day);
        expect(from).toEqual(stockholmInstant(day, '00:00'));
        expect(until).toEqual(stockholmDay(dayAfter(day)).from);
        expect(stockholm(after(until, -1))).toEqual({ day, clock: '23:59:59.999' });
      }),
    );
  });

  it.each(['2026-02-30', '2026-13-01', 'tomorrow', ''])('refuses what is no day: "%s"', (text) => {
    expect(() => stockholmDay(text)).toThrow(RangeError);
  });
});

describe('nextAtClock', () => {
  it('is the next time that the clock shows it, strictly after the instant', () => {
    fc.assert(
      fc.property(anyInstant, anyClock, (instant, clock) => {
        const next = nextAtClock(instant, clock).toJSDate();
        const { day } = stockholm(instant);
        const today = stockholmInstant(day, clock);
        expect(next).toEqual(today > instant ? today : stockholmInstant(dayAfter(day), clock));
        expect(next.getTime() - instant.getTime()).toBeGreaterThan(0);
        expect(next.getTime() - instant.getTime()).toBeLessThanOrEqual(DAY + HOUR);
      }),
      { numRuns: 500 },
    );
  });
});

describe('nextAtClock at that very time', () => {
  it('is the next day, and the same day a millisecond before', () => {
    const seven = stockholmInstant('2026-10-24', '07:00');
    expect(nextAtClock(seven, '07:00').toJSDate()).toEqual(stockholmInstant('2026-10-25', '07:00'));
    expect(nextAtClock(after(seven, -1), '07:00').toJSDate()).toEqual(seven);
  });
});

describe('atClock', () => {
  it('is on the same Stockholm day, also where UTC has another', () => {
    const lateEvening = new Date('2026-11-22T23:30:00Z');
    expect(atClock(inStockholm(lateEvening), '07:00').toJSDate()).toEqual(new Date('2026-11-23T06:00:00Z'));
  });
});

describe('inStockholm', () => {
  it('refuses what is no instant', () => {
    expect(() => inStockholm(new Date(NaN))).toThrow(RangeError);
  });
});

import { registrationReminders } from '../../../rules/calendar/registration';
import { stockholm } from '../builders';

describe('registrationReminders', () => {
  const shown = (endAt: string): string[] =>
    registrationReminders(endAt).map((due) => {
      const { day, clock } = stockholm(new Date(due));
      return `${day} ${clock}`;
    });

  it('R5.11 at opening on the six weekdays after the meeting', () => {
    expect(shown('2026-11-23T09:30:00.000Z')).toEqual([
      '2026-11-24 08:00:00.000',
      '2026-11-25 08:00:00.000',
      '2026-11-26 08:00:00.000',
      '2026-11-27 08:00:00.000',
      '2026-11-30 08:00:00.000',
      '2026-12-01 08:00:00.000',
    ]);
  });

  it('R5.11 R6.2 counts days in Stockholm, and no holidays', () => {
    // 23:30 on Wednesday 23 December there; then julafton, juldagen, a weekend, and later nyårsafton and
    // nyårsdagen.
    expect(shown('2026-12-23T22:30:00.000Z').map((each) => each.slice(0, 10))).toEqual([
      '2026-12-28',
      '2026-12-29',
      '2026-12-30',
      '2027-01-04',
      '2027-01-05',
      '2027-01-07',
    ]);
  });

  it('R5.11 is 08:00 on the clock before and after it is changed', () => {
    // Thursday before summer time ends, and begins.
    for (const endAt of ['2026-10-22T08:00:00.000Z', '2027-03-25T08:00:00.000Z'])
      expect(shown(endAt).every((each) => each.endsWith(' 08:00:00.000'))).toBe(true);
  });
});

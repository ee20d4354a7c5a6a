import { ageAt, reachesAge } from '../../../rules/calendar/age';
import { noticePlan } from '../../../rules/calendar/notice-plan';
import { nextAtClock, stockholmDay } from '../../../rules/calendar/stockholm';
import { endOfWeekdayAfter, openingsAfter } from '../../../rules/calendar/weekdays';
import { defaultNoticeRules } from '../../../rules/notices';
import { parseIdentity } from '../../../rules/personal-number';

/**
 * What the calendar answers around both clock changes and at New Year, to be compared between host time
 * zones.
 */
export function zoneSamples(): unknown {
  const instants = [
    '2026-03-29T00:30:00.000Z',
    '2026-03-29T01:30:00.000Z',
    '2026-10-25T00:30:00.000Z',
    '2026-10-25T01:30:00.000Z',
    '2026-09-26T13:30:00.000Z',
    '2026-12-31T23:30:00.000Z',
    '2027-03-14T10:30:00.000Z',
  ];
  return instants.map((startAt) => ({
    plans: [1, 9, 30, 24 * 60].map((hours) =>
      noticePlan({
        notice: 'booking',
        now: new Date(Date.parse(startAt) - hours * 3_600_000),
        time: { startAt },
        rules: defaultNoticeRules,
      }),
    ),
    next: nextAtClock(new Date(startAt), '07:00').toJSDate(),
    day: stockholmDay(startAt.slice(0, 10)),
    age: ageAt('2013-10-25', new Date(startAt)),
    reaches: reachesAge('2012-02-29', 13),
    deadline: endOfWeekdayAfter(new Date(startAt), 2),
    openings: openingsAfter(new Date(startAt), 3, '08:00'),
    identity: parseIdentity('198112189876'),
  }));
}

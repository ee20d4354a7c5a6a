import { meetingTime, needsRegistration, outcomes, readyCheckAt } from '../../rules/meeting';
import { minutesAfter, START, timeAt } from './builders';

const terms = { doorOpensMinutesBefore: 15, graceMinutes: 15, overrunMinutes: 30 };

describe('meetingTime', () => {
  it('R3.3 R5.6 has the instants of the door and the grace time', () => {
    expect(meetingTime(1, START, 30, terms)).toEqual(timeAt());
  });

  it('R5.6 the grace time never ends after the booked end', () => {
    const { graceEndsAt, endAt } = meetingTime(2, START, 10, terms);
    expect(graceEndsAt).toBe(endAt);
  });

  it('counts elapsed time over a clock change, and gives instants in UTC whatever offset it is asked with', () => {
    const time = meetingTime(1, '2026-10-25T02:50:00+02:00', 30, terms);
    expect(time).toMatchObject({
      startAt: '2026-10-25T00:50:00.000Z',
      endAt: '2026-10-25T01:20:00.000Z',
      doorOpensAt: '2026-10-25T00:35:00.000Z',
    });
  });
});

describe('readyCheckAt', () => {
  it('R4.7 is five minutes before the start, and not before the door opens', () => {
    const opening = (minutesBefore: number) =>
      readyCheckAt({ startAt: START, doorOpensAt: minutesAfter(START, -minutesBefore) });
    expect(opening(15)).toBe(minutesAfter(START, -5));
    expect(opening(5)).toBe(minutesAfter(START, -5));
    expect(opening(3)).toBe(minutesAfter(START, -3));
    expect(opening(0)).toBe(START);
  });
});

describe('needsRegistration', () => {
  it('R5.11 a visit that took place or was missed is registered; what was cancelled, or never began, is not', () => {
    expect(outcomes.filter(needsRegistration)).toEqual(['completed', 'no-show', 'back-up-routine']);
  });
});

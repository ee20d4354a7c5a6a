import { countsForTime, isNearTheDoor, LONGEST_LOGIN_MINUTES } from '../../rules/tries';
import { minutesLater } from '../../rules/instant';

/** R5.6: which signs of trying count for the time that a meeting has now. */
const time = {
  startVersion: 2,
  doorOpensAt: '2026-11-27T08:45:00.000Z',
  doorClosesAt: '2026-11-27T10:30:00.000Z',
};
const setAt = '2026-11-23T09:10:00.000Z';
const earlier = (at: string) => ({ startVersion: 1, at });

describe('a sign that somebody tried', () => {
  it.each([
    ['noted for this time, however early', { startVersion: 2, at: '2026-11-23T09:00:00.000Z' }, true],
    ['near the earlier time, days before this one', earlier('2026-11-23T09:00:00.000Z'), false],
    ['noted for the earlier time as it was moved', earlier('2026-11-23T09:10:00.000Z'), true],
    ['after this time was set', earlier('2026-11-23T09:12:00.000Z'), true],
  ])('%s', (_, sign, counts) => {
    expect(countsForTime(time, setAt, sign)).toBe(counts);
  });

  it('for an earlier time of the same morning counts from a login’s longest life before the door opens', () => {
    const lateMove = '2026-11-27T08:40:00.000Z';
    const first = minutesLater(time.doorOpensAt, -LONGEST_LOGIN_MINUTES);
    expect(countsForTime(time, lateMove, earlier(first))).toBe(true);
    expect(countsForTime(time, lateMove, earlier(minutesLater(first, -1 / 60)))).toBe(false);
  });

  it('is near the door until it closes, and not after', () => {
    expect(isNearTheDoor(time, time.doorClosesAt)).toBe(true);
    expect(isNearTheDoor(time, minutesLater(time.doorClosesAt, 1 / 60))).toBe(false);
  });
});

import fc from 'fast-check';
import { GIVE_UP_AFTER_MS, nextTry } from '../../rules/events';

/** Decision 11: tried again with back-off, for three days. */
const now = new Date('2026-11-23T08:00:00.000Z');
const waitOf = (failures: number, retryAfterMs: number | null = null): number =>
  nextTry({ failures, failingSince: now, now, retryAfterMs })!.getTime() - now.getTime();
const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

it('waits 5 s, 30 s, 2 min, 10 min, 30 min, 1 h, and then an hour each time', () => {
  expect([1, 2, 3, 4, 5, 6, 7, 50].map((failures) => waitOf(failures))).toEqual([
    5 * SECOND,
    30 * SECOND,
    2 * MINUTE,
    10 * MINUTE,
    30 * MINUTE,
    HOUR,
    HOUR,
    HOUR,
  ]);
});

it('waits as long as the receiver asks, up to an hour, and never shorter than by its own rule', () => {
  expect(waitOf(1, 90 * SECOND)).toBe(90 * SECOND);
  expect(waitOf(1, 0)).toBe(5 * SECOND);
  expect(waitOf(1, 24 * HOUR)).toBe(HOUR);
  expect(waitOf(6, MINUTE)).toBe(HOUR);
});

it('gives up when the next try would be later than three days after the first failure', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 200 }),
      fc.integer({ min: 0, max: 4 * 24 * 3600 }),
      (failures, s) => {
        const failingSince = new Date(now.getTime() - s * SECOND);
        const at = nextTry({ failures, failingSince, now, retryAfterMs: null });
        const latest = failingSince.getTime() + GIVE_UP_AFTER_MS;
        expect(at === null).toBe(now.getTime() + waitOf(failures) > latest);
      },
    ),
  );
});

it('comes to some eighty tries in three days, the last one in their last hour', () => {
  let [at, failures] = [now, 0];
  for (;;) {
    failures += 1;
    const next = nextTry({ failures, failingSince: now, now: at, retryAfterMs: null });
    if (!next) break;
    at = next;
  }
  expect(failures).toBe(77);
  expect(at.getTime() - now.getTime()).toBeGreaterThan(GIVE_UP_AFTER_MS - HOUR);
});

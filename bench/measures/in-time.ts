import { say } from '../say';
import { pause } from '../waiting';

const MOST_TRIES = 4;
/** So long before the instant everything must stand ready. */
const READY_MS = 1_000;
const LEAST_AHEAD_MS = 5_000;

/**
 * Prepares what is due at one instant, far enough ahead that all of it is ready before; where it was not, once more with twice the time.
 * @param expectedMs how long the preparation should take
 * @returns the instant, in milliseconds since 1970
 */
export async function preparedInTime(
  expectedMs: number,
  prepare: (dueAt: number) => Promise<void>,
): Promise<number> {
  let aheadMs = LEAST_AHEAD_MS + expectedMs;
  for (let tries = 1; tries <= MOST_TRIES; tries += 1, aheadMs *= 2) {
    const dueAt = Date.now() + aheadMs;
    await prepare(dueAt);
    if (Date.now() < dueAt - READY_MS) return dueAt;
    say('  … not ready in time: once more with twice the time');
    // What was too late fires now; it shall be over before the next ones.
    await pause(LEAST_AHEAD_MS);
  }
  throw new Error('the reminders were never ready in time');
}

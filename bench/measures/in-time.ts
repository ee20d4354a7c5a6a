import { say } from '../say';

const MOST_TRIES = 4;
/** So long before the instant everything must stand ready. */
const READY_MS = 1_000;
const LEAST_AHEAD_MS = 5_000;

/** A rig on which something is prepared that is due at one instant. */
interface Stand {
  prepare(dueAt: number): Promise<void>;
  close(): Promise<void>;
}

/**
 * Prepares what is due at one instant, far enough ahead that all of it is ready before. Where it was not,
 * once more with more time and on another rig: what was too late stays with the first, which has no worker
 * any more.
 * @param expectedMs how long the preparation should take
 * @returns the rig, and the instant in milliseconds since 1970
 */
export async function preparedInTime<Opened extends Stand>(
  expectedMs: number,
  open: (name: string) => Promise<Opened>,
  name: string,
): Promise<{ rig: Opened; dueAt: number }> {
  let aheadMs = LEAST_AHEAD_MS + expectedMs;
  for (let tries = 1; tries <= MOST_TRIES; tries += 1) {
    const rig = await open(`${name}-${tries}`);
    try {
      const began = Date.now();
      const dueAt = began + aheadMs;
      await rig.prepare(dueAt);
      if (Date.now() < dueAt - READY_MS) return { rig, dueAt };
      aheadMs = LEAST_AHEAD_MS + 2 * (Date.now() - began);
    } catch (error) {
      await rig.close();
      throw error;
    }
    say('  … not ready in time: once more with more time');
    await rig.close();
  }
  throw new Error('the reminders were never ready in time');
}

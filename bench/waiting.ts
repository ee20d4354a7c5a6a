import { setTimeout as pause } from 'node:timers/promises';

export { pause };

/**
 * Asks again and again until the answer is yes.
 * @throws Error that says what was waited for, when it takes too long
 */
export async function until(
  what: string,
  holds: () => boolean | Promise<boolean>,
  { timeoutMs = 600_000, everyMs = 200 } = {},
): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`waited in vain: ${what}`);
    await pause(everyMs);
  }
}

/** Waits for an instant, in milliseconds since 1970. */
export const untilInstant = (ms: number): Promise<void> => pause(Math.max(0, ms - Date.now()));

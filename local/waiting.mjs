import { setTimeout as pause } from 'node:timers/promises';

export { pause };

/**
 * Asks again and again until the answer is yes.
 * @param {() => boolean | Promise<boolean>} check an error of it counts as no
 * @param {{ timeoutMs: number, everyMs?: number, giveUp?: () => boolean }} options giveUp: no use in waiting any longer
 * @returns {Promise<{ ok: true } | { ok: false, reason: string }>}
 */
export async function waitUntil(check, { timeoutMs, everyMs = 100, giveUp = () => false }) {
  const deadline = Date.now() + timeoutMs;
  let reason = 'no answer';
  for (;;) {
    try {
      if (await check()) return { ok: true };
    } catch (error) {
      reason = error instanceof Error ? error.message : String(error);
    }
    if (giveUp() || Date.now() > deadline) return { ok: false, reason };
    await pause(everyMs);
  }
}

import { clockDrift } from '../platform/metrics';
import type { Records } from '../records';

/**
 * How far clocks may differ, in milliseconds. Who receives a room's token refuses one that is not valid yet,
 * and what is due, late or in time is decided by the clock of whichever process looks.
 */
export const MAX_DRIFT_MS = 3_000;

/**
 * How far the other clock surely is ahead of ours (negative: behind), given when we asked and when we heard:
 * 0 where it may agree.
 */
export function surelyAheadMs(asked: Date, serverTime: Date, heard: Date): number {
  if (serverTime > heard) return serverTime.getTime() - heard.getTime();
  if (serverTime < asked) return serverTime.getTime() - asked.getTime();
  return 0;
}

/** Whether our clock and the database's agree: of two machines' clocks that do, both are likely right. */
export async function clocksAgree(records: Pick<Records, 'serverTime'>, now: () => Date): Promise<boolean> {
  const asked = now();
  const serverTime = await records.serverTime();
  const aheadMs = surelyAheadMs(asked, serverTime, now());
  clockDrift.set(aheadMs / 1000);
  return Math.abs(aheadMs) <= MAX_DRIFT_MS;
}

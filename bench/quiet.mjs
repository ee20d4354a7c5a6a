import { cpus, loadavg } from 'node:os';
import { pause } from '../local/waiting.mjs';

const LOOK_MS = 3_000;

/** Above this share of all cores somebody else's work is in every figure. */
export const QUIET_SHARE = 0.1;

/**
 * What others do on this machine before anything of ours begins.
 * @returns {Promise<{ loadBefore: number, busyBefore: number }>} busyBefore: the share of all cores' time that was
 *   used while we did nothing, 0 to 1
 */
export async function otherWork() {
  const before = coreTimes();
  await pause(LOOK_MS);
  const after = coreTimes();
  const total = after.total - before.total;
  const busyBefore = total > 0 ? 1 - (after.idle - before.idle) / total : 0;
  return { loadBefore: loadavg()[0] ?? 0, busyBefore };
}

function coreTimes() {
  let [idle, total] = [0, 0];
  for (const { times } of cpus()) {
    idle += times.idle;
    total += Object.values(times).reduce((sum, each) => sum + each, 0);
  }
  return { idle, total };
}

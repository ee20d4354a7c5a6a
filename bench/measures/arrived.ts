import type { Provider } from '../rig/provider';
import { pause } from '../waiting';

/** After so long without another one, what has not come is counted as missing. */
const NOTHING_MORE_MS = 90_000;
const LOOK_MS = 200;

/** Waits from an instant on until all that was due has come to the provider, or nothing more comes. */
export async function arrived({ arrivals }: Provider, count: number, dueAt: number): Promise<void> {
  const quietSince = (): number => Math.max(dueAt, arrivals.at(-1)?.at ?? 0);
  while (arrivals.length < count && Date.now() - quietSince() < NOTHING_MORE_MS) await pause(LOOK_MS);
}

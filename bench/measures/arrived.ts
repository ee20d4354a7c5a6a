import { withCpu, type Cpu, type Pids } from '../cpu';
import type { Child } from '../processes/child';
import type { Provider } from '../rig/provider';
import { pause, untilInstant } from '../waiting';

/** After so long without another one, what has not come is counted as missing. */
const NOTHING_MORE_MS = 90_000;
const LOOK_MS = 200;
/** What all of them take while they only wait is not what is asked. */
const JUST_BEFORE_MS = 500;

/**
 * Waits from now until all that was due has come to the provider, or nothing more comes, and until what each
 * SMS means afterwards is done too.
 * @returns the processor time of all of it, from just before the instant on
 */
export async function arrived(
  { arrivals }: Provider,
  { pids, worker }: { pids: Pids; worker: Child<null> },
  count: number,
  dueAt: number,
): Promise<Cpu | null> {
  arrivals.length = 0;
  const quietSince = (): number => Math.max(dueAt, arrivals.at(-1)?.at ?? 0);
  await untilInstant(dueAt - JUST_BEFORE_MS);
  const { cpu } = await withCpu(pids, async () => {
    while (arrivals.length < count && Date.now() - quietSince() < NOTHING_MORE_MS) await pause(LOOK_MS);
    await worker.ask('quiet');
  });
  return cpu;
}

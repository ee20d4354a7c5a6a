import type { Bench } from '../bench';
import { cpuRatio } from '../cpu';
import type { Figures, Lateness } from '../figures';
import { rounded } from '../numbers';
import { say } from '../say';
import { bareReminders, floorReminders } from './lateness-bare';
import { latenessOf, type DueAtOnce } from './lateness-of';
import { pollerReminders } from './lateness-poller';
import { serviceReminders } from './lateness-service';

/**
 * How late what is due at one instant goes out: reminders of the service, timers of the bare loop and of the
 * honest floor, rows of the poller.
 */
export async function measureLateness(bench: Bench): Promise<Figures['lateness']> {
  const { reminders: count, pollEveryMs } = bench.sizes;
  const measured = async (what: string, send: (bench: Bench) => Promise<DueAtOnce>): Promise<Lateness> => {
    const late = latenessOf(await send(bench), count);
    say(`  ${what}: ${JSON.stringify(late)}`);
    return late;
  };
  const bare = await measured('the bare loop', bareReminders);
  const floor = await measured('the honest floor', floorReminders);
  const service = await measured('the service', serviceReminders);
  const poller = await measured('the poller', pollerReminders);
  const ratioTo = (other: Lateness) => ({
    p50: rounded(service.p50Ms / other.p50Ms, 3),
    p99: rounded(service.p99Ms / other.p99Ms, 3),
    last: rounded(service.lastMs / Math.max(1, other.lastMs), 3),
    cpu: cpuRatio(service.cpu, other.cpu),
  });
  return {
    count,
    service,
    bare,
    floor,
    poller,
    pollEverySeconds: pollEveryMs / 1_000,
    toBare: ratioTo(bare),
    toFloor: ratioTo(floor),
    toPoller: ratioTo(poller),
  };
}

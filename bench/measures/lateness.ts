import type { Bench } from '../bench';
import type { Figures, Lateness } from '../figures';
import { rounded } from '../numbers';
import { say } from '../say';
import { bareReminders } from './lateness-bare';
import { pollerReminders } from './lateness-poller';
import { serviceReminders } from './lateness-service';
import { latenessOf, type DueAtOnce } from './lateness-of';

/**
 * How late what is due at one instant goes out: reminders of the service, timers of the bare loop, rows of
 * the poller.
 */
export async function measureLateness(bench: Bench): Promise<Figures['lateness']> {
  const { reminders: count, pollEveryMs } = bench.sizes;
  const measured = async (what: string, send: (bench: Bench) => Promise<DueAtOnce>): Promise<Lateness> => {
    const late = latenessOf(await send(bench), count);
    say(`  ${what}: ${JSON.stringify(late)}`);
    return late;
  };
  const bare = await measured('the bare loop', bareReminders);
  const service = await measured('the service', serviceReminders);
  const poller = await measured('the poller', pollerReminders);
  return {
    count,
    service,
    bare,
    poller,
    pollEverySeconds: pollEveryMs / 1_000,
    p50RatioToBare: rounded(service.p50Ms / bare.p50Ms, 3),
    p99RatioToBare: rounded(service.p99Ms / bare.p99Ms, 3),
    p50RatioToPoller: rounded(service.p50Ms / poller.p50Ms, 3),
    p99RatioToPoller: rounded(service.p99Ms / poller.p99Ms, 3),
  };
}

import type { Bench } from '../bench';
import { times } from '../load/load';
import { openBareStand } from '../stand/bare-stand';
import { until } from '../waiting';
import { preparedInTime } from './in-time';
import type { DueAtOnce } from './lateness-of';

/** At the least so many start in a second; slower machines get a second try with more time. */
const STARTS_PER_SECOND = 20;

/** The bare loop: a timer and an activity for each reminder, all due at once. */
export async function bareReminders(bench: Bench): Promise<DueAtOnce> {
  const { sizes, provider } = bench;
  const { reminders: count } = sizes;
  const bare = await openBareStand(bench, 'lateness-bare');
  try {
    const dueAt = await preparedInTime((count / STARTS_PER_SECOND) * 1_000, async (due) => {
      await times(count, () => bare.start(due));
      await bare.worker.ask('quiet');
      provider.arrivals.length = 0;
    });
    await until('the timers of the bare loop', () => provider.arrivals.length >= count);
    await bare.worker.ask('quiet');
    return { dueAt, arrivals: [...provider.arrivals], idOf: ({ message }) => message };
  } finally {
    await bare.close();
  }
}

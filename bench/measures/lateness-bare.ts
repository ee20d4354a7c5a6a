import type { Bench } from '../bench';
import { times } from '../load/load';
import { openBareRig } from '../rig/bare-rig';
import { arrived } from './arrived';
import { preparedInTime } from './in-time';
import type { DueAtOnce } from './lateness-of';

/** At the least so many start in a second; slower machines get a second try with more time. */
const STARTS_PER_SECOND = 20;

/** The bare loop: a timer and an activity for each reminder, all due at once. */
export async function bareReminders(bench: Bench): Promise<DueAtOnce> {
  const { sizes, provider } = bench;
  const { reminders: count } = sizes;
  const open = async (name: string) => {
    const bare = await openBareRig(bench, name);
    return {
      ...bare,
      async prepare(due: number) {
        await times(count, () => bare.start(due));
        await bare.worker.ask('quiet');
      },
    };
  };
  const { rig, dueAt } = await preparedInTime((count / STARTS_PER_SECOND) * 1_000, open, 'lateness-bare');
  try {
    provider.arrivals.length = 0;
    await arrived(provider, count, dueAt);
    await rig.worker.ask('quiet');
    return { dueAt, arrivals: [...provider.arrivals], idOf: ({ message }) => message };
  } finally {
    await rig.close();
  }
}

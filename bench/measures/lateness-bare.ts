import type { Bench } from '../bench';
import { times } from '../load/load';
import { openBareRig } from '../rig/bare-rig';
import { arrived } from './arrived';
import { preparedInTime } from './in-time';
import type { DueAtOnce } from './lateness-of';

/** At the least so many start in a second; slower machines get a second try with more time. */
const STARTS_PER_SECOND = 20;

/** The bare loop: a timer and an activity for each reminder, all due at once. */
export const bareReminders = (bench: Bench): Promise<DueAtOnce> => loops(bench, false);

/** The honest floor: the same with a row that is taken before the POST and a note after it, both on disk. */
export const floorReminders = (bench: Bench): Promise<DueAtOnce> => loops(bench, true);

async function loops(bench: Bench, rows: boolean): Promise<DueAtOnce> {
  const { sizes, provider } = bench;
  const { reminders: count } = sizes;
  const open = async (name: string) => {
    const rig = await openBareRig(bench, name, { rows });
    return {
      ...rig,
      async prepare(due: number) {
        await times(count, () => rig.start(due));
        await rig.worker.ask('quiet');
      },
    };
  };
  const name = rows ? 'lateness-floor' : 'lateness-bare';
  const { rig, dueAt } = await preparedInTime((count / STARTS_PER_SECOND) * 1_000, open, name);
  try {
    const cpu = await arrived(provider, rig, count, dueAt);
    return { dueAt, cpu, arrivals: [...provider.arrivals], idOf: ({ message }) => message };
  } finally {
    await rig.close();
  }
}

import type { Bench } from '../bench';
import type { Figures } from '../figures';
import { median, rounded } from '../numbers';
import { say } from '../say';
import { REMINDER_MINUTES_BEFORE } from '../rig/clinic-settings';
import { pause, untilInstant } from '../waiting';
import { preparedInTime } from './in-time';
import { latenessOf } from './lateness-of';
import { linkOf } from './lateness-service';
import { openMeetings } from './open-meetings';

const MEETINGS_PER_SECOND = 8;
/** So long before the instant a worker is killed: what is due then is first due to one that is gone. */
const KILLED_BEFORE_MS = 300;
const NOTHING_MORE_MS = 60_000;
const LOOK_MS = 50;

/**
 * How long it takes after the kill -9 of one of two workers, just before something is due at all meetings,
 * until the last of them has gone on. None of them was in hand; what was is for the lease (`npm run faults`).
 */
export async function measureKilled(bench: Bench): Promise<Figures['killed']> {
  const { rounds, meetings } = bench.sizes.killed;
  const goesOn: number[] = [];
  let [missing, twice, ofTheKilled] = [0, 0, 0];
  for (let round = 0; round < rounds; round += 1) {
    const one = await killOnce(bench, `killed-${round + 1}`, meetings);
    say(`  goes on after ${one.goesOnMs} ms; the killed one had ${one.ofTheKilled} meetings in memory`);
    goesOn.push(one.goesOnMs);
    missing += one.missing;
    twice += one.twice;
    ofTheKilled += one.ofTheKilled;
  }
  return {
    rounds,
    meetings,
    goesOnMs: { median: median(goesOn), most: Math.max(...goesOn) },
    ofTheKilled: rounded(ofTheKilled / rounds, 1),
    missing,
    twice,
  };
}

async function killOnce(bench: Bench, name: string, count: number) {
  const { arrivals } = bench.provider;
  const open = async (tried: string) => {
    const rig = await openMeetings(bench, tried, { patients: count, workers: 2 });
    const quiet = () => Promise.all(rig.service.workers.map((worker) => worker.ask('quiet')));
    return {
      ...rig,
      quiet,
      async prepare(due: number) {
        await rig.open(count, new Date(due + REMINDER_MINUTES_BEFORE * 60_000));
        await quiet();
      },
    };
  };
  const { rig, dueAt } = await preparedInTime((count / MEETINGS_PER_SECOND) * 1_000, open, name);
  try {
    arrivals.length = 0;
    const cached = await Promise.all(rig.service.workers.map((worker) => worker.ask<number>('cached')));
    const most = Math.max(...cached);
    await untilInstant(dueAt - KILLED_BEFORE_MS);
    const killedAt = Date.now();
    await rig.service.workers[cached.indexOf(most)]?.kill();
    const patience = dueAt + NOTHING_MORE_MS;
    while (arrivals.length < count && Date.now() < patience) await pause(LOOK_MS);
    const late = latenessOf({ dueAt, cpu: null, arrivals: [...arrivals], idOf: linkOf }, count);
    // The tail of what was sent twice would come after the last one.
    await rig.service.workers[cached.indexOf(most) === 0 ? 1 : 0]?.ask('quiet');
    return {
      goesOnMs: rounded(dueAt + late.lastMs - killedAt),
      ofTheKilled: most,
      missing: late.missing,
      twice: arrivals.length - new Set(arrivals.map(linkOf)).size,
    };
  } finally {
    await rig.close();
  }
}

import type { Bench } from '../bench';
import type { Figures, MemoryFigures } from '../figures';
import { rounded } from '../numbers';
import { withMemoryMeasured, type WorkerMemory } from '../processes/memory';
import type { Child } from '../processes/child';
import { times } from '../load/load';
import { openBareRig } from '../rig/bare-rig';
import { say } from '../say';
import { openMeetings } from './open-meetings';

const DAY_MS = 86_400_000;
const PATIENTS = 100;

/** The worker process's memory as the open meetings grow in number, beside the bare loop's. */
export async function measureMemory(bench: Bench): Promise<Figures['memory']> {
  const execArgv = withMemoryMeasured(bench.sizes.memory.heapMiB);
  say('  the bare loop');
  const bare = await openBareRig(bench, 'memory-bare', { execArgv });
  let bareFigures: MemoryFigures;
  try {
    bareFigures = await inSteps(bench, bare.worker, (count) =>
      times(count, () => bare.start(Date.now() + 7 * DAY_MS)),
    );
  } finally {
    await bare.close();
  }
  say('  the service');
  const meetings = await openMeetings(bench, 'memory', { patients: PATIENTS, execArgv });
  try {
    const service = await inSteps(bench, meetings.worker, (count) =>
      meetings.open(count, new Date(Date.now() + 7 * DAY_MS)),
    );
    return {
      service,
      bare: bareFigures,
      // With a handful of workflows the memory may well shrink: then there is nothing to compare.
      ratio: bareFigures.kibPerOpen > 0 ? rounded(service.kibPerOpen / bareFigures.kibPerOpen, 2) : null,
    };
  } finally {
    await meetings.close();
  }
}

async function inSteps(
  { sizes }: Bench,
  worker: Child<null>,
  open: (count: number) => Promise<unknown>,
): Promise<MemoryFigures> {
  const { steps } = sizes.memory;
  const measured: MemoryFigures['steps'] = [];
  let memory = await worker.ask<WorkerMemory>('memory');
  const note = (count: number): void => {
    measured.push({ open: count, rssMiB: rounded(memory.rssMiB, 1), cached: memory.cachedWorkflows });
  };
  note(0);
  // The step at which the worker's memory is just full, to tell what one costs from what all of them cost.
  const full = memory.maxCachedWorkflows;
  const last = Math.max(...steps);
  const counts = [...new Set([...steps, ...(full < last ? [full] : [])])].sort((one, other) => one - other);
  let opened = 0;
  for (const count of counts) {
    await open(count - opened);
    opened = count;
    await worker.ask('quiet');
    memory = await worker.ask<WorkerMemory>('memory');
    note(count);
    say(`  ${count} open: ${Math.round(memory.rssMiB)} MiB, ${memory.cachedWorkflows} in memory`);
  }
  return {
    steps: measured,
    maxCachedWorkflows: full,
    heapLimitMiB: memory.heapLimitMiB,
    ...growthOf(measured, full),
  };
}

/** What one more costs while it is kept in memory, and what one more costs beyond that. */
function growthOf(
  steps: MemoryFigures['steps'],
  full: number,
): Pick<MemoryFigures, 'kibPerOpen' | 'kibPerOpenBeyondCache'> {
  // What the first ones bring along (code, connections) is no meeting's.
  const [, first] = steps;
  const kept = steps.filter(({ open }) => open <= full).at(-1);
  const last = steps.at(-1);
  const slope = (from: (typeof steps)[number] | undefined, to: (typeof steps)[number] | undefined): number =>
    from && to && to.open > from.open ? ((to.rssMiB - from.rssMiB) * 1_024) / (to.open - from.open) : 0;
  return {
    kibPerOpen: rounded(slope(first, kept), 1),
    kibPerOpenBeyondCache: last && kept && last.open > kept.open ? rounded(slope(kept, last), 2) : null,
  };
}

import path from 'node:path';
import { getHeapStatistics } from 'node:v8';
import type { Worker } from '@temporalio/worker';
import { pause } from '../waiting';

/** What a worker process holds in memory after its garbage was collected. */
export interface WorkerMemory {
  rssMiB: number;
  cachedWorkflows: number;
  maxCachedWorkflows: number;
  heapLimitMiB: number;
}

const MIB = 1024 * 1024;

/** How a process must be started so that its garbage can be collected on demand. */
export const withMemoryMeasured = (heapMiB: number): string[] => [
  `--max-old-space-size=${heapMiB}`,
  '--expose-gc',
  '--require',
  path.join(__dirname, 'collect-garbage.js'),
];

/** Collects the garbage of all threads, then measures. */
export async function measureMemory(worker: Worker): Promise<WorkerMemory> {
  const channel = new BroadcastChannel('collect-garbage');
  for (let times = 0; times < 3; times += 1) {
    channel.postMessage('now');
    globalThis.gc?.();
    await pause(500);
  }
  channel.close();
  return {
    rssMiB: process.memoryUsage.rss() / MIB,
    cachedWorkflows: worker.getStatus().numCachedWorkflows,
    maxCachedWorkflows: worker.options.maxCachedWorkflows,
    heapLimitMiB: Math.round(getHeapStatistics().heap_size_limit / MIB),
  };
}

const STILL_MS = 2_000;
/** Seldom, because this process's CPU is measured meanwhile. */
const LOOK_MS = 50;

/** Waits until none of the workers has done anything for two seconds, or for as long as is said. */
export async function untilQuiet(workers: Worker[], stillMs = STILL_MS): Promise<void> {
  let stillSince = Date.now();
  let cached = 0;
  while (Date.now() - stillSince < stillMs) {
    const all = workers.map((worker) => worker.getStatus());
    const nowCached = all.reduce((total, each) => total + each.numCachedWorkflows, 0);
    const busy = all.some(
      ({ numInFlightWorkflowActivations, numInFlightActivities }) =>
        numInFlightWorkflowActivations + numInFlightActivities > 0,
    );
    if (busy || nowCached !== cached) stillSince = Date.now();
    cached = nowCached;
    await pause(LOOK_MS);
  }
}

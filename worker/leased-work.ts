import { randomUUID } from 'node:crypto';
import type { Records } from '../records';
import type { Clock } from '../rules/clock';
import { startLoop } from './loop';

/** Things to do one after the other, by one process at a time; to be called again and again. */
export interface LeasedWork {
  /** Does all there is to do, if this process has the lease. */
  doAll(): Promise<void>;
  /** Begins no more. */
  stop(): void;
}

/**
 * Which processes share the work, and how long after one died another one follows: longer than one thing
 * takes.
 */
export interface Lease {
  name: string;
  forMs: number;
}

/** @param doOne - does one thing; true when there may be more to do at once */
export function createLeasedWork(
  { records, clock }: { records: Pick<Records, 'leases'>; clock: Clock },
  { name, forMs }: Lease,
  doOne: () => Promise<boolean>,
): LeasedWork {
  const holder = randomUUID();
  let stopped = false;

  const mayGoOn = async (): Promise<boolean> =>
    !stopped && (await records.leases.hold(name, holder, clock.now(), forMs));

  return {
    async doAll() {
      let more = true;
      while (more) more = (await mayGoOn()) && (await doOne());
    },
    stop() {
      stopped = true;
    },
  };
}

/**
 * Does the work again and again, with a pause between. Answers with what stops it, and waits for the thing
 * under way.
 */
export function startLeasedWork(
  work: LeasedWork,
  everyMs: number,
  onError: (error: unknown) => void,
): () => Promise<void> {
  const stopLoop = startLoop(everyMs, () => work.doAll(), onError);
  return () => {
    work.stop();
    return stopLoop();
  };
}

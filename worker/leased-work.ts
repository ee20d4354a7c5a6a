import type { Records } from '../records';
import type { Clock } from '../rules/clock';
import { createLeaseKeeper, type Lease, type LeaseKeeper } from './lease-keeper';
import { startLoop, type Pace } from './loop';

/** What work under a lease needs. */
export interface LeasedWorkDeps {
  records: Pick<Records, 'leases'>;
  clock: Clock;
  /** The one that all work of this process is done under; without it the work keeps one of its own. */
  lease?: LeaseKeeper;
}

/** Things to do one after the other, by one process at a time; to be called again and again. */
export interface LeasedWork {
  /** Does all there is to do, if this process has the lease. */
  doAll(): Promise<void>;
  /** Whether there was anything to do, the last time. */
  didSomething(): boolean;
  /** Begins no more. */
  stop(): void;
}

/**
 * What came of a look for something to do: nothing was there, there may be more at once, or what there is has
 * to wait.
 */
export type Came = boolean | 'later';

/** @param doOne does one thing, if there is any */
export function createLeasedWork(deps: LeasedWorkDeps, lease: Lease, doOne: () => Promise<Came>): LeasedWork {
  const keeper = deps.lease ?? createLeaseKeeper(deps, lease);
  let stopped = false;
  let something = false;

  const mayGoOn = async (): Promise<boolean> => !stopped && (await keeper.hold());

  return {
    async doAll() {
      something = false;
      let came: Came = true;
      while (came === true && (await mayGoOn())) {
        came = await doOne();
        if (came) something = true;
      }
    },
    didSomething: () => something,
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
  pace: Pace,
  onError: (error: unknown) => void,
): () => Promise<void> {
  const step = async (): Promise<boolean> => {
    await work.doAll();
    return work.didSomething();
  };
  const stopLoop = startLoop(pace, step, onError);
  return () => {
    work.stop();
    return stopLoop();
  };
}

import { randomUUID } from 'node:crypto';
import type { Records } from '../records';
import type { Clock } from '../rules/clock';

/**
 * Which processes share the work, and how long after one died another one follows: longer than one thing
 * takes.
 */
export interface Lease {
  name: string;
  forMs: number;
}

/** A lease of this process, for one or for several who do their work under it. */
export interface LeaseKeeper {
  /** Takes or keeps it; false while another process has it. */
  hold(): Promise<boolean>;
  /** Lets it go, at the end of the process; where that fails it runs out by itself. */
  release(): Promise<void>;
  /** Until when it was held last, in milliseconds; 0 where it was not. */
  heldUntil(): number;
}

/** A process that has not got it asks again after so long. */
const ASK_AGAIN_MS = 5_000;

/**
 * Keeps a lease and writes only when less than three fifths of it are left: whoever holds it has always so
 * much for the next thing.
 */
export function createLeaseKeeper(
  { records, clock }: { records: Pick<Records, 'leases'>; clock: Clock },
  { name, forMs }: Lease,
): LeaseKeeper {
  const holder = randomUUID();
  const leastLeftMs = forMs * 0.6;
  let until = 0;
  let notBefore = 0;
  let asking: Promise<boolean> | null = null;

  async function ask(): Promise<boolean> {
    const now = clock.now();
    const isMine = await records.leases.hold(name, holder, now, forMs);
    until = isMine ? now.getTime() + forMs : 0;
    notBefore = isMine ? 0 : now.getTime() + Math.min(ASK_AGAIN_MS, forMs);
    return isMine;
  }

  return {
    async hold() {
      const now = clock.now().getTime();
      if (until - now >= leastLeftMs) return true;
      if (now < notBefore && notBefore - now <= ASK_AGAIN_MS) return false;
      asking ??= ask().finally(() => {
        asking = null;
      });
      return asking;
    },
    async release() {
      if (until === 0) return;
      until = 0;
      await records.leases.hold(name, holder, clock.now(), 0).catch(() => false);
    },
    heldUntil: () => until,
  };
}

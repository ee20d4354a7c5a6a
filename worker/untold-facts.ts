import type { Logger } from 'pino';
import { tellWritten, type FactDeps } from '../use-cases/meeting/facts';
import { createLeasedWork, startLeasedWork, type LeasedWorkDeps } from './leased-work';

const EVERY_MS = 2_000;
const IDLE_MS = 15_000;
/** Longer than the telling of one meeting's facts; one that died is followed by another after this. */
const LEASE_MS = 45_000;
/** What could not be told is tried again after this. */
const CLAIM_MS = 30_000;

/** What the telling needs. */
export type UntoldFactsDeps = FactDeps & LeasedWorkDeps;

/**
 * Tells workflows of facts that were written down and not told: Temporal was away, or the process died
 * between the two (design, decision 4). One process at a time. Answers with what stops it, and waits for what
 * is under way.
 */
export function startUntoldFacts(deps: UntoldFactsDeps, log: Logger): () => Promise<void> {
  const { records, clock } = deps;

  /** Tells the facts of one meeting; true when there may be more. */
  async function tellOne(): Promise<boolean> {
    const untold = await records.meetings.takeUntold(clock.now(), CLAIM_MS);
    if (!untold) return false;
    for (const fact of untold.facts) await tellWritten(deps, untold.meeting.meetingId, fact);
    return true;
  }

  const work = createLeasedWork(deps, { name: 'untold-facts', forMs: LEASE_MS }, tellOne);
  return startLeasedWork(work, { clock, everyMs: EVERY_MS, idleMs: IDLE_MS }, (error) =>
    log.warn({ err: error }, 'the telling of facts tries again'),
  );
}

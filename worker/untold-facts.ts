import type { Logger } from 'pino';
import { tellWritten, type FactDeps } from '../use-cases/meeting/facts';
import { startLoop } from './loop';

const EVERY_MS = 2_000;
const IDLE_MS = 15_000;
/** Another process tries after this. */
const CLAIM_MS = 30_000;
const AT_ONCE = 20;

/**
 * Tells workflows of facts that were written down and not told: Temporal was away, or the process died
 * between the two (design, decision 4).
 *
 * @returns whether there were any
 */
export async function tellUntoldFacts(deps: FactDeps): Promise<boolean> {
  const { records, clock } = deps;
  for (let all = 0; ;) {
    const untold = await records.meetings.takeUntold(clock.now(), CLAIM_MS, AT_ONCE);
    for (const { meeting, facts } of untold)
      for (const fact of facts) await tellWritten(deps, meeting.meetingId, fact);
    all += untold.length;
    if (untold.length < AT_ONCE) return all > 0;
  }
}

/** Looks beside the workers. Answers with what stops it, and waits for what is under way. */
export function startUntoldFacts(deps: FactDeps, log: Logger): () => Promise<void> {
  return startLoop(
    { clock: deps.clock, everyMs: EVERY_MS, idleMs: IDLE_MS },
    () => tellUntoldFacts(deps),
    (error) => log.warn({ err: error }, 'the telling of facts tries again'),
  );
}

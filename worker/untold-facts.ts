import type { Logger } from 'pino';
import { tellWritten, type FactDeps } from '../use-cases/meeting/facts';
import { startLoop } from './loop';

const EVERY_MS = 5_000;
/** Another process tries after this. */
const CLAIM_MS = 30_000;
const AT_ONCE = 20;

/**
 * Tells workflows of facts that were written down and not told: Temporal was away, or the process died
 * between the two (design, decision 4).
 */
export async function tellUntoldFacts(deps: FactDeps): Promise<void> {
  const { records, clock } = deps;
  for (;;) {
    const untold = await records.meetings.takeUntold(clock.now(), CLAIM_MS, AT_ONCE);
    for (const { meeting, facts } of untold)
      for (const fact of facts) await tellWritten(deps, meeting.meetingId, fact);
    if (untold.length < AT_ONCE) return;
  }
}

/** Looks beside the workers. Answers with what stops it, and waits for what is under way. */
export function startUntoldFacts(deps: FactDeps, log: Logger): () => Promise<void> {
  return startLoop(
    EVERY_MS,
    () => tellUntoldFacts(deps),
    (error) => log.warn({ err: error }, 'the telling of facts tries again'),
  );
}

import type { Logger } from 'pino';
import type { Records } from '../records';
import { lapseClaimsOfEnded } from '../use-cases/read-models/lapsed-claims';
import type { Clock } from '../rules/clock';
import { createLeasedWork, startLeasedWork, type LeasedWorkDeps } from './leased-work';

const EVERY_MS = 600_000;
const LEASE_MS = 45_000;

/**
 * Forgets claims of meetings that are over, where whoever ended the meeting did not: in a database that was
 * restored, or that an earlier release wrote (R8.4). Answers with what stops it.
 */
export function startLapsedClaims(
  deps: LeasedWorkDeps & { records: Records; clock: Clock },
  log: Logger,
): () => Promise<void> {
  const { records, clock } = deps;
  const work = createLeasedWork(deps, { name: 'lapsed-claims', forMs: LEASE_MS }, async () => {
    await lapseClaimsOfEnded(records, clock.now());
    return false;
  });
  return startLeasedWork(work, { clock, everyMs: EVERY_MS }, (error) =>
    log.warn({ err: error }, 'the forgetting of claims tries again'),
  );
}

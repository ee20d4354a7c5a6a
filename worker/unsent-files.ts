import type { Logger } from 'pino';
import type { Records } from '../records';
import type { Clock } from '../rules/clock';
import { createLeasedWork, startLeasedWork, type LeasedWork, type LeasedWorkDeps } from './leased-work';

const EVERY_MS = 60_000;
/** Longer than deleting one file takes. */
const LEASE_MS = 45_000;
/** A file that was uploaded and not sent is kept so long: whoever writes has the day to send it. */
const KEPT_MS = 24 * 3_600_000;

interface UnsentFilesDeps extends LeasedWorkDeps {
  records: Records;
  clock: Clock;
}

/** Deletes files that were uploaded and never sent with a message. */
export function createUnsentFiles(deps: UnsentFilesDeps): LeasedWork {
  const { records, clock } = deps;
  return createLeasedWork(deps, { name: 'unsent-files', forMs: LEASE_MS }, () =>
    records.files.deleteOneUnsent(new Date(clock.now().getTime() - KEPT_MS)),
  );
}

/**
 * Deletes them beside the workers, one process at a time. Answers with what stops it, and waits for the file
 * under way.
 */
export function startUnsentFiles(deps: UnsentFilesDeps, log: Logger): () => Promise<void> {
  return startLeasedWork(createUnsentFiles(deps), { clock: deps.clock, everyMs: EVERY_MS }, (error) =>
    log.warn({ err: error }, 'the deleting of unsent files tries again'),
  );
}

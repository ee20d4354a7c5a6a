import type { Logger } from 'pino';
import { carryOut } from '../use-cases/carry-out';
import type { CommandDeps } from '../use-cases/command';
import { createLeasedWork, startLeasedWork, type Came, type LeasedWorkDeps } from './leased-work';

const EVERY_MS = 2_000;
const IDLE_MS = 10_000;
/** Longer than one command takes; a reconciler that died is followed by another one after this. */
const LEASE_MS = 45_000;

/**
 * Carries out the commands that the API could store but not carry out, such as while Temporal was down
 * (design, decision 6). One process at a time does it. Answers with what stops it.
 */
export function startReconciler(deps: CommandDeps & LeasedWorkDeps, log: Logger): () => Promise<void> {
  /** Carries out one waiting command. */
  async function oneCommand(): Promise<Came> {
    const command = await deps.records.commands.takeOver(deps.clock.now());
    if (!command) return false;
    const { commandId, operation } = command;
    const { status } = await carryOut(deps, command);
    log.info({ commandId, operation, status }, 'a stored command was carried out');
    // One that still has to wait means that the others have to as well.
    return status === 503 ? 'later' : true;
  }

  const pace = { clock: deps.clock, everyMs: EVERY_MS, idleMs: IDLE_MS };
  const work = createLeasedWork(deps, { name: 'reconciler', forMs: LEASE_MS }, oneCommand);
  return startLeasedWork(work, pace, (error) => log.warn({ err: error }, 'the reconciler tries again'));
}

import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import { carryOut } from '../commands/carry-out';
import type { CommandDeps } from '../commands/command';

const EVERY_MS = 2_000;
/** Longer than a round takes; a reconciler that died is followed by another one after this. */
const LEASE_MS = 15_000;

/**
 * Carries out the commands that the API could store but not carry out, such as while Temporal was down (design, decision 6).
 * One process at a time does it. Answers with what stops it.
 */
export function startReconciler(deps: CommandDeps, log: Logger): () => Promise<void> {
  const holder = randomUUID();
  let stopped = false;
  let wake: () => void = () => undefined;

  async function run(): Promise<void> {
    while (!stopped) {
      try {
        if (await deps.records.leases.hold('reconciler', holder, deps.clock.now(), LEASE_MS))
          await oneRound();
      } catch (error) {
        log.warn({ err: error }, 'the reconciler tries again');
      }
      await pause();
    }
  }

  async function oneRound(): Promise<void> {
    const command = await deps.records.commands.takeOver(deps.clock.now());
    if (!command || stopped) return;
    const { commandId, operation } = command;
    const { status } = await carryOut(deps, command);
    log.info({ commandId, operation, status }, 'a stored command was carried out');
    // One that still has to wait means that the others have to as well.
    if (status !== 503) await oneRound();
  }

  const pause = (): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, stopped ? 0 : EVERY_MS);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });

  const running = run();
  return () => {
    stopped = true;
    wake();
    return running;
  };
}

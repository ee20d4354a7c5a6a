import type { Logger } from 'pino';

/**
 * Ends this process a fixed time after it was told to stop (SIGTERM, SIGINT), whatever hangs: a peer that
 * never answers, a database that is away, a library's own shutdown. Work in hand is left as after a kill.
 * Leases and stored commands settle it.
 * @param graceMs longer than the orderly end takes, and shorter than what the platform waits before it kills
 */
export function endInTime(graceMs: number, log: Pick<Logger, 'warn'>): void {
  const end = (): void => {
    log.warn('something hangs and is left as it is: the process ends');
    process.exit(1);
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    process.once(signal, () => setTimeout(end, graceMs).unref());
}

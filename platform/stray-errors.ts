import type { Logger } from 'pino';

/**
 * Handles errors that nobody catches, in a callback outside of any request.
 *
 * - A promise that nobody waited for leaves nothing half done that a request depends on. A process that
 *   answers requests logs it and goes on. A process of loops could go on without one of them, so there it
 *   counts as an exception.
 * - An exception in a callback can leave anything half done. So the process ends in order. It logs the
 *   exception, takes no more, finishes what is under way, and ends with exit code 1. The supervisor (Compose,
 *   `npm start`) starts it again. Others that come meanwhile are only logged.
 *
 * All lines have `stray` in them, so that an alarm can look for it (docs/figures.md).
 *
 * @param endWell ends the process, with exit code 1, after what is under way; only asked once
 */
export function surviveStrayErrors(
  log: Logger,
  { rejections, endWell }: { rejections: 'go-on' | 'end'; endWell: () => void },
): void {
  let ending = false;
  const end = (): void => {
    if (ending) return;
    ending = true;
    endWell();
  };
  process.on('unhandledRejection', (error) => {
    log.error({ err: error, stray: 'rejection' }, 'a promise that nobody waited for has failed');
    if (rejections === 'end') end();
  });
  process.on('uncaughtException', (error) => {
    log.fatal({ err: error, stray: 'exception' }, 'an exception that nobody caught: the process ends');
    end();
  });
}

import type { Logger } from 'pino';

/**
 * What is thrown where nobody catches it, in a callback outside of any request.
 *
 * - A promise that nobody waited for leaves nothing half done that a request depends on: where requests are
 *   answered it is logged, and the process goes on. A process of loops could go on without one of them, so
 *   there it is as an exception.
 * - An exception in a callback can leave anything half done, so the process ends, well: it is logged, no more
 *   is taken, what is under way is finished, and the exit code 1 has the supervisor (Compose, `npm start`)
 *   start it again. Others that come meanwhile are logged only.
 *
 * All lines have `stray` in them, to raise an alarm by (docs/figures.md).
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

import pino, { type Logger } from 'pino';
import { logContext } from './log-context';
import { loggableError } from './loggable-error';

/** Errors stand in a line as `err`. */
export const errorSerializers = { err: (error: unknown) => loggableError(error) };

/**
 * Structured logs on standard output. They carry ids and states, never a name, a number, an address or a text
 * (R8.3): of errors only what {@link loggableError} takes, and no object of the domain is ever given to a log
 * line whole.
 */
export function createLog(process: 'api' | 'worker' | 'codec' | 'local', level: string): Logger {
  return pino({
    level,
    base: { process },
    timestamp: pino.stdTimeFunctions.isoTime,
    mixin: logContext,
    serializers: errorSerializers,
  });
}

import pino, { type Logger } from 'pino';
import { logContext } from './log-context';

/**
 * Structured logs on standard output. They carry ids and states, never a name, a number, an address or a text (R8.3): errors
 * are logged by type, message and stack, and no object of the domain is ever given to a log line whole.
 */
export function createLog(process: 'api' | 'worker' | 'codec' | 'local', level: string): Logger {
  return pino({ level, base: { process }, timestamp: pino.stdTimeFunctions.isoTime, mixin: logContext });
}

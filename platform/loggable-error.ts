/** An error as it stands in a log. */
export interface LoggableError {
  type: string;
  message: string;
  code?: string | number;
  /** Where it was thrown. */
  stack: string;
  cause?: LoggableError;
}

const MOST_CHARACTERS = 300;
const MOST_CAUSES = 3;

/**
 * The part of an error that may go into a log: its type, its code, where it was thrown, and its message
 * without quotations. Errors quote what they are about: an address with its query, a body that could not be
 * read, the row that broke an index (R8.3). So this is a list of what is taken. Nothing else of an error is.
 */
export function loggableError(error: unknown, causes = MOST_CAUSES): LoggableError {
  if (!(error instanceof Error)) return { type: typeof error, message: 'no error', stack: '' };
  const code = 'code' in error ? error.code : undefined;
  return {
    type: plainWord(error.name) ?? 'Error',
    message: withoutValues(error.message),
    ...(typeof code === 'number' ? { code } : {}),
    ...(typeof code === 'string' && plainWord(code) !== null ? { code } : {}),
    stack: framesOf(error.stack),
    ...(error.cause !== undefined && causes > 0 ? { cause: loggableError(error.cause, causes - 1) } : {}),
  };
}

const plainWord = (text: string): string | null => (/^[A-Za-z][\w.-]{0,60}$/.test(text) ? text : null);

/** The frames alone: before them stands the message. */
const framesOf = (stack: string | undefined): string =>
  (stack ?? '')
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .slice(0, 20)
    .join('\n');

/** A message without addresses, quoted texts, the values of rows, and long numbers. */
function withoutValues(message: string): string {
  return message
    .slice(0, 4 * MOST_CHARACTERS)
    .replace(/\bdup key: .*$/s, 'dup key: …')
    .replace(/[a-z][a-z0-9+.-]*:\/\/[^\s"'`]*/gi, '<url>')
    .replace(/"[^"]*("|$)|`[^`]*(`|$)|(?<![\p{L}\p{N}])'[^']*('|$)|“[^”]*(”|$)|‘[^’]*(’|$)/gu, '<text>')
    .replace(/\S+@\S+/g, '<address>')
    .replace(/\S*[?&][\w.-]+=\S*/g, '<query>')
    .replace(/\+?\d[\d\s-]{5,}\d/g, '<number>')
    .slice(0, MOST_CHARACTERS);
}

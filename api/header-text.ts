import type { IncomingMessage } from 'node:http';

/** A value in the form of RFC 8187: `UTF-8''br%C3%A5dskande%20fr%C3%A5ga`. */
const EXTENDED = /^UTF-8'[A-Za-z0-9-]*'((?:[A-Za-z0-9!#$&+.^_`|~-]|%[0-9A-Fa-f]{2})*)$/i;

/**
 * A header that holds text, as it was meant. Clients send it as UTF-8, in the percent form of RFC 8187, or,
 * if they are old, as Latin-1. Node hands out each byte as one character, so å in UTF-8 would come as two odd
 * ones. It is undefined if the header was not sent.
 */
export function headerText({ headers }: Pick<IncomingMessage, 'headers'>, name: string): string | undefined {
  const value = headers[name];
  if (typeof value !== 'string') return undefined;
  const extended = EXTENDED.exec(value.trim())?.[1];
  return extended === undefined
    ? (utf8(Buffer.from(value, 'latin1')) ?? value)
    : (utf8(Buffer.from(unescapedBytes(extended), 'latin1')) ?? value);
}

/**
 * The secret of `Authorization: Bearer …`, whose scheme is written in any case (RFC 9110); null where there
 * is none.
 */
export const bearerOf = ({ headers }: Pick<IncomingMessage, 'headers'>): string | null =>
  /^Bearer +(.*\S)$/i.exec(headers.authorization?.trim() ?? '')?.[1] ?? null;

/** null for bytes that are no UTF-8. */
function utf8(bytes: Buffer): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}

const unescapedBytes = (text: string): string =>
  text.replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));

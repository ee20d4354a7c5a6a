/**
 * Addresses on the web are parsed once, where they come in. They are compared parsed: `HTTPS://X.example` and
 * `https://x.example:443/` are one address, although their texts differ.
 */

/** This very machine: what goes there passes no network. */
const LOOPBACK = /^(?:127(?:\.\d+){3}|\[::1\]|(?:.+\.)?localhost)$/;

/** Whether an address is one of http or https. */
export const isWebAddress = (text: string): boolean => /^https?:\/\//i.test(text) && URL.canParse(text);

/** Whether an address of http or https leads to this very machine. */
export const isLoopback = (url: string): boolean => isWebAddress(url) && LOOPBACK.test(new URL(url).hostname);

export const isHttps = (url: string): boolean => isWebAddress(url) && new URL(url).protocol === 'https:';

/** https, or on this machine: what goes there and comes back can be read and changed by nobody on its way. */
export const isSecure = (url: string): boolean => isHttps(url) || isLoopback(url);

/**
 * The address in the form that everybody compares: scheme and host in small letters, no default port of its
 * scheme, no slash at its end. A text that is no address stays as it is.
 */
export const normalAddress = (text: string): string => parsedAddress(text).replace(/\/+$/, '');

/**
 * The same, with the slash at its end where it was written with one: an address that is called as it is may
 * mean it.
 */
export function parsedAddress(text: string): string {
  if (!isWebAddress(text)) return text;
  const { href } = new URL(text);
  return text.endsWith('/') ? href : href.replace(/\/$/, '');
}

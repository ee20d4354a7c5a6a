import { keyedHash } from './key-ring';
import { seal, unseal } from './seal';

/**
 * What only a browser can open: it is sealed with the secret of the browser's own cookie, of which we keep a hash
 * alone. Nobody who has the database and our keys reads it.
 * @param purpose a word of its own for each kind of thing: the same secret makes another key for each
 */
export const sealForBrowser = (secret: string, purpose: string, value: unknown, boundTo: string): Buffer =>
  seal(keyOf(secret, purpose), Buffer.from(JSON.stringify(value)), boundTo);

/**
 * Opens what {@link sealForBrowser} made.
 * @throws with another secret, purpose or binding
 */
export const openForBrowser = (
  secret: string,
  purpose: string,
  sealed: Uint8Array,
  boundTo: string,
): unknown => JSON.parse(unseal(keyOf(secret, purpose), sealed, boundTo).toString());

const keyOf = (secret: string, purpose: string): Buffer => keyedHash(Buffer.from(secret), purpose, '');

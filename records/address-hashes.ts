import { keyedHash, type KeyRing } from '../platform/keys/key-ring';

/**
 * Keyed hashes of the numbers that SMS were handed over to. The same number has the same hash for all clinics
 * and persons, since the provider knows messages by their number alone (design, decision 8: joined only where
 * a rule needs it).
 */
export interface AddressHashes {
  /** With the newest key, `keyId:hash`. */
  newest(number: string): string;
  /** With each key that there is. */
  all(number: string): string[];
  /** Whether a hash was made with the newest key. */
  isNewest(hash: string): boolean;
}

export function createAddressHashes(hashKeys: KeyRing): AddressHashes {
  const hashOf = (keyId: string, number: string): string =>
    `${keyId}:${keyedHash(hashKeys.find(keyId)!, 'sms-address', number).toString('base64url')}`;
  return {
    newest: (number) => hashOf(hashKeys.current.id, number),
    all: (number) => hashKeys.ids.map((keyId) => hashOf(keyId, number)),
    isNewest: (hash) => hash.startsWith(`${hashKeys.current.id}:`),
  };
}

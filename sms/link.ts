import { keyedHash, type KeyRing } from '../keys/key-ring';

/**
 * The address in an SMS: ours, short, and nothing by itself, since login is asked for behind it (R2.3). Derived by keyed hash
 * from the participant's id, so that the text can be made at send time and nothing secret is stored (design, decision 7): the
 * key's id, then 128 bits.
 */
export function smsLink(publicUrl: string, linkKeys: KeyRing, participantId: string): string {
  const { id, key } = linkKeys.current;
  const code = keyedHash(key, 'link', participantId).subarray(0, 16).toString('base64url');
  return `${publicUrl}/m/${id}${code}`;
}

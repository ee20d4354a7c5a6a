import { keyedHash, type KeyRing } from '../../platform/keys/key-ring';

/**
 * The code of a participant's link: the key's id, then 128 bits of a keyed hash of the participant's id, so that the text can be made at
 * send time and nothing secret is stored (design, decision 7).
 */
export function linkCode(linkKeys: KeyRing, participantId: string): string {
  const { id, key } = linkKeys.current;
  return `${id}${keyedHash(key, 'link', participantId).subarray(0, 16).toString('base64url')}`;
}

/** The address in an SMS: ours, short, and nothing by itself, since login is asked for behind it (R2.3). */
export const linkTo = (publicUrl: string, code: string): string => `${publicUrl}/m/${code}`;

import { keyedHash, type KeyRing } from '../../platform/keys/key-ring';
import { withoutInvisible } from '../../rules/typed';

/**
 * The code of a participant's link: the key's id, then 128 bits of a keyed hash of the participant's id, so
 * that the text can be made at send time and nothing secret is stored (design, decision 7).
 */
export function linkCode(linkKeys: KeyRing, participantId: string): string {
  const { id, key } = linkKeys.current;
  return `${id}${keyedHash(key, 'link', participantId).subarray(0, 16).toString('base64url')}`;
}

/** The address in an SMS: ours, short, and nothing by itself, since login is asked for behind it (R2.3). */
export const linkTo = (publicUrl: string, code: string): string => `${publicUrl}/m/${code}`;

/**
 * Characters of a code's hash; before it stands the key's id, of 1 to 32 characters (platform/keys/key-ring).
 */
const HASH_LENGTH = 22;
const MOST_ID_LENGTH = 32;

/**
 * The codes that the end of an opened link can hold, the longest first: what a text or a program stuck to it
 * (a full stop, a bracket, the next word) is no part of the code. Which of them was made, only the records
 * know, since a key that is no longer used had an id of its own; none for what is too short to be one.
 */
export function codesIn(text: string): string[] {
  const run = /[A-Za-z0-9_-]{23,}/.exec(withoutInvisible(text))?.[0] ?? '';
  const lengths = Array.from({ length: MOST_ID_LENGTH }, (_, index) => MOST_ID_LENGTH - index + HASH_LENGTH);
  return lengths.filter((length) => length <= run.length).map((length) => run.slice(0, length));
}

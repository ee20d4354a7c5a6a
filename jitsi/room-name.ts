import { keyedHash } from '../platform/keys/key-ring';

const LETTERS = 'abcdefghijklmnopqrstuvwxyz234567';

/**
 * The name of a meeting's room for one start version: 160 bits of a keyed hash in lower case, as Jitsi's
 * tokens want it. A moved meeting has another room, and who knows a meeting's id cannot guess it (R4.1).
 */
export function roomName(roomKey: Buffer, meetingId: string, startVersion: number): string {
  const bytes = keyedHash(roomKey, 'room', `${meetingId}:${startVersion}`);
  return Array.from(bytes, (byte) => LETTERS[byte & 31]).join('');
}

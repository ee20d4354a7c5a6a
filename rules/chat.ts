import { msOf, type Instant } from './instant';
import type { MeetingTime, ParticipantRole } from './meeting';

/** Why nobody may write in a meeting's chat now. */
export type ChatWriteRefusal = 'too-early' | 'ended' | 'cancelled';

/**
 * When the chat beside the video is open (R4.4): while the door is open, also if the meeting goes on as text
 * by the back-up routine (R4.6). A message there starts no clock (R6.3).
 */
export function chatWriteRefusal(
  now: Instant,
  { cancelled, time }: { cancelled: boolean; time: Pick<MeetingTime, 'doorOpensAt' | 'doorClosesAt'> },
): ChatWriteRefusal | null {
  if (cancelled) return 'cancelled';
  if (msOf(now) < msOf(time.doorOpensAt)) return 'too-early';
  return msOf(now) >= msOf(time.doorClosesAt) ? 'ended' : null;
}

/**
 * Who may read and write in a meeting's chat (R4.4, R7.1). The patient and the staff involved may for as long
 * as the chat is kept. A guardian may too, of a child up to 12. Everybody else may only while in the meeting.
 */
export function mayUseChat(
  role: ParticipantRole,
  { isIn, guardianActs }: { isIn: boolean; guardianActs: boolean },
): boolean {
  switch (role) {
    case 'patient':
    case 'staff':
      return true;
    case 'guardian':
      return guardianActs;
    case 'relative':
    case 'interpreter':
    case 'guest':
      return isIn;
  }
}

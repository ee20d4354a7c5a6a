import { msOf, type Instant } from './instant';
import type { MeetingTime, ParticipantRole } from './meeting';

/** Why nobody may write in a meeting's chat now. */
export type ChatWriteRefusal = 'too-early' | 'ended' | 'cancelled';

/**
 * When one may write beside the video (R4.4): from when the door opens until it closes, also when the meeting
 * goes on as text by the back-up routine (R4.6). What is written starts no clock (R6.3).
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
 * Who may read a meeting's chat, and write in it (R4.4, R7.1): the patient and the staff involved for as long
 * as it is kept, up to 12 a guardian too; everybody else only while in the meeting.
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

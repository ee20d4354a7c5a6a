import { minutesLater, msOf, type Instant } from './instant';
import type { MeetingTime } from './meeting';

/**
 * A login is over after so long, however much it is used: the quarter of an hour that the door is open
 * before, an hour's meeting and one that runs over.
 */
export const LONGEST_LOGIN_MINUTES = 150;

/** A sign that somebody tried to come in (R5.6), and which time of the meeting it was noted for. */
export interface SignOfTrying {
  startVersion: number;
  at: Instant;
}

/**
 * Whether a sign of this instant can be one for the meeting's time (ours): from a login's longest life before
 * the door opens, since one who logged in then is logged in still, until it closes.
 */
export const isNearTheDoor = (
  { doorOpensAt, doorClosesAt }: Pick<MeetingTime, 'doorOpensAt' | 'doorClosesAt'>,
  at: Instant,
): boolean =>
  msOf(at) >= msOf(minutesLater(doorOpensAt, -LONGEST_LOGIN_MINUTES)) && msOf(at) <= msOf(doorClosesAt);

/**
 * Whether a sign counts for the time that the meeting has now (R5.6): it was noted for that time, came after
 * the time was set, or came near its door. One that was noted for an earlier time counts only like this: who
 * tried for Monday, and was moved to Friday, has not tried for Friday.
 * @param setAt when the time that the meeting has now was set
 */
export const countsForTime = (
  time: Pick<MeetingTime, 'startVersion' | 'doorOpensAt' | 'doorClosesAt'>,
  setAt: Instant,
  { startVersion, at }: SignOfTrying,
): boolean => startVersion === time.startVersion || msOf(at) >= msOf(setAt) || isNearTheDoor(time, at);

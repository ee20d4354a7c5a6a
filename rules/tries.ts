import { minutesLater, msOf, type Instant } from './instant';
import type { MeetingTime } from './meeting';

/**
 * The longest life of a login, however much it is used. It covers the quarter of an hour before the start, a
 * meeting of an hour, and one that runs over.
 */
export const LONGEST_LOGIN_MINUTES = 150;

/** A sign that somebody tried to come in (R5.6), and which time of the meeting it was noted for. */
export interface SignOfTrying {
  startVersion: number;
  at: Instant;
}

/**
 * Whether a sign of this instant may be one for the meeting's time (ours). The window begins a login's
 * longest life before the door opens, since such a login may still be valid. It ends when the door closes.
 */
export const isNearTheDoor = (
  { doorOpensAt, doorClosesAt }: Pick<MeetingTime, 'doorOpensAt' | 'doorClosesAt'>,
  at: Instant,
): boolean =>
  msOf(at) >= msOf(minutesLater(doorOpensAt, -LONGEST_LOGIN_MINUTES)) && msOf(at) <= msOf(doorClosesAt);

/**
 * Whether a sign counts for the meeting's present start time (R5.6). It counts if it was noted for that time,
 * if it came after that time was set, or if it came near its door. For example, a patient who tried for
 * Monday, and was moved to Friday, has not tried for Friday.
 * @param setAt when the meeting's present start time was set
 */
export const countsForTime = (
  time: Pick<MeetingTime, 'startVersion' | 'doorOpensAt' | 'doorClosesAt'>,
  setAt: Instant,
  { startVersion, at }: SignOfTrying,
): boolean => startVersion === time.startVersion || msOf(at) >= msOf(setAt) || isNearTheDoor(time, at);

import type { Gap } from '../rules/gaps';
import { msOf } from '../rules/instant';
import type { MeetingTime } from '../rules/meeting';
import type { Records } from '.';
import type { Meeting } from './meetings';

/**
 * Where evidence can have been lost around the time that the meeting has now: everybody's gaps, and those of
 * its own reports.
 */
export async function gapsOf(
  { gaps }: Pick<Records, 'gaps'>,
  { meetingId, course }: Meeting,
  now: Date,
): Promise<Gap[]> {
  const { doorOpensAt, doorClosesAt, graceEndsAt }: MeetingTime = course.time;
  if (now.getTime() < msOf(doorOpensAt)) return [];
  const own = await gaps.ofMeeting(meetingId);
  return [
    ...(await gaps.between(doorOpensAt, graceEndsAt, now)),
    // Of a time that the meeting had before they say nothing.
    ...own.filter(({ from }) => msOf(from) >= msOf(doorOpensAt) && msOf(from) <= msOf(doorClosesAt)),
  ];
}

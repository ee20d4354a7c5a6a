import type { Command } from '../records/commands';
import type { Meeting, MeetingTimeRecord } from '../records/meetings';
import { msOf, type Instant } from '../rules/instant';

/**
 * A command is judged by the state of the meeting when the command was received. What other commands, or an
 * earlier run of this one, have made of it since does not count (design, decision 16).
 */

/**
 * The start version that whoever gave the command saw. A command that 0.1.0 stored does not say: then by what
 * happened before it was received.
 */
export function seenVersion({ seen, receivedAt }: Command, { course }: Meeting): number {
  if (seen) return seen.startVersion;
  const set = course.happenings.findLast(
    ({ what, at }) => (what === 'booked' || what === 'rebooked') && msOf(at) <= msOf(receivedAt),
  );
  return set?.startVersion ?? course.time.startVersion;
}

/** The time of the meeting with that start version; the one that it has now where no record tells of it. */
export const timeOfVersion = (
  { times, course }: Meeting,
  startVersion: number,
): Pick<MeetingTimeRecord, 'startAt'> =>
  times.find((each) => each.startVersion === startVersion) ?? course.time;

/** When the time with that start version was set; null where nothing tells. */
export const setAtOf = ({ course }: Meeting, startVersion: number): Instant | null =>
  course.happenings.findLast(
    (each) => (each.what === 'booked' || each.what === 'rebooked') && each.startVersion === startVersion,
  )?.at ?? null;

/** Whether the meeting was over when the command was received. */
export const wasOver = ({ seen }: Command, { course }: Meeting): boolean =>
  seen ? seen.ended : course.state === 'ended';

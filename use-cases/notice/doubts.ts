import type { RefusedEntry } from '../../records/evidence';
import type { Meeting } from '../../records/meetings';
import { isSignOfTry } from '../../rules/gates';
import { isAroundPatient } from '../../rules/presence';
import { desiredTask, type DesiredTask } from '../../rules/tasks';
import { countsForTime } from '../../rules/tries';

/** All that tells, after a no-show was settled, that the patient may have tried, or did not know (R5.6). */
export const doubts = [
  'patient-tried-to-come-in',
  'patient-was-in-the-room',
  'clinic-was-not-there-through',
  'notice-failed',
] as const;
export type Doubt = (typeof doubts)[number];

/** Staff look at the no-show again: they correct it, or let it stand. */
export const doubtTask = (startVersion: number, doubt: Doubt): DesiredTask =>
  desiredTask('doubtful-outcome', `${startVersion}:${doubt}`, 'open', { because: [doubt] });

/** Whoever of those around the patient tried, or said that they could not get in: it is a sign (R5.6). */
export const signsOfTrying = (meeting: Pick<Meeting, 'course'>, refused: RefusedEntry[]): RefusedEntry[] =>
  refused.filter(
    (sign) =>
      isAroundPatient(sign.role) &&
      isSignOfTry(sign.reasons) &&
      countsForTime(meeting.course.time, timeSetAt(meeting), sign),
  );

/** When the time that the meeting has now was set. */
export function timeSetAt({ course }: Pick<Meeting, 'course'>): string {
  const set = course.happenings.findLast(({ what }) => what === 'booked' || what === 'rebooked');
  return set?.at ?? course.time.startAt;
}

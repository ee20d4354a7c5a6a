import { hearsOfMeeting } from '../../rules/calendar/who-hears';
import type { Meeting } from '../../records/meetings';
import type { Person } from '../../records/people';

/**
 * Whether a notice to a participant counts as notice to the patient at the instant. A notice to a guardian
 * does not, if the child acts for itself by then (R7.2), or staff have stopped that guardian (R7.3).
 */
export const heardForPatient =
  ({ participants }: Pick<Meeting, 'participants'>, patient: Person, at: Date) =>
  ({ participantId }: { participantId: string }): boolean =>
    participants.some((each) => each.participantId === participantId && hearsOfMeeting(each, patient, at));

import { withNoticeHours } from '../../rules/cancellation';
import { outcomeOf, type Meeting, type Meetings } from '../../records/meetings';
import { msOf } from '../../rules/instant';
import type { MeetingSnapshot, Waiting } from '../../workflows/meeting/messages';

/** A meeting as the clinic's system reads it: ids, times and states; names stand with the people. */
export function meetingView(meeting: Meeting, now: Date) {
  const { meetingId, patientId, participants, formIds, terms, reference, course } = meeting;
  return {
    meetingId,
    state: course.state,
    startVersion: course.time.startVersion,
    startAt: course.time.startAt,
    endAt: course.time.endAt,
    doorOpensAt: course.time.doorOpensAt,
    doorClosesAt: course.time.doorClosesAt,
    patientId,
    participants,
    formIds,
    gates: { consentGiven: course.gates.consentGiven, formsMissing: course.gates.formsMissing },
    waitingFor: waitingNow(course, now),
    outcome: outcomeOf(meeting),
    corrections: meeting.corrections.map(({ commandId, ...correction }) => correction),
    deviceTests: Object.entries(meeting.deviceTests ?? {}).map(([participantId, test]) => ({
      participantId,
      ...test,
    })),
    takeOvers: (meeting.takeOvers ?? []).map(({ commandId, ...takeOver }) => takeOver),
    clinicReady: course.clinicReady,
    registration: course.registration && {
      state: course.registration.state,
      reminders: course.registration.reminders,
    },
    terms: withNoticeHours(terms),
    reference,
    bookedBy: meeting.bookedBy,
    bookedAt: meeting.bookedAt,
  };
}

/**
 * What a meeting waits for by now. That a notice's time has come is not saved with it: the ledger tells how
 * it goes to each recipient.
 */
export const waitingNow = ({ waitingFor }: MeetingSnapshot, now: Date): Waiting[] =>
  waitingFor.filter(({ what, until }) => what !== 'notice' || until === null || msOf(until) > now.getTime());

/**
 * What whoever books or moves a meeting may not have meant: the patient's other meetings at the same time.
 * Looked for once its own time is kept, so that of two bookings at once at least the later one hears of the
 * other.
 */
export async function warningsOf(meetings: Pick<Meetings, 'atTheSameTime'>, meeting: Meeting) {
  const others = await meetings.atTheSameTime(meeting);
  return others.map(({ meetingId, course: { time } }) => ({
    warning: 'same-time',
    meetingId,
    startAt: time.startAt,
    endAt: time.endAt,
  }));
}

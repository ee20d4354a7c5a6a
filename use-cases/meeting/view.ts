import { outcomeOf, type Meeting } from '../../records/meetings';

/** A meeting as the clinic's system reads it: ids, times and states; names stand with the people. */
export function meetingView(meeting: Meeting) {
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
    waitingFor: course.waitingFor,
    outcome: outcomeOf(meeting),
    corrections: meeting.corrections.map(({ commandId, ...correction }) => correction),
    clinicReady: course.clinicReady,
    registration: course.registration && {
      state: course.registration.state,
      reminders: course.registration.reminders,
    },
    terms,
    reference,
    bookedBy: meeting.bookedBy,
    bookedAt: meeting.bookedAt,
  };
}

import type { Records } from '../../records';
import type { Meeting } from '../../records/meetings';
import { gatesOf } from '../../use-cases/meeting/gates';
import { heardForPatient } from '../../use-cases/notice/heard';
import { guardianMayAct } from '../../rules/calendar/age';
import type { Clock } from '../../rules/clock';
import { isSignOfTry } from '../../rules/gates';
import { settleOutcome } from '../../rules/outcome';
import type { ParticipantRole } from '../../rules/meeting';
import { interpreterSeen, isAroundPatient, isPatientSide, type Stay } from '../../rules/presence';
import { areRemindersLost, hasReached, isReminder } from '../../rules/ledger';
import { countsForTime } from '../../rules/tries';
import type { MeetingActivities } from '../../workflows/meeting/activities';
import { patientOf } from '../../use-cases/notice/patient-of';

/** Gathers the evidence of a meeting and decides what it came to (R5.6). */
export function createSettleOutcome({
  records,
  clock,
}: {
  records: Records;
  clock: Clock;
}): MeetingActivities['settleOutcome'] {
  return async (meetingId) => {
    const meeting = await records.meetings.get(meetingId);
    const patient = await patientOf(records.people, meeting);
    const { time } = meeting.course;
    const guardianActs = guardianMayAct(patient.personal.birthDate, new Date(time.startAt));
    const notices = await records.ledger.ofMeeting(meetingId);
    const refused = await records.evidence.refusedEntries(meetingId);
    const stays = await records.evidence.stays(meetingId, time.startVersion);
    const heardAtStart = heardForPatient(meeting, patient, new Date(time.startAt));
    const tasks = await records.tasks.ofMeeting(meetingId);
    const notSeen = letInButNotSeen(meeting, stays);
    const heard = notices.filter(
      (notice) => notice.startVersion === time.startVersion && heardAtStart(notice),
    );
    // Staff called or wrote, and said so when they finished their task (R2.10).
    const staffReached = tasks.some(
      ({ kind, result, openedAt }) =>
        kind === 'nobody-reached' && result === 'reached' && openedAt >= timeSetAt(meeting),
    );
    return settleOutcome(time, {
      stays,
      guardianActs,
      gates: await gatesOf(records.forms, meeting, patient, clock.now()),
      // Whoever of those around the patient tried, or said that they could not get in: it is a sign (R5.6).
      tries: refused.filter(
        (sign) =>
          isAroundPatient(sign.role) &&
          isSignOfTry(sign.reasons) &&
          countsForTime(time, timeSetAt(meeting), sign),
      ).length,
      letInButNotSeen: {
        clinic: notSeen.some((role) => role === 'staff'),
        patient: notSeen.some((role) => isPatientSide(role, guardianActs)),
      },
      noticeReached: staffReached || heard.some(({ state }) => hasReached(state)),
      remindersLost: !staffReached && areRemindersLost(heard.filter(isReminder)),
      interpreter: interpreterSeen(meeting.terms, stays),
    });
  };
}

/** When the time that the meeting has now was set. */
function timeSetAt({ course }: Meeting): string {
  const set = course.happenings.findLast(({ what }) => what === 'booked' || what === 'rebooked');
  return set?.at ?? course.time.startAt;
}

/** The roles of those who were let in for this time and were never reported in the room. */
function letInButNotSeen({ course, participants }: Meeting, stays: Stay[]): ParticipantRole[] {
  const letIn = new Set(
    course.happenings
      .filter(({ what, startVersion }) => what === 'entered' && startVersion === course.time.startVersion)
      .map(({ detail }) => detail),
  );
  return participants
    .filter(({ participantId }) => letIn.has(participantId))
    .filter(({ participantId }) => !stays.some((stay) => stay.participantId === participantId))
    .map(({ role }) => role);
}

import type { Records } from '../records';
import { gatesOf } from '../records/gates';
import { guardianMayAct } from '../rules/calendar/age';
import type { Clock } from '../rules/clock';
import { settleOutcome } from '../rules/outcome';
import { isPatientSide } from '../rules/presence';
import { hasReached } from '../rules/sms-ledger';
import type { MeetingActivities } from '../workflows/meeting/activities';
import { patientOf } from './patient-of';

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
    const patient = await patientOf(records, meeting);
    const { time } = meeting.course;
    const guardianActs = guardianMayAct(patient.personal.birthDate, new Date(time.startAt));
    const notices = await records.smsLedger.ofMeeting(meetingId);
    const refused = await records.evidence.refusedEntries(meetingId);
    return settleOutcome(time, {
      stays: await records.evidence.stays(meetingId, time.startVersion),
      guardianActs,
      gates: await gatesOf(records.forms, meeting, patient, clock.now()),
      refusedEntries: refused.filter(
        (entry) => entry.startVersion === time.startVersion && isPatientSide(entry.role, guardianActs),
      ).length,
      noticeReached: notices.some(
        (notice) => notice.startVersion === time.startVersion && hasReached(notice.state),
      ),
    });
  };
}

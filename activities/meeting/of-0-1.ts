import type { Records } from '../../records';
import type { Meeting } from '../../records/meetings';
import { guardianMayAct } from '../../rules/calendar/age';
import { staysNotStopped } from '../../rules/calendar/guardian';
import { haveMet, isPatientSide, type Stay } from '../../rules/presence';
import { gatesOf } from '../../use-cases/meeting/gates';
import { isClinicReady } from '../../use-cases/meeting/readiness';
import { proposeCharge } from '../../use-cases/invoice/propose';
import { adminFactsOf } from '../../use-cases/notice/admin-facts';
import { patientOf } from '../../use-cases/notice/patient-of';
import { saveMeeting } from '../../use-cases/read-models/meeting-and-invoice';
import type { MeetingActivitiesOf01 } from '../../workflows/meeting/of-0-1/activities';
import type { MeetingSight } from '../../workflows/meeting/messages';
import type { MeetingDeps } from '../deps';
import { createPrepareNotice } from '../notice/prepare';
import { createSettleOutcome } from './settle-outcome';

/** What meetings ask for that were started by 0.1.0; they stay until none of them is open (decision 13). */
export function createMeetingActivitiesOf01(deps: MeetingDeps): MeetingActivitiesOf01 {
  const { records, clock } = deps;
  const settle = createSettleOutcome(deps);
  return {
    lookAtMeeting: (meetingId) => lookAtMeeting(records, meetingId, clock.now()),
    async saveSnapshot(snapshot) {
      await saveMeeting(records, snapshot, clock.now());
    },
    prepareNotice: createPrepareNotice(deps),
    async settleOutcome(meetingId) {
      const { course } = await records.meetings.get(meetingId);
      const { startVersion } = course.time;
      const { outcome, because } = await settle({ meetingId, startVersion, letIn: letInto(course) });
      return { outcome, because };
    },
    proposeInvoice: ({ meetingId, startVersion, cause }) =>
      proposeCharge(deps, meetingId, { startVersion, cause, basis: 0 }, { isFirst: true }),
  };
}

async function lookAtMeeting(records: Records, meetingId: string, now: Date): Promise<MeetingSight> {
  const meeting = await records.meetings.get(meetingId);
  const { startVersion } = meeting.course.time;
  const patient = await patientOf(records.people, meeting);
  const allStays = await records.evidence.stays(meetingId, startVersion);
  const stays = staysNotStopped(allStays, meeting.participants, patient);
  const guardianActs = guardianMayAct(patient.personal.birthDate, now);
  const clinicStays = stays.filter((stay) => stay.role === 'staff');
  const patientStays = stays.filter((stay) => isPatientSide(stay.role, guardianActs));
  return {
    startVersion,
    gates: await gatesOf(records.forms, meeting, patient, now),
    clinicPresent: clinicStays.some(isThere),
    patientPresent: patientStays.some(isThere),
    haveMet: haveMet(clinicStays, patientStays),
    clinicReady: await isClinicReady(records.evidence, meeting),
    correctedTo: meeting.corrections.at(-1)?.outcome ?? null,
    ...(await adminFactsOf(records, meeting)),
  };
}

const isThere = (stay: Stay): boolean => stay.leftAt === null;

/** Those who were let in for the time that the meeting has. */
const letInto = ({ happenings, time }: Meeting['course']): string[] =>
  happenings.flatMap(({ what, startVersion, detail }) =>
    what === 'entered' && startVersion === time.startVersion && detail !== undefined ? [detail] : [],
  );

import type { KeyRing } from '../keys/key-ring';
import type { Mailer } from '../mail/mailer';
import type { Records } from '../records';
import { gatesOf } from '../records/gates';
import { guardianMayAct } from '../rules/calendar/age';
import type { Clock } from '../rules/clock';
import { haveMet, isPatientSide, type Stay } from '../rules/presence';
import type { ElksClient } from '../sms/elks';
import type { MeetingActivities, SmsActivities } from '../workflows/meeting/activities';
import { createHandOver } from './hand-over';
import { patientOf } from '../records/patient-of';
import { createPrepareNotice } from './prepare-notice';
import { createProposeInvoice } from './propose-invoice';
import { createSettleOutcome } from './settle-outcome';

/** What activities need, handed in once (design). */
export interface ActivityDeps {
  records: Records;
  clock: Clock;
  elks: ElksClient;
  mailer: Mailer;
  sms: {
    sender: string;
    linkKeys: KeyRing;
    /** Where patients reach this service; the links lead there. */
    publicUrl: string;
    /** Where the provider's delivery reports go. */
    hooksUrl: string;
    /** How long one hand-over belongs to the process that began it, in milliseconds; longer than the call to the provider. */
    leaseMs: number;
  };
}

/** Side effects of a meeting on the database. */
export function createMeetingActivities(deps: Pick<ActivityDeps, 'records' | 'clock'>): MeetingActivities {
  const { records, clock } = deps;
  return {
    async lookAtMeeting(meetingId) {
      const meeting = await records.meetings.get(meetingId);
      const patient = await patientOf(records.people, meeting);
      const now = clock.now();
      const stays = await records.evidence.stays(meetingId, meeting.course.time.startVersion);
      const guardianActs = guardianMayAct(patient.personal.birthDate, now);
      const clinicStays = stays.filter((stay) => stay.role === 'staff');
      const patientStays = stays.filter((stay) => isPatientSide(stay.role, guardianActs));
      return {
        startVersion: meeting.course.time.startVersion,
        gates: await gatesOf(records.forms, meeting, patient, now),
        clinicPresent: clinicStays.some(isThere),
        patientPresent: patientStays.some(isThere),
        haveMet: haveMet(clinicStays, patientStays),
      };
    },
    saveSnapshot: (snapshot) => records.meetings.saveCourse(snapshot),
    prepareNotice: createPrepareNotice(deps),
    settleOutcome: createSettleOutcome(deps),
    proposeInvoice: createProposeInvoice(deps),
  };
}

/** Side effects on the SMS provider. */
export function createSmsActivities(deps: ActivityDeps): SmsActivities {
  return { handOver: createHandOver(deps) };
}

const isThere = (stay: Stay): boolean => stay.leftAt === null;

import type { ActivityDeps, MeetingDeps } from './deps';
import { gatesOf } from '../use-cases/meeting/gates';
import { guardianMayAct } from '../rules/calendar/age';
import { haveMet, isPatientSide, type Stay } from '../rules/presence';
import type { InvoiceActivities } from '../workflows/invoice/activities';
import type { HandOverActivities } from '../workflows/shared/hand-over-contract';
import type { MeetingActivities } from '../workflows/meeting/activities';
import { createGiveNotice } from './notice/give';
import { saveInvoice, saveMeeting } from '../use-cases/read-models/meeting-and-invoice';
import { proposeCharge } from '../use-cases/invoice/propose';
import { patientOf } from '../use-cases/notice/patient-of';
import { isClinicReady } from '../use-cases/meeting/readiness';
import { adminFactsOf } from '../use-cases/notice/admin-facts';
import { createPrepareNotice } from './notice/prepare';
import { createSettleOutcome } from './meeting/settle-outcome';

/** Side effects of a meeting on the database, and on the workflows of its invoices. */
export function createMeetingActivities(deps: MeetingDeps): MeetingActivities {
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
        clinicReady: await isClinicReady(records.evidence, meeting),
        correctedTo: meeting.corrections.at(-1)?.outcome ?? null,
        ...(await adminFactsOf(records, meeting)),
      };
    },
    saveSnapshot: (snapshot) => saveMeeting(records, snapshot, clock.now()),
    prepareNotice: createPrepareNotice(deps),
    settleOutcome: createSettleOutcome(deps),
    proposeInvoice: ({ meetingId, startVersion, cause }) =>
      proposeCharge(deps, meetingId, { startVersion, cause, basis: 0 }, { isFirst: true }),
  };
}

/** Side effects of an invoice: its record, and with it what the clinic's billing is handed. */
export function createInvoiceActivities({
  records,
  clock,
}: Pick<ActivityDeps, 'records' | 'clock'>): InvoiceActivities {
  return {
    async loadCharge({ meetingId, startVersion }) {
      return (await records.charges.find(meetingId, startVersion))?.course ?? null;
    },
    async whyHold({ meetingId }) {
      const patient = await patientOf(records.people, await records.meetings.get(meetingId));
      // R5.7, R7.5: who has protected data by now is not invoiced by itself, whatever was true when it was
      // proposed.
      return patient.protectedIdentity ? 'protected-identity' : null;
    },
    saveCharge: (charge) => saveInvoice(records, charge, clock.now()),
  };
}

/** Side effects on the SMS provider and the mail server. */
export function createHandOverActivities(deps: ActivityDeps): HandOverActivities {
  return createGiveNotice(deps);
}

const isThere = (stay: Stay): boolean => stay.leftAt === null;

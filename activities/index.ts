import type { InvoiceActivities } from '../workflows/invoice/activities';
import type { MeetingActivities } from '../workflows/meeting/activities';
import type { MeetingActivitiesOf01 } from '../workflows/meeting/of-0-1/activities';
import type { HandOverActivities } from '../workflows/shared/hand-over-contract';
import { proposeCharge } from '../use-cases/invoice/propose';
import { patientOf } from '../use-cases/notice/patient-of';
import { saveInvoice, saveMeeting } from '../use-cases/read-models/meeting-and-invoice';
import type { ActivityDeps, MeetingDeps } from './deps';
import { createMeetingActivitiesOf01 } from './meeting/of-0-1';
import { createSettleOutcome } from './meeting/settle-outcome';
import { createGiveNotice } from './notice/give';

/** Side effects of a meeting on the database, and on the workflows of its invoices. */
export function createMeetingActivities(deps: MeetingDeps): MeetingActivities & MeetingActivitiesOf01 {
  const { records, clock } = deps;
  return {
    ...createMeetingActivitiesOf01(deps),
    async saveMeeting({ snapshot, proposals }) {
      await saveMeeting(records, snapshot, clock.now());
      // What it is charged is told after what it came to.
      for (const { meetingId, startVersion, cause } of proposals)
        await proposeCharge(deps, meetingId, { startVersion, cause, basis: 0 }, { isFirst: true });
    },
    settleMeeting: createSettleOutcome(deps),
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

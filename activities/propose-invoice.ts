import type { Records } from '../records';
import { proposalFor } from '../records/proposal';
import type { Clock } from '../rules/clock';
import type { MeetingActivities } from '../workflows/meeting/activities';

/** Writes what is to be charged for one start version: a proposal, never an invoice by itself (R5.7, R5.8). */
export function createProposeInvoice({
  records,
  clock,
}: {
  records: Records;
  clock: Clock;
}): MeetingActivities['proposeInvoice'] {
  return async (order) => {
    const meeting = await records.meetings.get(order.meetingId);
    await records.invoices.propose(await proposalFor(records, meeting, order, clock.now()));
  };
}

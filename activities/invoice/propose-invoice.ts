import type { Records } from '../../records';
import { keepCharge } from '../../use-cases/read-models/meeting-and-invoice';
import { proposalFor } from '../../use-cases/invoice/proposal';
import type { Clock } from '../../rules/clock';
import { toInstant } from '../../rules/instant';
import type { TemporalGateway } from '../../temporal/gateway';
import { nothingToCharge } from '../../workflows/invoice/snapshot';
import type { MeetingActivities } from '../../workflows/meeting/activities';

/**
 * Proposes what is to be charged for one start version: to the workflow of its invoices, never as an invoice by itself (R5.7, R5.8).
 * Where nothing is charged no workflow is needed to wait for anything.
 */
export function createProposeInvoice({
  records,
  clock,
  temporal,
}: {
  records: Records;
  clock: Clock;
  temporal: TemporalGateway;
}): MeetingActivities['proposeInvoice'] {
  return async ({ meetingId, startVersion, cause }) => {
    const now = clock.now();
    const meeting = await records.meetings.get(meetingId);
    const { clinicId } = meeting;
    const proposal = await proposalFor(records, meeting, { startVersion, cause, basis: 0 }, now);
    const charge = await records.charges.find(meetingId, startVersion);
    if (!charge && proposal.decision.kind === 'none') {
      await keepCharge(records, nothingToCharge({ meetingId, startVersion }, proposal, toInstant(now)), now);
      return;
    }
    const answer = await temporal.propose({ clinicId, meetingId, startVersion }, proposal);
    if ('charge' in answer) await keepCharge(records, answer.charge, clock.now());
  };
}

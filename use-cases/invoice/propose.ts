import { saveInvoice } from '../read-models/meeting-and-invoice';
import { toInstant } from '../../rules/instant';
import type { Proposal } from '../../workflows/invoice/messages';
import { nothingToCharge } from '../../workflows/invoice/snapshot';
import type { CommandDeps } from '../command';
import { proposalFor } from './proposal';

/**
 * Proposes the charge for the outcome of one start time of a meeting, by what is recorded now. The proposal
 * goes to the workflow of its invoices. It is never an invoice by itself (R5.7, R5.8).
 * @param isFirst nothing was proposed for this time before; if nothing is charged then, no workflow has to
 * wait for anything
 */
export async function proposeCharge(
  { records, temporal, clock }: Pick<CommandDeps, 'records' | 'temporal' | 'clock'>,
  meetingId: string,
  of: Pick<Proposal, 'cause' | 'basis'> & { startVersion: number },
  { isFirst = false } = {},
): Promise<void> {
  const { startVersion } = of;
  const now = clock.now();
  const meeting = await records.meetings.get(meetingId);
  const { clinicId } = meeting;
  const proposal = await proposalFor(records, meeting, of, now);
  if (
    isFirst &&
    proposal.decision.kind === 'none' &&
    !(await records.charges.find(meetingId, startVersion))
  ) {
    await saveInvoice(records, nothingToCharge({ meetingId, startVersion }, proposal, toInstant(now)), now);
    return;
  }
  const answer = await temporal.propose({ clinicId, meetingId, startVersion }, proposal);
  if ('snapshot' in answer) await saveInvoice(records, answer.snapshot, clock.now());
}

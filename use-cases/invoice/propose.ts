import { keepCharge } from '../read-models/meeting-and-invoice';
import { proposalFor } from './proposal';
import type { Proposal } from '../../workflows/invoice/messages';
import type { CommandDeps } from '../command';

/** Proposes what a meeting's time is charged for what it came to, by what is recorded now; the workflow of its invoices decides what follows. */
export async function proposeCharge(
  { records, temporal, clock }: Pick<CommandDeps, 'records' | 'temporal' | 'clock'>,
  meetingId: string,
  of: Pick<Proposal, 'cause' | 'basis'> & { startVersion: number },
): Promise<void> {
  const meeting = await records.meetings.get(meetingId);
  const { clinicId } = meeting;
  const proposal = await proposalFor(records, meeting, of, clock.now());
  const answer = await temporal.propose({ clinicId, meetingId, startVersion: of.startVersion }, proposal);
  if ('charge' in answer) await keepCharge(records, answer.charge, clock.now());
}

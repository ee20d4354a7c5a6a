import type { Connection } from 'mongoose';
import type { FeeDecision } from '../rules/fee';
import type { Instant } from '../rules/instant';
import type { ProposalOrder } from '../workflows/meeting/activities';
import { collection, json, withoutId } from './schema';

/** What is proposed for one start version of a meeting: at most one row each (R5.8). */
export interface InvoiceProposal extends ProposalOrder {
  clinicId: string;
  patientId: string;
  decision: FeeDecision;
  feeCode: string;
  /** Null where the clinic's fee table has no amount for the day: staff must mend the table, nothing is guessed (R5.9). */
  amountOre: number | null;
  state: 'proposed' | 'nothing-to-charge';
  proposedAt: Instant;
}

export interface Invoices {
  /** Writes the proposal once; a second one for the same start version changes nothing. */
  propose(proposal: InvoiceProposal): Promise<void>;
  ofMeeting(meetingId: string): Promise<InvoiceProposal[]>;
}

export function createInvoices(connection: Connection): Invoices {
  const rows = collection<InvoiceProposal & { _id: string }>(
    connection,
    'invoices',
    {
      meetingId: String,
      startVersion: Number,
      cause: String,
      clinicId: String,
      patientId: String,
      decision: json,
      feeCode: String,
      amountOre: Number,
      state: String,
      proposedAt: String,
    },
    [[{ meetingId: 1 }]],
  );
  return {
    async propose(proposal) {
      const _id = `${proposal.meetingId}:${proposal.startVersion}`;
      await rows.updateOne({ _id }, { $setOnInsert: { ...proposal } }, { upsert: true });
    },
    async ofMeeting(meetingId) {
      const found = await rows
        .find({ meetingId })
        .sort({ startVersion: 1 })
        .lean<(InvoiceProposal & { _id: string })[]>();
      return found.map(withoutId);
    },
  };
}

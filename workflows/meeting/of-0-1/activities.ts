import type { Instant } from '../../../rules/instant';
import type { NoticeKind } from '../../../rules/notices';
import type { SettledOutcome } from '../../../rules/outcome';
import type { PreparedNotice } from '../../shared/hand-over-contract';
import type { MeetingSight, MeetingSnapshot, ProposalOrder } from '../messages';

/** What a meeting that was started by 0.1.0 asks of the world. */
export interface MeetingActivitiesOf01 {
  /** Looks at consents, forms, presence, refused entries and notices as they are now. */
  lookAtMeeting(meetingId: string): Promise<MeetingSight>;
  /** Saves the read model, unless a newer one is there already. */
  saveSnapshot(snapshot: MeetingSnapshot): Promise<void>;
  /**
   * Enters the notice into the ledger for each of its recipients; answers with those rows that must be handed
   * over.
   */
  prepareNotice(notice: NoticeOrderOf01): Promise<PreparedNotice>;
  /** Decides the outcome from the evidence (R5.6). */
  settleOutcome(meetingId: string): Promise<SettledOutcome>;
  /** Starts the workflow of what is to be charged for one start version, once (R5.8). */
  proposeInvoice(proposal: ProposalOrder): Promise<void>;
}

export interface NoticeOrderOf01 {
  meetingId: string;
  startVersion: number;
  kind: NoticeKind;
  lastUsefulAt: Instant;
  /** Rows that are to be tried again, where they surely were not sent (R2.7). */
  again: string[];
}

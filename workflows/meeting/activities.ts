import type { Instant } from '../../rules/instant';
import type { Outcome } from '../../rules/meeting';
import type { NoticeKind } from '../../rules/notices';
import type { SettledOutcome } from '../../rules/outcome';
import type { MeetingFacts, MeetingSnapshot } from './messages';

/** What a meeting asks of the world; made by `createActivities` in activities/. */
export interface MeetingActivities {
  /** Looks at consents, forms and presence as they are now. */
  lookAtMeeting(meetingId: string): Promise<MeetingFacts>;
  /** Saves the read model, unless a newer one is there already. */
  saveSnapshot(snapshot: MeetingSnapshot): Promise<void>;
  /** Enters the notice into the SMS ledger for each of its recipients; answers with those rows that must be handed over. */
  prepareNotice(notice: NoticeOrder): Promise<string[]>;
  /** Decides the outcome from the evidence (R5.6). */
  settleOutcome(meetingId: string): Promise<SettledOutcome>;
  /** Writes what is to be charged for one start version, once (R5.8). */
  proposeInvoice(proposal: ProposalOrder): Promise<void>;
}

/** On the task queue of their own, at the provider's rate (design, decision 5). */
export interface SmsActivities {
  /** Hands one SMS over to the provider, at most once; answers with the state that the row came to. */
  handOver(rowId: string): Promise<string>;
}

export interface NoticeOrder {
  meetingId: string;
  startVersion: number;
  kind: NoticeKind;
  lastUsefulAt: Instant;
}

export interface ProposalOrder {
  meetingId: string;
  startVersion: number;
  cause: Outcome | 'rebooked-late';
}

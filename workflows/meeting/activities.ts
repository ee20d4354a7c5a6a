import type { Channel } from '../../rules/consents';
import type { Instant } from '../../rules/instant';
import type { DeliveryState } from '../../rules/ledger';
import type { Outcome } from '../../rules/meeting';
import type { NoticeKind } from '../../rules/notices';
import type { SettledOutcome } from '../../rules/outcome';
import type { MeetingSight, MeetingSnapshot, NoticeDelivery } from './messages';

/** What a meeting asks of the world; made by `createActivities` in activities/. */
export interface MeetingActivities {
  /** Looks at consents, forms, presence, refused entries and notices as they are now. */
  lookAtMeeting(meetingId: string): Promise<MeetingSight>;
  /** Saves the read model, unless a newer one is there already. */
  saveSnapshot(snapshot: MeetingSnapshot): Promise<void>;
  /** Enters the notice into the ledger for each of its recipients; answers with those rows that must be handed over. */
  prepareNotice(notice: NoticeOrder): Promise<PreparedNotice>;
  /** Decides the outcome from the evidence (R5.6). */
  settleOutcome(meetingId: string): Promise<SettledOutcome>;
  /** Starts the workflow of what is to be charged for one start version, once (R5.8). */
  proposeInvoice(proposal: ProposalOrder): Promise<void>;
}

/** SMS have a task queue of their own, at the provider's rate (design, decision 5); e-mail goes with the rest. */
export interface HandOverActivities {
  /** Hands one notice over to the provider or the mail server, at most once; answers with the state that the row came to. */
  handOver(rowId: string): Promise<DeliveryState>;
}

/** What became of a notice that was due. */
export interface PreparedNotice {
  toSend: NoticeToSend[];
  /** It is for the morning, and nothing has been entered yet (R2.9). */
  notBefore: Instant | null;
  /** Where it stands with each recipient. */
  told: NoticeDelivery[];
}

/** A row of the ledger that is to be handed over, and how. */
export interface NoticeToSend {
  rowId: string;
  channel: Channel;
  /** As in {@link NoticeDelivery}. */
  recipient: number;
}

export interface NoticeOrder {
  meetingId: string;
  startVersion: number;
  kind: NoticeKind;
  lastUsefulAt: Instant;
  /** Rows that are to be tried again, where they surely were not sent (R2.7). */
  again: string[];
}

export interface ProposalOrder {
  meetingId: string;
  startVersion: number;
  cause: Outcome | 'rebooked-late';
}

import type { Channel } from '../../rules/consents';
import type { Instant } from '../../rules/instant';
import type { DeliveryState } from '../../rules/ledger';
import type { CaseNoticeKind, NoticeKind } from '../../rules/notices';
import type { NoticeDelivery } from './deliveries';

/**
 * SMS have a task queue of their own, at the provider's rate (design, decision 5); e-mail goes with the rest.
 */
export interface HandOverActivities {
  /**
   * Gives one notice to one recipient, at most once: makes its row in the ledger and takes it, or makes it
   * and ends it with its reason, calls the provider or the mail server, and notes what came of it.
   */
  giveNotice(order: NoticeOrder): Promise<GivenNotice>;
  /**
   * The same of a row that is there already; answers with the state that it came to. For meetings that were
   * started by 0.1.0, and for codes.
   */
  handOver(rowId: string): Promise<DeliveryState>;
}

/** One notice to one recipient, as a workflow's plan has it. */
export interface NoticeOrder {
  /** What the notice is about. */
  subject: 'meeting' | 'case';
  /** The meeting's id, or the case's. */
  subjectId: string;
  /** The meeting's start version, or the number of the case's burst of messages. */
  occasion: number;
  kind: NoticeKind | CaseNoticeKind;
  participantId: string;
  /** When the plan has it. */
  dueAt: Instant;
  /** From then on it is not sent, and ends as `expired` (R2.6). */
  lastUsefulAt: Instant;
  /** Whose queue it came through: an SMS goes out through the queue for SMS alone. */
  queue: Channel;
  /** An operator has it tried again, if it surely was not sent (R2.7). */
  again: boolean;
}

/** What became of it. */
export type GivenNotice =
  | {
      kind: 'ended';
      /** Where it stands with the recipient; for a case, of its last burst. */
      delivery: Omit<NoticeDelivery, 'startVersion' | 'kind'>;
    }
  /** It is for the morning, and nothing has been entered yet (R2.9). */
  | { kind: 'not-before'; at: Instant }
  /** Its way leads through the queue for SMS, and it came through the other one; nothing has been entered. */
  | { kind: 'through-sms' }
  /** The recipient does not hear of this any more, or not yet: nothing has been entered (R7.1, R7.2). */
  | { kind: 'does-not-hear' };

/** What became of a notice that was due, for meetings and cases that were started by 0.1.0. */
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

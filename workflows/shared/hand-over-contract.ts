import type { Channel } from '../../rules/consents';
import type { Instant } from '../../rules/instant';
import type { DeliveryState } from '../../rules/ledger';
import type { NoticeDelivery } from './deliveries';

/**
 * SMS have a task queue of their own, at the provider's rate (design, decision 5); e-mail goes with the rest.
 */
export interface HandOverActivities {
  /**
   * Hands one notice over to the provider or the mail server, at most once; answers with the state that the
   * row came to.
   */
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

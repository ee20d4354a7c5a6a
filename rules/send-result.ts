/**
 * What came of handing a notice over, as SMS or as e-mail (R2.7, R2.11). `not-sent` is certain, so it may be
 * tried again if `retryable`; after `uncertain` nothing may be sent before the provider's report or history
 * has been read, and of an e-mail nothing more at all. Reasons are short kebab words, with an HTTP or SMTP
 * status at most: neither address, text nor the provider's words (which may repeat them).
 */
export type SendResult =
  | {
      kind: 'accepted';
      /** By which the provider, or the mail server, knows it. */
      providerId: string;
      /** An e-mail that the mail server took is `sent`; nothing is heard of it later. */
      status: 'created' | 'sent' | 'delivered' | 'failed';
      /** How many SMS it was sent as; SMS only. */
      parts?: number;
      /** In 1/10000 of the account's currency; SMS only. */
      costTenThousandths?: number;
    }
  | { kind: 'not-sent'; reason: string; retryable: boolean }
  | { kind: 'uncertain'; reason: string };

/** Why one was not sent whose process was held up on our side until others took it for left behind. */
export const HELD_UP = 'held-up';

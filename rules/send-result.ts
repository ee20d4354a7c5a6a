/**
 * The result of handing over a notice, as SMS or as e-mail (R2.7, R2.11).
 *
 * `not-sent` is certain. The notice may be tried again if `retryable`. After `uncertain` nothing may be sent
 * before the provider's report or history has been read. After an uncertain e-mail nothing is ever sent
 * again.
 *
 * Reasons are short kebab words, at most with an HTTP or SMTP status. They contain no address, no text and no
 * words of the provider, which may repeat them.
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

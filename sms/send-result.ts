/**
 * What came of handing an SMS over (R2.7). `not-sent` is certain, so it may be tried again if `retryable`; after
 * `uncertain` nothing may be sent before the provider's report or history has been read. Reasons are short kebab words,
 * with an HTTP status at most: neither number, text nor the provider's words (which may repeat them).
 */
export type SendResult =
  | {
      kind: 'accepted';
      providerId: string;
      status: 'created' | 'sent' | 'delivered' | 'failed';
      parts: number;
      /** In 1/10000 of the account's currency. */
      costTenThousandths: number;
    }
  | { kind: 'not-sent'; reason: string; retryable: boolean }
  | { kind: 'uncertain'; reason: string };

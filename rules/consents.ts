import type { Instant } from './instant';

/** The ways by which a notice reaches somebody (R2.11). */
export const channels = ['sms', 'email'] as const;
export type Channel = (typeof channels)[number];

/** Who gave a consent: the person, or a guardian for a child of at most 12 (R7.1). */
export type ConsentGiver = 'person' | 'guardian';

/** The answer to the question whether the clinic may see care history and prescribed medicines (R3.2). */
export interface CareHistoryConsent {
  given: boolean;
  givenBy: ConsentGiver;
  recordedBy: string;
  recordedAt: Instant;
}

/** Where a consent to SMS comes from: the person was asked, or the setting at 1177 was looked up (R2.2). */
export const smsConsentSources = ['asked', '1177'] as const;
export type SmsConsentSource = (typeof smsConsentSources)[number];

/**
 * A consent to SMS for the number that the person had when it was recorded; none recorded means no (R2.2).
 */
export interface SmsConsent {
  given: boolean;
  source: SmsConsentSource;
  recordedBy: string;
  recordedAt: Instant;
}

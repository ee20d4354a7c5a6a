/**
 * The most SMS in any 24 hours, against abuse and loops that run away. Every SMS costs money, and a phone
 * that rings without end is harm in itself. A meeting has five or six SMS. So nobody near a cap is just being
 * called to meetings.
 */
export const CAP_WINDOW_MS = 24 * 3_600_000;

/**
 * What has a cap: one clinic's SMS to one number, all of one clinic's, all of the provider's account. The
 * first that is reached is told.
 */
export const caps = ['number', 'clinic', 'account'] as const;
export type Cap = (typeof caps)[number];

/** Why an SMS is not sent that would exceed a cap, for machines. */
export type OverCap = `over-cap-${Cap}`;

/** What a clinic decides for itself about the SMS that it pays for. */
export interface SmsLimits {
  /** The most SMS to one number in 24 hours. */
  smsPerNumberPerDay: number;
  /** The most SMS of the clinic in 24 hours. */
  smsPerDay: number;
  /** Other countries' mobile numbers are taken and sent to as well. */
  foreignNumbers: boolean;
}

/** For a clinic that says nothing of it. */
export const defaultSmsLimits: SmsLimits = {
  smsPerNumberPerDay: 20,
  smsPerDay: 2_000,
  foreignNumbers: false,
};

/**
 * The cap that one more SMS would exceed, or null.
 *
 * @param sent - how many went in the 24 hours before; counting may stop at the cap
 */
export function overCap(sent: Record<Cap, number>, most: Record<Cap, number>): OverCap | null {
  const reached = caps.find((cap) => sent[cap] >= most[cap]);
  return reached ? `over-cap-${reached}` : null;
}

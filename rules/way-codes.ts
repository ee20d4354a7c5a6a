/**
 * A code that is sent to a number or an address which somebody typed for themselves, so that it counts only
 * when it has come back (R2.13).
 */
export const WAY_CODE_MINUTES = 10;
/** As often a code may be typed wrongly. */
export const WAY_CODE_TRIES = 5;

/** Whose codes of a day have a cap. The first that is reached is told. */
export const wayCodeCaps = ['address', 'person', 'clinic'] as const;
export type WayCodeCap = (typeof wayCodeCaps)[number];

/**
 * The most codes of one day (UTC): to one number or address, over all clinics, to one person, and of one
 * clinic. They are few, so that the page of one's notices is no way to send SMS to strangers. The clinic's
 * and the account's caps on SMS hold beside them.
 */
export const mostWayCodes: Record<WayCodeCap, number> = { address: 3, person: 6, clinic: 200 };

import { DateTime } from 'luxon';
import { GUARDIAN_ACTS_UNTIL_AGE } from '../ages';
import { inStockholm, STOCKHOLM } from './stockholm';

/**
 * Whole years of age in Stockholm at the instant; the new age begins at midnight of the birthday (R7.2). One
 * born on 29 February has the birthday on the 28th in other years (ours: the day on which a child's privacy
 * cannot begin too late).
 * @param birthDate `YYYY-MM-DD`
 */
export function ageAt(birthDate: string, at: Date): number {
  return Math.floor(inStockholm(at).startOf('day').diff(midnightOf(birthDate), 'years').years);
}

/** The midnight at which the person reaches the age. */
export function reachesAge(birthDate: string, age: number): Date {
  return midnightOf(birthDate).plus({ years: age }).startOf('day').toJSDate();
}

/** A guardian may act for the child, now (R7.1). */
export function guardianMayAct(birthDate: string, at: Date): boolean {
  return ageAt(birthDate, at) <= GUARDIAN_ACTS_UNTIL_AGE;
}

/** The midnight at which a guardian's right to act for the child ends by itself (R7.2). */
export const guardianActsUntil = (birthDate: string): Date =>
  reachesAge(birthDate, GUARDIAN_ACTS_UNTIL_AGE + 1);

/**
 * Whether something was recorded while a guardian acted (a number, a consent) and the child has turned 13
 * since. Then it does not speak for the child (R7.2).
 */
export function outgrown(birthDate: string, recordedAt: Date, now: Date): boolean {
  const thirteen = guardianActsUntil(birthDate);
  return recordedAt < thirteen && now >= thirteen;
}

function midnightOf(date: string): DateTime<true> {
  const day = DateTime.fromISO(date, { zone: STOCKHOLM });
  if (!day.isValid) throw new RangeError('not a date');
  return day.startOf('day');
}

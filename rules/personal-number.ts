import Personnummer from 'personnummer';
import { isCalendarDate } from './calendar-date';

/** Kinds of Swedish personal identity (R7.4): only one with a personal number can log in. */
export type IdentityKind = 'personal-number' | 'co-ordination-number' | 'reserve-number';

/** A checked number in its long form (`198108182384`), and what kind it is. */
export interface Identity {
  kind: IdentityKind;
  number: string;
}

/** Reserve numbers of Västra Götaland: `19810829M071`, with the letter K, M or X (facts). */
const RESERVE_NUMBER = /^(?:18|19|20)\d{6}[KMX]\d{3}$/;
const TWELVE_DIGITS = /^(?:18|19|20)\d{6}-?\d{4}$/;

/**
 * Checks date and check digit (R7.4); null for a number that is none. Twelve digits are asked for, so that the century is
 * never guessed.
 */
export function parseIdentity(input: string): Identity | null {
  const text = input.trim().toUpperCase();
  if (RESERVE_NUMBER.test(text))
    return isCalendarDate(dashed(text)) ? { kind: 'reserve-number', number: text } : null;
  if (!TWELVE_DIGITS.test(text)) return null;
  const number = text.replace('-', '');
  if (!Personnummer.valid(number, { allowCoordinationNumber: true, allowInterimNumber: false })) return null;
  const day = Number(number.slice(6, 8));
  return { kind: day > 60 ? 'co-ordination-number' : 'personal-number', number };
}

/** The birth date (`YYYY-MM-DD`) that the number tells. */
export function birthDateOf({ kind, number }: Identity): string {
  const day = Number(number.slice(6, 8)) - (kind === 'co-ordination-number' ? 60 : 0);
  return `${number.slice(0, 4)}-${number.slice(4, 6)}-${String(day).padStart(2, '0')}`;
}

const dashed = (number: string): string =>
  `${number.slice(0, 4)}-${number.slice(4, 6)}-${number.slice(6, 8)}`;

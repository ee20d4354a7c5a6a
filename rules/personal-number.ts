import { dayExists } from './calendar-date';
import { pastedNumber } from './typed';

/** Kinds of Swedish personal identity (R7.4): only one with a personal number can log in. */
export type IdentityKind = 'personal-number' | 'co-ordination-number' | 'reserve-number';

/** A checked number in its long form (`198108182384`), and what kind it is. */
export interface Identity {
  kind: IdentityKind;
  number: string;
}

/** Reserve numbers of Västra Götaland: `19810829M071`, with the letter K, M or X (facts). */
const RESERVE_NUMBER = /^((?:18|19|20)\d{6}) ?-? ?([KMX]\d{3})$/;
const TWELVE_DIGITS = /^((?:18|19|20)\d{6}) ?-? ?(\d{4})$/;

/**
 * Checks date and check digit (R7.4); null for a number that is none. Twelve digits are asked for, so that
 * the century is never guessed. What was pasted with it (invisible characters, quotes, other dashes and
 * digits) is no part of it.
 */
export function parseIdentity(input: string): Identity | null {
  const text = pastedNumber(input).toUpperCase();
  const reserve = joined(RESERVE_NUMBER.exec(text));
  if (reserve !== null)
    return dayExists(birthDay(reserve).day) ? { kind: 'reserve-number', number: reserve } : null;
  const number = joined(TWELVE_DIGITS.exec(text));
  if (number === null || !hasCheckDigit(number)) return null;
  if (Number(number.slice(6, 8)) < 60)
    return dayExists(birthDay(number).day) ? { kind: 'personal-number', number } : null;
  const identity: Identity = { kind: 'co-ordination-number', number };
  return possibleDays(identity).length > 0 ? identity : null;
}

/**
 * Whether the number tells only a part of the birth date: co-ordination numbers can have 00 for a month or a
 * day that nobody knows.
 */
export function hasPartOfBirthDate({ kind, number }: Identity): boolean {
  const { month, dayOfMonth } = birthDay(number, kind);
  return month === 0 || dayOfMonth === 0;
}

/** The birth date (`YYYY-MM-DD`) that the number tells; null where it tells only a part of it. */
export const birthDateOf = (identity: Identity): string | null =>
  hasPartOfBirthDate(identity) ? null : birthDay(identity.number, identity.kind).day;

/** Whether a birth date is one that the number can be of: each part that the number tells is the same. */
export function fitsBirthDate({ kind, number }: Identity, birthDate: string): boolean {
  const told = birthDay(number, kind).day.split('-');
  return birthDate.split('-').every((part, index) => told[index] === '00' || told[index] === part);
}

/** First and last day (`YYYY-MM-DD`) on which one with this number can be born. */
export function birthDatesOf(identity: Identity): { first: string; last: string } {
  const possible = possibleDays(identity);
  return { first: possible[0]!, last: possible.at(-1)! };
}

/**
 * Whether a text reads as a personal, co-ordination or reserve number, or has one in it, with or without its
 * century, however it is divided (R8.3). A text that only looks like one counts as one, since this guards
 * places where no such number may be.
 */
export function holdsIdentity(text: string): boolean {
  // The digits of a UUID are there by chance.
  const line = pastedNumber(text.replace(UUID, ' ')).toUpperCase();
  const texts = [
    ...windows(line, /(?=((?:18|19|20)\d{6}[KMX]\d{3}))/g),
    ...windows(line, LONG),
    ...windows(line, SHORT),
  ];
  return texts.some((each) => {
    const number = each.replace(/[^0-9KMX]/g, '');
    // Without its century it is one of either: the date and the check digit are the same.
    return number.length === 12 ? parseIdentity(number) !== null : isOfSomeCentury(number);
  });
}

const UUID = /(?<![0-9a-f])[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}(?![0-9a-f])/gi;
const DIVIDER = '[-+ ._:/]{0,3}';
/** Twelve digits, also in the middle of more. */
const LONG = new RegExp(`(?=((?:18|19|20)\\d\\d${DIVIDER}\\d\\d${DIVIDER}\\d\\d${DIVIDER}\\d{4}))`, 'g');
/** Ten digits by themselves; in the middle of more, every long number would hold one. */
const SHORT = new RegExp(`(?<!\\d)(?=(\\d\\d${DIVIDER}\\d\\d${DIVIDER}\\d\\d${DIVIDER}\\d{4})(?!\\d))`, 'g');

const windows = (text: string, pattern: RegExp): string[] =>
  [...text.matchAll(pattern)].map(([, window = '']) => window);

const isOfSomeCentury = (number: string): boolean =>
  ['19', '20'].some((century) => parseIdentity(`${century}${number}`) !== null);

const ALL_MONTHS = Array.from({ length: 12 }, (_, index) => index + 1);
const ALL_DAYS = Array.from({ length: 31 }, (_, index) => index + 1);

const joined = (match: RegExpExecArray | null): string | null =>
  match === null ? null : `${match[1] ?? ''}${match[2] ?? ''}`;

const dated = (year: number, month: number, day: number): string =>
  `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;

/** What stands in the number's date; a co-ordination number has 60 added to its day. */
function birthDay(
  number: string,
  kind?: IdentityKind,
): { year: number; month: number; dayOfMonth: number; day: string } {
  const [year, month, written] = [number.slice(0, 4), number.slice(4, 6), number.slice(6, 8)].map(Number) as [
    number,
    number,
    number,
  ];
  const dayOfMonth = written - (kind === 'co-ordination-number' ? 60 : 0);
  return { year, month, dayOfMonth, day: dated(year, month, dayOfMonth) };
}

/**
 * The days that exist and that the number can mean, in their order; none where month or day are out of all
 * bounds.
 */
function possibleDays({ kind, number }: Identity): string[] {
  const { year, month, dayOfMonth } = birthDay(number, kind);
  const months = month === 0 ? ALL_MONTHS : [month];
  const days = dayOfMonth === 0 ? ALL_DAYS : [dayOfMonth];
  return months.flatMap((each) => days.map((day) => dated(year, each, day))).filter(dayExists);
}

/** The last digit is Luhn's over the nine before it, the century left out. */
function hasCheckDigit(number: string): boolean {
  const sum = Array.from(number.slice(2), Number)
    .map((digit, place) => (place % 2 === 0 ? digit * 2 : digit))
    .reduce((total, product) => total + Math.floor(product / 10) + (product % 10), 0);
  return sum % 10 === 0;
}

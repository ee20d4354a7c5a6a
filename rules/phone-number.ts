import parsePhoneNumber from 'libphonenumber-js/max';
import { pastedNumber } from './typed';

/**
 * A mobile number as E.164 (`+46701740605`), or null if it cannot take an SMS.
 *
 * Without a country code it is Swedish. Some countries' numbers do not tell mobile from fixed (Denmark, the
 * USA). There any number that may be mobile is taken. Numbers of no country (satellites) and numbers that
 * cost extra are not taken.
 *
 * Pasted extras (invisible characters, quotes, `tel:`) are dropped. A word is never read as a number.
 */
export function mobileNumber(input: string): string | null {
  const text = pastedNumber(input).replace(/^tel: ?/i, '');
  if (!/^[+(]{0,2}\d[\d ()./-]*$/.test(text)) return null;
  const number = parsePhoneNumber(text, { defaultCountry: 'SE', extract: false });
  if (!number?.isValid() || number.ext || number.country === undefined) return null;
  const type = number.getType();
  return type === 'MOBILE' || type === 'FIXED_LINE_OR_MOBILE' ? number.number : null;
}

/**
 * A number as one writes it at home, `070-174 06 05`, or with its country code where it is of another
 * country. `number` is E.164.
 */
export function asWritten(number: string): string {
  const parsed = parsePhoneNumber(number);
  if (!parsed) return number;
  return parsed.country === 'SE' ? parsed.formatNational() : parsed.formatInternational();
}

/** Of another country than Sweden; `number` is E.164. */
export const isForeign = (number: string): boolean => !number.startsWith('+46');

import parsePhoneNumber from 'libphonenumber-js/max';
import { pastedNumber } from './typed';

/**
 * A mobile number as E.164 (`+46701740605`), or null for what cannot take an SMS. Without a country code it
 * is Swedish. Where a country's numbers do not tell mobile from fixed (Denmark, the USA), what may be mobile
 * is taken; numbers of no country (satellites) are not, nor any that cost extra. What was pasted with it
 * (invisible characters, quotes, `tel:`) is no part of it; a word is never read as a number.
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

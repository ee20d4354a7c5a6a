import { inStockholm } from '../../rules/calendar/stockholm';
import type { Instant } from '../../rules/instant';
import type { Language } from '../../rules/notices';

/** A day and a clock time as one reads them: `måndag 23 november kl. 10.00`. */
export function dayAndTime(at: Instant, language: Language): string {
  const local = inStockholm(new Date(at));
  return language === 'sv'
    ? local.setLocale('sv').toFormat("cccc d LLLL 'kl.' HH.mm")
    : local.setLocale('en-GB').toFormat("cccc d LLLL 'at' HH:mm");
}

/** Where it begins a line or a heading: `Måndag 23 november`. */
export const capital = (text: string): string => text.charAt(0).toLocaleUpperCase('sv') + text.slice(1);

/** A clock time: `10.00`. */
export const clockTime = (at: Instant, language: Language): string =>
  inStockholm(new Date(at)).toFormat(language === 'sv' ? 'HH.mm' : 'HH:mm');

/** A day: `måndag 23 november`. */
export const dayOf = (at: Instant, language: Language): string =>
  inStockholm(new Date(at))
    .setLocale(language === 'sv' ? 'sv' : 'en-GB')
    .toFormat('cccc d LLLL');

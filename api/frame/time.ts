import { inStockholm, repeatedHour } from '../../rules/calendar/stockholm';
import type { Instant } from '../../rules/instant';
import type { Language } from '../../rules/notices';

/** A day and a clock time as one reads them: `måndag 23 november kl. 10.00`. */
export function dayAndTime(at: Instant, language: Language): string {
  const before = language === 'sv' ? 'kl.' : 'at';
  return `${dayOf(at, language)} ${before} ${clockTime(at, language)}`;
}

/** Where it begins a line or a heading: `Måndag 23 november`. */
export const capital = (text: string): string => text.charAt(0).toLocaleUpperCase('sv') + text.slice(1);

/** A clock time: `10.00`, in the hour that the clock shows twice `02.30 sommartid`. */
export function clockTime(at: Instant, language: Language): string {
  const shown = inStockholm(new Date(at)).toFormat(language === 'sv' ? 'HH.mm' : 'HH:mm');
  const repeated = repeatedHour(new Date(at));
  return repeated === null ? shown : `${shown} ${seasons[language][repeated]}`;
}
const seasons = {
  sv: { summer: 'sommartid', winter: 'vintertid' },
  en: { summer: 'summer time', winter: 'winter time' },
};

/** A day: `måndag 23 november`. */
export const dayOf = (at: Instant, language: Language): string =>
  inStockholm(new Date(at))
    .setLocale(language === 'sv' ? 'sv' : 'en-GB')
    .toFormat('cccc d LLLL');

import type { Language } from '../../../rules/notices';

/** An amount as one reads it: `400 kr`, `12,50 kr`. */
export function amount(ore: number, language: Language): string {
  const whole = ore % 100 === 0;
  const number = (ore / 100).toLocaleString(language === 'sv' ? 'sv-SE' : 'en-GB', {
    minimumFractionDigits: whole ? 0 : 2,
    maximumFractionDigits: 2,
  });
  return language === 'sv' ? `${number} kr` : `SEK ${number}`;
}

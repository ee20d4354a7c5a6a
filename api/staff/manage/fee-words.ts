import { feeColumns } from '../../../integrations/pas/fee-csv';
import type { Language } from '../../../rules/notices';
import type { WrongFee } from '../../../use-cases/invoice/import-fees';
import { wording } from '../../frame/wording';

/** What is wrong at a place of a fee table, for the person who mends the file. */
export function wrongFeeWords({ reason, column, about }: WrongFee, language: Language): string {
  const words = texts[language];
  const { feeCode = '', day = '' } = about ?? {};
  switch (reason) {
    case 'wrong-value':
      return column === null ? words.unreadable : words.values[column];
    case 'unreadable':
    case 'wrong-header':
    case 'no-rows':
    case 'too-many-rows':
    case 'wrong-column-count':
      return words[reason];
    case 'overlap':
    case 'gap':
    case 'past-amount-changed':
    case 'past-amount-removed':
    case 'booked-code-missing':
    case 'booked-day-not-covered':
      return words[reason](feeCode, day);
  }
}

const header = feeColumns.join(';');

const texts = wording({
  sv: {
    unreadable: 'Raden kan inte läsas som CSV.',
    'wrong-header': `Första raden ska vara ${header}`,
    'no-rows': 'Tabellen har inga rader.',
    'too-many-rows': 'Tabellen har för många rader, högst 500.',
    'wrong-column-count': `Raden ska ha ${feeColumns.length} värden.`,
    values: {
      feeCode: 'Koden ska ha 1–40 tecken, a–z, 0–9 och -, och får inte vara ett personnummer.',
      validFrom: 'Ska vara en dag, som 2027-01-01.',
      validUntil: 'Ska vara en dag, som 2027-12-31, inte före den första dagen, eller tomt.',
      visitFeeOre: 'Ska vara hela öre, högst 1000000 och utan decimaler: 300 kr är 30000.',
      missedVisitFeeOre: 'Ska vara hela öre, högst 1000000 och utan decimaler: 300 kr är 30000.',
    },
    overlap: (code: string, day: string) => `${code} har redan ett annat belopp ${day}.`,
    gap: (code: string, day: string) => `${code} har inget belopp ${day}.`,
    'past-amount-changed': (code: string, day: string) =>
      `${code} hade ett annat belopp ${day}. Det som har varit kan inte ändras.`,
    'past-amount-removed': (code: string, day: string) =>
      `${code} hade ett belopp ${day}. Det som har varit måste stå kvar.`,
    'booked-code-missing': (code: string, day: string) =>
      `${code} måste stå kvar: möten är bokade med den, det första ${day}.`,
    'booked-day-not-covered': (code: string, day: string) =>
      `${code} måste ha ett belopp ${day}: ett möte är bokat med den.`,
  },
  en: {
    unreadable: 'The line cannot be read as CSV.',
    'wrong-header': `The first line must be ${header}`,
    'no-rows': 'The table has no rows.',
    'too-many-rows': 'The table has too many rows, at most 500.',
    'wrong-column-count': `The line must have ${feeColumns.length} values.`,
    values: {
      feeCode: 'The code must have 1–40 characters, a–z, 0–9 and -, and must be no personal number.',
      validFrom: 'Must be a day, as 2027-01-01.',
      validUntil: 'Must be a day, as 2027-12-31, not before the first day, or empty.',
      visitFeeOre: 'Must be whole öre, at most 1000000, without decimals: SEK 300 is 30000.',
      missedVisitFeeOre: 'Must be whole öre, at most 1000000, without decimals: SEK 300 is 30000.',
    },
    overlap: (code, day) => `${code} has another amount on ${day} already.`,
    gap: (code, day) => `${code} has no amount on ${day}.`,
    'past-amount-changed': (code, day) =>
      `${code} had another amount on ${day}. What has been cannot be changed.`,
    'past-amount-removed': (code, day) => `${code} had an amount on ${day}. What has been must stay.`,
    'booked-code-missing': (code, day) =>
      `${code} must stay: meetings are booked with it, the first on ${day}.`,
    'booked-day-not-covered': (code, day) =>
      `${code} must have an amount on ${day}: a meeting is booked with it.`,
  },
});

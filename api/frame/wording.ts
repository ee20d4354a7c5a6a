import type { Language } from '../../rules/notices';

/** Texts of a page, the same ones in each language. */
export type Wording<T> = Record<Language, T>;

/** Takes texts as they are written, and holds the second language to the shape of the first. */
export const wording = <T>(texts: { sv: T; en: NoInfer<T> }): Wording<T> => texts;

/** Words by keys that only the time tells, such as what a command answered. */
export const byKey = (words: Record<string, string>): Record<string, string> => words;

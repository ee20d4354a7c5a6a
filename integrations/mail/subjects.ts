import type { Language } from '../../rules/notices';

const subjects: Record<Language, string> = { sv: 'Digitalt möte', en: 'Digital meeting' };

/**
 * The subject of every notice by e-mail: it shows on locked screens and in lists, so it tells as little as
 * the text (R2.3).
 */
export const mailSubject = (language: Language): string => subjects[language];

const ofMessage: Record<Language, string> = { sv: 'Nytt meddelande', en: 'New message' };

const ofCode: Record<Language, string> = { sv: 'Din kod', en: 'Your code' };

/** Of the e-mail with a code (R2.13). */
export const mailSubjectOfCode = (language: Language): string => ofCode[language];

/** Of the e-mail that there is a new message (R6.8). */
export const mailSubjectOfMessage = (language: Language): string => ofMessage[language];

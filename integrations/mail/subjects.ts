import type { Language } from '../../rules/notices';

const subjects: Record<Language, string> = { sv: 'Digitalt möte', en: 'Digital meeting' };

/** The subject of every notice by e-mail: it shows on locked screens and in lists, so it tells as little as the text (R2.3). */
export const mailSubject = (language: Language): string => subjects[language];

const ofMessage: Record<Language, string> = { sv: 'Nytt meddelande', en: 'New message' };

/** Of the e-mail that there is a new message (R6.8). */
export const mailSubjectOfMessage = (language: Language): string => ofMessage[language];

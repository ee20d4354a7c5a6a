import { inStockholm, repeatedHour } from '../../rules/calendar/stockholm';
import type { Language, NoticeKind } from '../../rules/notices';
import { WAY_CODE_MINUTES } from '../../rules/way-codes';
import { isOneGsm7Part, smsParts } from './gsm7';

/**
 * The longest link that a notice holds, in GSM-7 units (of plain URL characters only `~` counts two): what
 * remains of the 160 of one part in the longest text, the English reminder of a meeting in the autumn's
 * repeated hour.
 */
export const MAX_LINK_LENGTH = 69;

/** What a text says of the time: the day and the hour, already in its language. */
interface When {
  /** "måndag 23 november kl. 10.00" */
  dayAndTime: string;
  /**
   * "måndag kl. 10.00": for what is sent shortly before, and still true if a clinic sends it the day before.
   */
  weekdayAndTime: string;
  /** "kl. 10.00" */
  time: string;
}

const texts: Record<Language, Record<NoticeKind, (when: When) => string>> = {
  sv: {
    booking: ({ dayAndTime }) => `Hej! Du har ett digitalt möte ${dayAndTime}.`,
    change: ({ dayAndTime }) => `Ny tid för ditt digitala möte: ${dayAndTime}.`,
    cancellation: ({ dayAndTime }) => `Ditt digitala möte ${dayAndTime} är avbokat.`,
    morning: ({ dayAndTime }) => `Påminnelse: du har ett digitalt möte ${dayAndTime}.`,
    soon: ({ weekdayAndTime }) => `Ditt digitala möte börjar snart, ${weekdayAndTime}.`,
    start: ({ time }) => `Ditt digitala möte ${time} börjar nu.`,
  },
  en: {
    booking: ({ dayAndTime }) => `Hello! You have a digital meeting on ${dayAndTime}.`,
    change: ({ dayAndTime }) => `New time for your digital meeting: ${dayAndTime}.`,
    cancellation: ({ dayAndTime }) => `Your digital meeting on ${dayAndTime} has been cancelled.`,
    morning: ({ dayAndTime }) => `Reminder: you have a digital meeting on ${dayAndTime}.`,
    soon: ({ weekdayAndTime }) => `Your digital meeting starts soon, on ${weekdayAndTime}.`,
    start: ({ time }) => `Your digital meeting ${time} starts now.`,
  },
};

/** What stands before the link: days ahead it leads to information, close to the start to the meeting. */
const linkWords = {
  sv: { ahead: 'Läs mer:', now: 'Till mötet:' },
  en: { ahead: 'Read more:', now: 'To the meeting:' },
} as const;

const words = {
  sv: {
    locale: 'sv-SE',
    at: 'kl.',
    clock: 'HH.mm',
    zone: 'svensk',
    time: 'tid',
    summer: 'sommartid',
    winter: 'vintertid',
  },
  en: {
    locale: 'en-GB',
    at: 'at',
    clock: 'HH:mm',
    zone: 'Swedish',
    time: 'time',
    summer: 'summer time',
    winter: 'winter time',
  },
} as const;

/**
 * The text of a notice as SMS or neutral e-mail (R2.1, R2.8), made at send time from the meeting as it is
 * then (R2.4). It tells only that there is a digital meeting, when (Stockholm's wall clock) and the link
 * (R2.3), and is always one GSM-7 part.
 *
 * @param notice.startAt - the meeting's start; for a change the new one, for a cancellation that of the
 * cancelled meeting
 * @param notice.abroad - it goes to a number of another country, where the clock may show another time: the
 * zone is named
 * @param notice.link - the service's own link, or null where the clinic leaves it out; a cancellation never
 * has one
 * @throws RangeError if the link is longer than {@link MAX_LINK_LENGTH} or not written in GSM-7, or `startAt`
 * no instant
 */
export function noticeText(notice: {
  kind: NoticeKind;
  language: Language;
  startAt: Date;
  link: string | null;
  abroad?: boolean;
}): string {
  const { kind, language, startAt, link, abroad = false } = notice;
  const text = texts[language][kind](whenOf(startAt, language, abroad));
  if (link === null || kind === 'cancellation') return text;
  assertFits(link);
  const lead = linkWords[language][kind === 'soon' || kind === 'start' ? 'now' : 'ahead'];
  // Nothing follows the link: phones would take a full stop as part of it.
  const whole = `${text} ${lead} ${link}`;
  // With the zone and a long link there is no room for the words before it.
  return isOneGsm7Part(whole) ? whole : `${text} ${link}`;
}

const newMessageTexts: Record<Language, string> = {
  sv: 'Hej! Du har ett nytt meddelande.',
  en: 'Hello! You have a new message.',
};

/**
 * The text of the notice that there is a new message (R6.8): neutral as the others (R2.3), and not even of
 * when or from whom.
 *
 * @throws RangeError if the link is longer than {@link MAX_LINK_LENGTH} or not written in GSM-7
 */
export function newMessageText(language: Language, link: string | null): string {
  if (link === null) return newMessageTexts[language];
  assertFits(link);
  return `${newMessageTexts[language]} ${linkWords[language].ahead} ${link}`;
}

const codeTexts: Record<Language, (code: string) => string> = {
  sv: (code) =>
    `Din kod är ${code}. Skriv den på sidan Mina aviseringar inom ${WAY_CODE_MINUTES} minuter. Har du inte bett om den behöver du inte göra något.`,
  en: (code) =>
    `Your code is ${code}. Enter it on the page My notices within ${WAY_CODE_MINUTES} minutes. If you did not ask for it, you do not need to do anything.`,
};

/**
 * The text with a code for a number or an address that somebody typed for themselves (R2.13): it has no link,
 * and tells of no meeting.
 */
export const codeText = (language: Language, code: string): string => codeTexts[language](code);

function whenOf(startAt: Date, language: Language, abroad: boolean): When {
  const { locale, at, clock, zone, time: plain } = words[language];
  const local = inStockholm(startAt).setLocale(locale);
  const repeated = repeatedHour(startAt);
  const season = repeated ? [words[language][repeated]] : abroad ? [plain] : [];
  const time = [at, local.toFormat(clock), ...(abroad ? [zone] : []), ...season].join(' ');
  return {
    dayAndTime: `${local.toFormat('cccc d LLLL')} ${time}`,
    weekdayAndTime: `${local.toFormat('cccc')} ${time}`,
    time,
  };
}

function assertFits(link: string): void {
  const { encoding, units } = smsParts(link);
  if (encoding !== 'gsm-7' || units > MAX_LINK_LENGTH) {
    // The link itself stays out of the message: errors are logged.
    throw new RangeError(
      `a notice's link is at most ${MAX_LINK_LENGTH} GSM-7 units, this is ${units} of ${encoding}`,
    );
  }
}

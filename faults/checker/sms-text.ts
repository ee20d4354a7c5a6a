import type { Kind, Language } from './evidence';

/** How each notice is known by a reader who has not seen the code that writes it. */
const patterns: Record<Language, Record<Kind, RegExp>> = {
  sv: {
    booking: /^Hej! Du har ett digitalt möte /,
    change: /^Ny tid för ditt digitala möte: /,
    cancellation: /^Ditt digitala möte .* är avbokat\.$/,
    morning: /^Påminnelse: du har ett digitalt möte /,
    soon: /^Ditt digitala möte börjar snart, /,
    start: /^Ditt digitala möte kl\. \d\d\.\d\d börjar nu\./,
  },
  en: {
    booking: /^Hello! You have a digital meeting on /,
    change: /^New time for your digital meeting: /,
    cancellation: /^Your digital meeting on .* has been cancelled\.$/,
    morning: /^Reminder: you have a digital meeting on /,
    soon: /^Your digital meeting starts soon, on /,
    start: /^Your digital meeting at \d\d:\d\d starts now\./,
  },
};

/** What an SMS says: in which language, of which kind it is, and the clock time that it names (`HH:mm`). */
export interface SmsSaid {
  language: Language;
  kind: Kind;
  clock: string;
}

/** @returns null for what nobody could make sense of */
export function readSms(text: string): SmsSaid | null {
  const found = (['sv', 'en'] as const).flatMap((language) =>
    (Object.keys(patterns[language]) as Kind[])
      .filter((kind) => patterns[language][kind].test(text))
      .map((kind) => ({ language, kind })),
  );
  const clocks = [...text.matchAll(/\b(?:kl\. (\d\d)\.(\d\d)|at (\d\d):(\d\d))\b/g)].map((found) =>
    found.slice(1).filter(Boolean).join(':'),
  );
  const [said] = found;
  const [clock] = clocks;
  return said && clock && found.length === 1 && clocks.length === 1 ? { ...said, clock } : null;
}

const stockholm = new Intl.DateTimeFormat('sv-SE', {
  timeZone: 'Europe/Stockholm',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
});

/** The clock time in Stockholm of an instant, `HH:mm`. */
export const clockOf = (instant: string): string => stockholm.format(new Date(instant));

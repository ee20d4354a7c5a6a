import type { Kind } from './evidence';

/** How each notice is known by a reader who has not seen the code that writes it (Swedish). */
const patterns: Record<Kind, RegExp> = {
  booking: /^Hej! Du har ett digitalt möte /,
  change: /^Ny tid för ditt digitala möte: /,
  cancellation: /^Ditt digitala möte .* är avbokat\.$/,
  morning: /^Påminnelse: du har ett digitalt möte /,
  soon: /^Ditt digitala möte börjar snart, /,
  start: /^Ditt digitala möte kl \d\d:\d\d börjar nu\./,
};

/**
 * What an SMS says: of which kind it is, and the clock time that it names (`HH:mm`).
 *
 * @returns null for what nobody could make sense of
 */
export function readSms(text: string): { kind: Kind; clock: string } | null {
  const kinds = (Object.keys(patterns) as Kind[]).filter((kind) => patterns[kind].test(text));
  const clocks = [...text.matchAll(/\bkl (\d\d:\d\d)\b/g)].map(([, clock]) => clock);
  const [kind] = kinds;
  const [clock] = clocks;
  return kind && clock && kinds.length === 1 && clocks.length === 1 ? { kind, clock } : null;
}

const stockholm = new Intl.DateTimeFormat('sv-SE', {
  timeZone: 'Europe/Stockholm',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
});

/** The clock time in Stockholm of an instant, `HH:mm`. */
export const clockOf = (instant: string): string => stockholm.format(new Date(instant));

import { z } from 'zod';
import { instantsAt, repeatedHour } from '../../../rules/calendar/stockholm';
import { isCalendarDate } from '../../../rules/calendar-date';
import { toInstant, type Instant } from '../../../rules/instant';
import { isBlank, pasted, pastedNumber } from '../../../rules/typed';
import type { TypedDate } from '../../frame/fields';

/** What people type on the desk, as the commands want it. What cannot be read is left to be refused. */

/** As it was typed. No length is judged here, but by those who can tell of it at its field. */
export const typedText = z.string().default('');

/** On one line, without the tabs and line ends that come along from elsewhere. */
export const lineOf = (text: string): string => text.replaceAll(/[\s\p{Cc}]+/gu, ' ').trim();

/** More than any list of ours may have: whoever counts refuses it, and nobody judges a million. */
const MOST_OF_LIST = 100;

/** A list as it is typed, one a line or with commas between. */
export const listIn = (text: string): string[] =>
  text
    .trim()
    .split(/[\s,;]+/, MOST_OF_LIST)
    .filter((each) => each !== '');

/** A checkbox. */
export const ticked = z
  .literal('yes')
  .optional()
  .transform((value) => value !== undefined);

/** Fields of the same name: none, one or several. */
export const severalOf = (each: z.ZodType<string, string>, most: number) =>
  z
    .union([z.string(), z.array(z.string())])
    .transform((values) => [values].flat())
    .pipe(z.array(each).max(most))
    .default([]);

/** A date in three fields as `YYYY-MM-DD`; null where all are empty. What is no date stays, to be refused. */
export function typedDay({ year, month, day }: TypedDate): string | null {
  if ([year, month, day].every(isBlank)) return null;
  const [years = '', months = '', days = ''] = [year, month, day].map(pastedNumber);
  return [years, months.padStart(2, '0'), days.padStart(2, '0')].join('-');
}

/** A whole number; what is none stays as it was typed, to be refused. */
export function typedNumber(text: string): number | string {
  const written = pastedNumber(text);
  return /^\d{1,6}$/.test(written) ? Number(written) : text;
}

/** A clock time as it is written in Sweden (`10`, `9.30`, `09:30`, `kl. 0930`), as `HH:mm`; null for none. */
export function typedClock(text: string): string | null {
  const written = pasted(text).replace(/^kl[. ]*/i, '');
  const [, hours, minutes] =
    /^(\d{1,2})(?:[.:](\d{2}))?$/.exec(written) ?? /^(\d{2})(\d{2})$/.exec(written) ?? [];
  if (hours === undefined) return null;
  const clock = `${hours.padStart(2, '0')}:${minutes ?? '00'}`;
  return /^([01]\d|2[0-3]):[0-5]\d$/.test(clock) ? clock : null;
}

/** Of two times at which the clock shows the same. */
export const whiches = ['first', 'second'] as const;

/** A day and a clock time as they were typed, and which of two it is where the clock shows it twice. */
export interface TypedTime {
  date: TypedDate;
  clock: string;
  which: '' | (typeof whiches)[number];
}

/** Why a typed time is none: `skipped` in spring, `twice` in autumn, when the clocks change. */
export type TimeProblem = 'no-date' | 'no-clock' | 'skipped' | 'twice';

/** The one that it is, of two at which the clock shows the same; none else. */
export function whichOf(at: Instant): TypedTime['which'] {
  const repeated = repeatedHour(new Date(at));
  return repeated === null ? '' : repeated === 'summer' ? 'first' : 'second';
}

/** The instant of what was typed, on Stockholm's clock. */
export function typedInstant({ date, clock, which }: TypedTime): { at: Instant } | { problem: TimeProblem } {
  const day = typedDay(date);
  if (day === null || !isCalendarDate(day)) return { problem: 'no-date' };
  const time = typedClock(clock);
  if (time === null) return { problem: 'no-clock' };
  const [first, second] = instantsAt(day, time);
  if (first === undefined) return { problem: 'skipped' };
  if (second === undefined) return { at: toInstant(first) };
  if (which === '') return { problem: 'twice' };
  return { at: toInstant(which === 'first' ? first : second) };
}

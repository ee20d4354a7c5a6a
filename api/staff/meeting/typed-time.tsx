import { inStockholm } from '../../../rules/calendar/stockholm';
import type { Instant } from '../../../rules/instant';
import type { Language } from '../../../rules/notices';
import { DateField, TextField } from '../../frame/fields';
import { wording } from '../../frame/wording';
import { typedInstant, whiches, whichOf, type TimeProblem, type TypedTime as Typed } from '../frame/typed';
import { timeProblemWords, WhichTime } from '../frame/which-time';

/** A day and a clock time as staff typed them, by the wall clock of Stockholm. */
export interface TypedTime extends Typed {
  /** Null where it is no time. */
  at: Instant | null;
  /** Why it is none. */
  problem: TimeProblem | null;
}

/** The fields that {@link TimeFields} of that name post. */
export const timeFieldNames = <Name extends string>(name: Name) =>
  [`${name}.year`, `${name}.month`, `${name}.day`, `${name}.clock`, `${name}.which`] as const;

/** Fields of a form, or of an address. */
export type Fields = Record<string, string | undefined>;

/** What was typed in {@link TimeFields} of that name. */
export function typedTime(fields: Fields, name: string): TypedTime {
  const part = (which: string): string => (fields[`${name}.${which}`] ?? '').trim();
  const typed: Typed = {
    date: { year: part('year'), month: part('month'), day: part('day') },
    clock: part('clock'),
    which: whiches.find((each) => each === part('which')) ?? '',
  };
  const time = typedInstant(typed);
  return 'at' in time
    ? { ...typed, at: time.at, problem: null }
    : { ...typed, at: null, problem: time.problem };
}

/** Which field is wrong, and how. */
export const timeProblemAt = (
  name: string,
  problem: TimeProblem,
  language: Language,
): { field: string; text: string } => ({
  field: problem === 'no-date' ? name : `${name}-${problem === 'twice' ? 'which' : 'clock'}`,
  text: timeProblemWords[language][problem],
});

/** An instant as it is typed. */
export function timeTyped(at: Instant): TypedTime {
  const local = inStockholm(new Date(at));
  return {
    date: { year: local.toFormat('yyyy'), month: local.toFormat('MM'), day: local.toFormat('dd') },
    clock: local.toFormat('HH.mm'),
    which: whichOf(at),
    at,
    problem: null,
  };
}

/** The same as parts of an address. */
export const timeInAddress = (
  name: string,
  { date, clock: typed, which }: TypedTime,
): Record<string, string> => ({
  [`${name}.year`]: date.year,
  [`${name}.month`]: date.month,
  [`${name}.day`]: date.day,
  [`${name}.clock`]: typed,
  [`${name}.which`]: which,
});

/** A day and a clock time to fill in. */
export function TimeFields({
  id,
  name,
  label,
  typed,
  problemOf,
  language,
}: {
  id: string;
  name: string;
  label: string;
  typed: TypedTime | null;
  /** What is wrong at the field of that id. */
  problemOf: (field: string) => string | null;
  language: Language;
}) {
  const words = texts[language];
  return (
    <>
      <DateField
        id={id}
        name={name}
        label={label}
        language={language}
        problem={problemOf(id)}
        {...(typed ? { value: typed.date } : {})}
      />
      <TextField
        id={`${id}-clock`}
        name={`${name}.clock`}
        label={words.clock}
        hint={words.clockHint}
        language={language}
        inputMode="decimal"
        isShort
        value={typed?.clock ?? ''}
        problem={problemOf(`${id}-clock`)}
      />
      {typed && (
        <WhichTime
          id={`${id}-which`}
          name={`${name}.which`}
          typed={typed}
          problem={problemOf(`${id}-which`)}
          language={language}
        />
      )}
    </>
  );
}

const texts = wording({
  sv: { clock: 'Klockslag', clockHint: 'Till exempel 9.30' },
  en: { clock: 'Time', clockHint: 'For example 9.30' },
});

import { inStockholm } from '../../../rules/calendar/stockholm';
import type { Instant } from '../../../rules/instant';
import type { Language } from '../../../rules/notices';
import { DateField, TextField, type TypedDate } from '../../frame/fields';
import { wording } from '../../frame/wording';
import { typedInstant } from '../frame/typed';

/** A day and a clock time as staff typed them, by the wall clock of Stockholm. */
export interface TypedTime {
  date: TypedDate;
  clock: string;
  /** Null where it is no time, or one that the clock has twice. */
  at: Instant | null;
}

/** Fields of a form, or of an address. */
export type Fields = Record<string, string | undefined>;

/** What was typed in {@link TimeFields} of that name. */
export function typedTime(fields: Fields, name: string): TypedTime {
  const part = (which: string): string => (fields[`${name}.${which}`] ?? '').trim();
  const date = { year: part('year'), month: part('month'), day: part('day') };
  const typed = typedInstant({ date, clock: part('clock'), which: '' });
  return { date, clock: part('clock'), at: 'at' in typed ? typed.at : null };
}

/** An instant as it is typed. */
export function timeTyped(at: Instant): TypedTime {
  const local = inStockholm(new Date(at));
  return {
    date: { year: local.toFormat('yyyy'), month: local.toFormat('MM'), day: local.toFormat('dd') },
    clock: local.toFormat('HH.mm'),
    at,
  };
}

/** The same as parts of an address. */
export const timeInAddress = (name: string, { date, clock: typed }: TypedTime): Record<string, string> => ({
  [`${name}.year`]: date.year,
  [`${name}.month`]: date.month,
  [`${name}.day`]: date.day,
  [`${name}.clock`]: typed,
});

/** A day and a clock time to fill in. */
export function TimeFields({
  id,
  name,
  label,
  typed,
  problem = null,
  language,
}: {
  id: string;
  name: string;
  label: string;
  typed: TypedTime | null;
  problem?: string | null;
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
        problem={problem}
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
      />
    </>
  );
}

const texts = wording({
  sv: { clock: 'Klockslag', clockHint: 'Till exempel 9.30' },
  en: { clock: 'Time', clockHint: 'For example 9.30' },
});

import type { Language } from '../../../rules/notices';
import { Choices } from '../../frame/fields';
import { wording } from '../../frame/wording';
import { typedInstant, whiches, type TimeProblem, type TypedTime } from './typed';

/** Asks which time it is, where the clock shows what was typed twice that night; else it asks nothing. */
export function WhichTime({
  id,
  name,
  typed,
  problem,
  language,
}: {
  id: string;
  name: string;
  typed: TypedTime;
  problem?: string | null;
  language: Language;
}) {
  const time = typedInstant({ ...typed, which: '' });
  if (!('problem' in time) || time.problem !== 'twice') return null;
  const words = texts[language];
  return (
    <Choices
      id={id}
      name={name}
      label={words.which}
      problem={problem ?? null}
      language={language}
      chosen={[typed.which]}
      choices={whiches.map((value) => ({ value, text: words.whiches[value] }))}
    />
  );
}

/** Why what was typed is no time. */
export const timeProblemWords = wording<Record<TimeProblem, string>>({
  sv: {
    'no-date': 'Skriv en dag som finns, till exempel år 2027, månad 5, dag 17.',
    'no-clock': 'Skriv ett klockslag, till exempel 10.00.',
    skipped:
      'Det klockslaget finns inte den dagen: klockan ställs fram från 02.00 till 03.00. Välj ett annat.',
    twice: 'Det klockslaget kommer två gånger den dagen: klockan ställs tillbaka. Välj vilken gång.',
  },
  en: {
    'no-date': 'Write a day that exists, such as year 2027, month 5, day 17.',
    'no-clock': 'Write a clock time, such as 10:00.',
    skipped: 'That clock time is not there on that day: clocks go from 02:00 to 03:00. Choose another.',
    twice: 'That clock time comes twice on that day: clocks go back. Choose which time.',
  },
});

const texts = wording({
  sv: {
    which: 'Klockan ställs tillbaka den natten. Vilken gång?',
    whiches: { first: 'Första gången (sommartid)', second: 'Andra gången (vintertid)' },
  },
  en: {
    which: 'Clocks go back that night. Which time?',
    whiches: { first: 'The first time (summer time)', second: 'The second time (winter time)' },
  },
});

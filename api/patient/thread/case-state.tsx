import type { Case } from '../../../records/cases';
import { msOf, toInstant } from '../../../rules/instant';
import type { Language } from '../../../rules/notices';
import { PhoneNumber } from '../../pages/page';
import { wording } from '../frame/wording';
import { dayOf } from '../frame/time';

/** Where a case stands, in a line: by when an answer comes, if one is due (R6.2). */
export function caseStateWords(language: Language, { course }: Case, now: Date): string {
  const words = texts[language];
  if (course.clock) {
    const day = lastDay(course.clock.deadlineAt, language);
    return msOf(course.clock.deadlineAt) > now.getTime()
      ? `${words.answerBy} ${day}.`
      : `${words.late} ${day}.`;
  }
  return words[course.state === 'waiting-for-reply' ? 'answered' : course.state];
}

/** The same with what one can do, for the case's own page. */
export function CaseState({
  language,
  careCase,
  phone,
  now,
}: {
  language: Language;
  careCase: Case;
  phone: string;
  now: Date;
}) {
  const words = texts[language];
  const { clock } = careCase.course;
  const isLate = clock !== null && msOf(clock.deadlineAt) <= now.getTime();
  return (
    <p>
      <strong>{caseStateWords(language, careCase, now)}</strong>
      {isLate && (
        <>
          {' '}
          {words.lateMore} <PhoneNumber number={phone} />
        </>
      )}
    </p>
  );
}

/** The deadline is the midnight that ends the second weekday: what one is told is that day. */
const lastDay = (deadlineAt: string, language: Language): string =>
  dayOf(toInstant(new Date(msOf(deadlineAt) - 1)), language);

const texts = wording({
  sv: {
    answerBy: 'Mottagningen svarar senast',
    late: 'Svaret är försenat. Det skulle ha kommit senast',
    lateMore: 'Mottagningen har fått veta det. Kan du inte vänta? Ring:',
    opened: 'Mottagningen har skrivit till dig.',
    answered: 'Mottagningen har svarat.',
    closed: 'Ärendet är avslutat.',
    documented: 'Ärendet är avslutat.',
    ended: 'Ärendet är avslutat.',
  },
  en: {
    answerBy: 'The clinic answers by',
    late: 'The answer is late. It should have come by',
    lateMore: 'The clinic has been told. Can you not wait? Call:',
    opened: 'The clinic has written to you.',
    answered: 'The clinic has answered.',
    closed: 'The case is closed.',
    documented: 'The case is closed.',
    ended: 'The case is closed.',
  },
});

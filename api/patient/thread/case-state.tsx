import type { Case } from '../../../records/cases';
import { msOf, toInstant } from '../../../rules/instant';
import type { Language } from '../../../rules/notices';
import { Banner, Card, Steps, type Step } from '../../frame/parts';
import { PhoneNumber } from '../../pages/page';
import { dayOf } from '../../frame/time';
import { wording } from '../../frame/wording';

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

/**
 * The same for the case's own page: how far the last message has come, and what one can do where the answer
 * is late. That staff have read something is not known, so no step tells it.
 */
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
  const steps = stepsOf(language, careCase);
  const state = caseStateWords(language, careCase, now);
  const isLate = clock !== null && msOf(clock.deadlineAt) <= now.getTime();
  return (
    <>
      {isLate && (
        <Banner kind="warning" title={state}>
          <p>
            {words.lateMore} <PhoneNumber number={phone} />
          </p>
        </Banner>
      )}
      {(!isLate || steps) && (
        <Card isMain>
          {!isLate && (
            <p class="lead">
              <strong>{state}</strong>
            </p>
          )}
          {steps && <Steps language={language} label={words.steps} steps={steps} />}
        </Card>
      )}
    </>
  );
}

/** *Skickat, hos mottagningen, besvarat*; null where the patient's side has nothing under way. */
function stepsOf(language: Language, { course }: Case): Step[] | null {
  const { sent, withClinic, isAnswered: answered } = texts[language];
  if (course.clock)
    return [
      { label: sent, state: 'done' },
      { label: withClinic, state: 'now' },
      { label: answered, state: 'ahead' },
    ];
  return course.state === 'answered' || course.state === 'waiting-for-reply'
    ? [sent, withClinic, answered].map((label) => ({ label, state: 'done' }))
    : null;
}

/** The deadline is the midnight that ends the second weekday: what one is told is that day. */
export const lastDay = (deadlineAt: string, language: Language): string =>
  dayOf(toInstant(new Date(msOf(deadlineAt) - 1)), language);

const texts = wording({
  sv: {
    answerBy: 'Mottagningen svarar senast',
    late: 'Svaret är försenat. Det skulle ha kommit senast',
    lateMore:
      'Mottagningen får veta det senast när den öppnar. Du behöver inte skriva igen. Kan du inte vänta? Ring',
    steps: 'Ditt senaste meddelande',
    sent: 'Skickat',
    withClinic: 'Hos mottagningen',
    isAnswered: 'Besvarat',
    opened: 'Mottagningen har skrivit till dig.',
    answered: 'Mottagningen har svarat.',
    closed: 'Ärendet är avslutat.',
    documented: 'Ärendet är avslutat.',
    ended: 'Ärendet är avslutat.',
  },
  en: {
    answerBy: 'The clinic answers by',
    late: 'The answer is late. It should have come by',
    lateMore:
      'The clinic is told when it opens at the latest. You do not need to write again. Can you not wait? Call',
    steps: 'Your latest message',
    sent: 'Sent',
    withClinic: 'With the clinic',
    isAnswered: 'Answered',
    opened: 'The clinic has written to you.',
    answered: 'The clinic has answered.',
    closed: 'The case is closed.',
    documented: 'The case is closed.',
    ended: 'The case is closed.',
  },
});

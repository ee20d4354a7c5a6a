import { hasUnread } from '../../../use-cases/thread/read';
import type { Language } from '../../../rules/notices';
import type { OwnCase } from '../frame/route';
import { wording } from '../frame/wording';
import { casePath } from '../frame/paths';
import { caseStateWords } from '../thread/case-state';

/** A case with what it is about, as its list shows it. */
export interface ListedCase {
  own: OwnCase;
  subject: string;
}

/**
 * *My cases*: where each stands, by when an answer comes, and whether something is new; and where else one
 * writes (R6.6).
 */
export function MyCases({
  language,
  cases,
  now,
  mayOpen,
}: {
  language: Language;
  cases: ListedCase[];
  now: Date;
  /** A clinic of theirs lets patients open cases. */
  mayOpen: boolean;
}) {
  const words = texts[language];
  return (
    <section aria-labelledby="cases">
      <h2 id="cases">{words.title}</h2>
      {cases.length > 0 && (
        <ul>
          {cases.map(({ own, subject }) => (
            <li key={own.participant.participantId}>
              {isNew(own) && (
                <>
                  <mark>{words.isNew}</mark>{' '}
                </>
              )}
              <a href={casePath(own.participant.participantId)}>
                {subject}, {own.clinic.settings.name}
              </a>
              {own.participant.role === 'guardian' && <>, {own.patient.personal.name}</>}
              <br />
              {caseStateWords(language, own.careCase, now)}
            </li>
          ))}
        </ul>
      )}
      {mayOpen ? (
        <p>
          <a href="/my/new-case">{words.open}</a>
        </p>
      ) : (
        <p>
          {words.elsewhere} <a href="https://www.1177.se">1177.se</a>.
        </p>
      )}
    </section>
  );
}

/** A case that has ended hears of no reading any more. */
const isNew = ({ careCase }: OwnCase): boolean => careCase.course.state !== 'ended' && hasUnread(careCase);

const texts = wording({
  sv: {
    title: 'Ärenden och meddelanden',
    isNew: 'Nytt meddelande',
    open: 'Skriv till en mottagning om något nytt',
    elsewhere: 'Vill du skriva till en mottagning om något annat? Gör det på',
  },
  en: {
    title: 'Cases and messages',
    isNew: 'New message',
    open: 'Write to a clinic about something new',
    elsewhere: 'Do you want to write to a clinic about something else? Use',
  },
});

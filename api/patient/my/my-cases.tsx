import { hasUnread } from '../../../use-cases/thread/read';
import type { Language } from '../../../rules/notices';
import { ButtonLink, ButtonRow, CardLink, Tag } from '../../frame/parts';
import type { OwnCase } from '../frame/route';
import { casePath } from '../frame/paths';
import { caseStateWords } from '../thread/case-state';
import { wording } from '../../frame/wording';

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
      {cases.map(({ own, subject }) => (
        <CardLink
          key={own.participant.participantId}
          href={casePath(own.participant.participantId)}
          title={subject}
        >
          {isNew(own) && (
            <p>
              <Tag tone="action" icon="chat">
                {words.isNew}
              </Tag>
            </p>
          )}
          <p>
            {own.clinic.settings.name}
            {own.participant.role === 'guardian' && <>, {own.patient.personal.name}</>}
            <br />
            {caseStateWords(language, own.careCase, now)}
          </p>
        </CardLink>
      ))}
      {mayOpen ? (
        <ButtonRow>
          <ButtonLink href="/my/new-case" kind="secondary" icon="chat">
            {words.open}
          </ButtonLink>
        </ButtonRow>
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
    open: 'Skriv till en mottagning',
    elsewhere: 'Vill du skriva till en mottagning om något annat? Gör det på',
  },
  en: {
    title: 'Cases and messages',
    isNew: 'New message',
    open: 'Write to a clinic',
    elsewhere: 'Do you want to write to a clinic about something else? Use',
  },
});

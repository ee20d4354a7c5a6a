import type { ComponentChildren } from 'preact';
import { gatesOf } from '../../../records/gates';
import type { Gates } from '../../../rules/gates';
import type { PersonRole } from '../../../rules/actor';
import type { Language } from '../../../rules/notices';
import type { PatientRouteDeps } from '../routes';
import type { PageContent, ParticipantRequest, PatientAnswer } from '../route';
import { wording } from '../wording';
import { dayAndTime } from './time';

/** The address of one's page of a meeting, and of what belongs to it. */
export const meetingPath = (participantId: string, page = ''): string =>
  `/my/meetings/${participantId}${page && `/${page}`}`;

/** Those who decide for the patient: the patient, and the guardian of a child of at most 12 (R7.1). */
export const actsForPatient = (role: PersonRole): boolean => role === 'patient' || role === 'guardian';

/** *My meeting*: when and with whom, and what is left to do. */
export const showMyMeeting =
  ({ records, clock }: PatientRouteDeps) =>
  async (request: ParticipantRequest): Promise<PatientAnswer> => {
    const { meeting, patient } = request;
    return { page: myMeetingPage(request, await gatesOf(records.forms, meeting, patient, clock.now())) };
  };

function myMeetingPage(
  { language, meeting, participant, clinic }: ParticipantRequest,
  gates: Gates,
): PageContent {
  const words = texts[language];
  const { time } = meeting.course;
  const to = (page: string): string => meetingPath(participant.participantId, page);
  return {
    title: words.title,
    main: (
      <>
        <h1>{words.title}</h1>
        <p>
          {clinic.settings.name}, <time dateTime={time.startAt}>{dayAndTime(time.startAt, language)}</time>
        </p>
        <LeftToDo language={language} to={to} gates={actsForPatient(participant.role) ? gates : null} />
      </>
    ),
  };
}

/** What is left to do before the meeting, each with the way to do it. */
function LeftToDo({
  language,
  to,
  gates,
}: {
  language: Language;
  to: (page: string) => string;
  gates: Gates | null;
}): ComponentChildren {
  const words = texts[language];
  return (
    <section aria-labelledby="left">
      <h2 id="left">{words.left}</h2>
      <ul>
        {gates && !gates.consentGiven && (
          <li>
            <a href={to('consent')}>{words.consent}</a>
          </li>
        )}
        {gates?.formsMissing.map((formId) => (
          <li key={formId}>
            <a href={to(`forms/${formId}`)}>{words.form}</a>
          </li>
        ))}
        <li>
          <a href={to('device')}>{words.device}</a>
        </li>
        <li>
          <a href={to('room')}>{words.room}</a>
        </li>
      </ul>
    </section>
  );
}

const texts = wording({
  sv: {
    title: 'Mitt möte',
    left: 'Kvar att göra',
    consent: 'Svara på frågan om sjukvårdshistorik och läkemedel',
    form: 'Fyll i formuläret',
    device: 'Testa kamera, mikrofon och ljud',
    room: 'Gå till mötet',
  },
  en: {
    title: 'My meeting',
    left: 'Left to do',
    consent: 'Answer the question about care history and medicines',
    form: 'Fill in the form',
    device: 'Test camera, microphone and sound',
    room: 'Go to the meeting',
  },
});

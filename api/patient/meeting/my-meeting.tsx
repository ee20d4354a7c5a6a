import {
  decidesForPatient,
  type PageContent,
  type ParticipantRequest,
  type PatientAnswer,
  type PatientRouteDeps,
} from '../frame/route';
import { meetingPath } from '../frame/paths';
import type { ComponentChildren } from 'preact';
import { gatesOf } from '../../../use-cases/meeting/gates';
import { outcomeOf } from '../../../records/meetings';
import { isCancelled, type Gates } from '../../../rules/gates';
import { msOf } from '../../../rules/instant';
import type { Language } from '../../../rules/notices';
import { wording } from '../frame/wording';
import { clockTime, dayAndTime } from '../frame/time';

/** *My meeting*: when and where, and what is left to do; what it came to when it is over. */
export const showMyMeeting =
  ({ records, clock }: PatientRouteDeps) =>
  async (request: ParticipantRequest): Promise<PatientAnswer> => {
    const { meeting, patient } = request;
    const gates = await gatesOf(records.forms, meeting, patient, clock.now());
    return { page: myMeetingPage(request, gates, clock.now()) };
  };

function myMeetingPage(request: ParticipantRequest, gates: Gates, now: Date): PageContent {
  const { language, meeting, participant, clinic, patient } = request;
  const words = texts[language];
  const { time, state } = meeting.course;
  const outcome = outcomeOf(meeting)?.outcome ?? null;
  const to = (page: string): string => meetingPath(participant.participantId, page);
  return {
    title: words.title,
    main: (
      <>
        <h1>{words.title}</h1>
        <dl>
          <dt>{words.clinic}</dt>
          <dd>{clinic.settings.name}</dd>
          <dt>{words.when}</dt>
          <dd>
            <time dateTime={time.startAt}>{dayAndTime(time.startAt, language)}</time>
            {words.until} {clockTime(time.endAt, language)}
          </dd>
          {participant.role === 'guardian' && (
            <>
              <dt>{words.child}</dt>
              <dd>{patient.personal.name}</dd>
            </>
          )}
        </dl>
        {isCancelled(outcome) ? (
          <p role="status">{words.cancelled}</p>
        ) : outcome === 'back-up-routine' ? (
          <>
            <p role="status">{words.backUp}</p>
            <p>
              <a href={to('room')} role="button">
                {words.backUpHow}
              </a>
            </p>
          </>
        ) : state === 'ended' ? (
          <p role="status">{outcome === 'clinic-absent' ? words.clinicAbsent : words.ended}</p>
        ) : (
          <>
            <LeftToDo
              language={language}
              to={to}
              gates={decidesForPatient(participant.role) ? gates : null}
            />
            <p>
              <a href={to('room')} role="button">
                {words.room}
              </a>
            </p>
            <p>
              {msOf(time.doorOpensAt) > now.getTime()
                ? `${words.opens} ${clockTime(time.doorOpensAt, language)}.`
                : words.open}
            </p>
          </>
        )}
        <More
          request={request}
          isOver={state === 'ended'}
          hasChat={msOf(time.doorOpensAt) <= now.getTime()}
          to={to}
        />
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
  /** Null for one who has none to open. */
  gates: Gates | null;
}): ComponentChildren {
  const words = texts[language];
  const missing = gates !== null && (!gates.consentGiven || gates.formsMissing.length > 0);
  return (
    <section aria-labelledby="left">
      <h2 id="left">{words.left}</h2>
      <p>{missing ? words.must : words.nothingMust}</p>
      <ul>
        {gates && !gates.consentGiven && (
          <li>
            <a href={to('consent')}>{words.consent}</a> ({words.needed})
          </li>
        )}
        {gates?.formsMissing.map((formId) => (
          <li key={formId}>
            <a href={to(`forms/${formId}`)}>{words.form}</a> ({words.needed})
          </li>
        ))}
        <li>
          <a href={to('device')}>{words.device}</a>
        </li>
        <li>
          <a href={to('preparation')}>{words.preparation}</a>
        </li>
      </ul>
    </section>
  );
}

/** What else one can do. */
function More({
  request: { language, participant },
  isOver,
  hasChat,
  to,
}: {
  request: ParticipantRequest;
  isOver: boolean;
  /** The door has opened, and with it the chat (R4.4). */
  hasChat: boolean;
  to: (page: string) => string;
}): ComponentChildren {
  const words = texts[language];
  const decides = decidesForPatient(participant.role);
  const links = [
    ...(isOver ? [] : [['no-entry', words.noEntry]]),
    ...(hasChat && decides ? [['chat', words.chat]] : []),
    ...(decides && !isOver ? [['change', words.change]] : []),
    ...(decides ? [['consent', words.consentChange]] : []),
    ...(decides ? [['notices', words.notices]] : []),
    ...(decides ? [['afterwards', words.afterwards]] : []),
  ] as [string, string][];
  return (
    links.length > 0 && (
      <section aria-labelledby="more">
        <h2 id="more">{words.more}</h2>
        <ul>
          {links.map(([page, label]) => (
            <li key={page}>
              <a href={to(page)}>{label}</a>
            </li>
          ))}
        </ul>
      </section>
    )
  );
}

const texts = wording({
  sv: {
    title: 'Mitt möte',
    clinic: 'Mottagning',
    when: 'Tid',
    until: ' till',
    child: 'Mötet gäller',
    left: 'Inför mötet',
    must: 'Det som är markerat behöver vara klart innan du kan komma in i mötet.',
    nothingMust: 'Det som behövs är klart. Det här är bra att göra i förväg.',
    needed: 'behövs',
    consent: 'Svara på om mottagningen får se din sjukvårdshistorik',
    form: 'Fyll i formuläret',
    device: 'Testa kamera, mikrofon och ljud',
    preparation: 'Förbered dig',
    room: 'Gå till mötet',
    opens: 'Dörren öppnar kl.',
    open: 'Dörren är öppen.',
    cancelled: 'Mötet är avbokat. Vill du ha en ny tid? Ring mottagningen.',
    backUp: 'Mötet tas på annat sätt än i videorummet.',
    backUpHow: 'Se hur mötet tas',
    ended: 'Mötet är slut.',
    clinicAbsent:
      'Mottagningen kom inte till mötet. Det var inte ditt fel, och det kostar dig inget. Mottagningen ska höra av sig om en ny tid.',
    more: 'Mer',
    noEntry: 'Jag kommer inte in',
    chat: 'Chatten från mötet',
    change: 'Boka om eller avboka',
    consentChange: 'Mitt samtycke',
    notices: 'Mina aviseringar: SMS och e-post',
    afterwards: 'Efter mötet och kostnad',
  },
  en: {
    title: 'My meeting',
    clinic: 'Clinic',
    when: 'Time',
    until: ' until',
    child: 'The meeting is for',
    left: 'Before the meeting',
    must: 'What is marked needs to be done before you can come into the meeting.',
    nothingMust: 'What is needed is done. These are good to do beforehand.',
    needed: 'needed',
    consent: 'Answer whether the clinic may see your care history',
    form: 'Fill in the form',
    device: 'Test camera, microphone and sound',
    preparation: 'Prepare yourself',
    room: 'Go to the meeting',
    opens: 'The door opens at',
    open: 'The door is open.',
    cancelled: 'The meeting is cancelled. Would you like another time? Call the clinic.',
    backUp: 'The meeting is held in another way than in the video room.',
    backUpHow: 'See how it is held',
    ended: 'The meeting is over.',
    clinicAbsent:
      'The clinic did not come to the meeting. It was not your fault, and it costs you nothing. The clinic is to get in touch about a new time.',
    more: 'More',
    noEntry: 'I can’t get in',
    chat: 'The chat of the meeting',
    change: 'Rebook or cancel',
    consentChange: 'My consent',
    notices: 'My notices: SMS and e-mail',
    afterwards: 'After the meeting, and what it costs',
  },
});

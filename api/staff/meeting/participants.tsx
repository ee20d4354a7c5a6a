import type { ComponentChildren } from 'preact';
import type { Participant } from '../../../records/meetings';
import { isKeptOut, stopOf } from '../../../rules/calendar/guardian';
import type { Language } from '../../../rules/notices';
import { Card, Facts, Tag } from '../../frame/parts';
import { clockTime, dayAndTime } from '../../frame/time';
import { wording } from '../../frame/wording';
import { carers, type DeskRequest } from '../frame/route';
import { deskWords, nameInList } from '../frame/words';
import { DeviceDetails } from './device-light';
import { Lines, pathOf, Section } from './parts';
import type { MeetingPageView } from './read-meeting';
import { isDoorOpen, isOver, type Sight } from './sight';
import { stateWords } from './state-words';

/** Who takes part, and what each still lacks: consent, forms, login, the answer to an invitation. */
export function Participants({
  request,
  sight,
  view,
}: {
  request: DeskRequest;
  sight: Sight;
  view: MeetingPageView;
}) {
  const { language } = request;
  const words = texts[language];
  return (
    <Section id="participants" title={words.title}>
      <Card>
        <Facts
          facts={sight.meeting.participants.map((participant) => ({
            term: deskWords[language].participants[participant.role],
            value: (
              <>
                {nameOf(sight, view, participant, language)}
                <Lines lines={statesOf(request, sight, view, participant)} />
              </>
            ),
          }))}
        />
      </Card>
    </Section>
  );
}

function nameOf(
  { patient, isOpen }: Sight,
  { people, staff }: MeetingPageView,
  { role, personId, staffId }: Participant,
  language: Language,
): string {
  if (staffId !== null) {
    const member = staff.get(staffId);
    return member ? `${member.name}, ${member.title}` : staffId;
  }
  if (role === 'patient') return isOpen ? patient.personal.name : deskWords[language].protectedData;
  return personId === null
    ? texts[language].nobodyYet
    : nameInList(people.get(personId), deskWords[language]);
}

function statesOf(
  request: DeskRequest,
  sight: Sight,
  view: MeetingPageView,
  participant: Participant,
): ComponentChildren[] {
  const { language } = request;
  const words = texts[language];
  const { meeting, patient, now } = sight;
  const { participantId, role, personId } = participant;
  const room = view.stays.filter((stay) => stay.participantId === participantId);
  const inside = room.find(({ leftAt }) => leftAt === null);
  const states: ComponentChildren[] = [];
  if (inside) states.push(<Tag tone="success">{words.inRoom(clockTime(inside.joinedAt, language))}</Tag>);
  else if (room.length > 0) states.push(<Tag>{words.hasLeft}</Tag>);
  if (role === 'staff') {
    if (meeting.course.clinicReady) states.push(<Tag tone="success">{words.ready}</Tag>);
    return states;
  }
  if (role === 'patient') states.push(<Consent request={request} sight={sight} view={view} />);
  if (role === 'patient')
    for (const form of view.forms)
      states.push(<FormState request={request} sight={sight} form={form} key={form.form.formId} />);
  // Of the patient's side that there was no test is told too; of others what they have tried.
  const test = meeting.deviceTests?.[participantId] ?? null;
  if (!isOver(sight) && (role === 'patient' || test !== null))
    states.push(<DeviceDetails test={test} language={language} at={now} />);
  if (!isOver(sight) && role !== 'patient')
    states.push(<a href={pathOf(sight, `link/${participantId}`)}>{words.link}</a>);
  if (isKeptOut(patient, participant, now))
    states.push(
      <Tag tone="warning">{stopOf(patient, personId, now) === null ? words.notFrom13 : words.stopped}</Tag>,
    );
  if (personId === null) {
    const claims = view.claims.filter((claim) => claim.participantId === participantId);
    states.push(
      claims.some(({ state }) => state === 'asked') ? (
        <a href={pathOf(sight, 'claims')}>{words.decide}</a>
      ) : (
        <Tag tone="warning">{words.unclaimed}</Tag>
      ),
    );
    return states;
  }
  const person = role === 'patient' ? patient : view.people.get(personId);
  if (!isOver(sight) && !inside) {
    if (view.loggedIn.has(participantId)) states.push(<Tag tone="success">{words.loggedIn}</Tag>);
    // Co-ordination and reserve numbers cannot log in (R7.4).
    else if (person && person.personal.identity?.kind !== 'personal-number')
      states.push(<Tag tone="warning">{words.cannotLogIn}</Tag>);
    else if (isDoorOpen(sight)) states.push(<Tag>{words.notLoggedIn}</Tag>);
  }
  return states;
}

function Consent({ request, sight, view }: { request: DeskRequest; sight: Sight; view: MeetingPageView }) {
  const words = texts[request.language];
  const { consentGiven, consentRefused } = view.gates;
  return (
    <>
      <Tag tone={consentGiven ? 'success' : consentRefused ? 'danger' : 'warning'}>
        {consentGiven ? words.consent : consentRefused ? words.consentNo : words.noConsent}
      </Tag>{' '}
      {!isOver(sight) && (
        <a href={pathOf(sight, 'consent')}>{consentGiven ? words.changeConsent : words.askConsent}</a>
      )}
    </>
  );
}

function FormState({
  request: { language, roles },
  sight,
  form: { form, filled },
}: {
  request: DeskRequest;
  sight: Sight;
  form: MeetingPageView['forms'][number];
}) {
  const words = texts[language];
  const mayRead = roles.some((role) => carers.includes(role));
  return (
    <>
      {form.title}: <Tag tone={filled ? 'success' : 'warning'}>{filled ? words.filled : words.notFilled}</Tag>{' '}
      {filled && (
        <span class="hint">
          {words.filledBy(
            dayAndTime(filled.recordedAt, language),
            stateWords[language].answeredBy[filled.answeredBy],
          )}
        </span>
      )}
      {filled && mayRead && <a href={pathOf(sight, `forms/${form.formId}/answers`)}>{words.read}</a>}
      {!filled && !isOver(sight) && <a href={pathOf(sight, `forms/${form.formId}`)}>{words.fillIn}</a>}
    </>
  );
}

const texts = wording({
  sv: {
    title: 'Vilka som deltar',
    nobodyYet: 'Inte känd än',
    inRoom: (time: string) => `I rummet sedan kl. ${time}`,
    hasLeft: 'Har lämnat rummet',
    ready: 'Rummet är bekräftat',
    notFrom13: 'Får inte delta: barnet har fyllt 13',
    stopped: 'Får inte delta: stoppad av personal',
    decide: 'Ta ställning till vem som vill delta',
    unclaimed: 'Inbjudan är inte besvarad',
    loggedIn: 'Har loggat in',
    notLoggedIn: 'Har inte loggat in än',
    cannotLogIn: 'Kan inte logga in: personnummer saknas',
    consent: 'Svarat ja om tidigare vård',
    consentNo: 'Svarat nej om tidigare vård',
    noConsent: 'Svar om tidigare vård saknas',
    changeConsent: 'Ändra svaret',
    askConsent: 'Fråga och spara svaret',
    filled: 'Klart',
    notFilled: 'Saknas',
    filledBy: (when: string, by: string) => `${when}, av ${by}. `,
    read: 'Läs svaren',
    fillIn: 'Fyll i tillsammans',
    link: 'Länk att lämna över',
  },
  en: {
    title: 'Who takes part',
    nobodyYet: 'Not known yet',
    inRoom: (time) => `In the room since ${time}`,
    hasLeft: 'Has left the room',
    ready: 'The room is confirmed',
    notFrom13: 'May not take part: the child is 13 or older',
    stopped: 'May not take part: stopped by staff',
    decide: 'Decide who wants to take part',
    unclaimed: 'The invitation is not answered',
    loggedIn: 'Has logged in',
    notLoggedIn: 'Has not logged in yet',
    cannotLogIn: 'Cannot log in: no personal number',
    consent: 'Said yes about the care history',
    consentNo: 'Said no about the care history',
    noConsent: 'No answer about the care history',
    changeConsent: 'Change the answer',
    askConsent: 'Ask and save the answer',
    filled: 'Done',
    notFilled: 'Missing',
    filledBy: (when, by) => `${when}, by ${by}. `,
    read: 'Read the answers',
    fillIn: 'Fill in together',
    link: 'Link to hand over',
  },
});

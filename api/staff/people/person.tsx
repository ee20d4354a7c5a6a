import type { Case } from '../../../records/cases';
import { staffIdsOf, type Meeting } from '../../../records/meetings';
import type { Person } from '../../../records/people';
import type { StaffMember } from '../../../records/staff';
import { ageAt } from '../../../rules/calendar/age';
import { inStockholm } from '../../../rules/calendar/stockholm';
import { stopOf } from '../../../rules/calendar/guardian';
import { wayTo } from '../../../rules/calendar/who-hears';
import type { Language } from '../../../rules/notices';
import { asWritten } from '../../../rules/phone-number';
import type { PageAnswer } from '../../frame/page-content';
import { ButtonLink, ButtonRow, Card, Facts, Heading, Table, Tag, type Fact } from '../../frame/parts';
import { clockTime } from '../../frame/time';
import { wording } from '../../frame/wording';
import { CameOf } from '../frame/came-of';
import { deskCasePath, deskMeetingPath, deskPersonPath } from '../frame/paths';
import { carers, type DeskRequest, type DeskRouteDeps } from '../frame/route';
import { deskWords, nameInList } from '../frame/words';
import { consentPages, consentText } from './consents';
import { guardiansPage } from './guardians';
import { bookPathFor, openCasePath } from './paths';
import { personIn } from './read';
import { refusedText } from './refused';
import { peopleWords } from './words';
import { StateTag } from '../today/now-cells';

/** So many of each list are shown. */
const MOST_SHOWN = 20;

/** What a person's page shows, read together. */
interface PersonView {
  person: Person;
  /** Name and numbers are shown: of one with protected data only by one logged press. */
  isOpen: boolean;
  coming: Meeting[];
  past: Meeting[];
  cases: Case[];
  /** Patients of the meetings in which the person takes part as somebody else. */
  patients: Map<string, Person>;
  staff: Map<string, StaffMember>;
}

/**
 * A person: contact ways, consents, meetings and cases. What tells who it is is shown of one with protected
 * data only where it was asked for by itself (R8.8).
 */
export const showPerson =
  (deps: DeskRouteDeps, opensProtected: boolean) =>
  async (request: DeskRequest): Promise<PageAnswer> => {
    const person = await personIn(deps, request);
    if (opensProtected && !person.protectedIdentity) return { redirect: deskPersonPath(person.personId) };
    return { page: personPage(deps, request, await readView(deps, request, person, opensProtected)) };
  };

async function readView(
  { records }: DeskRouteDeps,
  { clinic: { clinicId }, noteRead }: DeskRequest,
  person: Person,
  opensProtected: boolean,
): Promise<PersonView> {
  const { personId, protectedIdentity } = person;
  const ofPerson = (over: boolean) =>
    records.meetings.ofPeople([personId], { after: new Date(0), over }, MOST_SHOWN);
  const [coming, past, cases] = await Promise.all([
    ofPerson(false),
    ofPerson(true),
    records.cases.ofPeople([{ clinicId, personId }], MOST_SHOWN),
  ]);
  const meetings = [...coming, ...past];
  const patientIds = [...meetings, ...cases].map((each) => each.patientId).filter((id) => id !== personId);
  const others = [...new Set(patientIds)];
  const staffIds = meetings.flatMap(({ participants }) => participants.flatMap((each) => each.staffId ?? []));
  const [patients, staff] = await Promise.all([
    records.people.findAll(clinicId, others),
    records.staff.byStaffIds(clinicId, [...new Set(staffIds)]),
    // A guardian's or a relative's page tells of the patient's meetings too.
    others.length > 0 ? noteRead(others) : undefined,
  ]);
  return { person, isOpen: !protectedIdentity || opensProtected, coming, past, cases, patients, staff };
}

function personPage({ clock }: DeskRouteDeps, request: DeskRequest, view: PersonView) {
  const { language, query, roles } = request;
  const { person, isOpen, coming, past, cases } = view;
  const { personId, personal, protectedIdentity } = person;
  const [words, people] = [texts[language], peopleWords[language]];
  const mayOpen = roles.some((role) => carers.includes(role));
  const now = clock.now();
  return {
    title: words.title,
    main: (
      <>
        <CameOf
          language={language}
          query={query}
          said={words.said}
          refused={{ overtaken: refusedText('overtaken', language) }}
        />
        <Heading above={words.title}>
          {isOpen ? personal.name : nameInList(person, deskWords[language])}
        </Heading>
        <Card isMain>
          {protectedIdentity && isOpen && <Tag tone="warning">{people.protectedIdentity}</Tag>}
          {isGuardianStopped(person, now) && <Tag tone="warning">{words.guardianStopped}</Tag>}
          {isOpen ? (
            <Facts facts={[...identityFacts(person, now, language), ...contactFacts(person, language)]} />
          ) : (
            <p>{mayOpen ? words.hidden : words.hiddenForBookers}</p>
          )}
          <ButtonRow>
            <ButtonLink href={bookPathFor(personId)} icon="calendar">
              {words.book}
            </ButtonLink>
            <ButtonLink href={openCasePath(personId)} kind="secondary" icon="chat">
              {words.openCase}
            </ButtonLink>
            {isOpen && (
              <ButtonLink
                href={deskPersonPath(personId, protectedIdentity ? 'protected/change' : 'change')}
                kind="secondary"
              >
                {words.change}
              </ButtonLink>
            )}
            {isOpen && (
              <ButtonLink
                href={deskPersonPath(personId, protectedIdentity ? 'protected/identity' : 'identity')}
                kind="secondary"
              >
                {words.changeIdentity}
              </ButtonLink>
            )}
            <ButtonLink href={deskPersonPath(personId, guardiansPage)} kind="secondary">
              {words.guardians}
            </ButtonLink>
            {!isOpen && mayOpen && (
              <ButtonLink href={deskPersonPath(personId, 'protected')} kind="secondary" icon="lock">
                {words.open}
              </ButtonLink>
            )}
          </ButtonRow>
        </Card>
        <h2>{words.consents}</h2>
        <Card>
          <Facts
            facts={[
              { term: words.notices, value: noticesText(request, person, now) },
              { term: words.sms, value: consentText(person, 'sms', language) },
              { term: words.history, value: consentText(person, 'history', language) },
            ]}
          />
          <ButtonRow>
            <ButtonLink href={deskPersonPath(personId, consentPages.sms)} kind="secondary">
              {words.changeSms}
            </ButtonLink>
            <ButtonLink href={deskPersonPath(personId, consentPages.history)} kind="secondary">
              {words.changeHistory}
            </ButtonLink>
          </ButtonRow>
        </Card>
        <h2>{words.coming}</h2>
        <MeetingList view={view} meetings={coming} caption={words.coming} language={language} />
        <h2>{words.past}</h2>
        <MeetingList view={view} meetings={past} caption={words.past} language={language} />
        <h2>{words.cases}</h2>
        <CaseList view={view} cases={cases} language={language} />
      </>
    ),
  };
}

/** Whether one of the person's guardians is stopped now (R7.3). */
const isGuardianStopped = (person: Person, now: Date): boolean =>
  person.guardianStops.some(({ guardianId }) => stopOf(person, guardianId, now) !== null);

/** How a notice goes to the person now, or why none does (R2.2, R2.11). */
function noticesText({ clinic, language }: DeskRequest, person: Person, now: Date): string {
  const [words, people] = [texts[language], peopleWords[language]];
  const way = wayTo({ ...person, ...person.personal }, clinic.settings, now);
  return way.channel === null ? words.noWay(people.obstacles[way.obstacle]) : people.channels[way.channel];
}

/** Number and birth date, with the age. */
export function identityFacts({ personal }: Person, now: Date, language: Language): Fact[] {
  const people = peopleWords[language];
  const age = people.years(ageAt(personal.birthDate, now));
  return [
    { term: people.number, value: personal.identity ? dashed(personal.identity.number) : people.nothing },
    { term: people.birthDate, value: `${personal.birthDate} (${age})` },
  ];
}

/** As one writes it: the last four apart. */
export const dashed = (number: string): string => `${number.slice(0, -4)}-${number.slice(-4)}`;

/** Contact ways, and what the person prefers. */
export function contactFacts({ personal, language: own, noticesBy }: Person, language: Language): Fact[] {
  const people = peopleWords[language];
  return [
    { term: people.mobile, value: personal.mobile ? asWritten(personal.mobile.number) : people.nothing },
    { term: people.email, value: personal.email?.address ?? people.nothing },
    { term: people.language, value: people.languages[own] },
    { term: people.noticesBy, value: people.channels[noticesBy] },
    ...(personal.unsuitableWays.length > 0
      ? [
          {
            term: people.unsuitable,
            value: personal.unsuitableWays.map((way) => people.ways[way]).join(', '),
          },
        ]
      : []),
  ];
}

function MeetingList({
  view,
  meetings,
  caption,
  language,
}: {
  view: PersonView;
  meetings: Meeting[];
  caption: string;
  language: Language;
}) {
  const words = texts[language];
  if (meetings.length === 0) return <p>{words.none}</p>;
  return (
    <Table
      caption={caption}
      hidesCaption
      head={[words.time, words.staff, words.as, words.state]}
      rows={meetings.map((meeting) => ({
        key: meeting.meetingId,
        cells: [
          <a href={deskMeetingPath(meeting.meetingId)}>{dated(meeting.course.time.startAt, language)}</a>,
          staffIdsOf(meeting)
            .map((staffId) => view.staff.get(staffId)?.name ?? staffId)
            .join(', '),
          partOf(view, meeting, language),
          <StateTag meeting={meeting} language={language} />,
        ],
      }))}
    />
  );
}

/** As what the person takes part, and in whose meeting where it is another's. */
function partOf({ person, patients }: PersonView, meeting: Meeting, language: Language): string {
  const words = deskWords[language];
  const part = meeting.participants.find(({ personId }) => personId === person.personId);
  const role = words.participants[part?.role ?? 'patient'];
  if (meeting.patientId === person.personId) return role;
  return `${role} (${nameInList(patients.get(meeting.patientId), words)})`;
}

function CaseList({ view, cases, language }: { view: PersonView; cases: Case[]; language: Language }) {
  const words = texts[language];
  if (cases.length === 0) return <p>{words.noCases}</p>;
  return (
    <Table
      caption={words.cases}
      hidesCaption
      head={[words.opened, words.of, words.state]}
      rows={cases.map(({ caseId, openedAt, patientId, course }) => ({
        key: caseId,
        cells: [
          <a href={deskCasePath(caseId)}>{dated(openedAt, language)}</a>,
          patientId === view.person.personId
            ? words.own
            : nameInList(view.patients.get(patientId), deskWords[language]),
          deskWords[language].caseStates[course.state],
        ],
      }))}
    />
  );
}

/** `2026-11-23 kl. 10.00`: also of another year. */
function dated(at: string, language: Language): string {
  const day = inStockholm(new Date(at)).toISODate();
  return `${day} ${texts[language].at} ${clockTime(at, language)}`;
}

const texts = wording({
  sv: {
    title: 'Person',
    said: {
      added: 'Personen är tillagd.',
      changed: 'Uppgifterna är sparade.',
      identity: 'Nummer och födelsedatum är sparade.',
      sms: 'Svaret om sms är sparat.',
      history: 'Svaret om tidigare vård är sparat.',
      stopped:
        'Vårdnadshavaren är stoppad. Se de kommande mötena: är det någon annan som kan vara med barnet?',
      allowed: 'Stoppet är hävt.',
    },
    hidden: 'Namn, nummer och kontaktuppgifter visas först när du öppnar dem. Det sparas i loggen.',
    hiddenForBookers: 'Namn, nummer och kontaktuppgifter kan bara vårdpersonal och verksamhetschefen öppna.',
    open: 'Visa uppgifterna',
    book: 'Boka möte',
    openCase: 'Öppna ärende',
    change: 'Ändra uppgifter',
    changeIdentity: 'Ändra nummer eller födelsedatum',
    guardians: 'Vårdnadshavare',
    guardianStopped: 'En vårdnadshavare är stoppad',
    consents: 'Meddelanden och samtycken',
    notices: 'Meddelanden går med',
    noWay: (why: string) => `Inget sms eller e-post: ${why}`,
    sms: 'Samtycke till sms',
    history: 'Samtycke till tidigare vård och läkemedel',
    changeSms: 'Ändra svaret om sms',
    changeHistory: 'Ändra svaret om tidigare vård',
    coming: 'Kommande möten',
    past: 'Tidigare möten',
    none: 'Inga möten.',
    time: 'Tid',
    staff: 'Personal',
    as: 'Deltar som',
    state: 'Läge',
    cases: 'Ärenden',
    noCases: 'Inga ärenden.',
    opened: 'Öppnat',
    of: 'Patient',
    own: 'Personen själv',
    at: 'kl.',
  },
  en: {
    title: 'Person',
    said: {
      added: 'The person is added.',
      changed: 'The data are saved.',
      identity: 'Number and birth date are saved.',
      sms: 'The answer about SMS is saved.',
      history: 'The answer about earlier care is saved.',
      stopped: 'The guardian is stopped. Look at the coming meetings: can somebody else be with the child?',
      allowed: 'The stop is lifted.',
    },
    hidden: 'Name, number and contact ways are shown only when you open them. That is kept in the log.',
    hiddenForBookers: 'Only clinicians and the operations manager can open name, number and contact ways.',
    open: 'Show the data',
    book: 'Book a meeting',
    openCase: 'Open a case',
    change: 'Change the data',
    changeIdentity: 'Change number or birth date',
    guardians: 'Guardians',
    guardianStopped: 'A guardian is stopped',
    consents: 'Messages and consents',
    notices: 'Messages go by',
    noWay: (why) => `No SMS or e-mail: ${why}`,
    sms: 'Consent to SMS',
    history: 'Consent to earlier care and medicines',
    changeSms: 'Change the answer about SMS',
    changeHistory: 'Change the answer about earlier care',
    coming: 'Coming meetings',
    past: 'Earlier meetings',
    none: 'No meetings.',
    time: 'Time',
    staff: 'Staff',
    as: 'Takes part as',
    state: 'State',
    cases: 'Cases',
    noCases: 'No cases.',
    opened: 'Opened',
    of: 'Patient',
    own: 'The person',
    at: 'at',
  },
});

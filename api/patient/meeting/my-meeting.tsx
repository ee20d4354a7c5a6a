import type { ComponentChildren } from 'preact';
import { Icon } from '../../frame/icons';
import { Banner, ButtonLink, ButtonRow, Card, doneOf, Facts, Heading, TaskList } from '../../frame/parts';
import type { Fact } from '../../frame/parts';
import {
  decidesForPatient,
  feeBasisIn,
  type ParticipantRequest,
  type PatientRouteDeps,
} from '../frame/route';
import { meetingPath } from '../frame/paths';
import { costOfComing } from '../../../use-cases/invoice/costs';
import { shownStaffOf, type ShownStaff } from '../../../use-cases/staff/shown';
import { staffIdsOf, outcomeOf } from '../../../records/meetings';
import { ADULT_AGE } from '../../../rules/ages';
import { ageAt } from '../../../rules/calendar/age';
import { isCancelled } from '../../../rules/gates';
import { msOf } from '../../../rules/instant';
import { amount } from '../frame/money';
import { capital, clockTime, dayOf } from '../../frame/time';
import { ContactClinic } from './contact';
import { sinceWhen } from './door';
import { thingsToDo, type ThingsToDo } from './tasks';
import { actsAsChild, genitive, whoseOf } from './whose';
import type { PageContent, PageAnswer } from '../../frame/page-content';
import { wording } from '../../frame/wording';

const MINUTE_MS = 60_000;
/** So near the door, one goes to the room's page and waits there: it lets one in by itself. */
const NEAR_MINUTES = 60;

/** What the page is made of, beside the request. */
interface MyMeetingView {
  now: Date;
  /** Null for one who has nothing to decide for the patient. */
  todo: ThingsToDo | null;
  /** Null for one who does not pay, and where it is not known now. */
  cost: Awaited<ReturnType<typeof costOfComing>>;
  staff: ShownStaff;
}

/** *My meeting*: when, with whom and at what cost, and the next thing to do; what it came to when it is over. */
export const showMyMeeting =
  ({ records, clock }: PatientRouteDeps) =>
  async (request: ParticipantRequest): Promise<PageAnswer> => {
    const now = clock.now();
    const { meeting, participant } = request;
    const isAhead = decidesForPatient(participant.role) && meeting.course.state !== 'ended';
    const view: MyMeetingView = {
      now,
      todo: isAhead ? await thingsToDo(records, request, now) : null,
      cost: isAhead ? await costOfComing(records, meeting, now, feeBasisIn(request)) : null,
      staff: await shownStaffOf(records, meeting.clinicId, staffIdsOf(meeting)),
    };
    return { page: myMeetingPage(request, view) };
  };

function myMeetingPage(request: ParticipantRequest, view: MyMeetingView): PageContent {
  const { language, meeting, participant, patient } = request;
  const words = texts[language];
  const { state, time } = meeting.course;
  const whose = whoseOf(request);
  const to = (page: string): string => meetingPath(participant.participantId, page);
  const outcome = outcomeOf(meeting)?.outcome ?? null;
  const isOver = state === 'ended' || isCancelled(outcome);
  const childs = genitive(patient.personal.name, language) ?? words.yourChilds;
  const day = dayOf(time.startAt, language);
  return {
    title: words.titles[whose],
    main: (
      <>
        <Heading above={whose === 'childs' ? words.childsMeeting(childs) : words.titles[whose]}>
          {capital(day)}
        </Heading>
        {isCancelled(outcome) ? (
          <Banner kind="warning" title={words.cancelled}>
            <ContactClinic request={request} lead={words.newTime} />
          </Banner>
        ) : outcome === 'back-up-routine' ? (
          <>
            <Banner kind="warning" title={words.backUp} />
            <ButtonRow>
              <ButtonLink href={to('room')}>{words.backUpHow}</ButtonLink>
            </ButtonRow>
          </>
        ) : state === 'ended' ? (
          <>
            {outcome === 'clinic-absent' ? (
              <Banner kind="warning" title={words.clinicAbsent}>
                {words.clinicAbsentMore[whose]}
              </Banner>
            ) : (
              <Banner title={words.ended} />
            )}
            {decidesForPatient(participant.role) && (
              <ButtonRow>
                <ButtonLink href={to('afterwards')}>{words.afterwards}</ButtonLink>
              </ButtonRow>
            )}
          </>
        ) : (
          view.todo?.consentRefused && (
            <Banner kind="warning" title={words.refused}>
              <p>
                {words.refusedMore} <a href={to('consent')}>{words.changeAnswer}</a>
              </p>
            </Banner>
          )
        )}
        <Card isMain>
          <Facts facts={factsOf(request, view)} />
          {!isOver && (
            <p class="in-card">
              <Icon name="calendar" /> <a href={to('calendar.ics')}>{words.calendar}</a>
            </p>
          )}
        </Card>
        {!isOver && outcome === null && <Before request={request} view={view} />}
        <More request={request} view={view} isOver={isOver} />
        {actsAsChild(request, view.now) && <p>{words.guardians}</p>}
      </>
    ),
  };
}

/** When, how long, with whom, for whom, how, and what it costs: as far as the records know it. */
function factsOf(
  { language, meeting, clinic, patient, participant }: ParticipantRequest,
  view: MyMeetingView,
) {
  const words = texts[language];
  const { startAt, endAt } = meeting.course.time;
  const minutes = Math.round((msOf(endAt) - msOf(startAt)) / MINUTE_MS);
  const facts: Fact[] = [
    {
      term: words.when,
      icon: 'clock',
      value: (
        <>
          <time dateTime={startAt}>
            {words.at} {clockTime(startAt, language)}
          </time>
          –{clockTime(endAt, language)} <span class="hint">{words.minutes(minutes)}</span>
        </>
      ),
    },
    ...(participant.role === 'guardian'
      ? [{ term: words.child, icon: 'person' as const, value: patient.personal.name }]
      : []),
    {
      term: words.with,
      icon: 'video',
      value: <WithWhom {...{ language, meeting, clinic, staff: view.staff }} />,
    },
  ];
  if (view.cost)
    facts.push({ term: words.cost, icon: 'wallet', value: <CostText {...{ language, view, patient }} /> });
  return facts;
}

/** The staff by name and title (R8.7), as far as records name them; else that they are the clinic's. */
function WithWhom({
  language,
  meeting,
  clinic,
  staff,
}: Pick<ParticipantRequest, 'language' | 'meeting' | 'clinic'> & Pick<MyMeetingView, 'staff'>) {
  const words = texts[language];
  const withInterpreter = meeting.participants.some(({ role }) => role === 'interpreter');
  if (staff.size === 0)
    return (
      <>
        {words.staffOf} {clinic.settings.name}
        {withInterpreter && ` ${words.andInterpreter}`}
        <span class="hint">{words.byVideo}</span>
      </>
    );
  const lines = [
    ...new Set(staff.values()),
    ...(staffIdsOf(meeting).every((staffId) => staff.has(staffId)) ? [] : [words.otherStaff]),
    ...(withInterpreter ? [words.interpreter] : []),
  ];
  return (
    <>
      {lines.map((line) => (
        <div key={line}>{line}</div>
      ))}
      <span class="hint">{clinic.settings.name}</span>
      <span class="hint">{words.byVideo}</span>
    </>
  );
}

/** What it costs to come; how it is paid is told to grown-ups, since nobody else's payer is known (R5.10). */
function CostText({
  language,
  view: { cost, now },
  patient,
}: Pick<ParticipantRequest, 'language' | 'patient'> & { view: MyMeetingView }) {
  const words = texts[language];
  if (cost?.kind === 'none') return <>{words.free}</>;
  if (cost?.amountOre == null) return <>{words.unknown}</>;
  return (
    <>
      {amount(cost.amountOre, language)}
      {ageAt(patient.personal.birthDate, now) >= ADULT_AGE && <span class="hint">{words.invoice}</span>}
    </>
  );
}

/** What is left to do before the meeting, and the one button that is the next of it. */
function Before({ request, view: { todo, now } }: { request: ParticipantRequest; view: MyMeetingView }) {
  const { language, meeting, participant } = request;
  const words = texts[language];
  const to = (page: string): string => meetingPath(participant.participantId, page);
  const untilDoor = msOf(meeting.course.time.doorOpensAt) - now.getTime();
  const isOpen = untilDoor <= 0;
  const next = todo?.next ?? null;
  const isReady = next === null && !todo?.consentRefused;
  return (
    <section aria-labelledby="before">
      <h2 id="before">{words.before}</h2>
      {todo && (
        <>
          <p>{doneOf(language, todo.tasks)}</p>
          <TaskList language={language} tasks={todo.tasks} />
        </>
      )}
      <p>
        <strong>
          {isOpen ? (isReady ? words.open : words.openNotReady) : `${sinceWhen(meeting, now, language)}.`}
        </strong>
        {!isOpen && isReady && todo && ` ${words.allDone}`}
      </p>
      {!todo?.consentRefused && (
        <ButtonRow>
          {next ? (
            <ButtonLink href={next.href}>{next.label}</ButtonLink>
          ) : isOpen ? (
            <ButtonLink href={to('room')} icon="video">
              {words.enter}
            </ButtonLink>
          ) : untilDoor <= NEAR_MINUTES * MINUTE_MS ? (
            <ButtonLink href={to('room')}>{words.wait}</ButtonLink>
          ) : (
            <ButtonLink href={to('device')}>{words.device}</ButtonLink>
          )}
        </ButtonRow>
      )}
    </section>
  );
}

/** What else one can do. */
function More({
  request,
  view: { now, todo },
  isOver,
}: {
  request: ParticipantRequest;
  view: MyMeetingView;
  isOver: boolean;
}): ComponentChildren {
  const { language, meeting, participant } = request;
  const words = texts[language];
  const decides = decidesForPatient(participant.role);
  const { doorOpensAt } = meeting.course.time;
  const untilDoor = msOf(doorOpensAt) - now.getTime();
  const wasCancelled = isCancelled(outcomeOf(meeting)?.outcome ?? null);
  const links: [page: string, label: string, isShown: boolean][] = [
    ['no-entry', words.noEntry, !isOver && untilDoor <= NEAR_MINUTES * MINUTE_MS],
    ['device', words.device, !isOver],
    ['preparation', words.preparation, !isOver],
    // With the door opens the chat (R4.4).
    ['chat', words.chat, decides && untilDoor <= 0],
    ['change', words.change, decides && !isOver],
    ['afterwards', words.costs, decides && (!isOver || wasCancelled)],
    ['consent', words.consent, decides && todo === null],
    ['notices', words.notices, decides],
    ['calendar.ics', words.calendarAway, wasCancelled],
  ];
  const shown = links.filter(([, , isShown]) => isShown);
  return (
    shown.length > 0 && (
      <section aria-labelledby="more">
        <h2 id="more">{words.more}</h2>
        <ul class="ways">
          {shown.map(([page, label]) => (
            <li key={page}>
              <a href={meetingPath(participant.participantId, page)}>{label}</a>
            </li>
          ))}
        </ul>
      </section>
    )
  );
}

const texts = wording({
  sv: {
    titles: { own: 'Mitt möte', childs: 'Barnets möte', others: 'Digitalt möte' },
    childsMeeting: (childs: string) => `${childs} möte`,
    yourChilds: 'Ditt barns',
    when: 'Tid',
    at: 'kl.',
    minutes: (count: number) => `${count} minuter`,
    child: 'Mötet gäller',
    with: 'Vem du träffar',
    staffOf: 'Vårdpersonal på',
    andInterpreter: 'och en tolk',
    otherStaff: 'Annan vårdpersonal',
    interpreter: 'En tolk',
    byVideo: 'Ni ses med video, här på sidan',
    cost: 'Kostnad',
    free: 'Mötet kostar inget',
    unknown: 'Mottagningen kan svara på vad det kostar',
    invoice: 'Fakturan kommer efter mötet. Frikort räknas av.',
    calendar: 'Lägg till i din kalender',
    calendarAway: 'Ta bort mötet ur din kalender',
    before: 'Inför mötet',
    open: 'Du kan gå in nu.',
    openNotReady: 'Du kan gå in så snart det som är kvar är klart.',
    allDone: 'Allt som måste vara klart före mötet är klart.',
    enter: 'Gå in i mötet',
    wait: 'Gå till mötet och vänta',
    device: 'Testa kamera, mikrofon och ljud',
    preparation: 'Tips inför mötet',
    refused: 'Mötet kan inte hållas med video',
    refusedMore:
      'Svaret på frågan om tidigare vård är nej. Mottagningen hör av sig om annan vård. Det kostar inget.',
    changeAnswer: 'Ändra svaret',
    cancelled: 'Mötet är avbokat',
    newTime: 'Vill du ha en ny tid?',
    backUp: 'Mötet hålls på ett annat sätt än i videorummet',
    backUpHow: 'Se hur mötet hålls',
    ended: 'Mötet är slut',
    clinicAbsent: 'Mottagningen kom inte till mötet',
    clinicAbsentMore: {
      own: 'Det var inte ditt fel, och det kostar dig inget. Mottagningen ska höra av sig om en ny tid.',
      childs: 'Det var inte ert fel, och det kostar inget. Mottagningen ska höra av sig om en ny tid.',
      others: 'Mottagningen ska höra av sig till patienten om en ny tid.',
    },
    more: 'Mer om mötet',
    noEntry: 'Jag kommer inte in',
    chat: 'Chatten från mötet',
    change: 'Boka om eller avboka',
    consent: 'Svaret om tidigare vård',
    notices: 'Påminnelser om mötet',
    costs: 'Vad mötet kostar',
    afterwards: 'Se vad mötet kostar',
    guardians: 'Dina vårdnadshavare ser inte mötet här. Vården bedömer vad de får veta i övrigt.',
  },
  en: {
    titles: { own: 'My meeting', childs: 'Your child’s meeting', others: 'Digital meeting' },
    childsMeeting: (childs) => `${childs} meeting`,
    yourChilds: 'Your child’s',
    when: 'Time',
    at: 'at',
    minutes: (count) => `${count} minutes`,
    child: 'The meeting is for',
    with: 'Who you will meet',
    staffOf: 'Care staff at',
    andInterpreter: 'and an interpreter',
    otherStaff: 'Other care staff',
    interpreter: 'An interpreter',
    byVideo: 'You meet by video, on this page',
    cost: 'Cost',
    free: 'The meeting is free of charge',
    unknown: 'The clinic can tell you what it costs',
    invoice: 'The invoice comes after the meeting. A free card (frikort) is taken into account.',
    calendar: 'Add to your calendar',
    calendarAway: 'Remove the meeting from your calendar',
    before: 'Before the meeting',
    open: 'You can go in now.',
    openNotReady: 'You can go in as soon as what is left is done.',
    allDone: 'Everything that must be done before the meeting is done.',
    enter: 'Go into the meeting',
    wait: 'Go to the meeting and wait',
    device: 'Test camera, microphone and sound',
    preparation: 'Tips for the meeting',
    refused: 'The meeting cannot be held by video',
    refusedMore:
      'The answer to the question about care history is no. The clinic will get in touch about other care. It costs nothing.',
    changeAnswer: 'Change the answer',
    cancelled: 'The meeting is cancelled',
    newTime: 'Would you like another time?',
    backUp: 'The meeting is held in another way than in the video room',
    backUpHow: 'See how the meeting is held',
    ended: 'The meeting is over',
    clinicAbsent: 'The clinic did not come to the meeting',
    clinicAbsentMore: {
      own: 'It was not your fault, and it costs you nothing. The clinic is to get in touch about a new time.',
      childs: 'It was not your fault, and it costs nothing. The clinic is to get in touch about a new time.',
      others: 'The clinic is to get in touch with the patient about a new time.',
    },
    more: 'More about the meeting',
    noEntry: 'I can’t get in',
    chat: 'The chat of the meeting',
    change: 'Rebook or cancel',
    consent: 'The answer about care history',
    notices: 'Reminders about the meeting',
    costs: 'What the meeting costs',
    afterwards: 'See what the meeting costs',
    guardians: 'Your guardians do not see the meeting here. The care staff decide what else they may know.',
  },
});

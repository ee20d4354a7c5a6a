import { createHash } from 'node:crypto';
import type { ComponentChildren } from 'preact';
import {
  Banner,
  Button,
  ButtonLink,
  ButtonRow,
  Card,
  CardLink,
  Facts,
  Heading,
  Receipt,
  TimeLine,
  type Moment,
} from '../../frame/parts';
import type { Cost } from '../../../use-cases/invoice/costs';
import type { Meeting } from '../../../records/meetings';
import { minutesLater, type Instant } from '../../../rules/instant';
import type { Language } from '../../../rules/notices';
import type { ParticipantRequest } from '../frame/route';
import { amount } from '../frame/money';
import { meetingPath } from '../frame/paths';
import { capital, dayAndTime } from '../../frame/time';
import { BackToMeeting } from '../frame/ways-on';
import { ContactClinic } from './contact';
import { whyItWouldCost } from './why';
import { whoseOf } from './whose';
import type { PageContent } from '../../frame/page-content';
import { PostForm } from '../../frame/post-form';
import { wording } from '../../frame/wording';

/**
 * What a page says before the click: whether it costs, by the same rules as the real proposal, and what can
 * be chosen.
 */
export interface ChangeView {
  cancel: Cost;
  move: Cost;
  /** What a cancellation costs inside the notice. */
  cancelLate: Cost;
  /** The notice has begun. */
  isLate: boolean;
  offered: Instant[];
  /** Nothing can be changed here any more: from the start on (R5.5), or where it is over already. */
  closed: 'begun' | 'over' | null;
}

/** What is shown of a wish: for which time of the meeting, and what it costs. */
export const seenOf = ({ course }: Meeting, { kind, amountOre }: Cost): string =>
  `${course.time.startVersion} ${kind} ${amountOre ?? ''}`;

/** An offered time as a part of an address, where every part is an id. */
export const timeId = (meetingId: string, startAt: Instant): string =>
  createHash('sha256').update(`${meetingId} ${startAt}`).digest('base64url').slice(0, 22);

/** The address of the choice, and of what follows on it. */
export const pathOf = ({ participant }: Pick<ParticipantRequest, 'participant'>, page = ''): string =>
  meetingPath(participant.participantId, `change${page}`);

/** First the choice: another time, or none; and until when it costs nothing. */
export function choicePage(request: ParticipantRequest, view: ChangeView): PageContent {
  const { language } = request;
  const words = texts[language];
  return {
    title: words.title,
    main: (
      <>
        <Heading>{words.title}</Heading>
        <TimeNow request={request} />
        <h2>{words.what}</h2>
        {view.offered.length > 0 ? (
          <CardLink href={pathOf(request, '/move')} title={words.moveTitle}>
            <p>{words.times(view.offered.length)}</p>
          </CardLink>
        ) : (
          <Card>
            <h3>{words.moveTitle}</h3>
            <ContactClinic request={request} lead={words.noTimes} />
          </Card>
        )}
        <CardLink href={pathOf(request, '/cancel')} title={words.cancelTitle}>
          <p>{words.cancelHint}</p>
        </CardLink>
        <CostLine request={request} view={view} />
        <Back request={request} />
      </>
    ),
  };
}

/** The times that the clinic offers, each as a card. */
export function timesPage(request: ParticipantRequest, view: ChangeView, taken: boolean): PageContent {
  const { language, meeting } = request;
  const words = texts[language];
  return {
    title: words.choose,
    main: (
      <>
        {taken && (
          <Banner kind="warning" title={words.takenTitle} takesFocus>
            {words.takenText}
          </Banner>
        )}
        <Heading above={words.moveTitle}>{words.choose}</Heading>
        <TimeNow request={request} />
        {view.offered.length === 0 ? (
          <ContactClinic request={request} lead={words.noTimes} />
        ) : (
          <>
            <ul class="choice-list">
              {view.offered.map((startAt) => (
                <li key={startAt}>
                  <CardLink
                    heading="h2"
                    href={pathOf(request, `/time/${timeId(meeting.meetingId, startAt)}`)}
                    title={capital(dayAndTime(startAt, language))}
                  />
                </li>
              ))}
            </ul>
            <CostLine request={request} view={view} />
            <ContactClinic request={request} lead={words.noneFits} />
          </>
        )}
        <Back request={request} toChoice />
      </>
    ),
  };
}

/** Confirms a new time, with what it costs before the button. */
export function newTimePage(
  request: ParticipantRequest,
  view: ChangeView,
  { startAt, changed }: { startAt: Instant; changed: boolean },
): PageContent {
  const { language, meeting, guard } = request;
  const words = texts[language];
  return {
    title: changed ? words.changedTitle : words.confirmMove,
    main: (
      <>
        {changed && <ChangedMeanwhile words={words} />}
        <Heading>{words.confirmMove}</Heading>
        <Card isMain>
          <Facts
            facts={[
              { term: words.newTime, icon: 'calendar', value: capital(dayAndTime(startAt, language)) },
              {
                term: words.oldTime,
                icon: 'clock',
                value: capital(dayAndTime(meeting.course.time.startAt, language)),
              },
            ]}
          />
        </Card>
        <CostOf request={request} cost={view.move} />
        <PostForm guard={guard} action={pathOf(request, '/time')}>
          <input type="hidden" name="seen" value={seenOf(meeting, view.move)} />
          <input type="hidden" name="startAt" value={startAt} />
          <ButtonRow>
            <Button>{words.move}</Button>
            <ButtonLink kind="secondary" href={pathOf(request, '/move')}>
              {words.otherTime}
            </ButtonLink>
          </ButtonRow>
        </PostForm>
        <Back request={request} />
      </>
    ),
  };
}

/** Confirms a cancellation, with what it costs before the button. */
export function cancellationPage(
  request: ParticipantRequest,
  view: ChangeView,
  changed: boolean,
): PageContent {
  const { language, meeting, guard, participant } = request;
  const words = texts[language];
  return {
    title: changed ? words.changedTitle : words.confirmCancel,
    main: (
      <>
        {changed && <ChangedMeanwhile words={words} />}
        <Heading>{words.confirmCancel}</Heading>
        <TimeNow request={request} />
        <CostOf request={request} cost={view.cancel} />
        {view.cancelLate.kind !== 'none' && <CostLine request={request} view={view} />}
        <p>{words.notUndone}</p>
        <PostForm guard={guard} action={pathOf(request, '/cancel')}>
          <input type="hidden" name="seen" value={seenOf(meeting, view.cancel)} />
          <ButtonRow>
            <Button kind="danger" name="sure" value="yes">
              {words.cancel}
            </Button>
            <ButtonLink kind="secondary" href={meetingPath(participant.participantId)}>
              {words.keep}
            </ButtonLink>
          </ButtonRow>
        </PostForm>
        <Back request={request} toChoice />
      </>
    ),
  };
}

/** The receipt: what was changed, and what happens now. */
export function changedPage(
  request: ParticipantRequest,
  { what, costs }: { what: 'cancelled' | 'moved'; costs: boolean },
): PageContent {
  const { language, meeting, participant } = request;
  const words = texts[language];
  const to = (page = ''): string => meetingPath(participant.participantId, page);
  const time = dayAndTime(meeting.course.time.startAt, language);
  return {
    title: words.done[what].title,
    main: (
      <>
        <Receipt title={words.done[what].title}>
          <p>
            {words.done[what].time} <strong>{time}</strong>.
          </p>
        </Receipt>
        <Card>
          <h2>{words.happensNow}</h2>
          <p>{words.told}</p>
          {what === 'cancelled' && <p>{costs ? words.costLate : words.free}</p>}
          <p>
            <a href={to('calendar.ics')}>{words.done[what].calendar}</a>
          </p>
          <ButtonRow>
            {what === 'moved' ? (
              <ButtonLink href={to()}>{words.toMeeting}</ButtonLink>
            ) : costs ? (
              <ButtonLink href={to('afterwards')}>{words.seeCost}</ButtonLink>
            ) : (
              <ButtonLink href="/my">{words.toMine}</ButtonLink>
            )}
          </ButtonRow>
        </Card>
        {what === 'cancelled' && <ContactClinic request={request} lead={words.wantNew} />}
      </>
    ),
  };
}

/** Nothing can be changed here: why, and what to do. */
export function closedPage(request: ParticipantRequest, closed: 'begun' | 'over'): PageContent {
  const words = texts[request.language];
  return {
    title: words.title,
    main: (
      <>
        <Heading>{words.title}</Heading>
        <Banner kind="warning" title={words.closed[closed].title}>
          <ContactClinic request={request} lead={words.closed[closed].text} />
        </Banner>
        <Back request={request} />
      </>
    ),
  };
}

function TimeNow({ request }: { request: ParticipantRequest }) {
  const { language, meeting } = request;
  const words = texts[language];
  return (
    <p>
      {words.nowAt[whoseOf(request) === 'childs' ? 'childs' : 'own']}{' '}
      <strong>{dayAndTime(meeting.course.time.startAt, language)}</strong>.
    </p>
  );
}

const ChangedMeanwhile = ({ words }: { words: (typeof texts)['sv'] }) => (
  <Banner kind="warning" title={words.changedTitle} takesFocus>
    {words.changedText}
  </Banner>
);

function Back({ request, toChoice = false }: { request: ParticipantRequest; toChoice?: boolean }) {
  const { language, participant } = request;
  return toChoice ? (
    <p>
      <a href={pathOf(request)}>{texts[language].backToChoice}</a>
    </p>
  ) : (
    <BackToMeeting language={language} participantId={participant.participantId} />
  );
}

/** The cost by its time: free until when, and what after that. */
function CostLine({ request, view }: { request: ParticipantRequest; view: ChangeView }): ComponentChildren {
  const { language, meeting } = request;
  const words = texts[language];
  const { cancellationNoticeHours } = meeting.terms;
  const { startAt } = meeting.course.time;
  const { cancelLate, isLate } = view;
  if (cancelLate.kind === 'none') return <p>{words.line.never}</p>;
  const lastInTime = dayAndTime(minutesLater(startAt, -cancellationNoticeHours * 60), language);
  const moments: Moment[] = [
    {
      at: words.line.until(lastInTime),
      text: isLate ? words.line.wasFree : words.line.free,
      state: isLate ? 'past' : 'now',
    },
    { at: words.line.after, text: costsText(language, cancelLate), state: isLate ? 'now' : 'ahead' },
    { at: capital(dayAndTime(startAt, language)), text: words.line.starts },
  ];
  return (
    <section aria-labelledby="cost-line">
      <h2 id="cost-line">{words.line.title}</h2>
      <TimeLine moments={moments} />
    </section>
  );
}

const costsText = (language: Language, { amountOre }: Cost): string =>
  amountOre === null
    ? texts[language].costsSomething
    : `${texts[language].costs} ${amount(amountOre, language)}.`;

/** What it costs now, and why; the words stand before the button. */
function CostOf({ request, cost }: { request: ParticipantRequest; cost: Cost }) {
  const { language, meeting } = request;
  const words = texts[language];
  const about = { ...meeting.terms, whose: whoseOf(request) };
  const inTime = cost.because.some(({ reason }) => reason.endsWith('-in-time'));
  const reasons = inTime ? '' : whyItWouldCost(language, cost.because, about).join(' ');
  return cost.kind === 'none' ? (
    <Banner kind="success" title={words.free}>
      {reasons && <p>{reasons}</p>}
    </Banner>
  ) : (
    <Banner kind="warning" title={costsText(language, cost)}>
      {`${reasons} ${words.approved}`}
    </Banner>
  );
}

const texts = wording({
  sv: {
    title: 'Boka om eller avboka',
    nowAt: { own: 'Din tid är', childs: 'Barnets tid är' },
    what: 'Vad vill du göra?',
    moveTitle: 'Byta till en annan tid',
    times: (count: number) =>
      count === 1 ? 'Det finns 1 tid att välja.' : `Det finns ${count} tider att välja på.`,
    noTimes: 'Det finns inga tider att välja på här.',
    noneFits: 'Passar ingen av tiderna?',
    cancelTitle: 'Avboka mötet',
    cancelHint: 'Då blir mötet inte av.',
    choose: 'Välj en ny tid',
    takenTitle: 'Tiden är inte ledig längre',
    takenText: 'Inget är ändrat. Mötet är kvar på sin tid.',
    changedTitle: 'Det här ändrades medan du läste',
    changedText: 'Inget är gjort än. Läs hur det är nu, och tryck igen om du fortfarande vill.',
    confirmMove: 'Vill du byta till den här tiden?',
    newTime: 'Ny tid',
    oldTime: 'I stället för',
    move: 'Ja, byt till den tiden',
    otherTime: 'Välj en annan tid',
    confirmCancel: 'Vill du avboka mötet?',
    notUndone: 'Det går inte att ångra en avbokning. Vill du ha en ny tid sedan får du boka den.',
    cancel: 'Ja, avboka mötet',
    keep: 'Nej, behåll tiden',
    backToChoice: 'Tillbaka',
    closed: {
      begun: { title: 'Starttiden har passerat', text: 'Det går inte att ändra mötet här längre.' },
      over: { title: 'Mötet är avbokat eller slut', text: 'Vill du ha en ny tid?' },
    },
    line: {
      title: 'Vad kostar det att avboka eller byta tid?',
      until: (time: string) => `Till ${time}`,
      free: 'Det kostar inget.',
      wasFree: 'Till dess kostade det inget.',
      after: 'Efter det',
      starts: 'Mötet börjar.',
      never: 'Det kostar inget att avboka eller byta tid.',
    },
    free: 'Det kostar inget.',
    costs: 'Det kostar',
    costsSomething: 'Det kan kosta en avgift.',
    approved:
      'Mottagningen bestämmer om avgiften ska tas ut, och du kan säga till om du tycker att avgiften är fel.',
    done: {
      cancelled: {
        title: 'Mötet är avbokat',
        time: 'Du har avbokat tiden',
        calendar: 'Ta bort mötet ur din kalender',
      },
      moved: {
        title: 'Du har en ny tid',
        time: 'Ditt möte är nu',
        calendar: 'Lägg till den nya tiden i din kalender',
      },
    },
    happensNow: 'Vad händer nu?',
    told: 'Mottagningen har fått veta det. Du behöver inte göra något mer.',
    costLate: 'Du avbokade sent. Mottagningen bestämmer om avgiften ska tas ut.',
    seeCost: 'Se vad det kostar',
    toMeeting: 'Till mötet',
    toMine: 'Till mina möten och ärenden',
    wantNew: 'Vill du ha en ny tid?',
  },
  en: {
    title: 'Rebook or cancel',
    nowAt: { own: 'Your time is', childs: 'Your child’s time is' },
    what: 'What do you want to do?',
    moveTitle: 'Change to another time',
    times: (count) =>
      count === 1 ? 'There is 1 time to choose.' : `There are ${count} times to choose from.`,
    noTimes: 'There are no times to choose from here.',
    noneFits: 'Does none of the times suit you?',
    cancelTitle: 'Cancel the meeting',
    cancelHint: 'Then there will be no meeting.',
    choose: 'Choose a new time',
    takenTitle: 'That time is not free any more',
    takenText: 'Nothing is changed. The meeting stays at its time.',
    changedTitle: 'This changed while you were reading',
    changedText: 'Nothing has been done yet. Read how it is now, and press again if you still want to.',
    confirmMove: 'Do you want to change to this time?',
    newTime: 'New time',
    oldTime: 'Instead of',
    move: 'Yes, change to that time',
    otherTime: 'Choose another time',
    confirmCancel: 'Do you want to cancel the meeting?',
    notUndone: 'A cancellation cannot be undone. If you want another time later, you need to book it.',
    cancel: 'Yes, cancel the meeting',
    keep: 'No, keep the time',
    backToChoice: 'Back',
    closed: {
      begun: { title: 'The starting time has passed', text: 'The meeting can no longer be changed here.' },
      over: { title: 'The meeting is cancelled or over', text: 'Would you like another time?' },
    },
    line: {
      title: 'What does it cost to cancel or to change the time?',
      until: (time) => `Until ${time}`,
      free: 'It costs nothing.',
      wasFree: 'Until then it was free of charge.',
      after: 'After that',
      starts: 'The meeting begins.',
      never: 'It costs nothing to cancel or to change the time.',
    },
    free: 'It costs nothing.',
    costs: 'It costs',
    costsSomething: 'It may cost a fee.',
    approved:
      'The clinic decides whether the fee is charged, and you can say so if you think that the fee is wrong.',
    done: {
      cancelled: {
        title: 'The meeting is cancelled',
        time: 'You have cancelled',
        calendar: 'Remove the meeting from your calendar',
      },
      moved: {
        title: 'You have a new time',
        time: 'Your meeting is now',
        calendar: 'Add the new time to your calendar',
      },
    },
    happensNow: 'What happens now?',
    told: 'The clinic has been told. You need not do anything more.',
    costLate: 'You cancelled late. The clinic decides whether the fee is charged.',
    seeCost: 'See what it costs',
    toMeeting: 'To the meeting',
    toMine: 'To my meetings and cases',
    wantNew: 'Would you like another time?',
  },
});

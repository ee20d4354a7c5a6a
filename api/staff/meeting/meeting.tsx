import { outcomeOf } from '../../../records/meetings';
import { isCancelled } from '../../../rules/gates';
import type { Language } from '../../../rules/notices';
import { doneBy } from '../../../rules/tasks';
import { waitingNow } from '../../../use-cases/meeting/view';
import type { Waiting } from '../../../workflows/meeting/messages';
import type { PageAnswer, PageContent } from '../../frame/page-content';
import { ButtonLink, ButtonRow, Heading, Tag } from '../../frame/parts';
import { capital, clockTime, dayAndTime } from '../../frame/time';
import { wording } from '../../frame/wording';
import { amount } from '../../patient/frame/money';
import { DESK_PATH } from '../frame/paths';
import { carers, type DeskRequest, type DeskRouteDeps } from '../frame/route';
import { deskWords } from '../frame/words';
import { EvidenceLine } from './evidence';
import { NextStep } from './next-step';
import { Notices, RefusedAtTheDoor } from './notices';
import { Lines, pathOf, PatientHead, Section, stateFact, titleOf, Told } from './parts';
import { Participants } from './participants';
import { readMeeting, type MeetingPageView } from './read-meeting';
import { isOver, isPast, isSameDay, withSight, type Sight } from './sight';
import { outcomeReason, stateWords, waitingWords } from './state-words';

/**
 * *The meeting*: where it stands, the next step, who takes part and what each lacks, and all that happened.
 * @param isOpen the protected name was asked for (R8.8)
 */
export const showMeeting =
  (deps: DeskRouteDeps, isOpen = false) =>
  (request: DeskRequest): Promise<PageAnswer> =>
    withSight(
      deps,
      request,
      async (sight) => ({ page: meetingPage(request, sight, await readMeeting(deps, request, sight)) }),
      isOpen,
    );

function meetingPage(request: DeskRequest, sight: Sight, view: MeetingPageView): PageContent {
  const { language } = request;
  const words = texts[language];
  const { time } = sight.meeting.course;
  return {
    title: titleOf(sight, language),
    main: (
      <>
        <Told request={request} />
        <Heading above={words.meeting}>
          {capital(dayAndTime(time.startAt, language))}–{clockTime(time.endAt, language)}
        </Heading>
        <PatientHead request={request} sight={sight} more={[stateFact(sight, language)]} />
        <NextStep request={request} sight={sight} view={view} />
        <Outcome sight={sight} view={view} language={language} />
        <WaitsFor sight={sight} view={view} language={language} />
        <Participants request={request} sight={sight} view={view} />
        <OtherActs request={request} sight={sight} />
        <Tasks view={view} language={language} />
        <Notices sight={sight} view={view} language={language} />
        <RefusedAtTheDoor view={view} language={language} />
        <Invoices view={view} language={language} />
        <EvidenceLine sight={sight} happenings={view.happenings} staff={view.staff} language={language} />
      </>
    ),
  };
}

/** What the meeting came to, why, and each correction of it (R5.1). */
function Outcome({ sight, view, language }: { sight: Sight; view: MeetingPageView; language: Language }) {
  const words = texts[language];
  const { meeting } = sight;
  const outcome = outcomeOf(meeting);
  if (!outcome) return null;
  const { outcomes } = deskWords[language];
  const nameOf = (staffId: string): string => view.staff.get(staffId)?.name ?? staffId;
  return (
    <Section id="outcome" title={words.outcome}>
      <p>
        <strong>{outcomes[outcome.outcome]}</strong>
        {outcome.way && ` (${stateWords[language].ways[outcome.way]})`}. {words.decided[outcome.decidedBy]}
      </p>
      {outcome.decidedBy !== 'staff' && (
        <Lines lines={outcome.because.map((reason) => outcomeReason(reason, language))} />
      )}
      {meeting.corrections.length > 0 && (
        <Lines
          lines={meeting.corrections.map(({ at, by, was, outcome: corrected, reason }) =>
            words.correction({
              at: dayAndTime(at, language),
              by: nameOf(by),
              was: outcomes[was],
              outcome: outcomes[corrected],
              reason: stateWords[language].corrections[reason],
            }),
          )}
        />
      )}
      {meeting.course.registration && <p>{words.registration[meeting.course.registration.state]}</p>}
      {(outcome.outcome !== 'unclear' || meeting.course.closed) && (
        <p>
          <a href={pathOf(sight, 'correct')}>{words.correct}</a>
        </p>
      )}
    </Section>
  );
}

/** What has to happen next, and by when; of the notices the next one, since each stands below. */
function WaitsFor({ sight, view, language }: { sight: Sight; view: MeetingPageView; language: Language }) {
  const words = texts[language];
  const waiting = waitingNow(sight.meeting.course, sight.now);
  const next = waiting.filter(({ what }, index) => what !== 'notice' || !isNoticeBefore(waiting, index));
  if (next.length === 0) return null;
  return (
    <Section id="waits" title={words.waits}>
      <Lines
        lines={next.map((each) => {
          const text = waitingWords(each, view.gates, language);
          if (each.until === null) return text;
          const time = isSameDay(each.until, sight.now)
            ? `${words.clock}${clockTime(each.until, language)}`
            : dayAndTime(each.until, language);
          return `${text} (${comesByItself.has(each.what) ? time : `${words.until} ${time}`})`;
        })}
      />
    </Section>
  );
}

const isNoticeBefore = (waiting: Waiting[], index: number): boolean =>
  waiting.slice(0, index).some(({ what }) => what === 'notice');

/** What happens at its time, and not by it. */
const comesByItself = new Set<Waiting['what']>(['door', 'notice', 'end']);

function Tasks({ view, language }: { view: MeetingPageView; language: Language }) {
  const words = texts[language];
  const { tasks, taskStates } = deskWords[language];
  if (view.tasks.length === 0) return null;
  return (
    <Section id="tasks" title={words.tasks}>
      <Lines
        lines={view.tasks.map(({ taskId, kind, state, dueAt, overdue }) => (
          <>
            <a href={`${DESK_PATH}/tasks/${taskId}`}>{tasks[kind]}</a>{' '}
            <Tag tone={state === 'done' ? 'success' : state === 'open' ? 'action' : 'quiet'}>
              {taskStates[state]}
            </Tag>
            {state === 'open' && (
              <span class="hint">
                {words.due} {dayAndTime(dueAt, language)}.{overdue && ` ${words.overdue}`}
                {doneBy(kind) !== null && ` ${words.doneByItself}`}
              </span>
            )}
          </>
        ))}
      />
    </Section>
  );
}

function Invoices({ view, language }: { view: MeetingPageView; language: Language }) {
  const { invoiceStates, fees } = deskWords[language];
  if (view.invoices.length === 0) return null;
  return (
    <Section id="invoices" title={texts[language].invoices}>
      <Lines
        lines={view.invoices.map(({ invoiceId, state, kind, amountOre }) => (
          <>
            <a href={`${DESK_PATH}/invoices/${invoiceId}`}>
              {fees[kind]}
              {amountOre !== null && kind !== 'none' && `, ${amount(amountOre, language)}`}
            </a>{' '}
            <Tag>{invoiceStates[state]}</Tag>
          </>
        ))}
      />
    </Section>
  );
}

/** What else can be done about it; care content is read on pages of its own, by those who may (R8.1). */
function OtherActs({ request, sight }: { request: DeskRequest; sight: Sight }) {
  const { language, roles } = request;
  const words = texts[language].acts;
  const { meeting, now } = sight;
  const over = isOver(sight);
  const cancelled = isCancelled(outcomeOf(meeting)?.outcome ?? null);
  const acts: (readonly [page: string, label: string])[] = [
    ...(over || meeting.course.state === 'under-way'
      ? []
      : ([
          ['move', words.move],
          ['times', words.times],
          ['cancel', words.cancel],
        ] as const)),
    ...(over ? [] : ([['backup', words.backup]] as const)),
    ...(!over && isPast(meeting.course.time.doorOpensAt, now) ? ([['outcome', words.outcome]] as const) : []),
    ...(cancelled ? [] : ([['tried', words.tried]] as const)),
    ...(roles.some((role) => carers.includes(role)) ? ([['suitability', words.suitability]] as const) : []),
  ];
  return acts.length === 0 ? null : (
    <Section id="acts" title={texts[language].more}>
      <ButtonRow>
        {acts.map(([page, label]) => (
          <ButtonLink key={page} href={pathOf(sight, page)} kind="secondary">
            {label}
          </ButtonLink>
        ))}
      </ButtonRow>
    </Section>
  );
}

const texts = wording({
  sv: {
    meeting: 'Möte',
    outcome: 'Vad mötet blev',
    decided: {
      evidence: 'Det visar uppgifterna från mötet.',
      staff: 'Personalen har angett det.',
      cancellation: 'Det följer av avbokningen.',
      correction: 'Personalen har rättat det.',
    },
    correction: (of: { at: string; by: string; was: string; outcome: string; reason: string }) =>
      `Rättat ${of.at} av ${of.by}: från ${of.was} till ${of.outcome}. ${of.reason}.`,
    registration: {
      waiting: 'Besöket är inte registrerat i PAS och journalen än.',
      registered: 'Besöket är registrerat i PAS och journalen.',
      'not-needed': 'Det finns inget besök att registrera.',
      'given-up': 'Besöket blev inte registrerat i tid.',
    },
    correct: 'Rätta vad mötet blev',
    waits: 'Mötet väntar på',
    until: 'senast',
    clock: 'kl. ',
    tasks: 'Uppgifter',
    due: 'Senast',
    overdue: 'Tiden har gått ut.',
    doneByItself: 'Blir klar av sig själv när det är gjort.',
    invoices: 'Faktura',
    more: 'Gör något annat',
    acts: {
      move: 'Flytta',
      times: 'Erbjud tider',
      cancel: 'Avboka',
      backup: 'Byt till reservrutinen',
      outcome: 'Ange vad mötet blev',
      tried: 'Någon kommer inte in',
      suitability: 'Läs bedömningen',
    },
  },
  en: {
    meeting: 'Meeting',
    outcome: 'What the meeting came to',
    decided: {
      evidence: 'The evidence of the meeting shows it.',
      staff: 'Staff have stated it.',
      cancellation: 'It follows from the cancellation.',
      correction: 'Staff have corrected it.',
    },
    correction: (of) => `Corrected ${of.at} by ${of.by}: from ${of.was} to ${of.outcome}. ${of.reason}.`,
    registration: {
      waiting: 'The visit is not registered in PAS and journal yet.',
      registered: 'The visit is registered in PAS and journal.',
      'not-needed': 'There is no visit to register.',
      'given-up': 'The visit was not registered in time.',
    },
    correct: 'Correct what the meeting came to',
    waits: 'The meeting waits for',
    until: 'by',
    clock: '',
    tasks: 'Tasks',
    due: 'By',
    overdue: 'The time is up.',
    doneByItself: 'It is done by itself once that is done.',
    invoices: 'Invoice',
    more: 'Do something else',
    acts: {
      move: 'Move',
      times: 'Offer times',
      cancel: 'Cancel',
      backup: 'Switch to the back-up routine',
      outcome: 'State what the meeting came to',
      tried: 'Somebody cannot get in',
      suitability: 'Read the assessment',
    },
  },
});

import type { EndedMeeting } from '../../../records/meetings';
import type { Task } from '../../../records/tasks';
import { isCalendarDate } from '../../../rules/calendar-date';
import { inStockholm, stockholmDay } from '../../../rules/calendar/stockholm';
import { toInstant } from '../../../rules/instant';
import type { Language } from '../../../rules/notices';
import type { PageContent } from '../../frame/page-content';
import { ButtonLink, ButtonRow, Heading, Table, Tabs, Tag } from '../../frame/parts';
import { dayAndTime, dayOf } from '../../frame/time';
import { wording } from '../../frame/wording';
import { DESK_PATH, deskCasePath, deskMeetingPath } from '../frame/paths';
import { managers, type DeskRequest, type DeskRoute, type DeskRouteDeps } from '../frame/route';
import { deskWords, nameInList } from '../frame/words';
import { MANAGE_PATH, managePath, ManageTabs, partOf, PartLinks } from './parts';

/** The manager's overview of what waits and of a week, and the lists of that week. */
export function overviewRoutes(deps: DeskRouteDeps): DeskRoute[] {
  return [
    {
      method: 'get',
      path: MANAGE_PATH,
      operation: 'clinic.read-overview',
      summary: 'What is late, and what the week came to, in numbers',
      roles: managers,
      subject: 'clinic',
      handle: async (request) => ({ page: await overviewPage(deps, request) }),
    },
    {
      method: 'get',
      path: WEEK,
      operation: 'meeting.list',
      summary: 'The no-shows, the unclear outcomes or the patients whom nothing reached, of a week',
      roles: managers,
      subject: 'clinic',
      handle: async (request) => ({ page: await weekPage(deps, request) }),
    },
  ];
}

const WEEK = managePath('week');

/** The lists of a week. */
const lists = ['no-show', 'unclear', 'not-reached'] as const;
type List = (typeof lists)[number];

/** A week from its Monday, in Stockholm. */
interface Week {
  monday: string;
  from: Date;
  until: Date;
}

/** The week of a day, of today where none is named; so many weeks later. */
function weekOf(asked: string | undefined, now: Date, later = 0): Week {
  const day = asked !== undefined && isCalendarDate(asked) ? stockholmDay(asked).from : now;
  const monday = inStockholm(day).startOf('week').plus({ weeks: later });
  return {
    monday: monday.toISODate(),
    from: monday.toJSDate(),
    until: monday.plus({ weeks: 1 }).toJSDate(),
  };
}

/** What a week's lists hold: the numbers on the overview are their lengths. */
interface WeekView {
  meetings: Record<Exclude<List, 'not-reached'>, EndedMeeting[]>;
  /** Of the tasks that nobody is reached those that staff have, or have done. */
  notReached: Task[];
}

async function readWeek(
  { records }: Pick<DeskRouteDeps, 'records'>,
  clinicId: string,
  { from, until }: Week,
): Promise<WeekView> {
  const due = { kind: 'nobody-reached', from: toInstant(from), until: toInstant(until) } as const;
  const [ended, open, done] = await Promise.all([
    records.meetings.endedWith(clinicId, { from, until }, ['no-show', 'unclear']),
    records.tasks.dueWithin(clinicId, { ...due, state: 'open' }),
    records.tasks.dueWithin(clinicId, { ...due, state: 'done' }),
  ]);
  const notReached = [...open, ...done].sort((one, other) => (one.dueAt < other.dueAt ? -1 : 1));
  const withOutcome = (outcome: EndedMeeting['outcome']): EndedMeeting[] =>
    ended.filter((each) => each.outcome === outcome);
  return { meetings: { 'no-show': withOutcome('no-show'), unclear: withOutcome('unclear') }, notReached };
}

const countOf = ({ meetings, notReached }: WeekView, list: List): number =>
  list === 'not-reached' ? notReached.length : meetings[list].length;

async function overviewPage(deps: DeskRouteDeps, { clinic, query, language }: DeskRequest) {
  const { records, clock } = deps;
  const { clinicId } = clinic;
  const now = clock.now();
  const week = weekOf(query.week, now);
  const endOfToday = toInstant(stockholmDay(inStockholm(now).toISODate()).until);
  const [overdue, deadlines, view] = await Promise.all([
    records.tasks.countDueBefore(clinicId, toInstant(now)),
    records.cases.deadlines(clinicId, endOfToday),
    readWeek(deps, clinicId, week),
  ]);
  const words = texts[language];
  return {
    title: words.title,
    main: (
      <>
        <Heading above={words.above}>{words.title}</Heading>
        <ManageTabs current="overview" language={language} />
        <Figures
          caption={words.now}
          language={language}
          figures={[
            { href: `${DESK_PATH}/tasks?show=all`, count: overdue, label: words.overdue },
            { href: `${DESK_PATH}/inbox?show=all`, count: deadlines.breached, label: words.breached },
            { href: `${DESK_PATH}/inbox?show=all`, count: deadlines.near, label: words.near },
          ]}
        />
        <h2>{words.week(weekWords(week, language))}</h2>
        <WeekLinks to={MANAGE_PATH} week={week} query={{}} now={now} language={language} />
        <Figures
          caption={words.ofWeek}
          language={language}
          figures={lists.map((list) => ({
            href: listPath(list, week),
            count: countOf(view, list),
            label: words.lists[list],
          }))}
        />
      </>
    ),
  } satisfies PageContent;
}

/** Numbers, each with the way to what it counts. */
const Figures = ({
  caption,
  figures,
  language,
}: {
  caption: string;
  figures: { href: string; count: number; label: string }[];
  language: Language;
}) => (
  <Table
    caption={caption}
    head={[texts[language].what, texts[language].count]}
    rows={figures.map(({ href, count, label }) => ({
      key: label,
      cells: [<a href={href}>{label}</a>, <Tag tone={count > 0 ? 'warning' : 'quiet'}>{count}</Tag>],
    }))}
  />
);

const listPath = (list: List, { monday }: Week): string => `${WEEK}?show=${list}&week=${monday}`;

async function weekPage(deps: DeskRouteDeps, request: DeskRequest): Promise<PageContent> {
  const { clinic, query, language, noteRead } = request;
  const now = deps.clock.now();
  const week = weekOf(query.week, now);
  const list = lists.find((each) => each === query.show) ?? 'no-show';
  const view = await readWeek(deps, clinic.clinicId, week);
  const part = partOf<Task | EndedMeeting>(
    list === 'not-reached' ? view.notReached : view.meetings[list],
    query.part,
  );
  const { shown } = part;
  const patientIds = [...new Set(shown.map(({ patientId }) => patientId))];
  const staffIds = [...new Set(shown.flatMap((each) => ('staffIds' in each ? each.staffIds : [])))];
  const [people, staff] = await Promise.all([
    deps.records.people.findAll(clinic.clinicId, patientIds),
    deps.records.staff.byStaffIds(clinic.clinicId, staffIds),
    noteRead(patientIds),
  ]);
  const nameOf = (patientId: string): string => nameInList(people.get(patientId), deskWords[language]);
  const words = texts[language];
  const taskRow = (task: Task) => ({
    key: task.taskId,
    cells: [
      <a href={subjectPath(task)}>{dayAndTime(task.dueAt, language)}</a>,
      nameOf(task.patientId),
      <a href={`${DESK_PATH}/tasks/${task.taskId}`}>{words.taskStates[task.state]}</a>,
    ],
  });
  const meetingRow = ({ meetingId, startAt, patientId, staffIds: ofMeeting }: EndedMeeting) => ({
    key: meetingId,
    cells: [
      <a href={deskMeetingPath(meetingId)}>{dayAndTime(startAt.toISOString(), language)}</a>,
      nameOf(patientId),
      ofMeeting.map((staffId) => staff.get(staffId)?.name ?? staffId).join(', '),
    ],
  });
  const title = words.lists[list];
  return {
    title,
    main: (
      <>
        <Heading above={words.week(weekWords(week, language))}>{title}</Heading>
        <ManageTabs current="overview" language={language} />
        <Tabs
          label={words.which}
          tabs={lists.map((each) => ({
            href: listPath(each, week),
            label: words.lists[each],
            isCurrent: each === list,
            count: countOf(view, each),
          }))}
        />
        <WeekLinks to={WEEK} week={week} query={{ show: list }} now={now} language={language} />
        {shown.length === 0 ? (
          <p>{words.none}</p>
        ) : (
          <Table
            caption={title}
            head={
              list === 'not-reached'
                ? [words.due, words.patient, words.task]
                : [words.time, words.patient, words.staff]
            }
            rows={shown.map((each) => ('taskId' in each ? taskRow(each) : meetingRow(each)))}
          />
        )}
        <PartLinks part={part} to={listPath(list, week)} language={language} />
      </>
    ),
  };
}

/** What a task is about: its meeting, its case, or the task itself. */
const subjectPath = ({ meetingId, caseId, taskId }: Task): string =>
  meetingId !== null
    ? deskMeetingPath(meetingId)
    : caseId !== null
      ? deskCasePath(caseId)
      : `${DESK_PATH}/tasks/${taskId}`;

/** To the week before and after, and back to this one. */
function WeekLinks({
  to,
  week,
  query,
  now,
  language,
}: {
  to: string;
  week: Week;
  query: Record<string, string>;
  now: Date;
  language: Language;
}) {
  const words = texts[language];
  const link = (later: number, label: string) => {
    const { monday } = weekOf(week.monday, now, later);
    return (
      <ButtonLink
        href={`${to}?${new URLSearchParams({ ...query, week: monday }).toString()}`}
        kind="secondary"
      >
        {label}
      </ButtonLink>
    );
  };
  return (
    <ButtonRow>
      {link(-1, words.weekBefore)}
      {link(1, words.weekAfter)}
    </ButtonRow>
  );
}

/** `måndag 30 november – söndag 6 december`. */
const weekWords = ({ from, until }: Week, language: Language): string =>
  `${dayOf(from.toISOString(), language)} – ${dayOf(new Date(until.getTime() - 1).toISOString(), language)}`;

const texts = wording({
  sv: {
    above: 'Verksamheten',
    title: 'Översikt',
    now: 'Just nu',
    what: 'Vad',
    count: 'Antal',
    overdue: 'Försenade uppgifter',
    breached: 'Ärenden utan svar i tid',
    near: 'Ärenden som ska besvaras i dag',
    ofWeek: 'Under veckan',
    week: (week: string) => `Veckan ${week}`,
    weekBefore: 'Veckan före',
    weekAfter: 'Veckan efter',
    which: 'Vad som visas',
    lists: {
      'no-show': 'Uteblivna besök',
      unclear: 'Oklara, behöver avgöras',
      'not-reached': 'Inget meddelande nådde fram',
    } satisfies Record<List, string>,
    none: 'Inga den här veckan.',
    time: 'Tid',
    due: 'Senast',
    patient: 'Patient',
    staff: 'Personal',
    task: 'Uppgift',
    taskStates: {
      open: 'Att göra',
      done: 'Klar',
      withdrawn: 'Behövs inte längre',
    } satisfies Record<Task['state'], string>,
  },
  en: {
    above: 'The clinic',
    title: 'Overview',
    now: 'Now',
    what: 'What',
    count: 'How many',
    overdue: 'Tasks that are late',
    breached: 'Cases without a reply in time',
    near: 'Cases to be answered today',
    ofWeek: 'In the week',
    week: (week) => `The week of ${week}`,
    weekBefore: 'The week before',
    weekAfter: 'The week after',
    which: 'What is shown',
    lists: {
      'no-show': 'No-shows',
      unclear: 'Unclear, to be decided',
      'not-reached': 'No notice reached the patient',
    },
    none: 'None in this week.',
    time: 'Time',
    due: 'By',
    patient: 'Patient',
    staff: 'Staff',
    task: 'Task',
    taskStates: { open: 'To do', done: 'Done', withdrawn: 'Not needed any more' },
  },
});

import type { Person } from '../../../records/people';
import type { Page } from '../../../records/pages';
import type { StaffMember } from '../../../records/staff';
import type { Task } from '../../../records/tasks';
import { msOf } from '../../../rules/instant';
import type { Language } from '../../../rules/notices';
import { taskKinds, taskStates, type TaskKind, type TaskState } from '../../../rules/tasks';
import { cursor } from '../../../use-cases/fields';
import { SelectField } from '../../frame/fields';
import type { PageContent } from '../../frame/page-content';
import { Button, ButtonLink, ButtonRow, FilterForm, Heading, Table, Tabs, Tag } from '../../frame/parts';
import { PostForm } from '../../frame/post-form';
import { capital, dayAndTime } from '../../frame/time';
import { wording } from '../../frame/wording';
import { oneOf, pathWith } from '../frame/filter';
import { DESK_PATH, deskTaskPath } from '../frame/paths';
import type { DeskRequest, DeskRouteDeps } from '../frame/route';
import { deskWords, nameInList } from '../frame/words';

/** Where the list of tasks is. */
export const TASKS = `${DESK_PATH}/tasks`;
const PAGE = 50;

const whose = ['all', 'mine', 'nobodys'] as const;

/** What the list shows, as its address asks for it. */
interface Asked {
  show: (typeof whose)[number];
  state: TaskState;
  kind: TaskKind | null;
  after: string | null;
}

/** What staff are asked to do: what is due first comes first. */
export async function tasksPage(
  { records, clock }: DeskRouteDeps,
  request: DeskRequest,
): Promise<PageContent> {
  const { clinic, member, language, noteRead } = request;
  const asked = askedIn(request.query);
  const { clinicId } = clinic;
  const tasks = await records.tasks.list({
    clinicId,
    state: asked.state,
    kind: asked.kind,
    assignedTo: asked.show === 'all' ? null : asked.show === 'mine' ? member.staffIds : [null],
    cursor: asked.after,
    limit: PAGE,
  });
  const patientIds = [...new Set(tasks.items.map(({ patientId }) => patientId))];
  const [people, staff] = await Promise.all([
    records.people.findAll(clinicId, patientIds),
    records.staff.byStaffIds(clinicId, staffIdsIn(tasks.items)),
    noteRead(patientIds),
  ]);
  const words = texts[language];
  const { show, state, kind } = asked;
  const to = (change: Partial<Asked>): string => addressOf({ ...asked, after: null, ...change });
  return {
    title: words.title,
    main: (
      <>
        <Heading>{words.title}</Heading>
        <Tabs
          label={words.which}
          tabs={whose.map((each) => ({
            href: to({ show: each }),
            label: words.whose[each],
            isCurrent: each === show,
          }))}
        />
        <FilterForm path={TASKS} kept={{ show }} button={words.filter}>
          <SelectField
            id="kind"
            name="kind"
            label={words.kind}
            value={kind ?? ''}
            options={[
              { value: '', text: words.everyKind },
              ...taskKinds.map((each) => ({ value: each, text: deskWords[language].tasks[each] })),
            ]}
            language={language}
          />
          <SelectField
            id="state"
            name="state"
            label={words.state}
            value={state}
            options={taskStates.map((each) => ({ value: each, text: deskWords[language].taskStates[each] }))}
            language={language}
          />
        </FilterForm>
        <TaskTable view={{ tasks, people, staff, asked, now: clock.now() }} request={request} />
        {tasks.next !== null && (
          <ButtonRow>
            <ButtonLink href={to({ after: tasks.next })} kind="secondary">
              {words.next}
            </ButtonLink>
          </ButtonRow>
        )}
      </>
    ),
  };
}

function askedIn({ show, state, kind, after }: DeskRequest['query']): Asked {
  return {
    show: oneOf(whose, show) ?? 'all',
    state: oneOf(taskStates, state) ?? 'open',
    kind: oneOf(taskKinds, kind),
    after: cursor.safeParse(after).data ?? null,
  };
}

const addressOf = ({ show, state, kind, after }: Asked): string =>
  pathWith(TASKS, {
    show: show === 'all' ? null : show,
    state: state === 'open' ? null : state,
    kind,
    after,
  });

/** The references of staff that tasks name. */
const staffIdsIn = (tasks: Task[]): string[] => [
  ...new Set(tasks.flatMap(({ assignedTo, doneBy }) => [assignedTo, doneBy].flatMap((each) => each ?? []))),
];

interface ListView {
  tasks: Page<Task>;
  people: Map<string, Person>;
  staff: Map<string, StaffMember>;
  asked: Asked;
  now: Date;
}

function TaskTable({ view, request }: { view: ListView; request: DeskRequest }) {
  const { tasks, people, staff, asked, now } = view;
  const { language } = request;
  const words = texts[language];
  if (tasks.items.length === 0) return <p>{words.none}</p>;
  return (
    <Table
      caption={words.title}
      head={[words.task, words.patient, asked.state === 'open' ? words.due : words.ended, words.who]}
      rows={tasks.items.map((task) => ({
        key: task.taskId,
        cells: [
          <a href={deskTaskPath(task.taskId)}>{deskWords[language].tasks[task.kind]}</a>,
          nameInList(people.get(task.patientId), deskWords[language]),
          task.state === 'open' ? (
            <Due task={task} now={now} language={language} />
          ) : (
            task.doneAt !== null && capital(dayAndTime(task.doneAt, language))
          ),
          task.state === 'open' && task.assignedTo === null ? (
            <TakeTask task={task} request={request} />
          ) : (
            nameOfStaff(task.state === 'open' ? task.assignedTo : task.doneBy, staff)
          ),
        ],
      }))}
    />
  );
}

/** By when a task helps; one whose time has passed says so in words. */
export function Due({
  task: { state, dueAt },
  now,
  language,
}: {
  task: Pick<Task, 'state' | 'dueAt'>;
  now: Date;
  language: Language;
}) {
  const isLate = state === 'open' && msOf(dueAt) < now.getTime();
  return (
    <>
      {capital(dayAndTime(dueAt, language))} {isLate && <Tag tone="danger">{texts[language].late}</Tag>}
    </>
  );
}

/** Takes what nobody has. */
export function TakeTask({ task, request }: { task: Task; request: DeskRequest }) {
  const { guard, member, language } = request;
  const words = texts[language];
  return (
    <PostForm action={deskTaskPath(task.taskId, 'assignment')} guard={guard}>
      <input type="hidden" name="from" value={task.assignedTo ?? ''} />
      <input type="hidden" name="to" value={member.memberId} />
      <Button kind="secondary">
        {words.take}
        <span class="visually-hidden">: {deskWords[language].tasks[task.kind]}</span>
      </Button>
    </PostForm>
  );
}

/** Whom a reference names: the clinic's own word for it where there is no record. */
export const nameOfStaff = (staffId: string | null, staff: Map<string, StaffMember>): string | null =>
  staffId === null ? null : (staff.get(staffId)?.name ?? staffId);

const texts = wording({
  sv: {
    title: 'Uppgifter',
    which: 'Vems uppgifter',
    whose: { all: 'Alla', mine: 'Mina', nobodys: 'Ingens' },
    kind: 'Typ av uppgift',
    everyKind: 'Alla typer',
    state: 'Läge',
    filter: 'Visa',
    none: 'Det finns inga uppgifter här.',
    task: 'Uppgift',
    patient: 'Patient',
    due: 'Klart senast',
    ended: 'Klar',
    who: 'Vem',
    late: 'Försenad',
    take: 'Ta uppgiften',
    next: 'Nästa sida',
  },
  en: {
    title: 'Tasks',
    which: 'Whose tasks',
    whose: { all: 'All', mine: 'Mine', nobodys: 'Nobody’s' },
    kind: 'Kind of task',
    everyKind: 'All kinds',
    state: 'State',
    filter: 'Show',
    none: 'There are no tasks here.',
    task: 'Task',
    patient: 'Patient',
    due: 'Due',
    ended: 'Done',
    who: 'Who',
    late: 'Overdue',
    take: 'Take the task',
    next: 'Next page',
  },
});

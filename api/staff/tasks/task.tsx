import type { Person } from '../../../records/people';
import { staffIdsOf } from '../../../records/meetings';
import type { StaffMember } from '../../../records/staff';
import type { Task } from '../../../records/tasks';
import type { Language } from '../../../rules/notices';
import type { TaskKind } from '../../../rules/tasks';
import { SelectField } from '../../frame/fields';
import type { PageAnswer } from '../../frame/page-content';
import {
  Button,
  ButtonLink,
  ButtonRow,
  Card,
  ErrorSummary,
  Facts,
  Heading,
  More,
  type Fact,
} from '../../frame/parts';
import { PostForm } from '../../frame/post-form';
import { capital, dayAndTime } from '../../frame/time';
import { wording } from '../../frame/wording';
import { hasContent } from '../../clinic/sight';
import { CameOf } from '../frame/came-of';
import { seesContentOf } from '../frame/content';
import { deskCasePath, deskInvoicePath, deskMeetingPath, deskPersonPath, deskTaskPath } from '../frame/paths';
import { whyTask } from '../frame/reasons';
import { refusalPage } from '../frame/refusals';
import type { DeskRequest, DeskRouteDeps } from '../frame/route';
import { deskWords, nameInList } from '../frame/words';
import { taskAndMatter, type TaskAndMatter } from './task-and-matter';
import { FinishForm, isCall, resultProblem, resultWord } from './finish-form';
import { Due, nameOfStaff, TakeTask, TASKS } from './list';

/**
 * One task: why it was opened, whom it is about, and the next step.
 * @param trouble what was wrong with a form that was posted
 */
export async function showTask(
  deps: DeskRouteDeps,
  request: DeskRequest,
  trouble: { lacksResult: boolean } = { lacksResult: false },
): Promise<PageAnswer> {
  const { records, clock } = deps;
  const { clinic, language, query } = request;
  const { clinicId } = clinic;
  const found = await taskAndMatter(records, request);
  if (!found) return { page: refusalPage(language, 'not-found', TASKS), status: 404 };
  const { task } = found;
  const [patient, members] = await Promise.all([
    records.people.find(clinicId, task.patientId),
    records.staff.list(clinicId),
  ]);
  const staff = new Map(members.flatMap((each) => each.staffIds.map((staffId) => [staffId, each] as const)));
  const words = texts[language];
  const { lacksResult } = trouble;
  const page = {
    title: deskWords[language].tasks[task.kind],
    main: (
      <>
        {lacksResult && (
          <ErrorSummary
            title={words.notDone}
            problems={[{ field: 'result', text: resultProblem(language) }]}
          />
        )}
        <CameOf
          language={language}
          query={query}
          said={words.said}
          refused={words.refused}
          more={<p>{whoseNow(task, staff, language)}</p>}
        />
        <Heading above={words.above}>{deskWords[language].tasks[task.kind]}</Heading>
        <TaskFacts found={found} patient={patient} staff={staff} now={clock.now()} request={request} />
        {task.state === 'open' && (
          <NextStep found={found} members={members} request={request} lacksResult={lacksResult} />
        )}
        <WaysOn found={found} language={language} />
      </>
    ),
  };
  return { page, ...(lacksResult ? { status: 422 } : {}) };
}

function TaskFacts({
  found: { task, meeting, careCase },
  patient,
  staff,
  now,
  request,
}: {
  found: TaskAndMatter;
  patient: Person | null;
  staff: Map<string, StaffMember>;
  now: Date;
  request: DeskRequest;
}) {
  const { language } = request;
  const words = texts[language];
  const staffIds = meeting ? staffIdsOf(meeting) : (careCase?.involved ?? []);
  const isOpenToAll = !hasContent(task);
  const why = isOpenToAll || seesContentOf(request, staffIds) ? whyTask(task, language) : null;
  const facts: Fact[] = [
    ...(why === null
      ? [
          {
            term: words.why,
            value: <a href={deskTaskPath(task.taskId, 'why')}>{words.whyIsContent}</a>,
            icon: 'lock' as const,
          },
        ]
      : why.length > 0
        ? [{ term: words.why, value: why.join(' '), icon: 'info' as const }]
        : []),
    {
      term: words.patient,
      value: (
        <a href={deskPersonPath(task.patientId)}>
          {nameInList(patient ?? undefined, deskWords[language])}
          {patient && !patient.protectedIdentity && `, ${words.born} ${patient.personal.birthDate}`}
        </a>
      ),
      icon: 'person',
    },
    ...(meeting
      ? [
          {
            term: words.meeting,
            value: capital(dayAndTime(meeting.course.time.startAt, language)),
            icon: 'calendar' as const,
          },
        ]
      : []),
    ...(task.state === 'open'
      ? [
          {
            term: words.due,
            value: <Due task={task} now={now} language={language} />,
            icon: 'clock' as const,
          },
          { term: words.who, value: nameOfStaff(task.assignedTo, staff) ?? words.nobody },
        ]
      : [{ term: words.state, value: whoseNow(task, staff, language) }]),
    {
      term: words.opened,
      value: [
        capital(dayAndTime(task.openedAt, language)),
        ...(task.reminders > 0 ? [words.reminded(task.reminders)] : []),
        ...(task.overdue && task.state === 'open' ? [words.managerTold] : []),
      ].join('. '),
    },
  ];
  return (
    <Card isMain>
      <Facts facts={facts} />
    </Card>
  );
}

/** Who has the task, or what came of it: what whoever comes second has to know. */
function whoseNow(task: Task, staff: Map<string, StaffMember>, language: Language): string {
  const words = texts[language];
  const { state, assignedTo, doneBy, doneAt, result } = task;
  if (state === 'open') {
    const name = nameOfStaff(assignedTo, staff);
    return name === null ? words.isNobodys : words.has(name);
  }
  const by = nameOfStaff(doneBy, staff);
  const said = resultWord(result, language);
  return [
    deskWords[language].taskStates[state],
    ...(doneAt === null ? [] : [dayAndTime(doneAt, language)]),
    ...(by === null ? [] : [words.by(by)]),
    ...(said === null ? [] : [said]),
  ].join(', ');
}

/** The one thing to do next; then who does it. */
function NextStep({
  found,
  members,
  request,
  lacksResult,
}: {
  found: TaskAndMatter;
  members: StaffMember[];
  request: DeskRequest;
  lacksResult: boolean;
}) {
  const { task } = found;
  const { language, member } = request;
  const words = texts[language];
  const where = whereDone(task);
  const isMine = task.assignedTo !== null && member.staffIds.includes(task.assignedTo);
  return (
    <>
      <h2>{words.next}</h2>
      <p>{words.todo[task.kind]}</p>
      <ButtonRow>
        {where && <ButtonLink href={where.href}>{words.ways[where.label]}</ButtonLink>}
        {isCall(task.kind) && (
          <ButtonLink
            href={deskTaskPath(task.taskId, 'contact')}
            kind={where ? 'secondary' : 'primary'}
            icon="phone"
          >
            {words.contact}
          </ButtonLink>
        )}
        {!isMine && <TakeTask task={task} request={request} />}
      </ButtonRow>
      <FinishForm task={task} request={request} lacksResult={lacksResult} />
      <More summary={words.handOver}>
        <HandOver task={task} members={members} request={request} />
      </More>
    </>
  );
}

function HandOver({
  task,
  members,
  request: { guard, language },
}: {
  task: Task;
  members: StaffMember[];
  request: DeskRequest;
}) {
  const words = texts[language];
  const colleagues = members.filter(
    ({ isActive, staffIds }) => isActive && !(task.assignedTo !== null && staffIds.includes(task.assignedTo)),
  );
  return (
    <PostForm action={deskTaskPath(task.taskId, 'assignment')} guard={guard}>
      <input type="hidden" name="from" value={task.assignedTo ?? ''} />
      <SelectField
        id="to"
        name="to"
        label={words.colleague}
        options={[
          ...colleagues.map(({ memberId, name, title }) => ({ value: memberId, text: `${name}, ${title}` })),
          ...(task.assignedTo === null ? [] : [{ value: '', text: words.nobody }]),
        ]}
        language={language}
      />
      <Button kind="secondary">{words.hand}</Button>
    </PostForm>
  );
}

type WayLabel = keyof (typeof texts)['sv']['ways'];

/** Where a task is done that is over when that is done (`doneBy` of rules/tasks), or most likely. */
function whereDone({ kind, meetingId, caseId, invoiceId }: Task): { href: string; label: WayLabel } | null {
  const ofMeeting = (page: string, label: WayLabel) =>
    meetingId === null ? null : { href: deskMeetingPath(meetingId, page), label };
  const ofInvoice = (label: WayLabel) =>
    invoiceId === null ? null : { href: deskInvoicePath(invoiceId), label };
  switch (kind) {
    case 'unclear-outcome':
      return ofMeeting('outcome', 'outcome');
    case 'doubtful-outcome':
      return ofMeeting('correct', 'correct');
    case 'clinic-not-ready':
      return ofMeeting('readiness', 'readiness');
    case 'approve-participant':
      return ofMeeting('claims', 'claims');
    case 'register-visit':
      return ofMeeting('registered', 'registered');
    case 'reply-due':
    case 'document-contact':
      return caseId === null
        ? null
        : kind === 'reply-due'
          ? { href: deskCasePath(caseId), label: 'reply' }
          : { href: deskCasePath(caseId, 'document'), label: 'document' };
    case 'approve-invoice':
      return ofInvoice('decide');
    case 'invoice-refused':
    case 'credit-refused':
    case 'billing-silent':
    case 'objection-after-issue':
      return ofInvoice('invoice');
    case 'meeting-taken-over':
      return ofMeeting('', 'meeting');
    case 'nobody-reached':
    case 'clinic-absent':
    case 'message-lost':
    case 'not-carried-out':
    case 'consent-refused':
      return null;
  }
}

/** To what the task is about. */
function WaysOn({ found: { task }, language }: { found: TaskAndMatter; language: Language }) {
  const words = texts[language];
  const { meetingId, caseId, invoiceId } = task;
  const ways = [
    ...(meetingId === null ? [] : [{ href: deskMeetingPath(meetingId), label: words.toMeeting }]),
    ...(caseId === null ? [] : [{ href: deskCasePath(caseId), label: words.toCase }]),
    ...(invoiceId === null ? [] : [{ href: deskInvoicePath(invoiceId), label: words.toInvoice }]),
    { href: deskPersonPath(task.patientId), label: words.toPerson },
    { href: TASKS, label: words.toTasks },
  ];
  return (
    <ButtonRow>
      {ways.map(({ href, label }) => (
        <ButtonLink key={href} href={href} kind="quiet">
          {label}
        </ButtonLink>
      ))}
    </ButtonRow>
  );
}

const texts = wording({
  sv: {
    above: 'Uppgift',
    why: 'Varför',
    whyIsContent: 'Visa underlaget (för den som utför vården, eller med ett skäl)',
    patient: 'Patient',
    born: 'född',
    meeting: 'Mötet',
    due: 'Klart senast',
    who: 'Vem har den',
    nobody: 'Ingen',
    state: 'Läge',
    opened: 'Skapad',
    reminded: (times: number) => `Ni har blivit påminda ${times} ${times === 1 ? 'gång' : 'gånger'}`,
    managerTold: 'Verksamhetschefen har fått veta att den är försenad',
    next: 'Nästa steg',
    contact: 'Visa hur patienten kan nås',
    handOver: 'Lämna uppgiften till någon annan',
    colleague: 'Till vem',
    hand: 'Lämna över',
    notDone: 'Uppgiften är inte avslutad',
    has: (name: string) => `${name} har uppgiften nu.`,
    isNobodys: 'Ingen har uppgiften nu.',
    by: (name: string) => `av ${name}`,
    said: {
      taken: 'Uppgiften är din.',
      handed: 'Uppgiften är överlämnad.',
      freed: 'Ingen har uppgiften nu.',
      finished: 'Uppgiften är klar.',
    },
    refused: {
      'not-open': 'Någon annan hann före: uppgiften är redan avslutad.',
      'assigned-meanwhile': 'Någon annan hann före.',
      'done-elsewhere': 'Uppgiften blir klar när det den gäller är gjort.',
      'no-colleague': 'Kollegan finns inte kvar på mottagningen. Välj någon annan.',
    },
    ways: {
      outcome: 'Ange vad mötet blev',
      correct: 'Rätta vad mötet blev',
      readiness: 'Bekräfta rummet',
      claims: 'Se vem det är',
      registered: 'Säg att besöket är registrerat',
      reply: 'Svara i ärendet',
      document: 'Dokumentera i ärendet',
      decide: 'Avgör fakturan',
      invoice: 'Se fakturan',
      meeting: 'Se mötet',
    },
    todo: {
      'nobody-reached': 'Ring eller skriv till patienten, och säg när mötet är eller att det är avbokat.',
      'consent-refused': 'Erbjud vård på ett annat sätt, till exempel ett besök på mottagningen.',
      'approve-participant':
        'Någon har loggat in med en inbjudan. Kontrollera vem det är, och godkänn eller neka.',
      'clinic-not-ready': 'Mötet börjar snart. Kontrollera rum, bakgrund, klädsel och namnskylt.',
      'clinic-absent': 'Kontakta patienten, be om ursäkt och erbjud en ny tid. Det kostar inget.',
      'unclear-outcome': 'Uppgifterna räcker inte för att veta vad mötet blev. Avgör det.',
      'doubtful-outcome':
        'Mötet räknas som uteblivet, men något talar för att patienten försökte. Rätta det, eller markera uppgiften som klar om det stämmer.',
      'approve-invoice': 'Godkänn fakturan, eller ta inte betalt.',
      'invoice-refused': 'Gör en ny faktura, eller låt det vara.',
      'credit-refused': 'Fakturan gäller fortfarande. Hör med faktureringen, och begär kreditering igen.',
      'billing-silent': 'Hör med faktureringen om underlaget har kommit fram.',
      'register-visit': 'Registrera besöket i PAS och journal, och säg till här.',
      'reply-due': 'Svara patienten i ärendet.',
      'message-lost': 'Vad som stod i meddelandet finns inte kvar. Kontakta patienten.',
      'not-carried-out':
        'Den som bad om det tror att det är gjort. Gör det som behövs, och kontakta patienten om det är patienten som väntar.',
      'document-contact': 'Sammanfatta vården i journalen, och säg till i ärendet.',
      'meeting-taken-over':
        'Någon har tagit över mötet, och får läsa patientens uppgifter. Se att det stämmer, och markera som klar.',
      'objection-after-issue': 'Ta ställning till invändningen. Kreditera fakturan om patienten har rätt.',
    } satisfies Record<TaskKind, string>,
    toMeeting: 'Till mötet',
    toCase: 'Till ärendet',
    toInvoice: 'Till fakturan',
    toPerson: 'Till patienten',
    toTasks: 'Till alla uppgifter',
  },
  en: {
    above: 'Task',
    why: 'Why',
    whyIsContent: 'Show the evidence (for those who perform the care, or with a reason)',
    patient: 'Patient',
    born: 'born',
    meeting: 'The meeting',
    due: 'Due',
    who: 'Who has it',
    nobody: 'Nobody',
    state: 'State',
    opened: 'Opened',
    reminded: (times) => `You have been reminded ${times === 1 ? 'once' : `${times} times`}`,
    managerTold: 'The operations manager has been told that it is overdue',
    next: 'Next step',
    contact: 'Show how to reach the patient',
    handOver: 'Hand the task to somebody else',
    colleague: 'To whom',
    hand: 'Hand over',
    notDone: 'The task has not been ended',
    has: (name) => `${name} has the task now.`,
    isNobodys: 'Nobody has the task now.',
    by: (name) => `by ${name}`,
    said: {
      taken: 'The task is yours.',
      handed: 'The task is handed over.',
      freed: 'Nobody has the task now.',
      finished: 'The task is done.',
    },
    refused: {
      'not-open': 'Somebody else was first: the task has ended.',
      'assigned-meanwhile': 'Somebody else was first.',
      'done-elsewhere': 'The task is done when what it asks for is done.',
      'no-colleague': 'The colleague is not at the clinic any more. Choose another one.',
    },
    ways: {
      outcome: 'State what the meeting came to',
      correct: 'Correct what the meeting came to',
      readiness: 'Confirm the room',
      claims: 'See who it is',
      registered: 'Say that the visit is registered',
      reply: 'Reply in the case',
      document: 'Document in the case',
      decide: 'Decide the invoice',
      invoice: 'See the invoice',
      meeting: 'See the meeting',
    },
    todo: {
      'nobody-reached': 'Call or write to the patient: when the meeting is, or that it is cancelled.',
      'consent-refused': 'Offer care in another way, such as a visit to the clinic.',
      'approve-participant':
        'Somebody has logged in with an invitation. Check who it is, and approve or refuse.',
      'clinic-not-ready': 'The meeting begins soon. Check room, background, clothing and name badge.',
      'clinic-absent': 'Contact the patient, say sorry and offer a new time. It costs nothing.',
      'unclear-outcome': 'The evidence does not tell what the meeting came to. Decide it.',
      'doubtful-outcome':
        'The meeting counts as a no-show, but something tells that the patient tried. Correct it, or mark the task as done where it is right.',
      'approve-invoice': 'Approve the invoice, or waive it.',
      'invoice-refused': 'Make a new invoice, or leave it.',
      'credit-refused': 'The invoice still holds. Ask billing, and have it credited again.',
      'billing-silent': 'Ask billing whether the basis has come.',
      'register-visit': 'Register the visit in PAS and journal, and say so here.',
      'reply-due': 'Reply to the patient in the case.',
      'message-lost': 'What the message said is gone. Contact the patient.',
      'not-carried-out':
        'Whoever asked for it believes that it is done. Do what is needed, and contact the patient where it is the patient who waits.',
      'document-contact': 'Summarise the care in the journal, and say so in the case.',
      'meeting-taken-over':
        'Somebody took the meeting over, and may read the patient’s data. See that it is right, and mark as done.',
      'objection-after-issue': 'Decide on the objection. Credit the invoice where the patient is right.',
    },
    toMeeting: 'To the meeting',
    toCase: 'To the case',
    toInvoice: 'To the invoice',
    toPerson: 'To the patient',
    toTasks: 'To all tasks',
  },
});

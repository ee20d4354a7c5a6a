import { Fragment } from 'preact';
import type { Case } from '../../../records/cases';
import type { Person } from '../../../records/people';
import type { StaffMember } from '../../../records/staff';
import type { Task } from '../../../records/tasks';
import { isKeptOut } from '../../../rules/calendar/guardian';
import type { Language } from '../../../rules/notices';
import { Banner, Card, Facts, Steps, Tag, type Fact, type Step } from '../../frame/parts';
import { dayAndTime } from '../../frame/time';
import { wording } from '../../frame/wording';
import { DESK_PATH, deskCasePath } from '../frame/paths';
import type { DeskRequest, DeskRouteDeps } from '../frame/route';
import { deskWords, nameInList } from '../frame/words';
import { promisedDay, urgencyOf } from './urgency';

/** A case with the people in it, as its pages show it. */
export interface CaseView {
  careCase: Case;
  patient: Person;
  /** Who write for a child of at most 12. */
  guardians: Person[];
  /** Whom it is with, where the clinic has recorded them. */
  holder: StaffMember | null;
  openTasks: Task[];
}

/** Reads the case in the address; null for none of this clinic's. Guardians are logged too (R8.2). */
export async function readCase(
  { records }: Pick<DeskRouteDeps, 'records'>,
  { clinic: { clinicId }, params, noteRead }: DeskRequest,
): Promise<CaseView | null> {
  const careCase = await records.cases.find(clinicId, params.caseId ?? '');
  if (!careCase) return null;
  const { caseId, patientId, participants, assignedTo } = careCase;
  const guardianIds = participants.flatMap((each) => (each.role === 'guardian' ? [each.personId] : []));
  const [people, tasks, holders] = await Promise.all([
    records.people.findAll(clinicId, [patientId, ...guardianIds]),
    records.tasks.ofCase(caseId),
    records.staff.byStaffIds(clinicId, assignedTo === null ? [] : [assignedTo]),
    guardianIds.length > 0 ? noteRead(guardianIds) : Promise.resolve(),
  ]);
  const patient = people.get(patientId);
  if (!patient) return null;
  return {
    careCase,
    patient,
    guardians: guardianIds.flatMap((each) => people.get(each) ?? []),
    holder: [...holders.values()][0] ?? null,
    openTasks: tasks.filter(({ state }) => state === 'open'),
  };
}

/** Whose it is, at the head of each page: name and birth date, or that they are protected (R8.8). */
export const personWords = (language: Language, { personal, ...person }: Person): string =>
  person.protectedIdentity
    ? deskWords[language].protectedData
    : `${personal.name}, ${texts[language].born} ${personal.birthDate}`;

/** Where a case stands: what presses, by when, with whom, and how far it has come. */
export function CaseState({
  language,
  view: { careCase, patient, guardians, holder, openTasks },
  now,
}: {
  language: Language;
  view: CaseView;
  now: Date;
}) {
  const words = texts[language];
  const shared = deskWords[language];
  const urgency = urgencyOf(language, careCase, now);
  const promised = promisedDay(language, careCase);
  const facts: Fact[] = [
    {
      term: words.next,
      icon: 'clock',
      value: urgency ? <Tag tone={urgency.tone}>{urgency.text}</Tag> : words.nothingWaits,
    },
    { term: words.state, icon: 'info', value: shared.caseStates[careCase.course.state] },
    ...(promised === null ? [] : [{ term: words.promised, value: promised, icon: 'calendar' as const }]),
    { term: words.with, icon: 'person', value: holderWords(language, careCase, holder) },
    ...(guardians.length === 0
      ? []
      : [
          {
            term: words.guardians,
            value: guardians.map((each) => guardianWords(language, patient, each, now)).join(', '),
          },
        ]),
    ...(openTasks.length === 0
      ? []
      : [
          {
            term: words.tasks,
            icon: 'check' as const,
            value: <Tasks language={language} tasks={openTasks} />,
          },
        ]),
  ];
  return (
    <Card isMain>
      <Facts facts={facts} />
      <Steps language={language} label={words.steps} steps={stepsOf(language, careCase)} />
    </Card>
  );
}

/** A guardian by name, and that they may not write any more where that is so (R7.2, R7.3). */
const guardianWords = (language: Language, patient: Person, guardian: Person, now: Date): string =>
  `${nameInList(guardian, deskWords[language])}${
    isKeptOut(patient, { role: 'guardian', personId: guardian.personId }, now)
      ? ` (${texts[language].keptOut})`
      : ''
  }`;

export const holderWords = (language: Language, { assignedTo }: Case, holder: StaffMember | null): string =>
  holder?.name ?? assignedTo ?? texts[language].nobody;

/** Reply, close, document: what is done, what is next. */
function stepsOf(language: Language, { course: { state, clock, documentation } }: Case): Step[] {
  const words = texts[language];
  const isClosed = documentation !== null || state === 'ended';
  const isDone = [clock === null, isClosed, isClosed && documentation?.state !== 'waiting'];
  const now = isDone.indexOf(false);
  return [words.reply, words.close, words.document].map((label, index) => ({
    label,
    state: isDone[index] ? 'done' : index === now ? 'now' : 'ahead',
  }));
}

/** What staff are asked to do about it, with the way to each. */
function Tasks({ language, tasks }: { language: Language; tasks: Task[] }) {
  const words = texts[language];
  return (
    <>
      {tasks.map(({ taskId, kind, dueAt }, index) => (
        <Fragment key={taskId}>
          {index > 0 && <br />}
          <a href={`${DESK_PATH}/tasks/${taskId}`}>{deskWords[language].tasks[kind]}</a>, {words.due}{' '}
          {dayAndTime(dueAt, language)}
        </Fragment>
      ))}
    </>
  );
}

/** What came of the last act, by the words in the address; unknown ones say nothing. */
export function Said({ language, query }: { language: Language; query: DeskRequest['query'] }) {
  const { said, refused } = texts[language] as Record<'said' | 'refused', Record<string, string>>;
  if (query.refused !== undefined) {
    const isReceived = ['not-carried-out-yet', 'command-under-way'].includes(query.refused);
    return (
      <Banner kind={isReceived ? 'info' : 'error'} takesFocus>
        {(Object.hasOwn(refused, query.refused) ? refused[query.refused] : undefined) ?? refused.other}
      </Banner>
    );
  }
  const done = query.said !== undefined && Object.hasOwn(said, query.said) ? said[query.said] : undefined;
  return done === undefined ? null : (
    <Banner kind="success" takesFocus>
      {done}
    </Banner>
  );
}

/** The case's own page, with what came of an act in the address. */
export const caseWithQuery = (
  caseId: string,
  page: string,
  { said, refused }: DeskRequest['query'],
): string => {
  const cameOf = new URLSearchParams({
    ...(said === undefined ? {} : { said }),
    ...(refused === undefined ? {} : { refused }),
  }).toString();
  return `${deskCasePath(caseId, page)}${cameOf && `?${cameOf}`}`;
};

const texts = wording({
  sv: {
    born: 'född',
    next: 'Nästa steg',
    nothingWaits: 'Inget väntar',
    state: 'Läge',
    promised: 'Svar utlovat senast',
    with: 'Hos',
    nobody: 'Ingen',
    guardians: 'Vårdnadshavare som skriver',
    keptOut: 'får inte längre läsa eller skriva',
    steps: 'Så långt har ärendet kommit',
    reply: 'Svara',
    close: 'Avsluta',
    document: 'Dokumentera',
    tasks: 'Uppgifter',
    due: 'senast',
    said: {
      opened: 'Ärendet är öppnat och meddelandet skickat.',
      taken: 'Du har ärendet nu.',
      assigned: 'Ärendet är överlämnat.',
      'given-back': 'Ärendet är tillbaka bland dem som ingen har.',
      closed: 'Ärendet är avslutat. Dokumentera kontakten i journalen.',
      documented: 'Kontakten är dokumenterad.',
    },
    refused: {
      'assigned-meanwhile': 'Någon annan har ärendet nu. Inget har ändrats.',
      'not-your-case':
        'Du kan ta ett ärende som ingen har, och lämna över ett som du har. Inget har ändrats.',
      'no-such-colleague': 'Den du valde arbetar inte på mottagningen längre. Välj någon annan.',
      'no-ongoing-matter': 'Ärendet är avslutat.',
      closed: 'Ärendet är redan avslutat.',
      ended: 'Ärendet är redan klart.',
      'not-closed': 'Avsluta ärendet först.',
      'documented-already': 'Kontakten är redan dokumenterad.',
      'posted-before': 'Den här sidan har redan skickats. Läget syns nedan.',
      'not-carried-out-yet': 'Det är mottaget och blir gjort så snart det går. Du behöver inte göra om det.',
      'command-under-way': 'Det håller på att göras. Ladda om sidan om en liten stund.',
      other: 'Det gick inte. Inget har ändrats.',
    },
  },
  en: {
    born: 'born',
    next: 'Next step',
    nothingWaits: 'Nothing waits',
    state: 'State',
    promised: 'Reply promised by',
    with: 'With',
    nobody: 'Nobody',
    guardians: 'Guardians who write',
    keptOut: 'may not read or write any more',
    steps: 'How far the case has come',
    reply: 'Reply',
    close: 'Close',
    document: 'Document',
    tasks: 'Tasks',
    due: 'by',
    said: {
      opened: 'The case is open and the message sent.',
      taken: 'The case is yours now.',
      assigned: 'The case is handed over.',
      'given-back': 'The case is among those that nobody has.',
      closed: 'The case is closed. Document the contact in the journal.',
      documented: 'The contact is documented.',
    },
    refused: {
      'assigned-meanwhile': 'Somebody else has the case now. Nothing has changed.',
      'not-your-case':
        'You can take a case that nobody has, and hand over one that you have. Nothing has changed.',
      'no-such-colleague': 'The one you chose does not work at the clinic any more. Choose somebody else.',
      'no-ongoing-matter': 'The case is closed.',
      closed: 'The case is closed already.',
      ended: 'The case is done already.',
      'not-closed': 'Close the case first.',
      'documented-already': 'The contact is documented already.',
      'posted-before': 'This page was sent before. The state is below.',
      'not-carried-out-yet': 'It is received and will be done as soon as possible. You need not do it again.',
      'command-under-way': 'It is being done. Reload the page in a moment.',
      other: 'That did not work. Nothing has changed.',
    },
  },
});

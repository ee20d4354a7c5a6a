import type { Case, WaitingWith } from '../../../records/cases';
import type { Person } from '../../../records/people';
import type { StaffMember } from '../../../records/staff';
import type { Language } from '../../../rules/notices';
import { cursor as cursorSchema } from '../../../use-cases/fields';
import type { PageAnswer, PageContent } from '../../frame/page-content';
import { Banner, ButtonLink, ButtonRow, Heading, Table, Tabs, Tag } from '../../frame/parts';
import { wording } from '../../frame/wording';
import { lastDay } from '../../patient/thread/case-state';
import { threadKey } from '../../patient/thread/thread-streams';
import { deskScript } from '../assets';
import { takesPart, urgencyOf } from '../cases/urgency';
import { DESK_PATH, deskCasePath } from '../frame/paths';
import { everybody, type DeskRequest, type DeskRoute, type DeskRouteDeps } from '../frame/route';
import { deskWords, nameInList } from '../frame/words';

const PAGE = 50;
const INBOX = `${DESK_PATH}/inbox`;

/** Whose cases are listed. */
type Show = 'mine' | 'nobodys' | 'all';

/** The inbox: message cases, most urgent first (R6.5); one's own, nobody's or all by `show`. */
export function inboxRoutes(deps: DeskRouteDeps): DeskRoute[] {
  const page = async (request: DeskRequest): Promise<PageAnswer> => ({
    page: inboxPage(deps, request, await readInbox(deps, request)),
  });
  return [
    {
      method: 'get',
      path: INBOX,
      operation: 'case.list',
      summary: 'Message cases, most urgent first; 50 a page',
      roles: everybody,
      subject: 'clinic',
      handle: page,
    },
    {
      method: 'get',
      path: `${INBOX}/news`,
      operation: 'case.list',
      summary: 'The same page again, for its script',
      roles: everybody,
      subject: 'clinic',
      unattended: true,
      handle: page,
    },
    {
      method: 'get',
      path: `${INBOX}/status`,
      operation: 'case.list-status',
      summary: 'Whether the list would look different, for the page’s script',
      roles: everybody,
      subject: 'clinic',
      unattended: true,
      quiet: true,
      handle: async (request) => ({
        json: { key: keyOf(deps, request, await readCases(deps, request)) },
      }),
    },
  ];
}

/** What is listed, with nothing of anybody's in it yet. */
interface Listed {
  show: Show;
  cases: Case[];
  next: string | null;
  /** With whom replies wait (R6.5); null for those who do not watch over it. */
  waiting: WaitingWith[] | null;
}

interface Inbox extends Listed {
  people: Map<string, Person>;
  staff: Map<string, StaffMember>;
  /** What a case is about, of those that this reader takes part in: it is care content. */
  subjects: Map<string, string>;
}

/** All of them are for those who see to it that somebody answers, and who book; clinicians have their own. */
const maySeeAll = ({ roles }: Pick<DeskRequest, 'roles'>): boolean =>
  roles.some((role) => role !== 'clinician');

function showIn({ query, roles }: DeskRequest): Show {
  const { show } = query;
  if (show === 'mine' || show === 'nobodys') return show;
  if (show === 'all') return maySeeAll({ roles }) ? 'all' : 'mine';
  return roles.includes('clinician') ? 'mine' : 'all';
}

async function readCases({ records }: DeskRouteDeps, request: DeskRequest): Promise<Listed> {
  const { clinic, member, query, roles } = request;
  const { clinicId } = clinic;
  const show = showIn(request);
  const { items, next } = await records.cases.list({
    clinicId,
    state: null,
    assignedTo: show === 'mine' ? member.staffIds : null,
    unassigned: show === 'nobodys',
    cursor: cursorSchema.safeParse(query.cursor).data ?? null,
    limit: PAGE,
  });
  const watches = show === 'all' && roles.includes('operations-manager');
  return { show, cases: items, next, waiting: watches ? await records.cases.waiting(clinicId) : null };
}

/** Reads the list with the names in it, and logs whose they are (R8.2). */
async function readInbox(deps: DeskRouteDeps, request: DeskRequest): Promise<Inbox> {
  const { records } = deps;
  const { clinic, noteRead } = request;
  const listed = await readCases(deps, request);
  const { cases, waiting } = listed;
  const patientIds = [...new Set(cases.map(({ patientId }) => patientId))];
  const holders = [
    ...cases.map(({ assignedTo }) => assignedTo),
    ...(waiting ?? []).map((each) => each.staffId),
  ];
  const staffIds = [...new Set(holders.flatMap((each) => each ?? []))];
  const own = cases.filter((each) => takesPart(each, request)).map(({ caseId }) => caseId);
  const [people, staff, subjects] = await Promise.all([
    records.people.findAll(clinic.clinicId, patientIds),
    records.staff.byStaffIds(clinic.clinicId, staffIds),
    records.cases.subjectsOf(own),
    noteRead(patientIds),
  ]);
  return { ...listed, people, staff, subjects };
}

/** Changes when the list would look different: also when only time has passed. */
const keyOf = (
  { clock }: DeskRouteDeps,
  { language }: DeskRequest,
  { show, cases, waiting }: Listed,
): string =>
  threadKey(
    show,
    JSON.stringify(waiting),
    ...cases.flatMap((each) => [
      each.caseId,
      each.course.state,
      each.assignedTo ?? '',
      String(each.hasPictures),
      urgencyOf(language, each, clock.now())?.text ?? '',
    ]),
  );

function inboxPage(deps: DeskRouteDeps, request: DeskRequest, inbox: Inbox): PageContent {
  const { language, query } = request;
  const { show, next, waiting } = inbox;
  const words = texts[language];
  const to = (page: string, more: Record<string, string> = {}): string =>
    `${INBOX}${page}?${new URLSearchParams({ show, ...more }).toString()}`;
  const here: Record<string, string> = query.cursor === undefined ? {} : { cursor: query.cursor };
  const tab = (each: Show) => ({
    href: `${INBOX}?show=${each}`,
    label: words.tabs[each],
    isCurrent: show === each,
  });
  const tabs: Show[] = maySeeAll(request) ? ['mine', 'nobodys', 'all'] : ['mine', 'nobodys'];
  return {
    title: words.title,
    scripts: [deskScript('live-list')],
    main: (
      <>
        {query.said === 'received' && (
          <Banner kind="info" takesFocus>
            {words.received}
          </Banner>
        )}
        <Heading>{words.title}</Heading>
        <Tabs label={words.which} tabs={tabs.map(tab)} />
        <p id="live-said" role="status" class="says">
          <span data-says="new" hidden>
            {words.changed}
          </span>
          <span data-says="no-contact" hidden>
            {words.noContact}
          </span>
          <span data-says="logged-out" hidden>
            {words.loggedOut} <a href={to('', here)}>{words.logIn}</a>
          </span>
        </p>
        <div
          id="live-list"
          data-key={keyOf(deps, request, inbox)}
          data-status={to('/status', here)}
          data-news={to('/news', here)}
        >
          <CaseTable language={language} inbox={inbox} now={deps.clock.now()} />
          <ButtonRow>
            {query.cursor !== undefined && (
              <ButtonLink href={to('')} kind="secondary">
                {words.first}
              </ButtonLink>
            )}
            {next !== null && (
              <ButtonLink href={to('', { cursor: next })} kind="secondary">
                {words.next}
              </ButtonLink>
            )}
          </ButtonRow>
          {waiting !== null && waiting.length > 0 && (
            <Waiting language={language} waiting={waiting} staff={inbox.staff} />
          )}
        </div>
      </>
    ),
  };
}

function CaseTable({ language, inbox, now }: { language: Language; inbox: Inbox; now: Date }) {
  const words = texts[language];
  const { cases, people, staff, subjects, show } = inbox;
  if (cases.length === 0) return <p>{words.none[show]}</p>;
  const shared = deskWords[language];
  return (
    <Table
      caption={words.title}
      head={[
        words.reply,
        words.patient,
        ...(subjects.size > 0 ? [words.subject] : []),
        words.state,
        ...(show === 'all' ? [words.with] : []),
      ]}
      rows={cases.map((each) => {
        const { caseId, patientId, assignedTo, hasPictures, course } = each;
        const urgency = urgencyOf(language, each, now);
        const subject = subjects.get(caseId);
        return {
          key: caseId,
          cells: [
            <a href={deskCasePath(caseId, subject === undefined ? '' : 'thread')}>
              {urgency ? urgency.text : words.nothingWaits}
            </a>,
            nameInList(people.get(patientId), shared),
            // The same words in each row say nothing.
            ...(subjects.size > 0 ? [subject ?? <span class="muted">{words.hidden}</span>] : []),
            <>
              <Tag tone={urgency?.tone ?? 'quiet'}>{shared.caseStates[course.state]}</Tag>
              {hasPictures && (
                <>
                  {' '}
                  <Tag icon="camera">{words.pictures}</Tag>
                </>
              )}
            </>,
            ...(show === 'all' ? [holderName(language, staff, assignedTo)] : []),
          ],
        };
      })}
    />
  );
}

/** By name, or by the reference where the clinic has recorded nobody with it. */
const holderName = (language: Language, staff: Inbox['staff'], staffId: string | null): string =>
  staffId === null ? texts[language].nobody : (staff.get(staffId)?.name ?? staffId);

/** With whom replies wait, also those who are away (R6.5). */
function Waiting({
  language,
  waiting,
  staff,
}: {
  language: Language;
  waiting: WaitingWith[];
  staff: Inbox['staff'];
}) {
  const words = texts[language];
  return (
    <Table
      caption={words.waiting}
      head={[words.with, words.waits, words.late, words.firstDue]}
      rows={waiting.map(({ staffId, waiting: count, breached, firstDeadlineAt }) => ({
        key: staffId ?? '',
        cells: [
          holderName(language, staff, staffId),
          count,
          breached > 0 ? <Tag tone="danger">{String(breached)}</Tag> : '0',
          lastDay(firstDeadlineAt, language),
        ],
      }))}
    />
  );
}

const texts = wording({
  sv: {
    title: 'Ärenden',
    which: 'Vilka ärenden',
    tabs: { mine: 'Mina', nobodys: 'Ingens', all: 'Alla' } satisfies Record<Show, string>,
    none: {
      mine: 'Du har inga ärenden.',
      nobodys: 'Inga ärenden väntar på att någon tar dem.',
      all: 'Mottagningen har inga ärenden.',
    } satisfies Record<Show, string>,
    reply: 'Nästa steg',
    patient: 'Patient',
    subject: 'Gäller',
    hidden: 'Visas för den som har ärendet',
    state: 'Läge',
    with: 'Hos',
    nobody: 'Ingen',
    pictures: 'Bilder',
    nothingWaits: 'Inget väntar',
    next: 'Visa fler',
    first: 'Till början',
    received: 'Det är mottaget och skickas så snart det går. Du behöver inte göra om det.',
    changed: 'Listan har ändrats.',
    noContact: 'Du verkar inte ha någon uppkoppling just nu. Sidan försöker igen av sig själv.',
    loggedOut: 'Du är inte längre inloggad.',
    logIn: 'Logga in',
    waiting: 'Meddelanden som väntar på svar',
    waits: 'Väntar',
    late: 'Försenade',
    firstDue: 'Första svaret senast',
  },
  en: {
    title: 'Cases',
    which: 'Which cases',
    tabs: { mine: 'Mine', nobodys: 'Nobody’s', all: 'All' },
    none: {
      mine: 'You have no cases.',
      nobodys: 'No cases wait for somebody to take them.',
      all: 'The clinic has no cases.',
    },
    reply: 'Next step',
    patient: 'Patient',
    subject: 'About',
    hidden: 'Shown to whoever has the case',
    state: 'State',
    with: 'With',
    nobody: 'Nobody',
    pictures: 'Pictures',
    nothingWaits: 'Nothing waits',
    next: 'Show more',
    first: 'To the beginning',
    received: 'It is received and will be sent as soon as possible. You need not do it again.',
    changed: 'The list has changed.',
    noContact: 'You seem to have no connection right now. The page will try again by itself.',
    loggedOut: 'You are no longer logged in.',
    logIn: 'Log in',
    waiting: 'Messages that wait for a reply',
    waits: 'Waiting',
    late: 'Late',
    firstDue: 'First reply due',
  },
});

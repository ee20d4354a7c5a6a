import { staffIdsOf, type Meeting } from '../../../records/meetings';
import type { Person } from '../../../records/people';
import type { StaffMember } from '../../../records/staff';
import { daysLater, isCalendarDate } from '../../../rules/calendar-date';
import { inStockholm, stockholmDay } from '../../../rules/calendar/stockholm';
import { msOf } from '../../../rules/instant';
import { createNewsStreams, type NewsStreams } from '../../frame/news-streams';
import type { PageAnswer, PageContent } from '../../frame/page-content';
import { ButtonLink, ButtonRow, Heading, Table, Tabs } from '../../frame/parts';
import { capital, clockTime, dayOf } from '../../frame/time';
import { deskScript } from '../assets';
import { DESK_PATH, deskMeetingPath } from '../frame/paths';
import { everybody, type DeskRequest, type DeskRoute, type DeskRouteDeps } from '../frame/route';
import { deskWords, nameInList } from '../frame/words';
import { createDays, LOOK_MS, type DayNow, type Days } from './day-now';
import type { MeetingNow } from './meeting-now';
import { liveRow, NowCell, StateCell } from './now-cells';
import { todayTexts } from './today-texts';

const TODAY = `${DESK_PATH}/today`;
/** So many meetings stand on a page: 300 of a day would make it too heavy. */
const ON_A_PAGE = 50;
/** How long a quiet stream goes on after the login has ended, or the role has gone. */
const CHECK_MS = 20_000;

/** The day's meetings: of another day by `day`, one's own by `show=mine`, of a kind by `state`. */
export function todayRoutes(deps: DeskRouteDeps): DeskRoute[] {
  const days = createDays(deps);
  const streams = streamsOf(days);
  deps.onShutdown?.(() => streams.endAll());
  const row = { method: 'get', roles: everybody, subject: 'clinic' } as const;
  return [
    {
      ...row,
      path: TODAY,
      operation: 'meeting.list',
      summary: 'The meetings of a day',
      handle: async (request) => ({ page: await todayPage(deps, days, request) }),
    },
    {
      ...row,
      path: `${TODAY}/live`,
      operation: 'meeting.list-now',
      summary: 'How it stands with the meetings on the page, for its script: no names',
      unattended: true,
      quiet: true,
      handle: (request) => liveDay(deps, days, request),
    },
    {
      ...row,
      path: `${TODAY}/events`,
      operation: 'meeting.day-events',
      summary: 'Tells the page that something of the day has changed, as it comes',
      unattended: true,
      quiet: true,
      handle: (request) => Promise.resolve(dayEvents(deps, streams, request)),
    },
  ];
}

/** One look for all pages of a clinic's day. */
const streamsOf = (days: Days): NewsStreams =>
  createNewsStreams({
    keysOf: async (subjects) => {
      const keys = subjects.map(async (subject): Promise<[string, string]> => {
        const [clinicId = '', day = ''] = subject.split(' ');
        return [subject, (await days.look(clinicId, day)).key];
      });
      return new Map(await Promise.all(keys));
    },
    lookMs: LOOK_MS,
    checkMs: CHECK_MS,
  });

function dayEvents(
  { clock }: Pick<DeskRouteDeps, 'clock'>,
  streams: NewsStreams,
  { query, clinic, member, stillAllowed }: DeskRequest,
): PageAnswer {
  const subject = `${clinic.clinicId} ${dayIn(query.day, clock.now())}`;
  const stream = streams.open({ subject, of: member.memberId, stillAllowed });
  return stream ? { content: stream } : { json: { refused: 'too-many' }, status: 429 };
}

/** What the page and its script show of a day. */
interface Chosen {
  day: string;
  isMine: boolean;
  kind: Kind;
  /** From 1. */
  page: number;
  pages: number;
  /** The meetings on the page, and how many there are of each choice. */
  shown: Meeting[];
  counts: { mine: number; all: number; kinds: Record<Kind, number> };
}

/** The kinds of meetings that one looks for. */
const kinds = ['all', 'now', 'trouble', 'ahead', 'over'] as const;
type Kind = (typeof kinds)[number];

/** @param now how it stands with the meeting */
function isOfKind(kind: Kind, { state, troubles, waits }: MeetingNow): boolean {
  switch (kind) {
    case 'all':
      return true;
    case 'now':
      return state === 'door-open' || state === 'under-way' || waits.length > 0;
    case 'trouble':
      return troubles.length > 0;
    case 'ahead':
      return state === 'booked' || state === 'ready';
    case 'over':
      return state === 'ended';
  }
}

/** What a page with this query shows. */
function choose({ meetings, now }: DayNow, { query, roles, member }: DeskRequest, at: Date): Chosen {
  const day = dayIn(query.day, at);
  // Whoever has patients of their own sees these first; the whole day is one click away.
  const isMine = query.show === undefined ? roles.includes('clinician') : query.show === 'mine';
  const kind = kinds.find((each) => each === query.state) ?? 'all';
  const mine = meetings.filter((meeting) => isOf(meeting, member));
  const some = isMine ? mine : meetings;
  const ofKind = (which: Kind): Meeting[] =>
    some.filter(({ meetingId }) => isOfKind(which, now.get(meetingId)!));
  const chosen = ofKind(kind);
  const pages = Math.max(1, Math.ceil(chosen.length / ON_A_PAGE));
  // Of today the page opens where the day stands.
  const next = chosen.findIndex(({ course: { time } }) => msOf(time.endAt) > at.getTime());
  const first = kind === 'over' || next === -1 ? 1 : Math.floor(next / ON_A_PAGE) + 1;
  const asked = Number(query.page ?? first);
  const page = Number.isInteger(asked) && asked >= 1 && asked <= pages ? asked : 1;
  return {
    day,
    isMine,
    kind,
    page,
    pages,
    shown: chosen.slice((page - 1) * ON_A_PAGE, page * ON_A_PAGE),
    counts: {
      mine: mine.length,
      all: meetings.length,
      kinds: Object.fromEntries(
        kinds.map((each) => [each, ofKind(each).length]),
      ) as Chosen['counts']['kinds'],
    },
  };
}

/** How it stands with what the page shows, as pieces of the page; whose it is stands there already. */
async function liveDay({ clock }: DeskRouteDeps, days: Days, request: DeskRequest): Promise<PageAnswer> {
  const at = clock.now();
  const day = await days.look(request.clinic.clinicId, dayIn(request.query.day, at));
  const { shown } = choose(day, request, at);
  return {
    json: {
      key: day.key,
      rows: shown.map((meeting) => liveRow(cellOf(meeting, day.now.get(meeting.meetingId)!, request, at))),
    },
  };
}

const cellOf = (meeting: Meeting, now: MeetingNow, { language, member }: DeskRequest, at: Date) => ({
  meeting,
  now,
  language,
  isMine: isOf(meeting, member),
  at,
});

async function todayPage(deps: DeskRouteDeps, days: Days, request: DeskRequest): Promise<PageContent> {
  const { query, language, clinic } = request;
  const at = deps.clock.now();
  const day = dayIn(query.day, at);
  const dayNow = await days.read(clinic.clinicId, day);
  const chosen = choose(dayNow, request, at);
  const names = await namesIn(deps, request, chosen.shown);
  const words = todayTexts[language];
  const { isMine, kind, page, pages, counts } = chosen;
  const to = (changed: { show?: string; state?: Kind; page?: number }): string => {
    const { show, state, page: other } = { show: isMine ? 'mine' : 'all', state: kind, ...changed };
    return `${TODAY}?day=${day}&show=${show}&state=${state}${other === undefined ? '' : `&page=${other}`}`;
  };
  const title = capital(dayOf(stockholmDay(day).from.toISOString(), language));
  return {
    title: words.title,
    scripts: [deskScript('minutes'), deskScript('today')],
    main: (
      <div
        id="day"
        data-key={dayNow.key}
        data-query={to({ page }).slice(TODAY.length)}
        data-path={TODAY}
        data-waits={words.somebodyWaits}
      >
        <Heading above={words.title}>{title}</Heading>
        <ButtonRow>
          <ButtonLink href={`${TODAY}?day=${daysLater(day, -1)}`} kind="secondary">
            {words.before}
          </ButtonLink>
          <ButtonLink href={TODAY} kind="secondary">
            {words.today}
          </ButtonLink>
          <ButtonLink href={`${TODAY}?day=${daysLater(day, 1)}`} kind="secondary">
            {words.after}
          </ButtonLink>
        </ButtonRow>
        <Tabs
          label={words.which}
          tabs={[
            { href: to({ show: 'mine' }), label: words.mine, isCurrent: isMine, count: counts.mine },
            { href: to({ show: 'all' }), label: words.all, isCurrent: !isMine, count: counts.all },
          ]}
        />
        <Tabs
          label={words.state}
          tabs={kinds.map((each) => ({
            href: to({ state: each }),
            label: words.kinds[each],
            isCurrent: each === kind,
            count: counts.kinds[each],
          }))}
        />
        <p id="day-said" role="status" class="says">
          <span data-says="waits" hidden />
          <span data-says="changed" hidden>
            {words.changed} <a href={to({ page })}>{words.showChanged}</a>
          </span>
          <span data-says="away" hidden>
            {words.away}
          </span>
          <span data-says="logged-out" hidden>
            {words.loggedOut} <a href={to({ page })}>{words.logIn}</a>
          </span>
        </p>
        <MeetingTable chosen={chosen} dayNow={dayNow} names={names} request={request} at={at} />
        {pages > 1 && (
          <nav aria-label={words.pages}>
            <ButtonRow>
              {page > 1 && (
                <ButtonLink href={to({ page: page - 1 })} kind="secondary">
                  {words.earlier}
                </ButtonLink>
              )}
              <span>{words.pageOf(page, pages)}</span>
              {page < pages && (
                <ButtonLink href={to({ page: page + 1 })} kind="secondary">
                  {words.later}
                </ButtonLink>
              )}
            </ButtonRow>
          </nav>
        )}
      </div>
    ),
  };
}

/** The names on a page. */
interface Names {
  people: Map<string, Person>;
  staff: Map<string, StaffMember>;
}

/** Reads the names on the page, and logs whose they are (R8.2). */
async function namesIn(
  { records }: Pick<DeskRouteDeps, 'records'>,
  { clinic: { clinicId }, noteRead }: DeskRequest,
  meetings: Meeting[],
): Promise<Names> {
  const patientIds = [...new Set(meetings.map(({ patientId }) => patientId))];
  const staffIds = [
    ...new Set(meetings.flatMap(({ participants }) => participants.flatMap((each) => each.staffId ?? []))),
  ];
  const [people, staff] = await Promise.all([
    records.people.findAll(clinicId, patientIds),
    records.staff.byStaffIds(clinicId, staffIds),
    patientIds.length > 0 ? noteRead(patientIds) : undefined,
  ]);
  return { people, staff };
}

/** Whether the member of staff takes part. */
const isOf = ({ participants }: Meeting, { staffIds }: StaffMember): boolean =>
  participants.some(({ staffId }) => staffId !== null && staffIds.includes(staffId));

function MeetingTable({
  chosen: { shown },
  dayNow,
  names,
  request,
  at,
}: {
  chosen: Chosen;
  dayNow: DayNow;
  names: Names;
  request: DeskRequest;
  at: Date;
}) {
  const { language } = request;
  const words = todayTexts[language];
  if (shown.length === 0) return <p>{dayNow.meetings.length === 0 ? words.none : words.noneOfKind}</p>;
  return (
    <Table
      caption={words.title}
      head={[words.time, words.patient, words.staff, words.state, words.now]}
      rows={shown.map((meeting) => {
        const cell = cellOf(meeting, dayNow.now.get(meeting.meetingId)!, request, at);
        return {
          key: meeting.meetingId,
          cells: [
            <a href={deskMeetingPath(meeting.meetingId)}>
              {clockTime(meeting.course.time.startAt, language)}
            </a>,
            nameInList(names.people.get(meeting.patientId), deskWords[language]),
            staffIdsOf(meeting)
              .map((staffId) => names.staff.get(staffId)?.name ?? staffId)
              .join(', '),
            <StateCell {...cell} />,
            <NowCell {...cell} />,
          ],
        };
      })}
    />
  );
}

const dayIn = (asked: string | undefined, now: Date): string =>
  asked !== undefined && isCalendarDate(asked) ? asked : inStockholm(now).toISODate();

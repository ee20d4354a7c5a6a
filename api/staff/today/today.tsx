import { outcomeOf, type Meeting } from '../../../records/meetings';
import type { Person } from '../../../records/people';
import type { StaffMember } from '../../../records/staff';
import { isCalendarDate } from '../../../rules/calendar-date';
import { inStockholm, stockholmDay } from '../../../rules/calendar/stockholm';
import type { Language } from '../../../rules/notices';
import type { PageContent } from '../../frame/page-content';
import { ButtonLink, ButtonRow, Heading, Table, Tabs, Tag, type Tone } from '../../frame/parts';
import { capital, clockTime, dayOf } from '../../frame/time';
import { wording } from '../../frame/wording';
import { DESK_PATH, deskMeetingPath } from '../frame/paths';
import { everybody, type DeskRequest, type DeskRoute, type DeskRouteDeps } from '../frame/route';
import { deskWords, nameInList } from '../frame/words';

/** More meetings than a clinic has in a day. */
const MOST_MEETINGS = 500;
const TODAY = `${DESK_PATH}/today`;

/** The day's meetings: of another day by `day`, one's own by `show=mine`. */
export function todayRoutes(deps: DeskRouteDeps): DeskRoute[] {
  return [
    {
      method: 'get',
      path: TODAY,
      operation: 'meeting.list',
      summary: 'The meetings of a day',
      roles: everybody,
      subject: 'clinic',
      handle: async (request) => ({ page: await todayPage(deps, request) }),
    },
  ];
}

/** What a list of meetings shows, read together. */
interface DayView {
  day: string;
  meetings: Meeting[];
  people: Map<string, Person>;
  staff: Map<string, StaffMember>;
}

async function todayPage(deps: DeskRouteDeps, request: DeskRequest): Promise<PageContent> {
  const { query, language, member, roles } = request;
  const day = dayIn(query.day, deps.clock.now());
  const view = await readDay(deps, request, day);
  // Whoever has patients of their own sees these first; the whole day is one click away.
  const isMine = query.show === undefined ? roles.includes('clinician') : query.show === 'mine';
  const mine = view.meetings.filter((meeting) => isOf(meeting, member));
  const words = texts[language];
  const to = (show: string): string => `${TODAY}?day=${day}&show=${show}`;
  const title = capital(dayOf(stockholmDay(day).from.toISOString(), language));
  return {
    title: words.title,
    main: (
      <>
        <Heading above={words.title}>{title}</Heading>
        <ButtonRow>
          <ButtonLink href={`${TODAY}?day=${dayBeside(day, -1)}`} kind="secondary">
            {words.before}
          </ButtonLink>
          <ButtonLink href={TODAY} kind="secondary">
            {words.today}
          </ButtonLink>
          <ButtonLink href={`${TODAY}?day=${dayBeside(day, 1)}`} kind="secondary">
            {words.after}
          </ButtonLink>
        </ButtonRow>
        <Tabs
          label={words.which}
          tabs={[
            { href: to('mine'), label: words.mine, isCurrent: isMine, count: mine.length },
            { href: to('all'), label: words.all, isCurrent: !isMine, count: view.meetings.length },
          ]}
        />
        <MeetingTable view={view} meetings={isMine ? mine : view.meetings} language={language} />
      </>
    ),
  };
}

/** Reads a day's meetings with the names in them, and logs whose they are (R8.2). */
async function readDay(
  { records }: Pick<DeskRouteDeps, 'records'>,
  { clinic, noteRead }: DeskRequest,
  day: string,
): Promise<DayView> {
  const { clinicId } = clinic;
  const { items: meetings } = await records.meetings.list({
    clinicId,
    by: stockholmDay(day),
    state: null,
    cursor: null,
    limit: MOST_MEETINGS,
  });
  const patientIds = [...new Set(meetings.map(({ patientId }) => patientId))];
  const staffIds = [
    ...new Set(meetings.flatMap(({ participants }) => participants.flatMap((each) => each.staffId ?? []))),
  ];
  const [people, staff] = await Promise.all([
    records.people.findAll(clinicId, patientIds),
    records.staff.byStaffIds(clinicId, staffIds),
    noteRead(patientIds),
  ]);
  return { day, meetings, people, staff };
}

/** Whether the member of staff takes part. */
const isOf = ({ participants }: Meeting, { staffIds }: StaffMember): boolean =>
  participants.some(({ staffId }) => staffId !== null && staffIds.includes(staffId));

function MeetingTable({
  view,
  meetings,
  language,
}: {
  view: DayView;
  meetings: Meeting[];
  language: Language;
}) {
  const words = texts[language];
  if (meetings.length === 0) return <p>{words.none}</p>;
  return (
    <Table
      caption={words.title}
      head={[words.time, words.patient, words.staff, words.state, words.prepared]}
      rows={meetings.map((meeting) => ({
        key: meeting.meetingId,
        cells: [
          <a href={deskMeetingPath(meeting.meetingId)}>{clockTime(meeting.course.time.startAt, language)}</a>,
          nameInList(view.people.get(meeting.patientId), deskWords[language]),
          meeting.participants
            .flatMap(({ staffId }) => (staffId === null ? [] : [view.staff.get(staffId)?.name ?? staffId]))
            .join(', '),
          <StateTag meeting={meeting} language={language} />,
          <Lights meeting={meeting} language={language} />,
        ],
      }))}
    />
  );
}

/** Where a meeting stands, and what it came to. */
export function StateTag({ meeting, language }: { meeting: Meeting; language: Language }) {
  const words = deskWords[language];
  const outcome = outcomeOf(meeting)?.outcome;
  return (
    <Tag tone={toneOf(meeting)}>{outcome ? words.outcomes[outcome] : words.states[meeting.course.state]}</Tag>
  );
}

function toneOf(meeting: Meeting): Tone {
  const outcome = outcomeOf(meeting)?.outcome;
  if (outcome === 'unclear') return 'warning';
  switch (meeting.course.state) {
    case 'door-open':
    case 'under-way':
      return 'action';
    case 'ready':
      return 'success';
    case 'booked':
    case 'ended':
      return 'quiet';
  }
}

/** What has been done before the meeting, and what lacks: in words, the colour says it again. */
function Lights({ meeting, language }: { meeting: Meeting; language: Language }) {
  const words = texts[language];
  const { gates, state } = meeting.course;
  if (state === 'ended') return null;
  return (
    <>
      <Tag tone={gates.consentGiven ? 'success' : 'warning'}>
        {gates.consentGiven ? words.consent : words.noConsent}
      </Tag>{' '}
      {meeting.formIds.length > 0 && (
        <Tag tone={gates.formsMissing.length === 0 ? 'success' : 'warning'}>
          {gates.formsMissing.length === 0 ? words.form : words.noForm}
        </Tag>
      )}
    </>
  );
}

const dayIn = (asked: string | undefined, now: Date): string =>
  asked !== undefined && isCalendarDate(asked) ? asked : inStockholm(now).toISODate();

const dayBeside = (day: string, days: number): string =>
  inStockholm(stockholmDay(day).from).plus({ days }).toISODate();

const texts = wording({
  sv: {
    title: 'Dagens möten',
    before: 'Dagen före',
    today: 'I dag',
    after: 'Dagen efter',
    which: 'Vilka möten',
    mine: 'Mina',
    all: 'Alla',
    none: 'Inga möten den här dagen.',
    time: 'Tid',
    patient: 'Patient',
    staff: 'Personal',
    state: 'Läge',
    prepared: 'Förberett',
    consent: 'Samtycke finns',
    noConsent: 'Samtycke saknas',
    form: 'Formulär klart',
    noForm: 'Formulär saknas',
  },
  en: {
    title: 'The day’s meetings',
    before: 'The day before',
    today: 'Today',
    after: 'The day after',
    which: 'Which meetings',
    mine: 'Mine',
    all: 'All',
    none: 'No meetings on this day.',
    time: 'Time',
    patient: 'Patient',
    staff: 'Staff',
    state: 'State',
    prepared: 'Prepared',
    consent: 'Consent given',
    noConsent: 'Consent missing',
    form: 'Form filled in',
    noForm: 'Form missing',
  },
});

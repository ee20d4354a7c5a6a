import { z } from 'zod';
import { staffIdsOf, type Meeting } from '../../../records/meetings';
import type { Person } from '../../../records/people';
import type { StaffMember } from '../../../records/staff';
import { isCalendarDate } from '../../../rules/calendar-date';
import { inStockholm, stockholmDay } from '../../../rules/calendar/stockholm';
import type { Language } from '../../../rules/notices';
import { takeOverMeetingBody } from '../../../use-cases/meeting/bodies';
import { writeAudit } from '../../access';
import { Choices, SelectField } from '../../frame/fields';
import type { PageAnswer, PageContent } from '../../frame/page-content';
import { Banner, Button, ButtonLink, ButtonRow, Card, ErrorSummary, Heading } from '../../frame/parts';
import { PostForm } from '../../frame/post-form';
import { capital, clockTime, dayOf } from '../../frame/time';
import { wording } from '../../frame/wording';
import { giveDeskCommand } from '../frame/command';
import { DESK_PATH, deskMeetingPath } from '../frame/paths';
import type { DeskRequest, DeskRouteDeps } from '../frame/route';
import { deskWords, nameInList } from '../frame/words';
import { nameAndTitle, performers, ReasonChoices, refusalWords, takeOverWords } from './shared';
import { reasonOf } from '../../page-command';

/** More meetings than a clinic has in a day. */
const MOST_MEETINGS = 500;
const PATH = `${DESK_PATH}/take-over`;

const oneMeeting = z.string().max(120);
/** What the form carries. A meeting comes with the reference of who has it, as it was shown. */
export const dayForm = z.object({
  day: z.string().max(10).default(''),
  from: z.string().max(64).default(''),
  to: z.string().max(64).default(''),
  reason: z.string().max(40).default(''),
  meetings: z.union([oneMeeting, z.array(oneMeeting).max(MOST_MEETINGS)]).default([]),
});
type Typed = z.infer<typeof dayForm>;

/** A colleague: by the record, or by the bare reference where no record has it. */
interface Colleague {
  /** The record's id, or the reference. */
  key: string;
  name: string;
  staffIds: string[];
}

/** What the page is made of, beside the request. */
interface StandInView {
  day: string;
  /** Those who have meetings on the day. */
  colleagues: Colleague[];
  standIns: StaffMember[];
  from: Colleague | null;
  to: StaffMember | null;
  /** The colleague's, that are not over. */
  left: Meeting[];
  /** Those that the stand-in has got from the colleague. */
  taken: Meeting[];
  /** All that the stand-in has on the day. */
  ofStandIn: Meeting[];
  people: Map<string, Person>;
}

/** *Stand-in*: a colleague's meetings of a day, and who gets them. */
export async function showDay(deps: DeskRouteDeps, request: DeskRequest): Promise<PageAnswer> {
  return { page: dayPage(request, await viewOf(deps, request, request.query), null) };
}

/**
 * Gives the chosen meetings to the stand-in, each by a command of its own: where one is refused the others
 * are done, and the page shows what is left.
 */
export async function giveDay(deps: DeskRouteDeps, request: DeskRequest): Promise<PageAnswer> {
  const typed = request.body as Typed;
  const view = await viewOf(deps, request, typed);
  const reason = takeOverMeetingBody.shape.reason.safeParse(typed.reason);
  const chosen = [typed.meetings].flat();
  if (!view.from || !view.to || !reason.success || chosen.length === 0)
    return { page: dayPage(request, view, typed), status: 422 };
  const refusals: string[] = [];
  for (const each of chosen) {
    const [meetingId = '', from] = each.split(/\/(.*)/s);
    const body = takeOverMeetingBody.safeParse({ from, to: view.to.staffIds[0], reason: reason.data });
    const refused = body.success ? await giveOne(deps, request, meetingId, body.data) : 'not-found';
    if (refused !== null) refusals.push(refused);
  }
  const shown = new URLSearchParams({
    day: view.day,
    from: view.from.key,
    to: view.to.memberId,
    done: String(chosen.length - refusals.length),
    ...(refusals[0] === undefined ? {} : { notDone: String(refusals.length), refused: refusals[0] }),
  });
  return { redirect: `${PATH}?${shown.toString()}` };
}

/** Gives one meeting, and logs whose it is; why not, or null where it was done. */
async function giveOne(
  deps: DeskRouteDeps,
  request: DeskRequest,
  meetingId: string,
  body: z.infer<typeof takeOverMeetingBody>,
): Promise<string | null> {
  const meeting = await deps.records.meetings.find(request.clinic.clinicId, meetingId);
  if (!meeting) return 'not-found';
  const operation = 'meeting.take-over';
  const params = { meetingId };
  await writeAudit(deps, { operation }, { caller: request.caller, params }, [meeting.patientId]);
  return reasonOf(await giveDeskCommand(deps, request, { operation, params, body }, `/${meetingId}`));
}

/** Reads the day, and logs whose meetings are shown (R8.2). */
async function viewOf(
  { records, clock }: DeskRouteDeps,
  { clinic, noteRead }: DeskRequest,
  asked: { day?: string; from?: string; to?: string },
): Promise<StandInView> {
  const { clinicId } = clinic;
  const day =
    asked.day !== undefined && isCalendarDate(asked.day) ? asked.day : inStockholm(clock.now()).toISODate();
  const [{ items: all }, staff] = await Promise.all([
    records.meetings.list({
      clinicId,
      by: stockholmDay(day),
      state: null,
      cursor: null,
      limit: MOST_MEETINGS,
    }),
    records.staff.list(clinicId),
  ]);
  const meetings = all.filter(({ course }) => course.state !== 'ended');
  const standIns = performers(staff);
  const colleagues = colleaguesIn(meetings, staff);
  // One whose last meeting has been given away is still the one that the page is about.
  const chosen = staff.find(({ memberId }) => memberId === asked.from);
  const from = colleagues.find(({ key }) => key === asked.from) ?? (chosen ? colleagueOf(chosen) : null);
  const to = standIns.find(({ memberId }) => memberId === asked.to && memberId !== from?.key) ?? null;
  const left = from ? meetings.filter((meeting) => takesPart(from.staffIds, meeting)) : [];
  const taken = meetings.filter((meeting) =>
    meeting.takeOvers?.some((each) => from?.staffIds.includes(each.from) && to?.staffIds.includes(each.to)),
  );
  const patientIds = [...new Set([...left, ...taken].map(({ patientId }) => patientId))];
  const [people] = await Promise.all([records.people.findAll(clinicId, patientIds), noteRead(patientIds)]);
  const ofStandIn = to ? meetings.filter((meeting) => takesPart(to.staffIds, meeting)) : [];
  return { day, colleagues, standIns, from, to, left, taken, ofStandIn, people };
}

const takesPart = (staffIds: string[], meeting: Meeting): boolean =>
  staffIdsOf(meeting).some((staffId) => staffIds.includes(staffId));

const colleagueOf = (member: StaffMember): Colleague => ({
  key: member.memberId,
  name: nameAndTitle(member),
  staffIds: member.staffIds,
});

/** Whoever has a meeting, each once, by name. */
function colleaguesIn(meetings: Meeting[], staff: StaffMember[]): Colleague[] {
  const found = meetings.flatMap(staffIdsOf).map((staffId): Colleague => {
    const member = staff.find(({ staffIds }) => staffIds.includes(staffId));
    return member ? colleagueOf(member) : { key: staffId, name: staffId, staffIds: [staffId] };
  });
  return [...new Map(found.map((each) => [each.key, each])).values()].sort((a, b) =>
    a.name.localeCompare(b.name, 'sv'),
  );
}

/** @param typed what was posted and lacks something; null where nothing was */
function dayPage(request: DeskRequest, view: StandInView, typed: Typed | null): PageContent {
  const { language, query } = request;
  const words = texts[language];
  const { day, from, to } = view;
  const problems = typed === null ? [] : problemsOf(language, view, typed);
  return {
    title: words.title,
    main: (
      <>
        {problems.length > 0 && (
          <ErrorSummary title={takeOverWords[language].somethingMissing} problems={problems} />
        )}
        {typed === null && <Outcome language={language} query={query} />}
        <Heading above={words.title}>
          {capital(dayOf(stockholmDay(day).from.toISOString(), language))}
        </Heading>
        <ButtonRow>
          {([-1, 1] as const).map((days) => (
            <ButtonLink key={days} href={`${PATH}?day=${dayBeside(day, days)}`} kind="secondary">
              {days < 0 ? words.before : words.after}
            </ButtonLink>
          ))}
        </ButtonRow>
        <ChooseWho {...{ language, view, problems }} />
        {from && to && <Give {...{ request, view, from, to, typed, problems }} />}
      </>
    ),
  };
}

/** What came of the last page: how many were done, and why the others were not. */
function Outcome({ language, query }: { language: Language; query: DeskRequest['query'] }) {
  const words = texts[language];
  const [done, notDone] = [countIn(query.done), countIn(query.notDone)];
  if (done === null) return null;
  if (notDone === null)
    return (
      <Banner kind="success" takesFocus>
        {words.done(done)}
      </Banner>
    );
  return (
    <Banner kind="warning" takesFocus title={words.notAll}>
      <p>
        {words.done(done)} {words.notDone(notDone)}
      </p>
      <p>{refusalWords(language, query.refused ?? '')}</p>
    </Banner>
  );
}

const countIn = (text: string | undefined): number | null =>
  text !== undefined && /^\d{1,3}$/.test(text) ? Number(text) : null;

type Problems = { field: 'from' | 'to' | 'meetings' | 'reason'; text: string }[];

function problemsOf(language: Language, { from, to }: StandInView, { meetings, reason }: Typed): Problems {
  const words = texts[language];
  const shared = takeOverWords[language];
  const problems: [isThere: boolean, Problems[number]][] = [
    [from !== null, { field: 'from', text: words.fromProblem }],
    [to !== null, { field: 'to', text: words.toProblem }],
    [meetings.length > 0, { field: 'meetings', text: words.meetingsProblem }],
    [
      takeOverMeetingBody.shape.reason.safeParse(reason).success,
      { field: 'reason', text: shared.reasonProblem },
    ],
  ];
  return problems.flatMap(([isThere, problem]) => (isThere ? [] : [problem]));
}

const problemAt = (problems: Problems, field: Problems[number]['field']): string | null =>
  problems.find((each) => each.field === field)?.text ?? null;

/** Chooses colleague and stand-in: they stand in the address, so that the list can be looked at first. */
function ChooseWho({
  language,
  view: { day, colleagues, standIns, from, to },
  problems,
}: {
  language: Language;
  view: StandInView;
  problems: Problems;
}) {
  const words = texts[language];
  const { choose } = takeOverWords[language];
  const isChosen = from !== null && to !== null;
  if (colleagues.length === 0 && !isChosen) return <p>{words.none}</p>;
  // One whose meetings are all given away is no choice any more, and still the one that is shown.
  const shown = from && !colleagues.some(({ key }) => key === from.key) ? [from, ...colleagues] : colleagues;
  return (
    <Card>
      <form method="get">
        <input type="hidden" name="day" value={day} />
        <SelectField
          id="from"
          name="from"
          label={words.from}
          problem={problemAt(problems, 'from')}
          value={from?.key ?? ''}
          options={[
            { value: '', text: choose },
            ...shown.map(({ key, name }) => ({ value: key, text: name })),
          ]}
          language={language}
        />
        <SelectField
          id="to"
          name="to"
          label={words.to}
          problem={problemAt(problems, 'to')}
          value={to?.memberId ?? ''}
          options={[
            { value: '', text: choose },
            ...standIns.map((each) => ({ value: each.memberId, text: nameAndTitle(each) })),
          ]}
          language={language}
        />
        <Button kind={isChosen ? 'secondary' : 'primary'}>{words.show}</Button>
      </form>
    </Card>
  );
}

/** The meetings that are left, to be given; and those that are given already. */
function Give({
  request: { language, guard },
  view,
  from,
  to,
  typed,
  problems,
}: {
  request: DeskRequest;
  view: StandInView;
  from: Colleague;
  to: StaffMember;
  typed: Typed | null;
  problems: Problems;
}) {
  const words = texts[language];
  const { day, left, taken } = view;
  // A meeting in which the stand-in takes part is not theirs to get a second time.
  const free = left.filter((meeting) => !takesPart(to.staffIds, meeting));
  const valueOf = (meeting: Meeting): string =>
    `${meeting.meetingId}/${staffIdsOf(meeting).find((staffId) => from.staffIds.includes(staffId)) ?? ''}`;
  return (
    <>
      {free.length === 0 ? (
        <p>{words.nothingLeft(from.name)}</p>
      ) : (
        <PostForm action={PATH} guard={guard} noValidate>
          <input type="hidden" name="day" value={day} />
          <input type="hidden" name="from" value={from.key} />
          <input type="hidden" name="to" value={to.memberId} />
          <Choices
            id="meetings"
            name="meetings"
            label={words.which}
            problem={problemAt(problems, 'meetings')}
            many
            choices={free.map((meeting) => ({
              value: valueOf(meeting),
              text: rowOf(meeting, view, language),
              ...hintOf(meeting, view, language),
            }))}
            chosen={
              typed
                ? [typed.meetings].flat()
                : free.filter(({ course }) => course.state !== 'under-way').map(valueOf)
            }
            language={language}
          />
          <ReasonChoices language={language} chosen={typed?.reason} problem={problemAt(problems, 'reason')} />
          <Button>{words.give(nameAndTitle(to))}</Button>
        </PostForm>
      )}
      {taken.length > 0 && (
        <section aria-labelledby="taken">
          <h2 id="taken">{words.taken(nameAndTitle(to))}</h2>
          <ul class="ways">
            {taken.map((meeting) => (
              <li key={meeting.meetingId}>
                <a href={deskMeetingPath(meeting.meetingId)}>{rowOf(meeting, view, language)}</a>
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}

/** `10.00–10.30 Tolvan Testsson`. */
function rowOf({ course, patientId }: Meeting, { people }: StandInView, language: Language): string {
  const { startAt, endAt } = course.time;
  const name = nameInList(people.get(patientId), deskWords[language]);
  return `${clockTime(startAt, language)}–${clockTime(endAt, language)} ${name}`;
}

/** What speaks against giving the meeting: it goes on, or the stand-in has another one at the time. */
function hintOf(meeting: Meeting, { ofStandIn }: StandInView, language: Language): { hint?: string } {
  const words = texts[language];
  const { startAt, endAt } = meeting.course.time;
  const clashes = ofStandIn.some(
    ({ meetingId, course: { time } }) =>
      meetingId !== meeting.meetingId && time.startAt < endAt && time.endAt > startAt,
  );
  const hints = [
    ...(meeting.course.state === 'under-way' ? [words.underWay] : []),
    ...(clashes ? [words.clashes] : []),
  ];
  return hints.length > 0 ? { hint: hints.join(' ') } : {};
}

const dayBeside = (day: string, days: number): string =>
  inStockholm(stockholmDay(day).from).plus({ days }).toISODate();

const texts = wording({
  sv: {
    title: 'Ersättare',
    before: 'Dagen före',
    after: 'Dagen efter',
    none: 'Ingen har möten kvar den här dagen.',
    from: 'Vem ersätts?',
    fromProblem: 'Välj vem som ersätts.',
    to: 'Vem tar över?',
    toProblem: 'Välj vem som tar över.',
    show: 'Visa möten',
    which: 'Vilka möten?',
    meetingsProblem: 'Välj minst ett möte.',
    give: (name: string) => `Ge mötena till ${name}`,
    nothingLeft: (name: string) => `${name} har inga möten kvar den här dagen.`,
    taken: (name: string) => `Nu hos ${name}`,
    underWay: 'Mötet pågår.',
    clashes: 'Ersättaren har ett annat möte samtidigt.',
    done: (count: number) => (count === 1 ? '1 möte är överlämnat.' : `${count} möten är överlämnade.`),
    notAll: 'Alla möten blev inte överlämnade',
    notDone: (count: number) => (count === 1 ? '1 möte är kvar.' : `${count} möten är kvar.`),
  },
  en: {
    title: 'Stand-in',
    before: 'The day before',
    after: 'The day after',
    none: 'Nobody has meetings left on this day.',
    from: 'Who is replaced?',
    fromProblem: 'Choose who is replaced.',
    to: 'Who takes over?',
    toProblem: 'Choose who takes over.',
    show: 'Show meetings',
    which: 'Which meetings?',
    meetingsProblem: 'Choose at least one meeting.',
    give: (name) => `Give the meetings to ${name}`,
    nothingLeft: (name) => `${name} has no meetings left on this day.`,
    taken: (name) => `Now with ${name}`,
    underWay: 'The meeting is under way.',
    clashes: 'The stand-in has another meeting at the same time.',
    done: (count) => (count === 1 ? '1 meeting is handed over.' : `${count} meetings are handed over.`),
    notAll: 'Not all meetings were handed over',
    notDone: (count) => (count === 1 ? '1 meeting is left.' : `${count} meetings are left.`),
  },
});

import { z } from 'zod';
import { staffIdsOf, type Meeting } from '../../../records/meetings';
import type { Person } from '../../../records/people';
import type { StaffMember } from '../../../records/staff';
import { takeOverMeetingBody } from '../../../use-cases/meeting/bodies';
import { meetingOf, personOf } from '../../../use-cases/read-before';
import { Choices, SelectField } from '../../frame/fields';
import type { PageAnswer, PageContent } from '../../frame/page-content';
import { Banner, Button, ButtonLink, ButtonRow, Card, ErrorSummary, Facts, Heading } from '../../frame/parts';
import { PostForm } from '../../frame/post-form';
import { capital, clockTime, dayAndTime } from '../../frame/time';
import { wording } from '../../frame/wording';
import { afterCommand, giveDeskCommand } from '../frame/command';
import { deskMeetingPath } from '../frame/paths';
import type { DeskRequest, DeskRouteDeps } from '../frame/route';
import { deskWords, nameInList } from '../frame/words';
import { knownAs, nameAndTitle, performers, ReasonChoices, refusalWords, takeOverWords } from './shared';

/** What the form carries: who has the meeting, by reference as it was shown, and who gets it, by record. */
export const meetingForm = z.object({
  from: z.string().max(64).default(''),
  to: z.string().max(64).default(''),
  reason: z.string().max(40).default(''),
});
type Typed = z.infer<typeof meetingForm>;

/** What the page is made of, beside the request. */
interface TakeOverView {
  meeting: Meeting;
  patient: Person | null;
  staff: StaffMember[];
}

/** *Take over*: who has the meeting, who can have it, and why. */
export const showMeetingTakeOver = async (
  deps: DeskRouteDeps,
  request: DeskRequest,
): Promise<PageAnswer> => ({ page: takeOverPage(request, await viewOf(deps, request), null) });

/** Gives the meeting to another member of staff. */
export async function takeMeetingOver(deps: DeskRouteDeps, request: DeskRequest): Promise<PageAnswer> {
  const typed = request.body as Typed;
  const view = await viewOf(deps, request);
  const member = performers(view.staff).find(({ memberId }) => memberId === typed.to);
  const body = takeOverMeetingBody.safeParse({ ...typed, to: member?.staffIds[0] });
  if (!body.success) return { page: takeOverPage(request, view, typed), status: 422 };
  const answer = await giveDeskCommand(deps, request, { operation: 'meeting.take-over', body: body.data });
  return afterCommand(answer, takeOverPath(view.meeting), 'taken-over');
}

const takeOverPath = ({ meetingId }: Meeting): string => deskMeetingPath(meetingId, 'take-over');

async function viewOf(
  { records }: DeskRouteDeps,
  { clinic, read, params }: DeskRequest,
): Promise<TakeOverView> {
  const { clinicId } = clinic;
  const reading = { records, readBefore: read };
  const meeting = await meetingOf(reading, clinicId, params.meetingId ?? '');
  if (!meeting) throw new Error('a meeting was let in that is not there');
  const [patient, staff] = await Promise.all([
    personOf(reading, clinicId, meeting.patientId),
    records.staff.list(clinicId),
  ]);
  return { meeting, patient, staff };
}

/** @param typed what was posted and lacks something; null where nothing was */
function takeOverPage(request: DeskRequest, view: TakeOverView, typed: Typed | null): PageContent {
  const { language, query } = request;
  const { meeting, patient, staff } = view;
  const words = texts[language];
  const { startAt } = meeting.course.time;
  const problems = typed === null ? [] : problemsOf(request, view, typed);
  const isOver = meeting.course.state === 'ended';
  return {
    title: words.title(clockTime(startAt, language)),
    main: (
      <>
        {problems.length > 0 && (
          <ErrorSummary title={takeOverWords[language].somethingMissing} problems={problems} />
        )}
        {query.said === 'taken-over' && typed === null && (
          <Banner kind="success" takesFocus title={words.done}>
            {words.hasItNow(staffIdsOf(meeting).map((staffId) => knownAs(staff, staffId)))}
          </Banner>
        )}
        {query.refused !== undefined && typed === null && (
          <Banner kind="error" takesFocus>
            {refusalWords(language, query.refused)}
          </Banner>
        )}
        <Heading above={words.above}>{capital(dayAndTime(startAt, language))}</Heading>
        <Card isMain>
          <Facts
            facts={[
              {
                term: words.patient,
                icon: 'person',
                value: nameInList(patient ?? undefined, deskWords[language]),
              },
              {
                term: words.staff,
                icon: 'video',
                value: staffIdsOf(meeting).map((staffId) => (
                  <div key={staffId}>{knownAs(staff, staffId)}</div>
                )),
              },
            ]}
          />
        </Card>
        {isOver ? (
          <p>{words.over}</p>
        ) : (
          query.said !== 'taken-over' && <TakeOverForm {...{ request, view, typed, problems }} />
        )}
        <ButtonRow>
          <ButtonLink href={deskMeetingPath(meeting.meetingId)} kind="secondary">
            {words.toMeeting}
          </ButtonLink>
        </ButtonRow>
      </>
    ),
  };
}

/** To whom the member of staff who asks can give the meeting: clinicians take it themselves, or give their own. */
function candidatesOf({ member, roles }: DeskRequest, { meeting, staff }: TakeOverView): StaffMember[] {
  const taking = staffIdsOf(meeting);
  const isIn = ({ staffIds }: StaffMember): boolean => staffIds.some((staffId) => taking.includes(staffId));
  const gives = roles.some((role) => role !== 'clinician') || isIn(member);
  const free = performers(staff).filter((each) => !isIn(each));
  const isSelf = ({ memberId }: StaffMember): boolean => memberId === member.memberId;
  // Whoever asks comes first: most take a meeting over for themselves.
  return [...free.filter(isSelf), ...(gives ? free.filter((each) => !isSelf(each)) : [])];
}

/** What lacks in what was posted. */
function problemsOf(
  request: DeskRequest,
  view: TakeOverView,
  { from, to, reason }: Typed,
): { field: 'from' | 'to' | 'reason'; text: string }[] {
  const words = takeOverWords[request.language];
  const { shape } = takeOverMeetingBody;
  const isKnown = performers(view.staff).some(({ memberId }) => memberId === to);
  return [
    ...(shape.from.safeParse(from).success
      ? []
      : [{ field: 'from' as const, text: texts[request.language].fromProblem }]),
    ...(isKnown ? [] : [{ field: 'to' as const, text: words.toProblem }]),
    ...(shape.reason.safeParse(reason).success
      ? []
      : [{ field: 'reason' as const, text: words.reasonProblem }]),
  ];
}

function TakeOverForm({
  request,
  view,
  typed,
  problems,
}: {
  request: DeskRequest;
  view: TakeOverView;
  typed: Typed | null;
  problems: ReturnType<typeof problemsOf>;
}) {
  const { language, guard, member } = request;
  const words = texts[language];
  const shared = takeOverWords[language];
  const candidates = candidatesOf(request, view);
  const [only] = candidates;
  if (!only) return <p>{words.nobody}</p>;
  const isForSelf = candidates.length === 1 && only.memberId === member.memberId;
  const taking = staffIdsOf(view.meeting);
  const problemOf = (field: string): string | null =>
    problems.find((each) => each.field === field)?.text ?? null;
  return (
    <PostForm action={takeOverPath(view.meeting)} guard={guard} noValidate>
      <p>{words.what}</p>
      {taking.length > 1 ? (
        <Choices
          id="from"
          name="from"
          label={words.from}
          problem={problemOf('from')}
          choices={taking.map((value) => ({ value, text: knownAs(view.staff, value) }))}
          chosen={typed ? [typed.from] : []}
          language={language}
        />
      ) : (
        <input type="hidden" name="from" value={taking[0] ?? ''} />
      )}
      {isForSelf ? (
        <input type="hidden" name="to" value={only.memberId} />
      ) : (
        <SelectField
          id="to"
          name="to"
          label={shared.to}
          problem={problemOf('to')}
          value={typed?.to ?? ''}
          options={[
            { value: '', text: shared.choose },
            ...candidates.map((each) => ({ value: each.memberId, text: nameAndTitle(each) })),
          ]}
          language={language}
        />
      )}
      <ReasonChoices language={language} chosen={typed?.reason} problem={problemOf('reason')} />
      {isForSelf && <p class="hint">{words.managerHears}</p>}
      <Button>{isForSelf ? words.take : words.give}</Button>
    </PostForm>
  );
}

const texts = wording({
  sv: {
    title: (time: string) => `Ta över möte ${time}`,
    above: 'Ta över mötet',
    patient: 'Patient',
    staff: 'Har mötet nu',
    what: 'Den som får mötet ser det som hör till det, och går in i rummet. Den som lämnar mötet gör det inte längre.',
    from: 'Vem lämnar mötet?',
    fromProblem: 'Välj vem som lämnar mötet.',
    take: 'Ta över mötet',
    give: 'Lämna över mötet',
    managerHears: 'Verksamhetschefen får en uppgift om att du har tagit över mötet.',
    nobody: 'Det finns ingen annan på mottagningen som kan få mötet.',
    over: 'Mötet är slut och kan inte tas över.',
    toMeeting: 'Till mötet',
    done: 'Klart',
    hasItNow: (names: string[]) => `Har mötet nu: ${names.join('; ')}`,
  },
  en: {
    title: (time) => `Take over meeting ${time}`,
    above: 'Take over the meeting',
    patient: 'Patient',
    staff: 'Has the meeting now',
    what: 'Whoever gets the meeting sees what belongs to it and goes into the room. Whoever leaves it does not any more.',
    from: 'Who leaves the meeting?',
    fromProblem: 'Choose who leaves the meeting.',
    take: 'Take over the meeting',
    give: 'Hand over the meeting',
    managerHears: 'The operations manager gets a task that you have taken over the meeting.',
    nobody: 'Nobody else at the clinic can get the meeting.',
    over: 'The meeting is over and cannot be taken over.',
    toMeeting: 'To the meeting',
    done: 'Done',
    hasItNow: (names) => `Has the meeting now: ${names.join('; ')}`,
  },
});

import type { z } from 'zod';
import { minutesBetween, toInstant } from '../../../rules/instant';
import { rebookMeetingBody } from '../../../use-cases/meeting/bodies';
import { receivedProblems, startProblems } from '../../../use-cases/meeting/stated-times';
import { warningsOf } from '../../../use-cases/meeting/view';
import { Choices, TextField } from '../../frame/fields';
import type { PageAnswer } from '../../frame/page-content';
import { Banner, Button, ButtonLink, ButtonRow, Card, ErrorSummary, Facts, Receipt } from '../../frame/parts';
import { PostForm } from '../../frame/post-form';
import { capital, clockTime, dayAndTime } from '../../frame/time';
import { wording } from '../../frame/wording';
import { giveDeskCommand, wasGiven } from '../frame/command';
import { DESK_PATH } from '../frame/paths';
import type { DeskRequest, DeskRouteDeps } from '../frame/route';
import { typedNumber } from '../frame/typed';
import { actPage, LeaveLink, pathOf, PatientHead, titleOf } from './parts';
import { formWith, refusedTo, toReceipt } from './posted';
import { isOver, withSight, type Sight } from './sight';
import {
  TimeFields,
  timeInAddress,
  timeProblemAt,
  timeTyped,
  typedTime,
  type Fields,
  type TypedTime,
} from './typed-time';
import {
  CostLine,
  costIf,
  CostOf,
  seenOf,
  startVersionIn,
  WishFields,
  wishIn,
  wishInAddress,
  type Wish,
} from './wish';

/** Another time, as it was typed. */
interface TypedMove {
  wish: Wish;
  to: TypedTime;
  minutes: string;
  agreed: string;
  problems: { field: string; text: string }[];
  /** Null where something is wrong. */
  body: z.infer<typeof rebookMeetingBody> | null;
}

function moveIn(fields: Fields, now: Date, language: DeskRequest['language']): TypedMove {
  const words = texts[language];
  const wish = wishIn(fields, now, language);
  const to = typedTime(fields, 'to');
  const { minutes = '', agreed = '' } = fields;
  const body = rebookMeetingBody.safeParse({
    startAt: to.at,
    durationMinutes: typedNumber(minutes),
    by: wish.by,
    receivedAt: wish.receivedAt,
    agreed: agreed === '' ? undefined : agreed === 'yes',
  });
  const isWrong = (field: string): boolean =>
    !body.success && body.error.issues.some(({ path }) => path[0] === field);
  const problems = [
    ...(to.problem ? [timeProblemAt('to', to.problem, language)] : []),
    ...(to.at === null
      ? []
      : startProblems(to.at, now).map(({ reason }) => ({
          field: 'to',
          text: reason === 'in-the-past' ? words.past : words.tooFar,
        }))),
    ...(isWrong('durationMinutes') ? [{ field: 'minutes', text: words.wrongMinutes }] : []),
    ...wish.problems,
    ...(agreed === '' ? [{ field: 'agreed', text: words.sayAgreed }] : []),
  ];
  return {
    wish,
    to,
    minutes,
    agreed,
    problems,
    body: body.success && problems.length === 0 ? body.data : null,
  };
}

/** *Move*: another time or length, who wants it, and whether it is agreed (R1.1, R1.5). */
export const showMove =
  (deps: DeskRouteDeps) =>
  (request: DeskRequest): Promise<PageAnswer> =>
    withSight(deps, request, (sight) =>
      isOver(sight) ? refusedTo(sight, 'ended') : movePage(deps, request, sight, null),
    );

async function movePage(
  deps: DeskRouteDeps,
  request: DeskRequest,
  sight: Sight,
  typed: TypedMove | null,
): Promise<PageAnswer> {
  const { language } = request;
  const words = texts[language];
  const { time } = sight.meeting.course;
  const late = await costIf(deps, sight, 'moved-by-patient', time.startAt, sight.now);
  const problemOf = (field: string): string | null =>
    typed?.problems.find((each) => each.field === field)?.text ?? null;
  const page = actPage(request, sight, {
    title: words.title,
    children: (
      <>
        {typed && <ErrorSummary title={words.missing} problems={typed.problems} />}
        <form method="get" action={pathOf(sight, 'move/confirm')} noValidate>
          <TimeFields
            id="to"
            name="to"
            label={words.newDay}
            language={language}
            typed={typed?.to ?? timeTyped(time.startAt)}
            problemOf={problemOf}
          />
          <TextField
            id="minutes"
            name="minutes"
            label={words.minutes}
            language={language}
            inputMode="numeric"
            isShort
            value={typed?.minutes ?? String(minutesBetween(time.startAt, time.endAt))}
            problem={problemOf('minutes')}
          />
          <Choices
            id="agreed"
            name="agreed"
            label={words.agreed}
            language={language}
            problem={problemOf('agreed')}
            chosen={typed?.agreed ? [typed.agreed] : []}
            choices={[
              { value: 'yes', text: words.isAgreed },
              { value: 'no', text: words.notAgreed, hint: words.notAgreedHint },
            ]}
          />
          <WishFields wish={typed?.wish ?? null} language={language} what="move" />
          <ButtonRow>
            <Button>{words.goOn}</Button>
            <LeaveLink sight={sight} page="times">
              {words.offer}
            </LeaveLink>
          </ButtonRow>
        </form>
        {late && <CostLine sight={sight} late={late} language={language} />}
      </>
    ),
  });
  return typed ? { page, status: 422 } : { page };
}

/** Confirms it: from when to when, and what it costs by when it came in. */
export const showMoveConfirm =
  (deps: DeskRouteDeps) =>
  (request: DeskRequest): Promise<PageAnswer> =>
    withSight(deps, request, async (sight) => {
      const { language, query, guard } = request;
      const words = texts[language];
      if (isOver(sight)) return refusedTo(sight, 'ended');
      const typed = moveIn(query, sight.now, language);
      const { body } = typed;
      if (!body) return movePage(deps, request, sight, typed);
      const cost = await costOfMove(deps, sight, body, sight.now);
      if (cost === 'moved') return refusedTo(sight, 'moved-meanwhile');
      const { time } = sight.meeting.course;
      return {
        page: actPage(request, sight, {
          title: words.confirm,
          children: (
            <>
              {query.changed !== undefined && (
                <Banner kind="warning" title={words.changed} takesFocus>
                  {words.changedMore}
                </Banner>
              )}
              <Card>
                <Facts
                  facts={[
                    {
                      term: words.newTime,
                      icon: 'calendar',
                      value: `${capital(dayAndTime(body.startAt, language))} (${body.durationMinutes} ${words.min})`,
                    },
                    {
                      term: words.oldTime,
                      icon: 'clock',
                      value: `${capital(dayAndTime(time.startAt, language))} (${minutesBetween(time.startAt, time.endAt)} ${words.min})`,
                    },
                    { term: words.by, icon: 'person', value: words.changer[body.by] },
                    { term: words.agreement, value: body.agreed ? words.isAgreed : words.notAgreed },
                  ]}
                />
              </Card>
              {cost && <CostOf cost={cost} language={language} />}
              <p>{words.happens}</p>
              <PostForm action={pathOf(sight, 'move')} guard={guard}>
                <input type="hidden" name="startAt" value={body.startAt} />
                <input type="hidden" name="minutes" value={String(body.durationMinutes)} />
                <input type="hidden" name="by" value={body.by} />
                <input type="hidden" name="receivedAt" value={body.receivedAt ?? ''} />
                <input type="hidden" name="agreed" value={body.agreed ? 'yes' : 'no'} />
                <input type="hidden" name="seen" value={seenIn(sight, cost)} />
                <ButtonRow>
                  <Button>{words.move}</Button>
                  <LeaveLink sight={sight} page="move">
                    {words.otherTime}
                  </LeaveLink>
                </ButtonRow>
              </PostForm>
            </>
          ),
        }),
      };
    });

/** What the move costs; null where the clinic wants it, which never costs (R1.5). */
async function costOfMove(
  deps: DeskRouteDeps,
  sight: Sight,
  { by, receivedAt }: z.infer<typeof rebookMeetingBody>,
  now: Date,
) {
  if (by === 'clinic') return null;
  return (await costIf(deps, sight, 'moved-by-patient', receivedAt ?? toInstant(now), now)) ?? 'moved';
}

const seenIn = (
  { meeting }: Sight,
  cost: Exclude<Awaited<ReturnType<typeof costOfMove>>, 'moved'>,
): string => (cost ? seenOf(meeting, cost) : `${meeting.course.time.startVersion} none `);

export const moveBody = formWith('startAt', 'minutes', 'by', 'receivedAt', 'agreed', 'seen');

/** Moves it for what was shown, and for nothing else (R5.3). */
export const moveMeeting =
  (deps: DeskRouteDeps) =>
  (request: DeskRequest): Promise<PageAnswer> =>
    withSight(deps, request, async (sight) => {
      const { startAt, minutes, by, receivedAt, agreed, seen } = request.body as z.infer<typeof moveBody>;
      const body = rebookMeetingBody.safeParse({
        startAt,
        durationMinutes: Number(minutes),
        by,
        receivedAt: receivedAt === '' ? null : receivedAt,
        agreed: agreed === 'yes',
      });
      const forStartVersion = startVersionIn(seen);
      if (!body.success || forStartVersion === null) return { redirect: pathOf(sight, 'move') };
      if (!(await wasGiven(deps, request))) {
        const now = request.receivedAt;
        const isWrong =
          startProblems(body.data.startAt, now).length > 0 ||
          receivedProblems(body.data.receivedAt, now).length > 0;
        const cost = await costOfMove(deps, sight, body.data, now);
        if (isWrong || (!isOver(sight) && (cost === 'moved' || seenIn(sight, cost) !== seen)))
          return { redirect: `${pathOf(sight, 'move/confirm')}?${addressOf(body.data, request)}` };
      }
      const answer = await giveDeskCommand(deps, request, {
        operation: 'meeting.rebook',
        body: { ...body.data, forStartVersion },
      });
      return toReceipt(sight, answer, 'move/done');
    });

/** What was typed, to be shown again. */
function addressOf(
  { startAt, durationMinutes, by, receivedAt, agreed }: z.infer<typeof rebookMeetingBody>,
  { receivedAt: now, language }: DeskRequest,
): string {
  const wish = {
    ...wishIn({ by }, now, language),
    ...(receivedAt ? { isEarlier: true, at: timeTyped(receivedAt) } : {}),
  };
  return new URLSearchParams({
    ...timeInAddress('to', timeTyped(startAt)),
    minutes: String(durationMinutes),
    agreed: agreed ? 'yes' : 'no',
    ...wishInAddress(wish),
    changed: 'yes',
  }).toString();
}

/** The receipt: the time that it has now, and what staff may not have meant. */
export const showMoved =
  (deps: DeskRouteDeps) =>
  (request: DeskRequest): Promise<PageAnswer> =>
    withSight(deps, request, async (sight) => {
      const { language } = request;
      const words = texts[language];
      const { time } = sight.meeting.course;
      const warnings = await warningsOf(deps.records.meetings, sight.meeting);
      return {
        page: {
          title: titleOf(sight, language, words.done),
          main: (
            <>
              <Receipt title={words.done}>
                <p>
                  {words.now}{' '}
                  <strong>
                    {dayAndTime(time.startAt, language)}–{clockTime(time.endAt, language)}
                  </strong>
                  .
                </p>
              </Receipt>
              {warnings.map(({ meetingId, startAt }) => (
                <Banner key={meetingId} kind="warning" title={words.sameTime}>
                  {capital(dayAndTime(startAt, language))}
                </Banner>
              ))}
              <PatientHead request={request} sight={sight} />
              <p>{words.told}</p>
              <ButtonRow>
                <ButtonLink href={pathOf(sight)}>{words.toMeeting}</ButtonLink>
                <ButtonLink href={`${DESK_PATH}/today`} kind="secondary">
                  {words.toToday}
                </ButtonLink>
              </ButtonRow>
            </>
          ),
        },
      };
    });

const texts = wording({
  sv: {
    title: 'Flytta mötet',
    missing: 'Något behöver rättas',
    newDay: 'Ny dag',
    past: 'Den tiden har redan varit.',
    tooFar: 'Välj en tid inom två år.',
    minutes: 'Hur många minuter?',
    wrongMinutes: 'Skriv 1–480 minuter.',
    agreed: 'Är tiden överenskommen med patienten?',
    isAgreed: 'Ja, överenskommen',
    notAgreed: 'Nej, inte överenskommen',
    notAgreedHint: 'Då kostar det inget att missa mötet.',
    sayAgreed: 'Välj om tiden är överenskommen.',
    goOn: 'Fortsätt',
    offer: 'Erbjud tider i stället',
    confirm: 'Ska mötet flyttas?',
    changed: 'Det här ändrades medan du läste',
    changedMore: 'Inget är gjort än. Läs hur det är nu, och tryck igen om mötet ska flyttas.',
    newTime: 'Ny tid',
    oldTime: 'I stället för',
    by: 'Vem vill flytta',
    changer: { patient: 'Patienten', clinic: 'Mottagningen' },
    agreement: 'Överenskommet',
    min: 'minuter',
    happens: 'Patienten får veta den nya tiden på det sätt som den har valt. Mötet får ett nytt rum.',
    move: 'Ja, flytta mötet',
    otherTime: 'Välj en annan tid',
    done: 'Mötet är flyttat',
    now: 'Mötet är nu',
    sameTime: 'Patienten har ett annat möte samtidigt',
    told: 'Patienten får veta det. Nåddes patienten inte blir det en uppgift att ringa.',
    toMeeting: 'Till mötet',
    toToday: 'Till dagens möten',
  },
  en: {
    title: 'Move the meeting',
    missing: 'Something has to be put right',
    newDay: 'New day',
    past: 'That time has passed.',
    tooFar: 'Choose a time within two years.',
    minutes: 'How many minutes?',
    wrongMinutes: 'Write 1–480 minutes.',
    agreed: 'Is the time agreed with the patient?',
    isAgreed: 'Yes, agreed',
    notAgreed: 'No, not agreed',
    notAgreedHint: 'Then it costs nothing to miss the meeting.',
    sayAgreed: 'Choose whether the time is agreed.',
    goOn: 'Continue',
    offer: 'Offer times instead',
    confirm: 'Is the meeting to be moved?',
    changed: 'This changed while you read',
    changedMore: 'Nothing is done yet. Read how it is now, and press again if it is to be moved.',
    newTime: 'New time',
    oldTime: 'Instead of',
    by: 'Who wants to move it',
    changer: { patient: 'The patient', clinic: 'The clinic' },
    agreement: 'Agreed',
    min: 'minutes',
    happens:
      'The patient is told the new time in the way that they have chosen. The meeting gets a new room.',
    move: 'Yes, move the meeting',
    otherTime: 'Choose another time',
    done: 'The meeting is moved',
    now: 'The meeting is now',
    sameTime: 'The patient has another meeting at the same time',
    told: 'The patient is told. If they are not reached, there will be a task to call.',
    toMeeting: 'To the meeting',
    toToday: 'To today’s meetings',
  },
});

import type { z } from 'zod';
import { outcomeOf } from '../../../records/meetings';
import { isCancelled } from '../../../rules/gates';
import { toInstant } from '../../../rules/instant';
import { cancelMeetingBody } from '../../../use-cases/meeting/bodies';
import { receivedProblems } from '../../../use-cases/meeting/stated-times';
import type { PageAnswer } from '../../frame/page-content';
import { Banner, Button, ButtonLink, ButtonRow, Card, ErrorSummary, Facts, Receipt } from '../../frame/parts';
import { PostForm } from '../../frame/post-form';
import { capital, dayAndTime } from '../../frame/time';
import { wording } from '../../frame/wording';
import { giveDeskCommand, wasGiven } from '../frame/command';
import { DESK_PATH, deskPersonPath } from '../frame/paths';
import type { DeskRequest, DeskRouteDeps } from '../frame/route';
import { actPage, LeaveLink, pathOf, PatientHead, titleOf } from './parts';
import { formWith, refusedTo, toReceipt } from './posted';
import { isOver, withSight, type Sight } from './sight';
import { timeTyped } from './typed-time';
import { CostLine, costIf, CostOf, seenOf, startVersionIn, WishFields, wishIn, wishInAddress } from './wish';

/** First the choice: who cancels and since when, with what it costs as a time line (R1.5, R5.3). */
export const showCancel =
  (deps: DeskRouteDeps) =>
  (request: DeskRequest): Promise<PageAnswer> =>
    withSight(deps, request, async (sight) => {
      if (isOver(sight)) return refusedTo(sight, 'ended');
      return choicePage(deps, request, sight, null);
    });

async function choicePage(
  deps: DeskRouteDeps,
  request: DeskRequest,
  sight: Sight,
  wish: ReturnType<typeof wishIn> | null,
): Promise<PageAnswer> {
  const { language } = request;
  const words = texts[language];
  const { startAt } = sight.meeting.course.time;
  // What it comes to inside the notice.
  const late = await costIf(deps, sight, 'cancelled-by-patient', startAt, sight.now);
  const page = actPage(request, sight, {
    title: words.title,
    children: (
      <>
        {wish && <ErrorSummary title={words.missing} problems={wish.problems} />}
        {late && <CostLine sight={sight} late={late} language={language} />}
        <form method="get" action={pathOf(sight, 'cancel/confirm')} noValidate>
          <WishFields wish={wish} language={language} what="cancel" />
          <ButtonRow>
            <Button>{words.goOn}</Button>
            <LeaveLink sight={sight} page="move">
              {words.moveInstead}
            </LeaveLink>
          </ButtonRow>
        </form>
      </>
    ),
  });
  return wish ? { page, status: 422 } : { page };
}

/** Confirms it: what it costs by when it came in, before the button. */
export const showCancelConfirm =
  (deps: DeskRouteDeps) =>
  (request: DeskRequest): Promise<PageAnswer> =>
    withSight(deps, request, async (sight) => {
      const { language, query, guard } = request;
      const words = texts[language];
      if (isOver(sight)) return refusedTo(sight, 'ended');
      const wish = wishIn(query, sight.now, language);
      if (wish.by === null || wish.problems.length > 0) return choicePage(deps, request, sight, wish);
      const received = wish.receivedAt ?? toInstant(sight.now);
      const cost = await costIf(deps, sight, alternativeOf(wish.by), received, sight.now);
      if (!cost) return refusedTo(sight, 'moved-meanwhile');
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
                    { term: words.who, value: words.by[wish.by], icon: 'person' },
                    ...(wish.by === 'patient'
                      ? [
                          {
                            term: words.received,
                            icon: 'clock' as const,
                            value: wish.receivedAt
                              ? capital(dayAndTime(wish.receivedAt, language))
                              : words.now,
                          },
                        ]
                      : []),
                  ]}
                />
              </Card>
              <CostOf cost={cost} language={language} />
              <p>{words.happens}</p>
              <PostForm action={pathOf(sight, 'cancel')} guard={guard}>
                <input type="hidden" name="by" value={wish.by} />
                <input type="hidden" name="receivedAt" value={wish.receivedAt ?? ''} />
                <input type="hidden" name="seen" value={seenOf(sight.meeting, cost)} />
                <ButtonRow>
                  <Button kind="danger" name="sure" value="yes">
                    {words.cancel}
                  </Button>
                  <LeaveLink sight={sight}>{words.keep}</LeaveLink>
                </ButtonRow>
              </PostForm>
            </>
          ),
        }),
      };
    });

export const cancelBody = formWith('by', 'receivedAt', 'seen', 'sure');

/** Cancels it for what was shown, and for nothing else: what has changed since is shown first. */
export const cancelMeeting =
  (deps: DeskRouteDeps) =>
  (request: DeskRequest): Promise<PageAnswer> =>
    withSight(deps, request, async (sight) => {
      const { by, receivedAt, seen, sure } = request.body as z.infer<typeof cancelBody>;
      const body = cancelMeetingBody.safeParse({ by, receivedAt: receivedAt === '' ? null : receivedAt });
      const forStartVersion = startVersionIn(seen);
      if (
        !body.success ||
        forStartVersion === null ||
        sure === undefined ||
        receivedProblems(body.data.receivedAt, request.receivedAt).length > 0
      )
        return { redirect: pathOf(sight, 'cancel') };
      if (!(await wasGiven(deps, request))) {
        const stated = body.data.receivedAt;
        const received = stated ?? toInstant(request.receivedAt);
        const cost = await costIf(deps, sight, alternativeOf(body.data.by), received, request.receivedAt);
        if (!isOver(sight) && (!cost || seenOf(sight.meeting, cost) !== seen)) {
          // Only what was typed goes into the address: it has no time where that is now.
          const shown = new URLSearchParams({ ...wishOf(body.data, request), changed: 'yes' });
          return { redirect: `${pathOf(sight, 'cancel/confirm')}?${shown.toString()}` };
        }
      }
      const answer = await giveDeskCommand(deps, request, {
        operation: 'meeting.cancel',
        body: { ...body.data, forStartVersion },
      });
      return toReceipt(sight, answer, 'cancel/done');
    });

const wishOf = (
  { by, receivedAt }: z.infer<typeof cancelMeetingBody>,
  { receivedAt: now, language }: DeskRequest,
): Record<string, string> =>
  wishInAddress({
    ...wishIn({ by }, now, language),
    ...(receivedAt ? { isEarlier: true, at: timeTyped(receivedAt) } : {}),
  });

const alternativeOf = (by: 'patient' | 'clinic') =>
  by === 'patient' ? ('cancelled-by-patient' as const) : ('cancelled-by-clinic' as const);

/** The receipt, as it stands now. */
export const showCancelled =
  (deps: DeskRouteDeps) =>
  (request: DeskRequest): Promise<PageAnswer> =>
    withSight(deps, request, (sight) => {
      const { language } = request;
      const words = texts[language];
      const outcome = outcomeOf(sight.meeting)?.outcome ?? null;
      if (!isCancelled(outcome)) return { redirect: pathOf(sight) };
      return {
        page: {
          title: titleOf(sight, language, words.done),
          main: (
            <>
              <Receipt title={words.done}>
                <p>{capital(dayAndTime(sight.meeting.course.time.startAt, language))}.</p>
              </Receipt>
              <PatientHead request={request} sight={sight} />
              <p>{words.told}</p>
              {outcome === 'cancelled-late' && <p>{words.late}</p>}
              <ButtonRow>
                <ButtonLink href={pathOf(sight)}>{words.toMeeting}</ButtonLink>
                <ButtonLink href={deskPersonPath(sight.patient.personId)} kind="secondary">
                  {words.toPatient}
                </ButtonLink>
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
    title: 'Avboka mötet',
    missing: 'Något saknas',
    goOn: 'Fortsätt',
    moveInstead: 'Flytta i stället',
    confirm: 'Ska mötet avbokas?',
    changed: 'Det här ändrades medan du läste',
    changedMore: 'Inget är gjort än. Läs hur det är nu, och tryck igen om mötet ska avbokas.',
    who: 'Avbokas av',
    by: { patient: 'Patienten', clinic: 'Mottagningen' },
    received: 'Patienten hörde av sig',
    now: 'Nu',
    happens: 'Patienten får veta det på det sätt som den har valt. En avbokning går inte att ångra.',
    cancel: 'Ja, avboka mötet',
    keep: 'Nej, behåll mötet',
    done: 'Mötet är avbokat',
    told: 'Patienten får veta det. Nåddes patienten inte blir det en uppgift att ringa.',
    late: 'Avbokningen var sen. Avgiften är ett förslag tills någon godkänner den.',
    toMeeting: 'Till mötet',
    toPatient: 'Till patienten',
    toToday: 'Till dagens möten',
  },
  en: {
    title: 'Cancel the meeting',
    missing: 'Something is missing',
    goOn: 'Continue',
    moveInstead: 'Move it instead',
    confirm: 'Is the meeting to be cancelled?',
    changed: 'This changed while you read',
    changedMore: 'Nothing is done yet. Read how it is now, and press again if it is to be cancelled.',
    who: 'Cancelled by',
    by: { patient: 'The patient', clinic: 'The clinic' },
    received: 'The patient got in touch',
    now: 'Now',
    happens: 'The patient is told in the way that they have chosen. A cancellation cannot be undone.',
    cancel: 'Yes, cancel the meeting',
    keep: 'No, keep the meeting',
    done: 'The meeting is cancelled',
    told: 'The patient is told. If they are not reached, there will be a task to call.',
    late: 'The cancellation was late. The fee is a proposal until somebody approves it.',
    toMeeting: 'To the meeting',
    toPatient: 'To the patient',
    toToday: 'To today’s meetings',
  },
});

import type { z } from 'zod';
import type { Instant } from '../../../rules/instant';
import { offerTimesBody } from '../../../use-cases/meeting/bodies';
import { startProblems } from '../../../use-cases/meeting/stated-times';
import type { PageAnswer } from '../../frame/page-content';
import { Banner, Button, ButtonRow, ErrorSummary } from '../../frame/parts';
import { PostForm } from '../../frame/post-form';
import { capital, dayAndTime } from '../../frame/time';
import { wording } from '../../frame/wording';
import { giveDeskCommand, wasGiven } from '../frame/command';
import type { DeskRequest, DeskRouteDeps } from '../frame/route';
import { listIn } from '../frame/typed';
import { actPage, LeaveLink, pathOf, Section } from './parts';
import { formWith, refusedTo, toMeeting } from './posted';
import { isOver, withSight, type Sight } from './sight';
import {
  TimeFields,
  timeFieldNames,
  timeProblemAt,
  typedTime,
  type Fields,
  type TypedTime,
} from './typed-time';
import { reasonOf } from '../../page-command';

type Offered = Awaited<ReturnType<DeskRouteDeps['records']['offeredTimes']['of']>>;

/** *Offer times*: those that the patient can choose among now, and one more (R1.6). */
export const showTimes =
  (deps: DeskRouteDeps) =>
  (request: DeskRequest): Promise<PageAnswer> =>
    withSight(deps, request, async (sight) =>
      isOver(sight)
        ? refusedTo(sight, 'ended')
        : timesPage(request, sight, await deps.records.offeredTimes.of(sight.meeting.meetingId), null),
    );

export const timesBody = formWith('do', 'seen', ...timeFieldNames('to'));

/** Adds a time, or takes one back: the list that was shown is replaced, and no other. */
export const offerTimes =
  (deps: DeskRouteDeps) =>
  (request: DeskRequest): Promise<PageAnswer> =>
    withSight(deps, request, async (sight) => {
      const posted = request.body as z.infer<typeof timesBody> & Fields;
      const offered = await deps.records.offeredTimes.of(sight.meeting.meetingId);
      const { seen = '' } = posted;
      if (!(await wasGiven(deps, request)) && seen !== seenOf(offered))
        return refusedTo(sight, 'seen-another', 'times');
      const typed = typedTime(posted, 'to');
      const isAdding = posted.do === 'add';
      const wrong = isAdding ? whyWrong(typed, request) : null;
      if (wrong !== null) return timesPage(request, sight, offered, { typed, problem: wrong });
      const free = freeIn(seen);
      const body = offerTimesBody.safeParse({
        startAts: isAdding
          ? [...new Set([...free, typed.at])].sort()
          : free.filter((startAt) => startAt !== posted.do),
      });
      if (!body.success)
        return timesPage(request, sight, offered, {
          typed,
          problem: { field: 'to', text: texts[request.language].tooMany },
        });
      const answer = await giveDeskCommand(deps, request, {
        operation: 'meeting.offer-times',
        body: body.data,
      });
      return reasonOf(answer) === null
        ? { redirect: `${pathOf(sight, 'times')}?said=times` }
        : toMeeting(sight, answer, 'times');
    });

/** What is free for the patient to choose; once they have chosen there is nothing. */
const freeOf = (offered: Offered): Instant[] =>
  offered && offered.chosen === null ? [...offered.startAts].sort() : [];

/** Which list a page has shown: the times themselves, so that the same post gives the same command again. */
const seenOf = (offered: Offered): string => freeOf(offered).join(' ');
const freeIn = listIn;

interface Wrong {
  field: string;
  text: string;
}

function whyWrong({ at, problem }: TypedTime, { language, receivedAt }: DeskRequest): Wrong | null {
  const words = texts[language];
  if (problem !== null) return timeProblemAt('to', problem, language);
  const [first] = at === null ? [] : startProblems(at, receivedAt);
  return first ? { field: 'to', text: first.reason === 'in-the-past' ? words.past : words.tooFar } : null;
}

function timesPage(
  request: DeskRequest,
  sight: Sight,
  offered: Offered,
  wrong: { typed: TypedTime; problem: Wrong } | null,
): PageAnswer {
  const { language, guard } = request;
  const words = texts[language];
  const free = freeOf(offered);
  const seen = <input type="hidden" name="seen" value={seenOf(offered)} />;
  const page = actPage(request, sight, {
    title: words.title,
    children: (
      <>
        {wrong && <ErrorSummary title={words.missing} problems={[wrong.problem]} />}
        <p>{words.what}</p>
        {offered?.chosen && (
          <Banner kind="info" title={words.chosen}>
            {capital(dayAndTime(offered.chosen.startAt, language))}
          </Banner>
        )}
        {free.length > 0 && (
          <Section id="offered" title={words.now}>
            <ul>
              {free.map((startAt) => (
                <li key={startAt}>
                  {capital(dayAndTime(startAt, language))}
                  <PostForm action={pathOf(sight, 'times')} guard={guard}>
                    {seen}
                    <Button kind="quiet" name="do" value={startAt}>
                      {words.takeBack}
                      <span class="visually-hidden"> {dayAndTime(startAt, language)}</span>
                    </Button>
                  </PostForm>
                </li>
              ))}
            </ul>
          </Section>
        )}
        <PostForm action={pathOf(sight, 'times')} guard={guard} noValidate>
          {seen}
          <TimeFields
            id="to"
            name="to"
            label={words.add}
            language={language}
            typed={wrong?.typed ?? null}
            problemOf={(field) => (wrong?.problem.field === field ? wrong.problem.text : null)}
          />
          <ButtonRow>
            <Button name="do" value="add">
              {words.offer}
            </Button>
            <LeaveLink sight={sight}>{words.done}</LeaveLink>
          </ButtonRow>
        </PostForm>
      </>
    ),
  });
  return wrong ? { page, status: 422 } : { page };
}

const texts = wording({
  sv: {
    title: 'Erbjud tider',
    what: 'Patienten kan själv flytta mötet till en av tiderna. Håll dem lediga tills patienten har valt eller du tar tillbaka dem.',
    missing: 'Något behöver rättas',
    chosen: 'Patienten har valt en tid',
    now: 'Tider som patienten kan välja',
    takeBack: 'Ta tillbaka',
    add: 'En tid till: dag',
    offer: 'Erbjud tiden',
    done: 'Klar',
    past: 'Den tiden har redan varit.',
    tooFar: 'Välj en tid inom två år.',
    tooMany: 'Högst 20 tider.',
  },
  en: {
    title: 'Offer times',
    what: 'The patient can move the meeting to one of the times. Hold them free until the patient has chosen or you take them back.',
    missing: 'Something has to be put right',
    chosen: 'The patient has chosen a time',
    now: 'Times that the patient can choose',
    takeBack: 'Take back',
    add: 'One more time: day',
    offer: 'Offer the time',
    done: 'Done',
    past: 'That time has passed.',
    tooFar: 'Choose a time within two years.',
    tooMany: 'At most 20 times.',
  },
});

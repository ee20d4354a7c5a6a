import { Banner, Button, CardLink, Heading, More } from '../../frame/parts';
import { isCancelled } from '../../../rules/gates';
import { outcomeOf } from '../../../records/meetings';
import type { Language } from '../../../rules/notices';
import { noteSeen } from '../frame/access';
import { noteCasesSeen } from '../frame/case-access';
import { ownCases } from './own-cases';
import { ownMeetings, type OwnMeetings } from './own-meetings';
import type { LoggedInRequest, TakingPart, PatientRouteDeps } from '../frame/route';
import { MyCases, type ListedCase } from './my-cases';
import { meetingPath } from '../frame/paths';
import { openingsOf } from './new-case';
import { capital, dayAndTime } from '../../frame/time';
import type { PageContent, PageAnswer } from '../../frame/page-content';
import { PostForm } from '../../frame/post-form';
import { wording } from '../../frame/wording';

/** *My meetings*: all that the person takes part in, at all clinics; reached without a link. */
export const showMyMeetings =
  (deps: PatientRouteDeps, { linkEnded }: { linkEnded: boolean }) =>
  async (request: LoggedInRequest): Promise<PageAnswer> => {
    const meetings = await ownMeetings(deps, request.session);
    // Here alone the answer tells whose data it was.
    await noteSeen(deps, { operation: 'my.meetings' }, [...meetings.coming, ...meetings.over]);
    const now = deps.clock.now();
    const own = await ownCases(deps.records, request.session, now);
    await noteCasesSeen(deps, { operation: 'my.meetings' }, own);
    const cases = await Promise.all(
      own.map(async (each) => ({
        own: each,
        subject: await deps.records.cases.subjectOf(each.careCase.caseId),
      })),
    );
    const mayOpen = (await openingsOf(deps, request.session)).length > 0;
    return { page: myMeetingsPage(request, meetings, linkEnded, { cases, mayOpen, now }) };
  };

function myMeetingsPage(
  { language, guard }: LoggedInRequest,
  { coming, over }: OwnMeetings,
  linkEnded: boolean,
  mine: { cases: ListedCase[]; mayOpen: boolean; now: Date },
): PageContent {
  const words = texts[language];
  return {
    title: words.title,
    main: (
      <>
        {linkEnded && (
          <Banner kind="warning" title={words.linkEnded} takesFocus>
            {words.linkEndedMore}
          </Banner>
        )}
        <Heading>{words.title}</Heading>
        {coming.length + over.length === 0 ? (
          <Banner title={words.none}>{words.noneMore}</Banner>
        ) : (
          <section aria-labelledby="coming">
            <h2 id="coming">{words.coming}</h2>
            {coming.length === 0 ? <p>{words.noneComing}</p> : <List language={language} takings={coming} />}
          </section>
        )}
        <MyCases language={language} {...mine} />
        {over.length > 0 && (
          <section aria-labelledby="over">
            <h2 id="over">{words.over}</h2>
            <ul class="ways">
              {over.map((taking) => (
                <li key={taking.participant.participantId}>
                  <a href={meetingPath(taking.participant.participantId)}>
                    {capital(dayAndTime(taking.meeting.course.time.startAt, language))}
                  </a>
                  <span class="hint">
                    {aboutOf(taking)}
                    {wasCancelled(taking) && ` (${words.cancelled})`}
                  </span>
                </li>
              ))}
            </ul>
          </section>
        )}
        <More summary={words.everywhereTitle}>
          <p>{words.everywhereText}</p>
          <PostForm action="/logout" guard={guard}>
            <input type="hidden" name="everywhere" value="yes" />
            <Button kind="secondary">{words.everywhere}</Button>
          </PostForm>
        </More>
      </>
    ),
  };
}

/** Meetings that are coming, the next one marked. */
function List({ language, takings }: { language: Language; takings: TakingPart[] }) {
  return (
    <ul class="choice-list">
      {takings.map((taking) => (
        <li key={taking.participant.participantId}>
          <CardLink
            href={meetingPath(taking.participant.participantId)}
            title={capital(dayAndTime(taking.meeting.course.time.startAt, language))}
          >
            <p>{aboutOf(taking)}</p>
          </CardLink>
        </li>
      ))}
    </ul>
  );
}

/** Which clinic, and for a guardian whose meeting it is. */
const aboutOf = ({ clinic, participant, patient }: TakingPart): string =>
  [clinic.settings.name, ...(participant.role === 'guardian' ? [patient.personal.name] : [])].join(', ');

const wasCancelled = ({ meeting }: TakingPart): boolean => isCancelled(outcomeOf(meeting)?.outcome ?? null);

const texts = wording({
  sv: {
    title: 'Mina möten och ärenden',
    linkEnded: 'Länken leder inte till något möte längre',
    linkEndedMore: 'Här är dina möten.',
    none: 'Du har inga digitala möten här',
    noneMore: 'Har du fått en kallelse? Hör av dig till mottagningen som har kallat dig.',
    noneComing: 'Du har inget kommande möte.',
    coming: 'Kommande',
    over: 'Tidigare och avbokade',
    cancelled: 'avbokat',
    everywhereTitle: 'Logga ut överallt',
    everywhereText: 'Har du loggat in på en annan telefon eller dator? Du kan logga ut från alla på en gång.',
    everywhere: 'Logga ut från alla',
  },
  en: {
    title: 'My meetings and cases',
    linkEnded: 'The link does not lead to a meeting any more',
    linkEndedMore: 'Here are your meetings.',
    none: 'You have no digital meetings here',
    noneMore: 'Have you been invited to one? Contact the clinic that invited you.',
    noneComing: 'You have no meeting coming up.',
    coming: 'Upcoming',
    over: 'Earlier and cancelled',
    cancelled: 'cancelled',
    everywhereTitle: 'Log out everywhere',
    everywhereText: 'Have you logged in on another phone or computer? You can log out of all at once.',
    everywhere: 'Log out of all',
  },
});

import { isCancelled } from '../../../rules/gates';
import { outcomeOf } from '../../../records/meetings';
import type { Language } from '../../../rules/notices';
import { noteSeen } from '../frame/access';
import { noteCasesSeen } from '../frame/case-access';
import { ownCases } from './own-cases';
import { ownMeetings, type OwnMeetings } from './own-meetings';
import type {
  LoggedInRequest,
  PageContent,
  PatientAnswer,
  TakingPart,
  PatientRouteDeps,
} from '../frame/route';
import { wording } from '../frame/wording';
import { PostForm } from '../frame/layout';
import { MyCases, type ListedCase } from './my-cases';
import { meetingPath } from '../frame/paths';
import { openingsOf } from './new-case';
import { dayAndTime } from '../frame/time';

/** *My meetings*: all that the person takes part in, at all clinics; reached without a link. */
export const showMyMeetings =
  (deps: PatientRouteDeps, { linkEnded }: { linkEnded: boolean }) =>
  async (request: LoggedInRequest): Promise<PatientAnswer> => {
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
        <h1>{words.title}</h1>
        {linkEnded && <p role="status">{words.linkEnded}</p>}
        {coming.length + over.length === 0 && <p>{words.none}</p>}
        <List language={language} title={words.coming} takings={coming} />
        <MyCases language={language} {...mine} />
        <List language={language} title={words.over} takings={over} />
        <details>
          <summary>{words.everywhereTitle}</summary>
          <p>{words.everywhereText}</p>
          <PostForm action="/logout" guard={guard}>
            <input type="hidden" name="everywhere" value="yes" />
            <button type="submit" class="secondary">
              {words.everywhere}
            </button>
          </PostForm>
        </details>
      </>
    ),
  };
}

function List({ language, title, takings }: { language: Language; title: string; takings: TakingPart[] }) {
  const words = texts[language];
  if (takings.length === 0) return null;
  return (
    <section>
      <h2>{title}</h2>
      <ul>
        {takings.map(({ meeting, participant, clinic, patient }) => (
          <li key={participant.participantId}>
            <a href={meetingPath(participant.participantId)}>
              {dayAndTime(meeting.course.time.startAt, language)}, {clinic.settings.name}
            </a>
            {participant.role === 'guardian' && <>, {patient.personal.name}</>}
            {isCancelled(outcomeOf(meeting)?.outcome ?? null) && <> ({words.cancelled})</>}
          </li>
        ))}
      </ul>
    </section>
  );
}

const texts = wording({
  sv: {
    title: 'Mina möten och ärenden',
    linkEnded: 'Länken leder inte till något möte längre. Här är dina möten.',
    none: 'Du har inga digitala möten här. Har du fått en kallelse? Ring mottagningen som har kallat dig.',
    coming: 'Kommande',
    over: 'Tidigare och avbokade',
    cancelled: 'avbokat',
    everywhereTitle: 'Logga ut överallt',
    everywhereText: 'Har du loggat in på en annan telefon eller dator? Du kan logga ut från alla på en gång.',
    everywhere: 'Logga ut från alla',
  },
  en: {
    title: 'My meetings and cases',
    linkEnded: 'The link does not lead to a meeting any more. Here are your meetings.',
    none: 'You have no digital meetings here. Have you been invited to one? Call the clinic that invited you.',
    coming: 'Coming',
    over: 'Earlier and cancelled',
    cancelled: 'cancelled',
    everywhereTitle: 'Log out everywhere',
    everywhereText: 'Have you logged in on another phone or computer? You can log out of all at once.',
    everywhere: 'Log out of all',
  },
});

import { Banner, Button, ButtonRow, Heading } from '../../frame/parts';
import { saveTasks } from '../../../use-cases/read-models/meeting-and-invoice';
import type { Claim } from '../../../records/claims';
import { toInstant } from '../../../rules/instant';
import { desiredTask } from '../../../rules/tasks';
import { noteStranger, standingOf } from '../frame/access';
import { scriptAddress } from '../assets';
import type { LoggedInRequest, PatientRouteDeps } from '../frame/route';
import { meetingPath } from '../frame/paths';
import { refusalPage } from '../frame/refusals';
import { ToMyMeetings } from '../frame/ways-on';
import type { PageContent, PageAnswer } from '../../frame/page-content';
import { PostForm } from '../../frame/post-form';
import { wording } from '../../frame/wording';

/** The address of the page of one who was invited without an identity. */
export const invitationPath = (participantId: string): string => `/my/invitations/${participantId}`;

/** So often the page looks whether staff have decided, where there are no scripts. */
const LOOK_AGAIN_SECONDS = 10;

/**
 * One who was invited without an identity waits here until staff approve who it turned out to be (R4.2).
 * Before that the page tells nothing of the meeting: not where, not when, not whose.
 */
export const showInvitation =
  (deps: PatientRouteDeps) =>
  async (request: LoggedInRequest): Promise<PageAnswer> => {
    const found = await ownClaim(deps, request);
    return 'claim' in found ? { page: invitationPage(request, found) } : found;
  };

/** Tells staff who has come, once. */
export const claimInvitation =
  (deps: PatientRouteDeps) =>
  async (request: LoggedInRequest): Promise<PageAnswer> => {
    const found = await ownClaim(deps, request);
    if (!('claim' in found)) return found;
    const { records, clock } = deps;
    const { meetingId, participantId, claimId } = found.claim;
    const { identity, name } = request.session;
    const now = clock.now();
    await records.transaction(async (session) => {
      const meeting = await records.meetings.getForWriting(meetingId, session);
      // Nobody is let in any more: whoever asks now would stay known for nothing (R8.4).
      if (meeting.course.state === 'ended') return;
      if (!(await records.claims.ask(claimId, { identity, name }, toInstant(now), session))) return;
      const dueAt = meeting.course.time.startAt;
      await saveTasks(
        records,
        meeting,
        [desiredTask('approve-participant', claimId, 'open', { dueAt })],
        now,
        session,
      );
    });
    return { redirect: invitationPath(participantId) };
  };

/** The claim of the one who has logged in, and whether its meeting is over. */
interface OwnClaim {
  claim: Claim;
  isOver: boolean;
}

/** The claim of the one who has logged in, or where else to go. */
async function ownClaim(
  deps: PatientRouteDeps,
  { session, params, language, guard }: LoggedInRequest,
): Promise<OwnClaim | PageAnswer> {
  const { records, clock } = deps;
  const participantId = params.participantId ?? '';
  const standing = await standingOf(records, session, participantId, clock.now());
  if (standing.kind === 'takes-part') return { redirect: meetingPath(participantId) };
  const claim = await records.claims.own(participantId, session.loginHash);
  const mayAsk = claim !== null && (standing.refusal === 'unclaimed' || claim.state === 'refused');
  // The page of one who waits asks again and again.
  if (claim?.state !== 'asked' || !mayAsk)
    await noteStranger(deps, { operation: 'my.invitation' }, session, standing.meeting, mayAsk);
  return mayAsk
    ? { claim, isOver: standing.meeting?.course.state === 'ended' }
    : { page: refusalPage(language, 'not-yours', guard), status: 404 };
}

function invitationPage(
  { language, guard, session }: LoggedInRequest,
  { claim: { state, participantId }, isOver }: OwnClaim,
): PageContent {
  const words = texts[language];
  const base = { title: words.title };
  switch (isOver && state !== 'refused' ? 'lapsed' : state) {
    case 'arrived':
      return {
        ...base,
        main: (
          <>
            <Heading>{words.title}</Heading>
            <p>{words.arrived}</p>
            {session.name !== null && (
              <p>
                {words.youAre} <strong>{session.name}</strong>.
              </p>
            )}
            <PostForm guard={guard} action={invitationPath(participantId)}>
              <ButtonRow>
                <Button>{words.ask}</Button>
              </ButtonRow>
            </PostForm>
            <p>{words.notInvited}</p>
          </>
        ),
      };
    case 'asked':
    case 'approved':
      return {
        ...base,
        scripts: [scriptAddress('invitation')],
        refreshSeconds: LOOK_AGAIN_SECONDS,
        main: (
          <div id="invitation" data-state={state}>
            <Heading above={words.title}>{words.waitTitle}</Heading>
            <Banner>{words.asked}</Banner>
          </div>
        ),
      };
    case 'lapsed':
      return {
        ...base,
        main: (
          <>
            <Heading>{words.lapsedTitle}</Heading>
            <Banner>{words.lapsed}</Banner>
            <ToMyMeetings language={language} />
          </>
        ),
      };
    case 'refused':
      return {
        ...base,
        main: (
          <>
            <Heading>{words.refusedTitle}</Heading>
            <Banner kind="warning">{words.refused}</Banner>
            <ToMyMeetings language={language} />
          </>
        ),
      };
  }
}

const texts = wording({
  sv: {
    title: 'Du är inbjuden till ett digitalt möte',
    arrived:
      'Innan du kan se mötet behöver mottagningen veta vem du är och godkänna att du är med. De får veta ditt namn och ditt personnummer.',
    youAre: 'Du är inloggad som',
    ask: 'Tala om för mottagningen att det är jag',
    notInvited: 'Är du inte den som är inbjuden? Stäng sidan och säg till den som skickade länken.',
    waitTitle: 'Mottagningen kontrollerar vem du är',
    asked: 'De har fått veta att du är här. Den här sidan går vidare av sig själv när de har godkänt dig.',
    lapsedTitle: 'Inbjudan gäller inte längre',
    lapsed: 'Det går inte längre att gå med. Har du frågor? Hör av dig till den som bjöd in dig.',
    refusedTitle: 'Mottagningen har inte godkänt att du är med',
    refused:
      'Tror du att det är fel? Säg till den som bjöd in dig, så kan den personen ringa eller skriva till mottagningen.',
  },
  en: {
    title: 'You are invited to a digital meeting',
    arrived:
      'Before you can see the meeting, the clinic needs to know who you are and approve that you take part. They are told your name and your personal identity number.',
    youAre: 'You are logged in as',
    ask: 'Tell the clinic that it is me',
    notInvited:
      'Are you not the one who is invited? Close the page and tell the person who sent you the link.',
    waitTitle: 'The clinic is checking who you are',
    asked:
      'They have been told that you are here. This page will continue by itself when they have approved you.',
    lapsedTitle: 'The invitation is no longer valid',
    lapsed: 'It is no longer possible to join. Do you have questions? Ask the person who invited you.',
    refusedTitle: 'The clinic has not approved that you take part',
    refused:
      'Do you think this is wrong? Tell the person who invited you, so that they can call or write to the clinic.',
  },
});

import { inStockholm } from '../../../rules/calendar/stockholm';
import { ageAt } from '../../../rules/calendar/age';
import { ADULT_AGE } from '../../../rules/ages';
import type { Language } from '../../../rules/notices';
import type { PageContent } from '../../frame/page-content';
import { Button, ButtonLink, ButtonRow, Heading } from '../../frame/parts';
import { Icon } from '../../frame/icons';
import { PostForm } from '../../frame/post-form';
import { clockTime, dayAndTime } from '../../frame/time';
import { scriptAddress } from '../../patient/assets';
import { Thread, threadScripts, type ShownThread } from '../../patient/thread/thread';
import { roomTexts } from '../../patient/room/room-texts';
import { deskScript } from '../assets';
import { deskMeetingPath } from '../frame/paths';
import type { DeskRequest, DeskRouteDeps } from '../frame/route';
import { deskWords } from '../frame/words';
import {
  AfterCall,
  ChildHint,
  DeskBar,
  Entitled,
  LetIn,
  Notices,
  OtherWays,
  WhereaboutsPart,
  Who,
  type PartProps,
  type TypedWhereabouts,
} from './parts';
import type { RoomView } from './room-now';
import { deskRoomTexts, saidOf } from './room-texts';

/** What Jitsi shows of its own: the rest is in our bar, and in the desk's. */
const TOOLS = 'desktop,participants-pane,tileview,settings';
/** Without scripts the page shows who waits by loading itself anew. */
const REFRESH_SECONDS = 15;

/**
 * The room at the desk: who is here, the way in at a press, and in the call all that one needs beside it.
 * There is no way from it to another patient (R8.8), and nothing of it joins by itself (R5.6).
 */
export function roomPage(
  { jitsi }: Pick<DeskRouteDeps, 'jitsi'>,
  request: DeskRequest,
  {
    view,
    chat,
    at,
    typed = null,
  }: { view: RoomView; chat: ShownThread; at: Date; typed?: TypedWhereabouts | null },
): PageContent {
  const { language, guard, query } = request;
  const words = deskRoomTexts[language];
  const { meeting, room, patient } = view;
  const { meetingId, course } = meeting;
  const { startAt, startVersion } = course.time;
  const title = words.title(clockTime(startAt, language));
  const path = deskMeetingPath(meetingId, 'room');
  const part: PartProps = { view, language, guard, at };
  const said = saidOf(words, query);
  const { state } = room.door;
  const isOver = state === 'cancelled' || state === 'ended';
  const goesOn = !isOver && state !== 'no-part';
  return {
    title,
    scripts: [
      scriptAddress('video-room'),
      scriptAddress('room'),
      ...threadScripts(),
      deskScript('minutes'),
      deskScript('room'),
    ],
    ...(isOver || typed !== null ? {} : { refreshSeconds: REFRESH_SECONDS }),
    needs: { camera: true, roomOrigin: new URL(jitsi.url).origin },
    main: (
      <div
        id="room"
        class="desk"
        data-path={path}
        data-call-status="in-call"
        data-tools={TOOLS}
        data-csrf={guard.csrf}
        data-language={language}
      >
        <Whose view={view} language={language} at={at} />
        <Notices view={view} language={language} />
        <p
          id="said"
          role="status"
          class={said?.isRefused ? 'refused' : ''}
          {...(said ? { tabIndex: -1, autofocus: true } : {})}
        >
          {said?.text}
        </p>
        <p id="not-saved" role="alert" hidden>
          {words.notSaved}
        </p>
        <section
          id="live"
          class="card main"
          aria-live="polite"
          data-key={room.key}
          data-state={state}
          data-start-version={startVersion}
          data-now={at.getTime()}
        >
          <Door view={view} request={request} />
        </section>
        <div id="call" hidden data-title={roomTexts[language].frame}>
          <div id="opening" tabIndex={-1}>
            <Icon name="video" />
            <p>{roomTexts[language].opening}</p>
          </div>
        </div>
        <DeskBar view={view} language={language} />
        <AfterCall view={view} language={language} />
        <div id="beside">
          {ageAt(patient.personal.birthDate, at) < ADULT_AGE && <ChildHint language={language} />}
          <div id="side">
            <Who {...part} />
            {(state === 'too-early' || state === 'may-enter') && <LetIn {...part} />}
            {state === 'may-enter' && (
              <>
                <Entitled {...part} />
                <WhereaboutsPart {...part} typed={typed} />
              </>
            )}
          </div>
          {goesOn && <OtherWays {...part} />}
          <details id="chat" open={chat.messages.length > 0 || state === 'back-up'}>
            <summary>
              {words.chat.title} <span class="closes">{roomTexts[language].bar.closeChat}</span>
            </summary>
            <noscript>
              <p>
                <a href={chat.path}>{words.chat.toPage}</a>
              </p>
            </noscript>
            <div class="scripted">
              <Thread {...chat} />
            </div>
          </details>
        </div>
        <p id="ways">
          <a href={deskMeetingPath(meetingId)}>{words.page}</a>
        </p>
      </div>
    ),
  };
}

/** When, and whose meeting it is: in the page's head, so that no wrong patient is let in. */
function Whose({
  view: { meeting, patient },
  language,
  at,
}: {
  view: RoomView;
  language: Language;
  at: Date;
}) {
  const words = deskRoomTexts[language];
  const { startAt } = meeting.course.time;
  return (
    <header id="whose">
      <Heading above={dayAndTime(startAt, language)}>{words.title(clockTime(startAt, language))}</Heading>
      <p>
        {patient.protectedIdentity ? (
          <>
            <strong>{deskWords[language].protectedData}</strong>{' '}
            <a href={deskMeetingPath(meeting.meetingId, 'room/name')}>{words.protectedName}</a>
          </>
        ) : (
          <Identity patient={patient} language={language} at={at} />
        )}
      </p>
    </header>
  );
}

/** Name, birth date and age: what tells two patients apart. */
function Identity({ patient, language, at }: { patient: RoomView['patient']; language: Language; at: Date }) {
  const words = deskRoomTexts[language];
  const { name, birthDate } = patient.personal;
  return (
    <>
      <strong>{name}</strong>, {words.born} {dateOf(birthDate, language)} ({ageAt(birthDate, at)}{' '}
      {words.years})
    </>
  );
}

const dateOf = (date: string, language: Language): string =>
  inStockholm(new Date(`${date}T12:00:00Z`))
    .setLocale(language === 'sv' ? 'sv' : 'en-GB')
    .toFormat('d LLLL yyyy');

/** The name of one with protected data, at a press that is logged (R8.8). */
export function namePage(language: Language, { meeting, patient }: RoomView, at: Date): PageContent {
  const words = deskRoomTexts[language];
  const title = words.title(clockTime(meeting.course.time.startAt, language));
  return {
    title,
    main: (
      <>
        <Heading above={title}>{words.nameTitle}</Heading>
        <p>
          <Identity patient={patient} language={language} at={at} />
        </p>
        <ButtonRow>
          <ButtonLink href={deskMeetingPath(meeting.meetingId, 'room')} kind="secondary">
            {words.toRoom}
          </ButtonLink>
        </ButtonRow>
      </>
    ),
  };
}

/** What keeps one out, or the way in. */
function Door({ view, request }: { view: RoomView; request: DeskRequest }) {
  const { language, guard } = request;
  const words = deskRoomTexts[language];
  const { meeting, room } = view;
  const { door } = room;
  const to = (page: string): string => deskMeetingPath(meeting.meetingId, page);
  const { title, text } = words.door[door.state];
  return (
    <>
      <h2 id="state" tabIndex={-1}>
        {title}
      </h2>
      <p>
        {text}
        {door.state === 'too-early' && ` ${clockTime(meeting.course.time.doorOpensAt, language)}.`}
        {door.state === 'back-up' && ` ${door.way === null ? words.unknownWay : words.ways[door.way]}`}
      </p>
      {door.state === 'may-enter' && (
        <>
          <PostForm action={to('room')} guard={guard} id="enter">
            <Button icon="video">{words.enter}</Button>
          </PostForm>
          <noscript>
            <p>{words.noScript}</p>
          </noscript>
        </>
      )}
      {(door.state === 'ended' || door.state === 'back-up') && (
        <ButtonRow>
          <ButtonLink href={to('outcome')}>{words.outcome}</ButtonLink>
        </ButtonRow>
      )}
      {door.state === 'protected' && (
        <ButtonRow>
          <ButtonLink href={to('backup')}>{words.backUp}</ButtonLink>
        </ButtonRow>
      )}
    </>
  );
}

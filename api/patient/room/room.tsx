import type { ComponentChildren } from 'preact';
import type { Language } from '../../../rules/notices';
import { letIn, type EntryDecision } from '../../../use-cases/meeting/enter';
import { Icon, type IconName } from '../../frame/icons';
import { Button, ButtonLink, ButtonRow, Facts, Heading, Tag, TaskList } from '../../frame/parts';
import { PhoneNumber } from '../../pages/page';
import { scriptAddress } from '../assets';
import {
  type FormGuard,
  type PageContent,
  type ParticipantRequest,
  type PatientAnswer,
  type PatientRouteDeps,
  decidesForPatient,
} from '../frame/route';
import { doorKey, lookAtTheDoor, type AtTheDoorNow } from './room-state';
import { Chat, chatKey, lookAtChat } from '../thread/chat';
import { PostForm } from '../frame/layout';
import { meetingPath } from '../frame/paths';
import { roomTexts } from './room-texts';
import { threadScripts, type ShownThread } from '../thread/thread';
import { threadTexts } from '../thread/thread-texts';
import { dayAndTime } from '../frame/time';

/**
 * How often the page loads itself where there are no scripts: the back-up routine must show within seconds
 * (R4.6).
 */
const REFRESH_SECONDS = 10;

/** *Go to the meeting*: waits with a countdown, and leads in. To look at it lets nobody in. */
export const showRoom =
  (deps: PatientRouteDeps) =>
  async (request: ParticipantRequest): Promise<PatientAnswer> => {
    const now = deps.clock.now();
    const door = await lookAtTheDoor(deps.records, request, now);
    const chat = await lookAtChat(deps, request, { askedBy: 'room' });
    return { page: roomPage(deps, request, { door, chat, now }) };
  };

/**
 * How often a page at the door asks how it stands: every few seconds while the door may open or stands open,
 * else slower.
 */
const ASK_MS = { least: 3_000, most: 15_000 };
/** Of the time until the door opens: it is noticed late by at most this part of the waiting. */
const ASK_PART = 1 / 20;

function askAgainMs(now: Date, { state }: AtTheDoorNow, doorOpensAt: string): number {
  if (state === 'cancelled' || state === 'ended' || state === 'not-entitled') return ASK_MS.most;
  const part = (Date.parse(doorOpensAt) - now.getTime()) * ASK_PART;
  return Math.round(Math.min(ASK_MS.most, Math.max(ASK_MS.least, part)));
}

/**
 * How it stands at the door and in the chat, in a few bytes, for the page's script: it asks for nothing else.
 */
export const roomStatus =
  (deps: PatientRouteDeps) =>
  async (request: ParticipantRequest): Promise<PatientAnswer> => {
    const { records, clock } = deps;
    const now = clock.now();
    const { startVersion, doorOpensAt } = request.meeting.course.time;
    const door = await lookAtTheDoor(records, request, now);
    return {
      json: {
        chatKey: await chatKey(deps, request),
        askAgainMs: askAgainMs(now, door, doorOpensAt),
        key: doorKey(door, startVersion),
        state: door.state,
        startVersion,
        now: now.getTime(),
        csrf: request.guard.csrf,
      },
    };
  };

/**
 * Lets one in for the page that embeds the room. The token is made for this answer and stands in no address
 * and no page of ours; a reload asks again.
 */
export const enterFromPage =
  (deps: PatientRouteDeps) =>
  async (request: ParticipantRequest): Promise<PatientAnswer> => {
    const decision = await decide(deps, request);
    switch (decision.kind) {
      case 'admitted':
        return {
          json: {
            url: decision.room.url,
            token: decision.room.token,
            // The name to show is set by the page, not by the token (design, decision 7).
            displayName: request.person.personal.name,
          },
        };
      case 'refused':
        return { json: { refused: decision.reasons } };
      case 'conflict':
        return { json: { refused: [decision.refusal] }, status: 409 };
    }
  };

/**
 * Lets one in by a form alone, in a tab of its own or without scripts. The token stands in the fragment of
 * the room's address, which no browser sends to a server or names as a referrer; it opens this one room for
 * ten minutes.
 */
export const enterByForm =
  (deps: PatientRouteDeps) =>
  async (request: ParticipantRequest): Promise<PatientAnswer> => {
    const decision = await decide(deps, request);
    if (decision.kind !== 'admitted') return { redirect: roomPath(request) };
    const { url, token } = decision.room;
    return { redirect: `${url}?lang=${request.language}#jwt=${encodeURIComponent(JSON.stringify(token))}` };
  };

const decide = (
  deps: PatientRouteDeps,
  { meeting, participant, person, patient }: ParticipantRequest,
): Promise<EntryDecision> =>
  letIn(deps, { meeting, participant, person, patient, identityAttested: true, actingStaffId: null });

const roomPath = ({ participant }: ParticipantRequest, page = ''): string =>
  meetingPath(participant.participantId, `room${page}`);

function roomPage(
  { jitsi }: PatientRouteDeps,
  request: ParticipantRequest,
  { door, chat, now }: { door: AtTheDoorNow; chat: ShownThread; now: Date },
): PageContent {
  const { language, meeting, participant } = request;
  const words = roomTexts[language];
  const { startVersion, startAt, doorOpensAt } = meeting.course.time;
  const isOver = door.state === 'cancelled' || door.state === 'ended' || door.state === 'back-up';
  const heading = headingOf(door, language);
  return {
    title: `${words.title}: ${heading}`,
    scripts: [
      scriptAddress('own-media'),
      scriptAddress('preview'),
      scriptAddress('video-room'),
      scriptAddress('room'),
      ...threadScripts(),
    ],
    ...(isOver ? {} : { refreshSeconds: REFRESH_SECONDS }),
    needs: { camera: true, roomOrigin: new URL(jitsi.url).origin },
    main: (
      <div id="room" data-path={roomPath(request)} data-csrf={request.guard.csrf} data-language={language}>
        <Heading>{words.title}</Heading>
        <Notices request={request} chat={chat} />
        <section
          id="live"
          class="card main"
          aria-live="polite"
          data-key={doorKey(door, startVersion)}
          data-state={door.state}
          data-late={'late' in door && door.late ? 'yes' : undefined}
          data-start-version={startVersion}
          data-now={now.getTime()}
        >
          <h2 id="state" tabIndex={-1}>
            {heading}
          </h2>
          {startVersion > 1 && !isOver && (
            <p class="moved">
              <Tag tone="warning">{words.newTime}</Tag> {words.moved}
            </p>
          )}
          {'late' in door && door.late && <ClinicLate request={request} chat={chat} />}
          <AtTheDoor request={request} door={door} />
          {(door.state === 'too-early' || door.state === 'to-do') && (
            <Countdown words={words.opensIn} until={doorOpensAt} />
          )}
          {door.state === 'clinic-not-ready' && <Countdown words={words.startsIn} until={startAt} />}
          {!isOver && door.state !== 'not-entitled' && <WhoAndWhen request={request} door={door} />}
        </section>
        <div id="call" hidden data-title={words.frame}>
          <div id="opening" tabIndex={-1}>
            <Icon name="video" />
            <p>{words.opening}</p>
          </div>
        </div>
        <Bar language={language} />
        <RoomFailed language={language} request={request} />
        <OutOfRoom language={language} request={request} />
        <Left language={language} request={request} />
        {!isOver && door.state !== 'not-entitled' && <OwnPicture request={request} />}
        {!isOver && (
          <>
            <noscript>
              <p>{words.noScript}</p>
            </noscript>
            <ul id="ways">
              <li class="elsewhere">
                <a href={meetingPath(participant.participantId, 'no-entry')}>{words.cannot}</a>
              </li>
              <li>
                <a href={meetingPath(participant.participantId)}>{words.back}</a>
              </li>
            </ul>
          </>
        )}
        {(!isOver || chat.compose !== null) && (
          <BesideVideo
            request={request}
            chat={chat}
            isOpen={chat.messages.length > 0 || door.state === 'back-up'}
          />
        )}
      </div>
    ),
  };
}

/**
 * What the page's script may have to say, waiting and in the call. Each stands there from the start: a region
 * that comes together with its text is not read out.
 */
function Notices({ request, chat }: { request: ParticipantRequest; chat: ShownThread }) {
  const { language, participant } = request;
  const words = roomTexts[language];
  return (
    <div id="notices">
      <p id="contact" role="status">
        <span data-says="no-contact" hidden>
          {words.noContact}
        </span>
        <span data-says="away" hidden>
          {words.away}
        </span>
        <span data-says="logged-out" hidden>
          {words.loggedOut} <a href={roomPath(request)}>{words.logIn}</a>
        </span>
        <span data-says="connecting" hidden>
          {words.connecting}
        </span>
      </p>
      <p id="late" role="status">
        <span hidden>
          <strong>{words.late.title}.</strong> {words.late.text} <CallOrWrite request={request} chat={chat} />
        </span>
      </p>
      <p id="slow" role="status">
        <span hidden>
          {words.slow} <a href={meetingPath(participant.participantId, 'no-entry')}>{words.cannot}</a>
        </span>
      </p>
      <p id="blocked" role="status">
        {(['camera', 'microphone'] as const).map((device) => (
          <span key={device} data-device={device} hidden>
            {words.blocked[device]}{' '}
            <a href={meetingPath(participant.participantId, 'device')} target="_blank" rel="noopener">
              {words.blocked.how}
            </a>
          </span>
        ))}
      </p>
      <p id="unread" role="status">
        <span hidden>{words.unread}</span>
      </p>
      <div id="people" role="status">
        <p id="alone" hidden>
          {words.alone}
        </p>
        <p id="plates-title" hidden>
          {words.inMeeting}
        </p>
        <ul class="plates" aria-labelledby="plates-title" />
      </div>
    </div>
  );
}

/**
 * The chat (R4.4), also where the meeting goes on as text (R4.6): folded away until somebody writes; in the
 * call a sheet. Without scripts the page loads itself anew: then it is a page of its own.
 */
function BesideVideo({
  request,
  chat,
  isOpen,
}: {
  request: ParticipantRequest;
  chat: ShownThread;
  isOpen: boolean;
}) {
  const words = roomTexts[request.language];
  return (
    <details id="chat" open={isOpen}>
      <summary>
        {words.chat} <span class="closes">{words.bar.closeChat}</span>
      </summary>
      <noscript>
        <p>
          <a href={chat.path}>{words.chatPage}</a>
        </p>
      </noscript>
      <div class="scripted">
        <Chat shown={chat} />
      </div>
    </details>
  );
}

/** The first thing that one reads. */
function headingOf(door: AtTheDoorNow, language: Language): string {
  const words = roomTexts[language];
  if ('late' in door && door.late) return words.late.title;
  return door.state === 'ended' && door.clinicAbsent ? words.ended.absentTitle : words[door.state].title;
}

/** Whose fault it is not that one waits, what it costs, and how to reach the clinic (R5.5). */
function ClinicLate({ request, chat }: { request: ParticipantRequest; chat: ShownThread }) {
  return (
    <>
      <p>{roomTexts[request.language].late.text}</p>
      <p>
        <CallOrWrite request={request} chat={chat} />
      </p>
    </>
  );
}

/** Both ways: not everybody can call. The script opens the chat that stands on this page. */
function CallOrWrite({
  request: { language, clinic },
  chat,
}: {
  request: ParticipantRequest;
  chat: ShownThread;
}) {
  const words = roomTexts[language].late;
  return (
    <>
      {words.call} <PhoneNumber number={clinic.settings.phone} />{' '}
      {chat.compose !== null && (
        <>
          {words.or}{' '}
          <a href={chat.path} class="to-chat">
            {words.write}
          </a>
        </>
      )}
    </>
  );
}

/** When it begins, whom one meets, and that nothing is left to do. */
function WhoAndWhen({ request, door }: { request: ParticipantRequest; door: AtTheDoorNow }) {
  const { language, meeting, participant, clinic } = request;
  const words = roomTexts[language];
  const { startAt } = meeting.course.time;
  const others = meeting.participants.filter(
    ({ role, participantId }) => role !== 'staff' && participantId !== participant.participantId,
  );
  const roles = [...new Set(others.map(({ role }) => threadTexts[language].who[role]))];
  return (
    <Facts
      facts={[
        {
          term: words.begins,
          icon: 'calendar',
          value: <time dateTime={startAt}>{dayAndTime(startAt, language)}</time>,
        },
        { term: words.youMeet, icon: 'person', value: [clinic.settings.name, ...roles].join(', ') },
        ...(door.state === 'to-do' || !decidesForPatient(participant.role)
          ? []
          : [{ term: words.before, icon: 'check' as const, value: words.allReady }]),
      ]}
    />
  );
}

/** One's own picture and a level, on this device alone (R4.5). */
function OwnPicture({ request: { language, participant } }: { request: ParticipantRequest }) {
  const words = roomTexts[language].self;
  return (
    <section id="self" class="card scripted" aria-labelledby="self-title">
      <h2 id="self-title">{words.title}</h2>
      <div id="self-says" role="status">
        {(['waiting', 'works', 'no-picture', 'none'] as const).map((state) => (
          <p key={state} data-says={state} hidden>
            {words.says[state]}
          </p>
        ))}
      </div>
      <video id="self-picture" aria-label={words.picture} autoplay muted playsInline hidden />
      <p id="self-level" hidden>
        <label for="self-meter">{words.level}</label>
        <meter id="self-meter" min={0} max={1} value={0} />
      </p>
      <ButtonRow>
        <button type="button" id="self-start" class="secondary">
          <Icon name="video" />
          {words.start}
        </button>
        <button type="button" id="self-stop" class="secondary" hidden>
          {words.stop}
        </button>
      </ButtonRow>
      <p>
        <a href={meetingPath(participant.participantId, 'device')}>{roomTexts[language].test}</a>
      </p>
    </section>
  );
}

/** What one does in the call, in large buttons. The page's script shows it, and says what is on. */
function Bar({ language }: { language: Language }) {
  const words = roomTexts[language].bar;
  return (
    <div id="bar" role="group" aria-label={words.name} hidden>
      <Switch id="microphone" icon="microphone" label={words.microphone} words={words} />
      <Switch id="camera-switch" icon="video" label={words.camera} words={words} />
      <button type="button" id="turn-camera" class="camera secondary" hidden>
        <Icon name="turn" />
        {words.turn}
      </button>
      <button type="button" id="open-chat" class="secondary" aria-expanded="false" aria-controls="chat">
        <Icon name="chat" />
        {words.chat}
        <span class="count" hidden>
          <span data-unread /> <span class="visually-hidden">{words.unread}</span>
        </span>
      </button>
      <button type="button" id="leave" class="danger">
        <Icon name="leave" />
        {words.leave}
      </button>
    </div>
  );
}

function Switch({
  id,
  icon,
  label,
  words,
}: {
  id: string;
  icon: IconName;
  label: string;
  words: { on: string; off: string };
}) {
  return (
    <button
      type="button"
      id={id}
      class="secondary"
      role="switch"
      aria-checked="true"
      aria-label={label}
      hidden
    >
      <Icon name={icon} />
      {label}
      {/* The switch's own state says it to those who hear the page. */}
      <span aria-hidden="true">
        <span class="on">{words.on}</span>
        <span class="off">{words.off}</span>
      </span>
    </button>
  );
}

/** What keeps one out, or the way in. */
function AtTheDoor({
  request,
  door,
}: {
  request: ParticipantRequest;
  door: AtTheDoorNow;
}): ComponentChildren {
  const { language, meeting, participant, guard } = request;
  const words = roomTexts[language];
  const to = (page: string): string => meetingPath(participant.participantId, page);
  switch (door.state) {
    case 'too-early':
    case 'clinic-not-ready':
    case 'cancelled':
    case 'not-entitled':
      return <p>{words[door.state].text}</p>;
    case 'open':
      return (
        <>
          <p>{words.open.text}</p>
          <PostForm action={roomPath(request)} guard={guard} id="enter">
            <Button icon="video">{words.enter}</Button>
          </PostForm>
        </>
      );
    case 'to-do': {
      if (!decidesForPatient(participant.role)) return <p>{words['to-do'].others}</p>;
      const { consentGiven, formsMissing } = door.gates;
      const forms = meeting.formIds.map((formId, index) => ({
        title: words['to-do'].form + (meeting.formIds.length > 1 ? ` ${index + 1}` : ''),
        ...(formsMissing.includes(formId)
          ? { state: 'to-do' as const, href: to(`forms/${formId}`) }
          : { state: 'done' as const }),
      }));
      const consent = {
        title: words['to-do'].consent,
        ...(consentGiven ? { state: 'done' as const } : { state: 'to-do' as const, href: to('consent') }),
      };
      return (
        <>
          <p>{words['to-do'].text}</p>
          <TaskList language={language} tasks={[consent, ...forms]} />
        </>
      );
    }
    case 'ended':
      return (
        <>
          {door.clinicAbsent ? (
            <p>
              {words.ended.absent} <PhoneNumber number={request.clinic.settings.phone} />
            </p>
          ) : (
            <p>{words.ended.text}</p>
          )}
          <ButtonRow>
            {decidesForPatient(participant.role) && (
              <ButtonLink href={to('afterwards')}>{words.ended.afterwards}</ButtonLink>
            )}
            <ButtonLink href={to('')} kind="secondary">
              {words.back}
            </ButtonLink>
          </ButtonRow>
        </>
      );
    case 'back-up':
      return (
        <>
          <p class="way">{words['back-up'].ways[door.way ?? 'unknown']}</p>
          <p>{words['back-up'].why}</p>
          <p>
            {words['back-up'].notHeard} <PhoneNumber number={request.clinic.settings.phone} />
          </p>
        </>
      );
  }
}

/** Counted down by the page's script, and not there without it: the clock time stands beside it. */
function Countdown({ words, until }: { words: string; until: string }) {
  return (
    <p data-until={until} hidden>
      {words} <span role="timer" aria-live="off" class="countdown" />
    </p>
  );
}

/** What happens now where the room's host does not answer: shown by the page's script. */
function RoomFailed({ language, request }: { language: Language; request: ParticipantRequest }) {
  const words = roomTexts[language].failed;
  return (
    <section id="failed" class="problems" role="alert" hidden>
      <h2 tabIndex={-1}>{words.title}</h2>
      <p>{words.text}</p>
      <ol>
        {words.steps.map((step) => (
          <li key={step}>{step}</li>
        ))}
      </ol>
      <ButtonRow>
        <button type="button" class="again">
          {words.again}
        </button>
        <InOwnTab language={language} guard={request.guard} path={roomPath(request)} />
        <PostForm action={meetingPath(request.participant.participantId, 'no-entry')} guard={request.guard}>
          <Button kind="secondary">{roomTexts[language].cannot}</Button>
        </PostForm>
      </ButtonRow>
    </section>
  );
}

/**
 * Out of the call without having left it by oneself (R4.1): the page's script shows which of the reasons it
 * is.
 */
function OutOfRoom({ language, request }: { language: Language; request: ParticipantRequest }) {
  const words = roomTexts[language].out;
  return (
    <section id="out" class="card main" role="alert" hidden>
      {(['elsewhere', 'removed', 'ended'] as const).map((why) => (
        <div key={why} data-why={why} hidden>
          <h2 tabIndex={-1}>{words[why].title}</h2>
          <p>{words[why].text}</p>
        </div>
      ))}
      <ButtonRow>
        <button type="button" class="again">
          {words.again}
        </button>
        <ButtonLink href={meetingPath(request.participant.participantId, 'no-entry')} kind="secondary">
          {roomTexts[language].cannot}
        </ButtonLink>
      </ButtonRow>
    </section>
  );
}

/** One has left: in again, where that was a mistake, or done, and what happens now. */
function Left({ language, request: { participant } }: { language: Language; request: ParticipantRequest }) {
  const words = roomTexts[language].left;
  const decides = decidesForPatient(participant.role);
  return (
    <section id="left" class="card main" hidden>
      <h2 tabIndex={-1}>{words.title}</h2>
      <p>{words.mistake}</p>
      <p>{decides ? words.next : words.nextForOthers}</p>
      <ButtonRow>
        <ButtonLink href={meetingPath(participant.participantId, decides ? 'afterwards' : '')}>
          {words.done}
        </ButtonLink>
        <button type="button" class="again secondary">
          {words.again}
        </button>
      </ButtonRow>
    </section>
  );
}

function InOwnTab({ language, guard, path }: { language: Language; guard: FormGuard; path: string }) {
  return (
    <PostForm action={path} guard={guard} target="_blank">
      <Button kind="secondary">{roomTexts[language].enterTab}</Button>
    </PostForm>
  );
}

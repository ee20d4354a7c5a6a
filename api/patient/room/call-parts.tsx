import type { ComponentChildren } from 'preact';
import { Icon, type IconName } from '../../frame/icons';
import { Button, ButtonLink, ButtonRow } from '../../frame/parts';
import { PhoneNumber } from '../../pages/page';
import { meetingPath, roomPath } from '../frame/paths';
import { decidesForPatient, type ParticipantRequest } from '../frame/route';
import type { Language } from '../../../rules/notices';
import { Chat } from '../thread/chat';
import type { ShownThread } from '../thread/thread';
import { roomTexts } from './room-texts';
import type { FormGuard } from '../../frame/post-form';
import { PostForm } from '../../frame/post-form';

/**
 * What stands around the video (R4.4, R4.5) and in its place: it is in the page from the start, hidden, and
 * the page's script shows it.
 */

/**
 * What the page's script may have to say, waiting and in the call. Each stands there from the start: a region
 * that comes together with its text is not read out.
 */
export function Notices({ request, chat }: { request: ParticipantRequest; chat: ShownThread }) {
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
          {words.loggedOut} <a href={roomPath(participant.participantId)}>{words.logIn}</a>
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
export function BesideVideo({
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

/** Both ways: not everybody can call. The script opens the chat that stands on this page. */
export function CallOrWrite({
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

/** One's own picture and a level, on this device alone (R4.5). */
export function OwnPicture({ request: { language, participant } }: { request: ParticipantRequest }) {
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

/**
 * What one does in the call, in large buttons. The page's script shows it, and says what is on.
 * @param children what only some do there
 */
export function Bar({ language, children }: { language: Language; children?: ComponentChildren }) {
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
      {children}
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

/** What happens now where the room's host does not answer: shown by the page's script. */
export function RoomFailed({ language, request }: { language: Language; request: ParticipantRequest }) {
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
        <InOwnTab
          language={language}
          guard={request.guard}
          path={roomPath(request.participant.participantId)}
        />
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
export function OutOfRoom({ language, request }: { language: Language; request: ParticipantRequest }) {
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
export function Left({
  language,
  request: { participant },
}: {
  language: Language;
  request: ParticipantRequest;
}) {
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

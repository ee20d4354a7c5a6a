import type { ComponentChildren } from 'preact';
import type { Language } from '../../../rules/notices';
import { letIn, type EntryDecision } from '../../../use-cases/meeting/enter';
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
    scripts: [scriptAddress('video-room'), scriptAddress('room'), ...threadScripts()],
    ...(isOver ? {} : { refreshSeconds: REFRESH_SECONDS }),
    needs: { camera: true, roomOrigin: new URL(jitsi.url).origin },
    main: (
      <div
        id="room"
        data-path={roomPath(request)}
        data-afterwards={meetingPath(
          participant.participantId,
          decidesForPatient(participant.role) ? 'afterwards' : '',
        )}
        data-csrf={request.guard.csrf}
        data-language={language}
      >
        <h1>{words.title}</h1>
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
            <strong>{words.late.title}.</strong> {words.late.text} {words.late.call}{' '}
            <PhoneNumber number={request.clinic.settings.phone} />
          </span>
        </p>
        <section
          id="live"
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
          {startVersion > 1 && !isOver && <p class="moved">{words.moved}</p>}
          {'late' in door && door.late && <ClinicLate request={request} />}
          <AtTheDoor request={request} door={door} />
          {!isOver && (
            <p>
              {words.begins} <time dateTime={startAt}>{dayAndTime(startAt, language)}</time>.
            </p>
          )}
          {(door.state === 'too-early' || door.state === 'to-do') && (
            <Countdown words={words.opensIn} until={doorOpensAt} />
          )}
          {door.state === 'clinic-not-ready' && <Countdown words={words.startsIn} until={startAt} />}
        </section>
        <div id="call" hidden data-title={words.frame} />
        <p id="slow" role="status">
          <span hidden>{words.slow}</span>
        </p>
        <RoomFailed language={language} request={request} />
        <OutOfRoom language={language} request={request} />
        {!isOver && (
          <>
            <noscript>
              <p>{words.noScript}</p>
            </noscript>
            <Links language={language} participantId={participant.participantId} />
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
 * The chat (R4.4), also where the meeting goes on as text (R4.6): folded away until one is in the call, or
 * somebody writes. Without scripts the page loads itself anew: then it is a page of its own.
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
      <summary>{words.chat}</summary>
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

/** Whose fault it is not that one waits, what it costs, and how to call (R5.5). */
function ClinicLate({ request: { language, clinic } }: { request: ParticipantRequest }) {
  const words = roomTexts[language].late;
  return (
    <>
      <p>{words.text}</p>
      <p>
        {words.call} <PhoneNumber number={clinic.settings.phone} />
      </p>
    </>
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
  const { language, participant, guard } = request;
  const words = roomTexts[language];
  const { participantId } = participant;
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
            <button type="submit">{words.enter}</button>
          </PostForm>
        </>
      );
    case 'to-do':
      return decidesForPatient(participant.role) ? (
        <>
          <p>{words['to-do'].text}</p>
          <ul>
            {!door.gates.consentGiven && (
              <li>
                <a href={meetingPath(participantId, 'consent')}>{words['to-do'].consent}</a>
              </li>
            )}
            {door.gates.formsMissing.map((formId) => (
              <li key={formId}>
                <a href={meetingPath(participantId, `forms/${formId}`)}>{words['to-do'].form}</a>
              </li>
            ))}
          </ul>
        </>
      ) : (
        <p>{words['to-do'].others}</p>
      );
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
          {decidesForPatient(participant.role) && (
            <p>
              <a href={meetingPath(participantId, 'afterwards')}>{words.ended.afterwards}</a>
            </p>
          )}
        </>
      );
    case 'back-up':
      return (
        <>
          <p class="way">{words['back-up'].ways[door.way ?? 'unknown']}</p>
          <p>{words['back-up'].why}</p>
          <p>{words['back-up'].notHeard}</p>
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
      <button type="button" class="again">
        {words.again}
      </button>
      <InOwnTab language={language} guard={request.guard} path={roomPath(request)} />
      <PostForm action={meetingPath(request.participant.participantId, 'no-entry')} guard={request.guard}>
        <button type="submit" class="secondary">
          {roomTexts[language].cannot}
        </button>
      </PostForm>
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
    <section id="out" class="problems" role="alert" hidden>
      {(['elsewhere', 'removed', 'ended'] as const).map((why) => (
        <div key={why} data-why={why} hidden>
          <h2 tabIndex={-1}>{words[why].title}</h2>
          <p>{words[why].text}</p>
        </div>
      ))}
      <button type="button" class="again">
        {words.again}
      </button>
      <p>
        <a href={meetingPath(request.participant.participantId, 'no-entry')}>{roomTexts[language].cannot}</a>
      </p>
    </section>
  );
}

function InOwnTab({ language, guard, path }: { language: Language; guard: FormGuard; path: string }) {
  return (
    <PostForm action={path} guard={guard} target="_blank">
      <button type="submit" class="secondary">
        {roomTexts[language].enterTab}
      </button>
    </PostForm>
  );
}

/** What one can do while waiting. */
function Links({ language, participantId }: { language: Language; participantId: string }) {
  const words = roomTexts[language];
  return (
    <ul>
      <li class="elsewhere">
        <a href={meetingPath(participantId, 'no-entry')}>{words.cannot}</a>
      </li>
      <li class="waiting">
        <a href={meetingPath(participantId, 'device')}>{words.test}</a>
      </li>
      <li class="waiting">
        <a href={meetingPath(participantId)}>{words.back}</a>
      </li>
    </ul>
  );
}

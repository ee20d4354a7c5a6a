import { staffIdsOf } from '../../../records/meetings';
import type { ComponentChildren } from 'preact';
import type { Language } from '../../../rules/notices';
import { letIn, type EntryDecision } from '../../../use-cases/meeting/enter';
import { Icon } from '../../frame/icons';
import { Button, ButtonLink, ButtonRow, Facts, Heading, Tag, TaskList } from '../../frame/parts';
import { PhoneNumber } from '../../pages/page';
import { scriptAddress } from '../assets';
import { type ParticipantRequest, type PatientRouteDeps, decidesForPatient } from '../frame/route';
import { doorKey, lookAtTheDoor, noteAtDoor, type AtTheDoorNow } from './room-state';
import { chatKey, lookAtChat, type ShownChat } from '../thread/chat';
import { meetingPath, roomPath } from '../frame/paths';
import {
  BesideVideo,
  Bar,
  CallOrWrite,
  Left,
  Notices,
  OutOfRoom,
  OwnPicture,
  RoomFailed,
} from './call-parts';
import { roomTexts } from './room-texts';
import { threadScripts, type ShownThread } from '../thread/thread';
import { type ShownStaff } from '../../../use-cases/staff/shown';
import { threadTexts } from '../thread/thread-texts';
import { dayAndTime } from '../../frame/time';
import type { PageContent, PageAnswer } from '../../frame/page-content';
import { PostForm } from '../../frame/post-form';

/**
 * How often the page loads itself where there are no scripts: the back-up routine must show within seconds
 * (R4.6).
 */
const REFRESH_SECONDS = 10;

/** *Go to the meeting*: waits with a countdown, and leads in. To look at it lets nobody in. */
export const showRoom =
  (deps: PatientRouteDeps) =>
  async (request: ParticipantRequest): Promise<PageAnswer> => {
    const now = deps.clock.now();
    const door = await lookAtTheDoor(deps.records, request, now);
    await noteAtDoor(deps.records, request, door, now);
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
  async (request: ParticipantRequest): Promise<PageAnswer> => {
    const { records, clock } = deps;
    const now = clock.now();
    const { startVersion, doorOpensAt } = request.meeting.course.time;
    const door = await lookAtTheDoor(records, request, now);
    await noteAtDoor(records, request, door, now);
    return {
      json: {
        chatKey: await chatKey(deps, request),
        askAgainMs: askAgainMs(now, door, doorOpensAt),
        key: doorKey(door, request.meeting),
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
  async (request: ParticipantRequest): Promise<PageAnswer> => {
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
  async (request: ParticipantRequest): Promise<PageAnswer> => {
    const decision = await decide(deps, request);
    if (decision.kind !== 'admitted') return { redirect: roomPath(request.participant.participantId) };
    const { url, token } = decision.room;
    return { redirect: `${url}?lang=${request.language}#jwt=${encodeURIComponent(JSON.stringify(token))}` };
  };

const decide = (
  deps: PatientRouteDeps,
  { meeting, participant, person, patient }: ParticipantRequest,
): Promise<EntryDecision> =>
  letIn(deps, { meeting, participant, person, patient, identityAttested: true, actingStaffId: null });

function roomPage(
  { jitsi }: PatientRouteDeps,
  request: ParticipantRequest,
  { door, chat, now }: { door: AtTheDoorNow; chat: ShownChat; now: Date },
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
      <div
        id="room"
        data-path={roomPath(request.participant.participantId)}
        data-csrf={request.guard.csrf}
        data-language={language}
      >
        <Heading>{words.title}</Heading>
        <Notices request={request} chat={chat} />
        <section
          id="live"
          class="card main"
          aria-live="polite"
          data-key={doorKey(door, meeting)}
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
          {!isOver && door.state !== 'not-entitled' && (
            <WhoAndWhen request={request} door={door} staff={chat.names.staff} />
          )}
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

/** When it begins, whom one meets by name and title (R8.7), and that nothing is left to do. */
function WhoAndWhen({
  request,
  door,
  staff,
}: {
  request: ParticipantRequest;
  door: AtTheDoorNow;
  staff: ShownStaff;
}) {
  const { language, meeting, participant, clinic } = request;
  const words = roomTexts[language];
  const { startAt } = meeting.course.time;
  const others = meeting.participants.filter(
    ({ role, participantId }) => role !== 'staff' && participantId !== participant.participantId,
  );
  const roles = [...new Set(others.map(({ role }) => threadTexts[language].who[role]))];
  const names = [...new Set(staffIdsOf(meeting).flatMap((staffId) => staff.get(staffId) ?? []))];
  return (
    <Facts
      facts={[
        {
          term: words.begins,
          icon: 'calendar',
          value: <time dateTime={startAt}>{dayAndTime(startAt, language)}</time>,
        },
        {
          term: words.youMeet,
          icon: 'person',
          value: (
            <>
              {names.map((name) => (
                <div key={name}>{name}</div>
              ))}
              {[clinic.settings.name, ...roles].join(', ')}
            </>
          ),
        },
        ...(door.state === 'to-do' || !decidesForPatient(participant.role)
          ? []
          : [{ term: words.before, icon: 'check' as const, value: words.allReady }]),
      ]}
    />
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
          <PostForm action={roomPath(request.participant.participantId)} guard={guard} id="enter">
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
              {words.ended.absent} <PhoneNumber number={request.clinic.settings.phone} />{' '}
              <a href="/my/new-case">{words.ended.orWrite}</a>.
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

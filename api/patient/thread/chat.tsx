import { shownStaffOf, type ShownStaff } from '../../../use-cases/staff/shown';
import { partOf, usesChat } from '../../../use-cases/thread/read';
import type { Actor, PersonRole } from '../../../rules/actor';
import { chatWriteRefusal, type ChatWriteRefusal } from '../../../rules/chat';
import { isCancelled } from '../../../rules/gates';
import { toInstant } from '../../../rules/instant';
import { staffIdsOf, outcomeOf } from '../../../records/meetings';
import { byName, emptyCompose, personWriter, postMessage, type Compose, type WrittenIn } from './compose';
import type { ParticipantRequest, PatientRouteDeps } from '../frame/route';
import { threadKey } from './thread-streams';
import { fileFor } from './case';
import { meetingPath } from '../frame/paths';
import { refusalPage } from '../frame/refusals';
import { Emergency, staffWhoWrote, Thread, threadScripts, type ShownThread } from './thread';
import { threadTexts } from './thread-texts';
import type { PageContent, PageAnswer } from '../../frame/page-content';
import { wording } from '../../frame/wording';

/** More than is said beside one video meeting. */
const SHOWN = 200;
/** How often a page asks beside the video: as often as the room's own. */
const ASK_MS = 3_000;

/** *The chat of a meeting* (R4.4), on a page of its own: without scripts, and afterwards. */
export const showChat =
  (deps: PatientRouteDeps, said: ShownThread['said'] = null) =>
  async (request: ParticipantRequest): Promise<PageAnswer> => ({
    page: chatPage(request, await lookAtChat(deps, request, { said })),
  });

/** Writes beside the video, or adds files to what is being written. */
export const postInChat =
  (deps: PatientRouteDeps) =>
  async (request: ParticipantRequest): Promise<PageAnswer> => {
    const refuse = { page: chatPage(request, await lookAtChat(deps, request, {})), status: 409 };
    if ((await standOf(deps, request)) !== 'open') return refuse;
    const posted = await postMessage(deps, personWriter(deps, request, writtenIn(request)));
    switch (posted.kind) {
      case 'sent':
      case 'received':
        return { redirect: `${chatPath(request)}/${posted.kind}` };
      case 'compose': {
        const { compose, status, retryAfterSeconds } = posted;
        const page = chatPage(request, await lookAtChat(deps, request, { compose }));
        return { page, status, retryAfterSeconds };
      }
      case 'closed':
        return { page: chatPage(request, await lookAtChat(deps, request, {})), status: 409 };
    }
  };

/** How it stands, for the page's script. */
export const chatStatus =
  (deps: PatientRouteDeps) =>
  async (request: ParticipantRequest): Promise<PageAnswer> => ({
    json: {
      key: await chatKey(deps, request),
      csrf: request.guard.csrf,
    },
  });

/** A file of the chat, or a small picture of it. */
export const chatFile =
  (deps: PatientRouteDeps, what: 'content' | 'preview') =>
  async (request: ParticipantRequest): Promise<PageAnswer> => {
    const { meeting, params, language, guard } = request;
    const mayRead = (await standOf(deps, request)) !== 'not-in';
    const content =
      mayRead && (await fileFor(deps.records, meeting.meetingId, params.fileId ?? '', byName(request), what));
    return content ? { content } : { page: refusalPage(language, 'not-yours', guard), status: 404 };
  };

const chatPath = ({ participant }: ParticipantRequest): string =>
  meetingPath(participant.participantId, 'chat');

const writtenIn = ({ meeting: { meetingId } }: ParticipantRequest): WrittenIn => ({
  threadId: meetingId,
  operation: 'meeting.write-chat',
  params: { meetingId },
  savesDraft: false,
});

/**
 * Whether one reads and writes (`open`), reads only, and why; `not-in`: neither, since one is not in the
 * meeting.
 */
type ChatState = 'open' | 'not-in' | ChatWriteRefusal;

async function standOf(
  { records, clock }: PatientRouteDeps,
  { meeting, participant, person }: ParticipantRequest,
): Promise<ChatState> {
  const actor: Actor = { kind: participant.role, personId: person.personId };
  if (!(await usesChat({ records, clock }, meeting, actor))) return 'not-in';
  const cancelled = isCancelled(outcomeOf(meeting)?.outcome ?? null);
  return chatWriteRefusal(toInstant(clock.now()), { cancelled, time: meeting.course.time }) ?? 'open';
}

async function keyOf(
  { records }: PatientRouteDeps,
  { meeting: { meetingId } }: ParticipantRequest,
  state: ChatState,
): Promise<string> {
  // Before the door opens nobody writes: then there is nothing new to look for.
  const isQuiet = state === 'not-in' || state === 'too-early';
  const last = isQuiet ? 0 : ((await records.messages.lastOf([meetingId])).get(meetingId) ?? 0);
  return threadKey(meetingId, last, state);
}

/** Changes when there is something new in the chat for this reader. */
export const chatKey = async (deps: PatientRouteDeps, request: ParticipantRequest): Promise<string> =>
  keyOf(deps, request, await standOf(deps, request));

/** A meeting's chat, which names the staff of the meeting too: both are read at once. */
export type ShownChat = ShownThread & { names: { staff: ShownStaff } };

/** The chat as this reader has it now, for its own page or beside the video. */
export async function lookAtChat(
  deps: PatientRouteDeps,
  request: ParticipantRequest,
  {
    compose = null,
    said = null,
    askedBy,
  }: { compose?: Compose | null; said?: ShownThread['said']; askedBy?: 'room' },
): Promise<ShownChat> {
  const { language, guard, meeting, participant } = request;
  const { messages: all } = deps.records;
  const state = await standOf(deps, request);
  const key = await keyOf(deps, request, state);
  const last = (await all.lastOf([meeting.meetingId])).get(meeting.meetingId) ?? 0;
  const { messages } =
    state === 'not-in'
      ? { messages: [] }
      : await partOf(deps.records, meeting.meetingId, Math.max(0, last - SHOWN));
  return {
    language,
    guard,
    path: chatPath(request),
    threadKey: key,
    messages,
    earlier: null,
    reader: byName(request),
    names: {
      staff: await shownStaffOf(deps.records, meeting.clinicId, [
        ...staffIdsOf(meeting),
        ...staffWhoWrote(messages),
      ]),
    },
    state: null,
    compose: state === 'open' ? (compose ?? emptyCompose) : null,
    closed: state === 'open' ? null : <p>{closedWords(language, participant.role, state)}</p>,
    listens: { everyMs: ASK_MS, ...(askedBy ? { askedBy } : {}) },
    savesDraft: false,
    said,
  };
}

const closedWords = (
  language: ParticipantRequest['language'],
  role: PersonRole,
  state: Exclude<ChatState, 'open'>,
): string => {
  const words = texts[language].closed;
  return state === 'ended' && role !== 'patient' && role !== 'guardian' ? words['not-in'] : words[state];
};

/** The chat on a page: beside the video, or on one of its own. */
export function Chat({ shown }: { shown: ShownThread }) {
  const { language, compose } = shown;
  return (
    <>
      {compose && <Emergency language={language} atOnce />}
      <Thread {...shown} />
    </>
  );
}

function chatPage(request: ParticipantRequest, shown: ShownThread): PageContent {
  const { language, participant } = request;
  const words = texts[language];
  const { compose } = shown;
  const isWrong = compose !== null && (compose.textProblem !== null || compose.fileProblems.length > 0);
  return {
    title: `${isWrong ? threadTexts[language].wrongTitle : ''}${words.title}`,
    scripts: threadScripts(),
    main: (
      <>
        <h1>{words.title}</h1>
        <p>{words.intro}</p>
        <Chat shown={shown} />
        <p>
          <a href={meetingPath(participant.participantId)}>{words.back}</a>
        </p>
      </>
    ),
  };
}

const texts = wording({
  sv: {
    title: 'Chatten från mötet',
    intro: 'Det som skrivs här sparas. Du och de som var med från mottagningen kan läsa det efteråt.',
    back: 'Till mitt möte',
    closed: {
      'too-early': 'Du kan skriva här när det går att gå in i mötet.',
      ended: 'Mötet är slut. Du kan inte längre skriva här. Det som skrevs finns kvar.',
      cancelled: 'Mötet är avbokat. Du kan inte skriva här.',
      'not-in': 'Du kan läsa och skriva i chatten medan du är med i mötet.',
    },
  },
  en: {
    title: 'The chat of the meeting',
    intro:
      'What is written here is kept. You and those from the clinic who took part can read it afterwards.',
    back: 'To my meeting',
    closed: {
      'too-early': 'You can write here once one can go into the meeting.',
      ended: 'The meeting is over. You can no longer write here. What was written is kept.',
      cancelled: 'The meeting is cancelled. You cannot write here.',
      'not-in': 'You can read and write in the chat while you are in the meeting.',
    },
  },
});

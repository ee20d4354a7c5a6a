import type { Meeting } from '../../../records/meetings';
import { chatWriteRefusal, type ChatWriteRefusal } from '../../../rules/chat';
import { isCancelled } from '../../../rules/gates';
import { toInstant } from '../../../rules/instant';
import { messageText, messageTextProblem, type MessageTextProblem } from '../../../rules/message';
import { outcomeOf } from '../../../records/meetings';
import { partOf } from '../../../use-cases/thread/read';
import { TextArea } from '../../frame/fields';
import type { PageAnswer, PageContent } from '../../frame/page-content';
import { Button, Heading } from '../../frame/parts';
import { PostForm } from '../../frame/post-form';
import { clockTime } from '../../frame/time';
import { fileFor } from '../../patient/thread/case';
import { Thread, threadScripts, type ShownThread } from '../../patient/thread/thread';
import { threadKey } from '../../patient/thread/thread-streams';
import { afterCommand, giveDeskCommand } from '../frame/command';
import { deskMeetingPath } from '../frame/paths';
import { refusalPage } from '../frame/refusals';
import type { DeskRequest, DeskRouteDeps } from '../frame/route';
import { ownPart } from './room-now';
import { deskRoomTexts, saidOf } from './room-texts';

/** The chat of a meeting as staff read and write it (R4.4): beside the video, and on a page of its own. */

/** More than is said beside one video meeting. */
const SHOWN = 200;
/** How often the chat's own page asks; beside the video the room's script does. */
const ASK_MS = 3_000;

const chatPath = ({ meetingId }: Meeting): string => deskMeetingPath(meetingId, 'room/chat');

/** Of a request whose subject is a meeting: it was read to let it in. */
export function meetingIn({ read }: DeskRequest): Meeting {
  if (!read.meeting) throw new Error('a row whose subject is no meeting');
  return read.meeting;
}

/** Whether one writes, or why not. */
type ChatState = 'open' | 'no-part' | ChatWriteRefusal;

function stateOf(meeting: Meeting, { member }: DeskRequest, now: Date): ChatState {
  const cancelled = isCancelled(outcomeOf(meeting)?.outcome ?? null);
  const refused = chatWriteRefusal(toInstant(now), { cancelled, time: meeting.course.time });
  // Who takes no part reads it, for a reason that they state (R8.1).
  return refused ?? (ownPart(meeting, member) === null ? 'no-part' : 'open');
}

/** Changes when there is something new in the chat. */
export async function deskChatKey(
  { records, clock }: Pick<DeskRouteDeps, 'records' | 'clock'>,
  request: DeskRequest,
): Promise<string> {
  const meeting = meetingIn(request);
  const { meetingId } = meeting;
  const last = (await records.messages.lastOf([meetingId])).get(meetingId) ?? 0;
  return threadKey(meetingId, last, stateOf(meeting, request, clock.now()));
}

/** What was typed and not sent. */
interface Unsent {
  text: string;
  problem: MessageTextProblem;
}

/** The chat as it stands, for one of the staff. @param besideCall the room's script asks for news */
export async function lookAtDeskChat(
  deps: Pick<DeskRouteDeps, 'records' | 'clock'>,
  request: DeskRequest,
  { besideCall, unsent = null }: { besideCall: boolean; unsent?: Unsent | null },
): Promise<ShownThread> {
  const { language, guard, caller } = request;
  const { records, clock } = deps;
  const meeting = meetingIn(request);
  const { meetingId } = meeting;
  const last = (await records.messages.lastOf([meetingId])).get(meetingId) ?? 0;
  const { messages } = await partOf(records, meetingId, Math.max(0, last - SHOWN));
  const state = stateOf(meeting, request, clock.now());
  return {
    language,
    guard,
    path: chatPath(meeting),
    threadKey: threadKey(meetingId, last, state),
    messages,
    earlier: null,
    reader: caller.staffId,
    state: null,
    // Staff write in a form of the desk's: it takes text alone.
    compose: null,
    closed:
      state === 'open' ? (
        <Write request={request} unsent={unsent} />
      ) : (
        <p>{deskRoomTexts[language].chat.closed[state]}</p>
      ),
    listens: { everyMs: ASK_MS, ...(besideCall ? { askedBy: 'room' as const } : {}) },
    savesDraft: false,
    said: null,
  };
}

function Write({ request, unsent }: { request: DeskRequest; unsent: Unsent | null }) {
  const { language, guard } = request;
  const words = deskRoomTexts[language].chat;
  return (
    <div id="write" data-part>
      <PostForm
        action={chatPath(meetingIn(request))}
        guard={guard}
        class="in-place"
        autocomplete="off"
        noValidate
      >
        <TextArea
          id="chat-text"
          name="text"
          label={words.text}
          rows={2}
          value={unsent?.text ?? ''}
          problem={unsent && words.problems[unsent.problem]}
          language={language}
        />
        <Button kind="secondary">{words.send}</Button>
      </PostForm>
    </div>
  );
}

/** The chat on a page of its own. */
export const showDeskChat =
  (deps: DeskRouteDeps) =>
  async (request: DeskRequest): Promise<PageAnswer> => ({
    page: chatPage(request, await lookAtDeskChat(deps, request, { besideCall: false })),
  });

function chatPage(request: DeskRequest, shown: ShownThread): PageContent {
  const { language, query } = request;
  const { course, meetingId } = meetingIn(request);
  const words = deskRoomTexts[language];
  const title = words.title(clockTime(course.time.startAt, language));
  const said = saidOf(words, query);
  return {
    title,
    scripts: threadScripts(),
    main: (
      <>
        <Heading above={title}>{words.chat.pageTitle}</Heading>
        <p id="said" role="status" class={said?.isRefused ? 'refused' : ''}>
          {said?.text}
        </p>
        <Thread {...shown} />
        <p>
          <a href={deskMeetingPath(meetingId, 'room')}>{words.toRoom}</a>
        </p>
      </>
    ),
  };
}

/** How it stands, for the script of the chat's own page. */
export const deskChatStatus =
  (deps: DeskRouteDeps) =>
  async (request: DeskRequest): Promise<PageAnswer> => ({
    json: { key: await deskChatKey(deps, request), csrf: request.guard.csrf },
  });

/** Writes in it; what cannot be sent comes back with what is wrong. */
export const writeInDeskChat =
  (deps: DeskRouteDeps) =>
  async (request: DeskRequest): Promise<PageAnswer> => {
    const { text: typed } = request.body as { text: string };
    const text = messageText(typed);
    const problem = messageTextProblem(text);
    if (problem !== null) {
      const shown = await lookAtDeskChat(deps, request, {
        besideCall: false,
        unsent: { text: typed, problem },
      });
      return { page: chatPage(request, shown), status: 422 };
    }
    const answer = await giveDeskCommand(deps, request, {
      operation: 'meeting.write-chat',
      body: { text, fileIds: [], asksForMore: false },
    });
    return afterCommand(answer, chatPath(meetingIn(request)), 'sent');
  };

/** A file of the chat, or a small picture of it. */
export const deskChatFile =
  ({ records }: DeskRouteDeps, what: 'content' | 'preview') =>
  async (request: DeskRequest): Promise<PageAnswer> => {
    const { params, caller, language } = request;
    const { meetingId } = meetingIn(request);
    const content = await fileFor(records, meetingId, params.chatFileId ?? '', caller.staffId, what);
    return content
      ? { content }
      : { page: refusalPage(language, 'not-found', deskMeetingPath(meetingId, 'room')), status: 404 };
  };

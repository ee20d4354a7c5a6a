import type { Meeting } from '../../../records/meetings';
import { chatWriteRefusal, type ChatWriteRefusal } from '../../../rules/chat';
import { isCancelled } from '../../../rules/gates';
import { toInstant } from '../../../rules/instant';
import { outcomeOf } from '../../../records/meetings';
import { partOf } from '../../../use-cases/thread/read';
import type { PageAnswer, PageContent } from '../../frame/page-content';
import { Heading } from '../../frame/parts';
import { clockTime } from '../../frame/time';
import { fileFor } from '../../patient/thread/case';
import { emptyCompose, postMessage, type Compose } from '../../patient/thread/compose';
import { Thread, threadScripts, type ShownThread } from '../../patient/thread/thread';
import { threadKey } from '../../patient/thread/thread-streams';
import { threadTexts } from '../../patient/thread/thread-texts';
import { ChildHint } from '../frame/child-hint';
import { deskMeetingPath } from '../frame/paths';
import { NotTaken, refusalPage } from '../frame/refusals';
import type { DeskRequest, DeskRouteDeps } from '../frame/route';
import { staffWriter } from '../frame/staff-writer';
import { ownPart } from './room-now';
import { deskRoomTexts } from './room-texts';

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

/** What a page of the chat shows beside what was written. */
interface ChatNow {
  /** What stands in the form, where it was posted and not sent. */
  compose?: Compose | null;
  said?: ShownThread['said'];
  /** What was written too late, to be copied. */
  unsent?: string;
}

/** The chat as it stands, for one of the staff. @param besideCall the room's script asks for news */
export async function lookAtDeskChat(
  deps: Pick<DeskRouteDeps, 'records' | 'clock'>,
  request: DeskRequest,
  { besideCall, compose = null, said = null, unsent = '' }: ChatNow & { besideCall: boolean },
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
    compose: state === 'open' ? (compose ?? emptyCompose) : null,
    closed:
      state === 'open' ? null : (
        <>
          <p>{deskRoomTexts[language].chat.closed[state]}</p>
          <NotTaken language={language} typed={unsent === '' ? null : unsent} />
        </>
      ),
    listens: { everyMs: ASK_MS, ...(besideCall ? { askedBy: 'room' as const } : {}) },
    savesDraft: false,
    said,
  };
}

/** The chat on a page of its own. */
export const showDeskChat =
  (deps: DeskRouteDeps, said: ShownThread['said'] = null) =>
  async (request: DeskRequest): Promise<PageAnswer> => ({ page: await chatPage(deps, request, { said }) });

async function chatPage(deps: DeskRouteDeps, request: DeskRequest, now: ChatNow): Promise<PageContent> {
  const { language } = request;
  const { course, meetingId, clinicId, patientId } = meetingIn(request);
  const shown = await lookAtDeskChat(deps, request, { besideCall: false, ...now });
  const patient = await deps.records.people.find(clinicId, patientId);
  const words = deskRoomTexts[language];
  const title = words.title(clockTime(course.time.startAt, language));
  const { compose } = shown;
  const isWrong = compose !== null && (compose.textProblem !== null || compose.fileProblems.length > 0);
  return {
    title: `${isWrong ? threadTexts[language].wrongTitle : ''}${title}`,
    scripts: threadScripts(),
    main: (
      <>
        <Heading above={title}>{words.chat.pageTitle}</Heading>
        {patient && <ChildHint language={language} patient={patient} now={deps.clock.now()} />}
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

/** Writes in it, or adds files to what is being written; what cannot be sent comes back with what is wrong. */
export const writeInDeskChat =
  (deps: DeskRouteDeps) =>
  async (request: DeskRequest): Promise<PageAnswer> => {
    const meeting = meetingIn(request);
    const { meetingId, patientId } = meeting;
    const writer = staffWriter(deps, request, {
      of: 'meeting',
      threadId: meetingId,
      patientId,
      savesDraft: false,
    });
    const tooLate = async (compose: Compose | null): Promise<PageAnswer> => ({
      page: await chatPage(deps, request, { compose, unsent: writer.posted.text }),
      status: 409,
    });
    // Nobody's files are kept for what they cannot send.
    if (stateOf(meeting, request, deps.clock.now()) !== 'open') return tooLate(null);
    const posted = await postMessage(deps, writer);
    switch (posted.kind) {
      case 'sent':
      case 'received':
        return { redirect: `${chatPath(meeting)}/${posted.kind}` };
      case 'compose': {
        const { compose, status, retryAfterSeconds } = posted;
        return { page: await chatPage(deps, request, { compose }), status, retryAfterSeconds };
      }
      case 'closed':
        return tooLate(posted.compose);
    }
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

import { z } from 'zod';
import type { Meeting } from '../../../records/meetings';
import { msOf } from '../../../rules/instant';
import { isBlank, pastedNumber } from '../../../rules/typed';
import { letIn, type EntryDecision } from '../../../use-cases/meeting/enter';
import { line } from '../../../use-cases/fields';
import type { PageAnswer } from '../../frame/page-content';
import { composeBody } from '../../patient/thread/compose';
import { afterCommand, giveDeskCommand } from '../frame/command';
import { checklistOf } from '../meeting/room-checklist';
import { DESK_PATH, deskMeetingPath } from '../frame/paths';
import { carers, type DeskRequest, type DeskRoute, type DeskRouteDeps } from '../frame/route';
import { lineOf } from '../frame/typed';
import {
  deskChatFile,
  deskChatKey,
  deskChatStatus,
  lookAtDeskChat,
  meetingIn,
  showDeskChat,
  writeInDeskChat,
} from './chat';
import { isForOtherTime } from '../meeting/posted';
import { readinessBody } from '../meeting/prepare';
import type { TypedWhereabouts } from './parts';
import { namePage, roomPage } from './room';
import { lookAtRoom, ownPart, viewRoom } from './room-now';

const ROOM = `${DESK_PATH}/meetings/{meetingId}/room`;
/** How often the page asks how it stands, waiting and in the call. */
const ASK_MS = 3_000;
const pathOf = ({ meetingId }: Meeting): string => deskMeetingPath(meetingId, 'room');

/** The room of a meeting, for the staff who take part (R4.1, R4.7, R4.8). */
export function roomRoutes(deps: DeskRouteDeps): DeskRoute[] {
  const row = { roles: carers, subject: 'meeting', content: true } as const;
  const status = { ...row, method: 'get', operation: 'meeting.room-status', quiet: true } as const;
  return [
    {
      ...row,
      method: 'get',
      path: ROOM,
      operation: 'meeting.read-room',
      summary: 'The room: who is here and who waits. To look at it lets nobody in',
      handle: async (request) => ({ page: await pageOf(deps, request) }),
    },
    {
      ...status,
      path: `${ROOM}/status`,
      summary: 'How it stands with the room and the chat, for the page’s script',
      unattended: true,
      handle: statusOf(deps),
    },
    {
      ...status,
      path: `${ROOM}/in-call`,
      summary: 'The same in the call, which keeps the login alive, at a desk that has locked itself too',
      worksLocked: true,
      handle: statusOf(deps),
    },
    {
      ...row,
      method: 'get',
      path: `${ROOM}/name`,
      operation: 'person.read-protected-name',
      summary: 'The name of a patient with protected data (R8.8)',
      handle: async (request) => {
        const at = deps.clock.now();
        const view = await viewRoom(deps.records, meetingIn(request), request.member, at);
        return { page: namePage(request.language, view, at) };
      },
    },
    {
      ...row,
      method: 'post',
      path: `${ROOM}/entry`,
      operation: 'meeting.enter',
      summary: 'Lets one in as moderator, for the page that embeds the room (R4.1)',
      handle: async (request) => entryOf(await decide(deps, request), request),
    },
    {
      ...row,
      method: 'post',
      path: ROOM,
      operation: 'meeting.enter',
      summary: 'Lets one in as moderator, and leads to the room',
      handle: async (request) => {
        const decision = await decide(deps, request);
        if (decision?.kind !== 'admitted') return { redirect: pathOf(meetingIn(request)) };
        const { url, token } = decision.room;
        // In the fragment, which no browser sends on; it opens this one room for ten minutes.
        const jwt = encodeURIComponent(JSON.stringify(token));
        return { redirect: `${url}?lang=${request.language}#jwt=${jwt}` };
      },
    },
    {
      ...row,
      method: 'post',
      path: `${ROOM}/let-in`,
      operation: 'meeting.confirm-readiness',
      summary: 'Confirms the room, point by point: the patient may come in (R4.7)',
      body: readinessBody,
      handle: async (request) => {
        if (await isForOtherTime(deps, request, { meeting: meetingIn(request) }))
          return { redirect: `${pathOf(meetingIn(request))}?refused=moved-meanwhile` };
        const body = checklistOf(request.body as z.infer<typeof readinessBody>);
        if (body === null) return { redirect: `${pathOf(meetingIn(request))}?refused=no-room-name` };
        const answer = await giveDeskCommand(deps, request, { operation: 'meeting.confirm-readiness', body });
        return afterCommand(answer, pathOf(meetingIn(request)), 'let-in');
      },
    },
    {
      ...row,
      method: 'post',
      path: `${ROOM}/entitled`,
      operation: 'meeting.confirm-readiness',
      summary: 'Confirms at the start that all present, on and off camera, are entitled (R4.7)',
      body: readinessBody,
      handle: async (request) => {
        if (await isForOtherTime(deps, request, { meeting: meetingIn(request) }))
          return { redirect: `${pathOf(meetingIn(request))}?refused=moved-meanwhile` };
        const answer = await giveDeskCommand(deps, request, {
          operation: 'meeting.confirm-readiness',
          body: { moment: 'at-start', allPresentAreEntitled: true },
        });
        return afterCommand(answer, pathOf(meetingIn(request)), 'entitled');
      },
    },
    {
      ...row,
      method: 'post',
      path: `${ROOM}/whereabouts`,
      operation: 'meeting.note-whereabouts',
      summary: 'Where the patient is and how to reach them, during the meeting alone (R4.8)',
      body: whereaboutsBody,
      handle: (request) => noteWhereabouts(deps, request),
    },
    {
      ...row,
      method: 'get',
      path: `${ROOM}/chat`,
      operation: 'meeting.read-chat',
      summary: 'What was written beside the video (R4.4), and the form to write',
      handle: showDeskChat(deps),
    },
    {
      ...row,
      method: 'post',
      path: `${ROOM}/chat`,
      operation: 'meeting.write-chat',
      summary: 'Writes beside the video, or adds files to what is being written (R4.4)',
      takesFiles: true,
      body: chatBody,
      typed: 'text',
      handle: writeInDeskChat(deps),
    },
    {
      ...row,
      method: 'get',
      path: `${ROOM}/chat/sent`,
      operation: 'meeting.read-chat',
      summary: 'The same, when a message has been sent',
      handle: showDeskChat(deps, 'sent'),
    },
    {
      ...row,
      method: 'get',
      path: `${ROOM}/chat/received`,
      operation: 'meeting.read-chat',
      summary: 'The same, when a message is stored and will be sent',
      handle: showDeskChat(deps, 'received'),
    },
    {
      ...status,
      operation: 'meeting.chat-status',
      path: `${ROOM}/chat/status`,
      summary: 'Whether there is something new, for the script of the chat’s page',
      unattended: true,
      handle: deskChatStatus(deps),
    },
    {
      ...row,
      method: 'get',
      path: `${ROOM}/chat/news`,
      operation: 'meeting.read-chat',
      summary: 'The same page again, for its script',
      handle: showDeskChat(deps),
    },
    {
      ...row,
      method: 'get',
      path: `${ROOM}/chat/files/{chatFileId}`,
      operation: 'meeting.read-file',
      summary: 'A file of the chat, as an attachment (R4.4)',
      handle: deskChatFile(deps, 'content'),
    },
    {
      ...row,
      method: 'get',
      path: `${ROOM}/chat/files/{chatFileId}/preview`,
      operation: 'meeting.read-file',
      summary: 'A small picture of it',
      handle: deskChatFile(deps, 'preview'),
    },
  ];
}

async function pageOf(deps: DeskRouteDeps, request: DeskRequest, typed: TypedWhereabouts | null = null) {
  const at = deps.clock.now();
  const [view, chat] = await Promise.all([
    viewRoom(deps.records, meetingIn(request), request.member, at),
    lookAtDeskChat(deps, request, { besideCall: true }),
  ]);
  return roomPage(deps, request, { view, chat, at, typed });
}

/** In a few bytes, and with no name: the page asks for the rest when this has changed. */
const statusOf =
  (deps: DeskRouteDeps) =>
  async (request: DeskRequest): Promise<PageAnswer> => {
    const { records, clock } = deps;
    const meeting = meetingIn(request);
    const patient = await records.people.find(meeting.clinicId, meeting.patientId);
    if (!patient) throw new Error('a meeting without its patient');
    const now = clock.now();
    const room = await lookAtRoom(records, { meeting, own: ownPart(meeting, request.member), patient }, now);
    return {
      json: {
        key: room.key,
        chatKey: await deskChatKey(deps, request),
        askAgainMs: ASK_MS,
        state: room.door.state,
        startVersion: meeting.course.time.startVersion,
        now: now.getTime(),
        csrf: request.guard.csrf,
      },
    };
  };

/** Null for one who takes no part: nobody else gets a moderator's token (R4.1, R8.1). */
async function decide(deps: DeskRouteDeps, request: DeskRequest): Promise<EntryDecision | null> {
  const meeting = meetingIn(request);
  const own = ownPart(meeting, request.member);
  const patient = await deps.records.people.find(meeting.clinicId, meeting.patientId);
  if (own === null || !patient) return null;
  return letIn(deps, {
    meeting,
    participant: own,
    person: null,
    patient,
    identityAttested: true,
    actingStaffId: own.staffId,
  });
}

/** The token is made for this answer, and stands in no page and no address of ours. */
function entryOf(decision: EntryDecision | null, { member }: DeskRequest): PageAnswer {
  switch (decision?.kind) {
    case 'admitted': {
      const { url, token } = decision.room;
      // The name that patients see, set by the page and not by the token (R8.7; design, decision 7).
      return { json: { url, token, displayName: `${member.shownName}, ${member.title}` } };
    }
    case 'refused':
      return { json: { refused: decision.reasons } };
    case 'conflict':
      return { json: { refused: [decision.refusal] }, status: 409 };
    case undefined:
      return { json: { refused: ['not-entitled'] } };
  }
}

/** Nobody asks for more beside the video. */
const chatBody = composeBody.omit({ asksForMore: true });

const whereaboutsBody = z.object({ place: z.string(), number: z.string() });
const place = line(200).refine((text) => !isBlank(text));
/** As staff write it, of whatever country: it is called by hand. */
const number = z
  .string()
  .transform(pastedNumber)
  .pipe(z.string().regex(/^\+?[\d ()./-]{3,30}$/))
  .refine((text) => text.replaceAll(/\D/g, '').length >= 3);

/** It is written at once and is no command: a command’s body would outlive the meeting (R4.8). */
async function noteWhereabouts(deps: DeskRouteDeps, request: DeskRequest): Promise<PageAnswer> {
  const meeting = meetingIn(request);
  const { meetingId, patientId, course } = meeting;
  const { startVersion, doorOpensAt, doorClosesAt } = course.time;
  const refused = (why: string): PageAnswer => ({ redirect: `${pathOf(meeting)}?refused=${why}` });
  const now = deps.clock.now().getTime();
  if (course.state === 'ended' || now >= msOf(doorClosesAt)) return refused('ended');
  if (now < msOf(doorOpensAt)) return refused('too-early');
  const typed = request.body as z.infer<typeof whereaboutsBody>;
  const read = { place: place.safeParse(lineOf(typed.place)), number: number.safeParse(typed.number) };
  if (!read.place.success || !read.number.success) {
    const wrong = (['place', 'number'] as const).filter((field) => !read[field].success);
    return { page: await pageOf(deps, request, { ...typed, wrong }), status: 422 };
  }
  await deps.records.whereabouts.keep(
    { meetingId, patientId, startVersion, keptUntil: new Date(doorClosesAt) },
    { place: read.place.data, number: read.number.data },
  );
  return { redirect: `${pathOf(meeting)}?said=whereabouts` };
}

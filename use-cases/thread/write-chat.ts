import type { Answer } from '../../records/commands';
import { isCancelled } from '../../rules/gates';
import { chatWriteRefusal, type ChatWriteRefusal } from '../../rules/chat';
import type { WriteMessage } from './bodies';
import { notFound, problem, type CarryOut } from '../command';
import { usesChat } from './read';
import { promiseFiles } from './files';

/** Somebody writes beside the video (R4.4): kept after the meeting, and no clock starts (R6.3). */
export const writeChat: CarryOut<WriteMessage> = async (deps, command) => {
  const { records } = deps;
  const { clinicId, params, body, receivedAt, targetId: messageId } = command;
  const actor = command.actor;
  const meeting = await records.meetings.find(clinicId, params.meetingId ?? '');
  if (!meeting) return notFound('meeting');
  const { meetingId, patientId, course } = meeting;
  if (!(await records.messages.isKnown(messageId))) {
    const cancelled = isCancelled(course.outcome?.outcome ?? null);
    const refused = chatWriteRefusal(receivedAt, { cancelled, time: course.time });
    if (refused) return refusedChat(refused);
    if (!(await usesChat(deps, meeting, actor, new Date(receivedAt))))
      return problem(403, 'not-entitled', 'Only those who take part write in a meeting’s chat.');
    const files = await promiseFiles(
      records,
      { messageId, threadId: meetingId, fileIds: body.fileIds },
      actor,
    );
    if ('status' in files) return files;
    const message = await records.messages.seal(
      { messageId, thread: 'meeting', threadId: meetingId, clinicId, patientId, receivedAt, ...body },
      actor,
    );
    await records.transaction(async (session) => {
      const { isNew } = await records.messages.add(message, session);
      if (isNew) await records.files.attach(body.fileIds, { messageId, threadId: meetingId }, session);
    });
  }
  return { status: 201, body: { messageId } };
};

const texts: Record<ChatWriteRefusal, string> = {
  'too-early': 'The chat opens with the door.',
  ended: 'The meeting is over. What was written can be read.',
  cancelled: 'The meeting is cancelled.',
};

const refusedChat = (refusal: ChatWriteRefusal): Answer => problem(409, refusal, texts[refusal]);

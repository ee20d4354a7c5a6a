import type { Case } from '../../records/cases';
import type { StoredFile } from '../../records/files';
import type { Message } from '../../records/messages';

/** A case as the clinic's system reads it: ids, times and states; what was written stands in its thread. */
export function caseView(read: Case) {
  const { caseId, patientId, participants, openedBy, openedAt, assignedTo, hasPictures, documented, course } =
    read;
  const { state, clock, lastClock, breaches, messages, documentation } = course;
  return {
    caseId,
    state,
    patientId,
    participants,
    openedBy,
    openedAt,
    assignedTo,
    /** What waits for its reply (R6.2). */
    reply: clock && {
      arrivedAt: clock.arrivedAt,
      aimAt: clock.aimAt,
      deadlineAt: clock.deadlineAt,
      breachedAt: clock.breachedAt,
    },
    lastReply: lastClock && {
      arrivedAt: lastClock.arrivedAt,
      deadlineAt: lastClock.deadlineAt,
      answeredAt: lastClock.answeredAt,
      inTime: lastClock.inTime,
    },
    breaches,
    messages,
    hasPictures,
    documentation: documentation && { state: documentation.state, reminders: documentation.reminders },
    documented,
  };
}

/** A file as it is listed. */
export const fileView = ({ fileId, name, type, size, hasPreview }: StoredFile) => ({
  fileId,
  name,
  type,
  size,
  hasPreview,
});

/** A message as those read it who may. */
export const messageView = (
  { messageId, number, author, writtenBy, text, asksForMore, receivedAt }: Message,
  files: StoredFile[],
) => ({
  messageId,
  number,
  author,
  writtenBy,
  text,
  asksForMore,
  receivedAt,
  files: files.filter((file) => file.messageId === messageId).map(fileView),
});

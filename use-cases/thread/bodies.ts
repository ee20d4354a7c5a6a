import { z } from 'zod';
import {
  messageText,
  messageTextProblem,
  MOST_FILES_PER_MESSAGE,
  MOST_MESSAGE_CHARACTERS,
  type MessageTextProblem,
} from '../../rules/message';
import { day, id, isEachOnce, line, staffId } from '../fields';

/**
 * Bodies of commands about message cases and threads. A schema checks one, documents it and gives its type.
 */

const textProblems: Record<MessageTextProblem, string> = {
  empty: 'must not be blank',
  'too-long': `must have at most ${MOST_MESSAGE_CHARACTERS} characters`,
  'control-characters': 'must have no control characters but line breaks and tabs',
};

/** What somebody writes: any number of lines. */
const text = z
  .string()
  // Before anything is done with it.
  .max(MOST_MESSAGE_CHARACTERS, textProblems['too-long'])
  .transform((written, context) => {
    const kept = messageText(written);
    const problem = messageTextProblem(kept);
    if (problem === null) return kept;
    context.addIssue({ code: 'custom', message: textProblems[problem] });
    return z.NEVER;
  });

export const openCaseBody = z.strictObject({
  patientId: id,
  guardianIds: z
    .array(id)
    .max(4)
    .default([])
    .meta({ description: 'Guardians who write for a child of at most 12 (R7.1)' }),
  subject: line(120),
  text,
  assignTo: staffId.nullable().default(null),
});
/** A case with its first message (R6.6); `assignTo` is null for whoever takes it. */
export type OpenCase = z.infer<typeof openCaseBody>;

export const writeMessageBody = z
  .strictObject({
    text: text.nullable().default(null),
    fileIds: z
      .array(id)
      .max(MOST_FILES_PER_MESSAGE)
      .refine(isEachOnce, 'must have each file once')
      .default([])
      .meta({ description: 'Files that you have uploaded to this thread and not sent yet' }),
    asksForMore: z
      .boolean()
      .default(false)
      .meta({ description: 'The message asks the patient for more; a reply all the same (R6.3)' }),
  })
  .refine(({ text: written, fileIds }) => written !== null || fileIds.length > 0, {
    path: ['text'],
    message: 'is needed where there are no files',
  });
/** A message; the text is null where there are files only. */
export type WriteMessage = z.infer<typeof writeMessageBody>;

export const assignCaseBody = z.strictObject({
  staffId: staffId.nullable().meta({ description: 'Who sees to it from now; null for nobody' }),
  from: staffId.nullable().meta({ description: 'Who has it, as you read it: another one by now is refused' }),
});
/** Who sees to a case from now, and who did as the caller knows it. */
export type AssignCase = z.infer<typeof assignCaseBody>;

export const documentContactBody = z.strictObject({
  contactOn: day.meta({
    description: 'The day on which the contact took place, as the journal has it (R6.4)',
  }),
  picturesHandled: z
    .boolean()
    .default(false)
    .meta({ description: 'By the clinic’s routine; must be true where the case has pictures (R6.4)' }),
});
/** The contact stands in the journal, as of a day (R6.4). */
export type DocumentContact = z.infer<typeof documentContactBody>;

/**
 * A file that has been checked and kept, and is offered to a thread's next message. It has no schema: the API
 * makes it from the upload.
 */
export interface AddFile {
  fileId: string;
  name: string;
  /**
   * Of the content as it was sent: the same key with another content is another command (design, decision 6).
   */
  sha256: string;
}

import { z } from 'zod';
import type { AssignCase, DocumentContact, OpenCase, WriteMessage } from '../../use-cases/thread/bodies';
import { caseStates } from '../../rules/case';
import { fileTypes } from '../../rules/files';
import {
  messageText,
  messageTextProblem,
  MOST_FILES_PER_MESSAGE,
  MOST_MESSAGE_CHARACTERS,
  type MessageTextProblem,
} from '../../rules/message';
import { day, id, line, staffId } from '../../use-cases/fields';

/** What the requests and answers about message cases and chats carry. */

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

export const openCaseBody: z.ZodType<OpenCase> = z.strictObject({
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

export const writeMessageBody: z.ZodType<WriteMessage> = z
  .strictObject({
    text: text.nullable().default(null),
    fileIds: z
      .array(id)
      .max(MOST_FILES_PER_MESSAGE)
      .refine((all) => new Set(all).size === all.length, 'must have each file once')
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

export const assignCaseBody: z.ZodType<AssignCase> = z.strictObject({
  staffId: staffId.nullable().meta({ description: 'Who sees to it from now; null for nobody' }),
  from: staffId.nullable().meta({ description: 'Who has it, as you read it: another one by now is refused' }),
});

export const documentContactBody: z.ZodType<DocumentContact> = z.strictObject({
  contactOn: day.meta({
    description: 'The day on which the contact took place, as the journal has it (R6.4)',
  }),
  picturesHandled: z
    .boolean()
    .default(false)
    .meta({ description: 'By the clinic’s routine; must be true where the case has pictures (R6.4)' }),
});

const at = z.iso.datetime();
const anyId = z.string();

export const caseAnswer = z
  .object({
    caseId: anyId,
    state: z.enum(caseStates),
    patientId: anyId,
    participants: z.array(
      z.object({ participantId: anyId, role: z.enum(['patient', 'guardian']), personId: anyId }),
    ),
    openedBy: z.string(),
    openedAt: at,
    assignedTo: z.string().nullable(),
    reply: z
      .object({ arrivedAt: at, aimAt: at, deadlineAt: at, breachedAt: at.nullable() })
      .nullable()
      .meta({ description: 'The message that waits for its reply (R6.2); null where none does' }),
    lastReply: z.object({ arrivedAt: at, deadlineAt: at, answeredAt: at, inTime: z.boolean() }).nullable(),
    breaches: z.int().meta({ description: 'How many messages were not answered in time' }),
    messages: z.object({ patientSide: z.int(), staff: z.int() }),
    hasPictures: z.boolean(),
    documentation: z
      .object({ state: z.enum(['waiting', 'done']), reminders: z.int() })
      .nullable()
      .meta({ description: 'Of the contact, in the journal (R6.4); null until the case is closed' }),
    documented: z
      .object({ by: z.string(), at, contactOn: z.iso.date(), picturesHandled: z.literal(true).nullable() })
      .nullable(),
  })
  .meta({ id: 'Case' });

export const casesAnswer = z.object({
  items: z.array(caseAnswer),
  next: z.string().nullable().meta({ description: 'Give it as cursor for the next page; null on the last' }),
});

export const waitingAnswer = z.object({
  items: z.array(
    z.object({
      staffId: z.string().nullable().meta({ description: 'Null: nobody has taken them' }),
      waiting: z.int(),
      breached: z.int(),
      firstDeadlineAt: at,
    }),
  ),
});

export const fileAnswer = z
  .object({
    fileId: anyId,
    name: z.string(),
    type: z.enum(fileTypes),
    size: z.int().meta({ description: 'In bytes, as it is kept' }),
    hasPreview: z.boolean(),
  })
  .meta({ id: 'File' });

const message = z
  .object({
    messageId: anyId,
    number: z.int().meta({ description: 'From 1 without gaps, in the order of the thread' }),
    author: z.string(),
    writtenBy: z.string(),
    text: z.string().nullable(),
    asksForMore: z.boolean(),
    receivedAt: at,
    files: z.array(fileAnswer),
  })
  .meta({ id: 'Message' });

const part = {
  messages: z.array(message),
  next: z
    .int()
    .nullable()
    .meta({ description: 'Give it as after for what comes next; null where there is no more' }),
};
export const threadAnswer = z.object({ subject: z.string(), ...part });
export const chatAnswer = z.object(part);
export const writtenAnswer = z.object({ messageId: anyId, case: caseAnswer });
export const chatWrittenAnswer = z.object({ messageId: anyId });

/** A file: what the OpenAPI document says of it is its kind. */
export const fileContent = z.string().meta({ format: 'binary', description: 'The file, as an attachment' });

/** Which part of a thread. */
export const threadQuery = z.strictObject({
  after: z.coerce
    .number()
    .int()
    .min(0)
    .max(1_000_000)
    .default(0)
    .meta({ description: 'The number of the last message that you have' }),
});

export const fileQuery = z.strictObject({
  preview: z.enum(['true', 'false']).default('false').meta({ description: 'A small picture of it' }),
});

import { z } from 'zod';
import { caseStates } from '../../rules/case';
import { fileTypes } from '../../rules/files';

/** What questions and answers about message cases and chats carry. */

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

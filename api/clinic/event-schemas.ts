import { z } from 'zod';
import { parseEventCursor } from '../../records/events';
import { caseStates } from '../../rules/case';
import { eventStates, type EventData, type EventType } from '../../rules/events';
import { meetingStates, outcomes, takeOverReasons } from '../../rules/meeting';
import { instantInQuery } from '../../use-cases/fields';

/** Events as they are sent and listed, and what is asked and answered about them. */

const id = z.string();
const at = z.iso.datetime();
const word = z.string().meta({ description: 'A machine word, in kebab case; new ones may come' });

const meeting = z.object({
  meetingId: id,
  startVersion: z.int(),
  reference: z.string().nullable().meta({ description: 'The clinic’s own reference, if it gave one' }),
  startAt: at,
  endAt: at,
  state: z.enum(meetingStates),
});
const feeKind = z.enum(['visit-fee', 'missed-visit-fee']);
const invoice = z.object({
  invoiceId: id,
  meetingId: id,
  startVersion: z.int(),
  state: word,
  kind: feeKind,
  amountOre: z.int().nullable(),
  reason: word.optional(),
});
const billing = z.object({
  invoiceId: id,
  meetingId: id,
  startVersion: z.int(),
  reference: z.string().nullable(),
  patientId: id,
  kind: feeKind,
  feeCode: z.string(),
  amountOre: z.int(),
  currency: z.literal('SEK'),
  payer: z.enum(['patient', 'guardian']),
  visitAt: at,
  because: z.array(z.object({ rule: z.string(), reason: z.string() })),
});
const task = z.object({
  taskId: id,
  kind: word,
  meetingId: id.optional().meta({ description: 'Where it is about a meeting' }),
  caseId: id.optional().meta({ description: 'Where it is about a message case' }),
  dueAt: at,
});
const messageCase = z.object({
  caseId: id,
  patientId: id,
  state: z.enum(caseStates),
  deadlineAt: at.nullable().meta({ description: 'Of the message that waits for its reply (R6.2)' }),
  breaches: z.int().meta({ description: 'How many messages were not answered in time' }),
});

/** What each type of event says, and in words when it is sent. */
const described: { [Type in EventType]: { summary: string; data: z.ZodType<EventData[Type]> } } = {
  'meeting.booked': { summary: 'A meeting was booked', data: meeting },
  'meeting.rebooked': { summary: 'A meeting was moved: a new start version (R1.5)', data: meeting },
  'meeting.duration-changed': {
    summary: 'A meeting takes longer or shorter: the same start version (R1.8)',
    data: meeting,
  },
  'meeting.cancelled': { summary: 'A meeting was cancelled (R1.5)', data: meeting },
  'meeting.gates-opened': { summary: 'Consent and forms are there (R3.1, R3.2)', data: meeting },
  'meeting.gates-closed': { summary: 'A consent or a form is missing again', data: meeting },
  'meeting.door-opened': { summary: 'One may come in (R3.3)', data: meeting },
  'meeting.under-way': { summary: 'Clinic and patient have met in the room', data: meeting },
  'meeting.outcome': {
    summary: 'What a meeting came to (R5.1)',
    data: meeting.extend({
      outcome: z.enum(outcomes),
      decidedBy: z.enum(['evidence', 'staff', 'cancellation']),
      because: z.array(word),
    }),
  },
  'meeting.outcome-corrected': {
    summary: 'Staff corrected what a meeting came to (R5.1)',
    data: meeting.extend({
      outcome: z.enum(outcomes),
      was: z.enum(outcomes),
      number: z.int().meta({ description: 'Which correction it is, from 1' }),
    }),
  },
  'meeting.taken-over': {
    summary: 'One member of staff took the place of another: read the meeting for who it is (R1.7)',
    data: meeting.extend({ participantId: id, reason: z.enum(takeOverReasons) }),
  },
  'meeting.visit-registered': {
    summary: 'Staff have registered the visit in PAS and journal (R5.11)',
    data: meeting,
  },
  'invoice.proposed': { summary: 'An invoice is proposed (R5.7)', data: invoice },
  'invoice.withdrawn': { summary: 'A proposal no longer holds', data: invoice },
  'invoice.waived': { summary: 'Staff waived a proposal (R5.7)', data: invoice },
  'invoice.objected': { summary: 'The patient objected (R5.7)', data: invoice },
  'invoice.issued': { summary: 'The clinic’s billing accepted the basis (R5.8)', data: invoice },
  'invoice.refused': { summary: 'The clinic’s billing refused the basis (R5.8)', data: invoice },
  'invoice.credited': { summary: 'An invoice was credited (R5.8)', data: invoice },
  'billing.basis': { summary: 'Make an invoice of this (R5.8)', data: billing },
  'billing.credit': { summary: 'Credit the invoice that was made of this (R5.8)', data: billing },
  'case.opened': { summary: 'A message case was opened (R6.6)', data: messageCase },
  'case.message': {
    summary: 'There is a new message in a case',
    data: messageCase.extend({ messageId: id, from: z.enum(['patient-side', 'staff']) }),
  },
  'case.answered': {
    summary: 'Staff replied to what waited (R6.3)',
    data: messageCase.extend({ messageId: id }),
  },
  'case.deadline-near': { summary: 'A reply is due today (R6.3)', data: messageCase },
  'case.breached': { summary: 'A message was not answered in time (R6.3)', data: messageCase },
  'case.breach-withdrawn': {
    summary: 'It was, by a reply that we received in time and could not pass on at once',
    data: messageCase,
  },
  'case.closed': { summary: 'A case was closed, and is to be documented (R6.4)', data: messageCase },
  'case.documented': { summary: 'Staff have documented the contact (R6.4)', data: messageCase },
  'task.opened': { summary: 'A task for staff', data: task },
  'task.reminder': { summary: 'A task for staff still waits', data: task },
  'task.overdue': { summary: 'A task for staff was not done in time', data: task },
  'task.done': { summary: 'A task for staff is done', data: task },
};

/** Each event as the clinic receives it, by its type. */
export const webhookEvents = Object.entries(described).map(([type, { summary, data }]) => ({
  type,
  summary,
  body: z
    .object({
      type: z.literal(type),
      timestamp: at.meta({ description: 'When it happened' }),
      data,
      clinicId: id,
      subject: id.meta({
        description: 'What it is about: the meeting or the message case. Events of one subject come in order',
      }),
      sequence: z.int().meta({
        description:
          'Per subject, from 1 without gaps. A gap is an event that was given up: ask for a replay',
      }),
    })
    .meta({ id: nameOf(type) }),
}));

/** `meeting.gates-opened` as the name of its schema: `MeetingGatesOpenedEvent`. */
function nameOf(type: string): string {
  const words = type.split(/[.-]/).map((each) => each.charAt(0).toUpperCase() + each.slice(1));
  return `${words.join('')}Event`;
}

export const eventsQuery = z.strictObject({
  from: instantInQuery.optional(),
  until: instantInQuery.optional(),
  state: z.enum(eventStates).optional(),
  cursor: z.string().max(400).refine(isCursor, 'must be the next of the page before').optional(),
});

function isCursor(cursor: string): boolean {
  try {
    parseEventCursor(cursor);
    return true;
  } catch {
    return false;
  }
}

export const webhookAnswer = z
  .object({
    url: z.string().nullable().meta({ description: 'Null where none is set' }),
    enabledAt: at.nullable().meta({ description: 'What happened before is sent only when asked for' }),
    oldSecretUntil: at.nullable().meta({ description: 'Until when the secret before this one signs too' }),
  })
  .meta({ id: 'Webhook' });

export const webhookWithSecretAnswer = z.object({
  ...webhookAnswer.shape,
  secret: z.string().nullable().meta({
    description: 'As Standard Webhooks writes it (whsec_…), told this once; null where it is no new one',
  }),
});

export const eventsAnswer = z.object({
  items: z.array(
    z.object({
      eventId: id.meta({ description: 'The header webhook-id' }),
      type: z.string(),
      timestamp: at,
      data: z.record(z.string(), z.unknown()),
      subject: id,
      sequence: z.int(),
      state: z.enum(eventStates),
      tries: z.int(),
      lastFailure: word.nullable(),
      retryAt: at.nullable(),
      deliveredAt: at.nullable(),
    }),
  ),
  next: z.string().nullable().meta({ description: 'Give it as cursor for the next page; null on the last' }),
});

export const replayAnswer = z.object({ events: z.int().meta({ description: 'How many are sent again' }) });

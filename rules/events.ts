import type { CaseState } from './case';
import type { FeeKind } from './fee';
import type { Instant } from './instant';
import type { MeetingState, Outcome, TakeOverReason } from './meeting';

/**
 * The events for a clinic's PAS (design, decision 11). They have opaque ids, instants and states, never
 * anything personal. Every event has a subject, which is the meeting or the message case. It reaches the
 * clinic in the subject's order.
 */

/** Where a meeting stood when it happened. */
export interface MeetingFacts {
  meetingId: string;
  startVersion: number;
  /** The clinic's own reference to the meeting, if it gave one. */
  reference: string | null;
  startAt: Instant;
  endAt: Instant;
  state: MeetingState;
}

/** An invoice, and why it is where it is, in machine words. */
export interface InvoiceFacts {
  invoiceId: string;
  meetingId: string;
  startVersion: number;
  state: string;
  kind: Exclude<FeeKind, 'none'>;
  /** Null where the fee table has no amount for the day (R5.9). */
  amountOre: number | null;
  reason?: string;
}

/**
 * The data that the clinic's billing needs to make or to credit an invoice (R5.8). Billing applies free card
 * and ceiling.
 */
export interface BillingFacts {
  invoiceId: string;
  meetingId: string;
  startVersion: number;
  reference: string | null;
  patientId: string;
  kind: Exclude<FeeKind, 'none'>;
  feeCode: string;
  amountOre: number;
  currency: 'SEK';
  payer: 'patient' | 'guardian';
  visitAt: Instant;
  because: { rule: string; reason: string }[];
}

/** A task for staff, about a meeting, a message case, or a person alone. */
export interface TaskFacts {
  taskId: string;
  kind: string;
  meetingId?: string;
  caseId?: string;
  dueAt: Instant;
}

/** Where a message case stood when it happened; never what anybody wrote. */
export interface CaseFacts {
  caseId: string;
  patientId: string;
  state: CaseState;
  /** By when the message that waits must be answered; null where none waits (R6.2). */
  deadlineAt: Instant | null;
  /** How many messages of the case were not answered in time. */
  breaches: number;
}

/** What each type of event says. */
export interface EventData {
  'meeting.booked': MeetingFacts;
  'meeting.rebooked': MeetingFacts;
  'meeting.duration-changed': MeetingFacts;
  'meeting.cancelled': MeetingFacts;
  'meeting.gates-opened': MeetingFacts;
  'meeting.gates-closed': MeetingFacts;
  'meeting.door-opened': MeetingFacts;
  'meeting.under-way': MeetingFacts;
  'meeting.outcome': MeetingFacts & {
    outcome: Outcome;
    decidedBy: 'evidence' | 'staff' | 'cancellation';
    because: string[];
  };
  /** `number`: which correction it is, from 1 (R5.1). */
  'meeting.outcome-corrected': MeetingFacts & { outcome: Outcome; was: Outcome; number: number };
  /** `participantId`: whose place it is; who has it now stands in the meeting. */
  'meeting.taken-over': MeetingFacts & { participantId: string; reason: TakeOverReason };
  'meeting.visit-registered': MeetingFacts;
  'invoice.proposed': InvoiceFacts;
  'invoice.withdrawn': InvoiceFacts;
  'invoice.waived': InvoiceFacts;
  'invoice.objected': InvoiceFacts;
  'invoice.issued': InvoiceFacts;
  'invoice.refused': InvoiceFacts;
  'invoice.credited': InvoiceFacts;
  'billing.basis': BillingFacts;
  'billing.credit': BillingFacts;
  'case.opened': CaseFacts;
  'case.message': CaseFacts & { messageId: string; from: 'patient-side' | 'staff' };
  'case.answered': CaseFacts & { messageId: string };
  'case.deadline-near': CaseFacts;
  'case.breached': CaseFacts;
  'case.breach-withdrawn': CaseFacts;
  'case.closed': CaseFacts;
  'case.documented': CaseFacts;
  'task.opened': TaskFacts;
  'task.reminder': TaskFacts;
  'task.overdue': TaskFacts;
  'task.done': TaskFacts;
}

export type EventType = keyof EventData;

/** One event's type with its data: a union that a switch over `type` takes apart. */
export type EventBody = { [Type in EventType]: { type: Type; data: EventData[Type] } }[EventType];

/** An event as whoever causes it writes it. */
export type ClinicEvent = EventBody & {
  /**
   * Made from what happened and not at random, so that the same happening written twice is one event.
   * Letters, digits, `:`, `_` and `-`: Standard Webhooks signs `id.timestamp.body`, so a dot would be
   * ambiguous.
   */
  eventId: string;
  /** When it happened. */
  at: Instant;
};

/**
 * What becomes of an event: it waits for its turn or its endpoint, was taken by the receiver, or was given
 * up.
 */
export const eventStates = ['waiting', 'delivered', 'dead'] as const;
export type EventState = (typeof eventStates)[number];

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** How long to wait after the first failure, the second, and so on; then hourly (ours). */
const BACK_OFF_MS = [5 * SECOND, 30 * SECOND, 2 * MINUTE, 10 * MINUTE, 30 * MINUTE, HOUR];

/** So long after the first failure an event is given up and the next of its subject may pass (ours). */
export const GIVE_UP_AFTER_MS = 3 * DAY;

/** How an event has fared. */
export interface Failures {
  /** How often it has failed, the last time included; from 1. */
  failures: number;
  failingSince: Date;
  now: Date;
  /** What the receiver asked for with Retry-After, in milliseconds; at most an hour of it is honoured. */
  retryAfterMs: number | null;
}

/** When an event is tried again after a failure; null when it is given up. */
export function nextTry({ failures, failingSince, now, retryAfterMs }: Failures): Date | null {
  const backOffMs = BACK_OFF_MS[failures - 1] ?? HOUR;
  const waitMs = Math.max(backOffMs, Math.min(retryAfterMs ?? 0, HOUR));
  const at = new Date(now.getTime() + waitMs);
  return at.getTime() - failingSince.getTime() > GIVE_UP_AFTER_MS ? null : at;
}

import type { Instant } from './instant';

/** What staff are asked to do. */
export const taskKinds = [
  /** No notice, or no reminder, reached the patient: call or write (R2.10). */
  'nobody-reached',
  /** A patient said no to the clinic seeing care history: offer other care (R3.2). */
  'consent-refused',
  /**
   * Somebody has logged in with the link of an invitation without an identity: approve or refuse who it
   * turned out to be (R4.2).
   */
  'approve-participant',
  /** The meeting is about to begin and nobody has confirmed that the clinic is ready (R4.7). */
  'clinic-not-ready',
  /** The clinic never came to the meeting: call, say sorry, offer a new time (R5.5, R5.6). */
  'clinic-absent',
  /** Decide what a meeting came to (R5.6). */
  'unclear-outcome',
  /**
   * A no-show was settled, and a sign that the patient tried has come since: look again, and correct or let
   * it stand (R5.6).
   */
  'doubtful-outcome',
  /** Approve or waive an invoice (R5.7). */
  'approve-invoice',
  /** The clinic's billing refused an invoice: replace or leave it (R5.8). */
  'invoice-refused',
  /** The clinic's billing refused to credit an invoice (R5.8). */
  'credit-refused',
  /** The clinic's billing has not answered (R5.8). */
  'billing-silent',
  /** A patient objects to an invoice that has gone out (R5.7). */
  'objection-after-issue',
  /**
   * Somebody took a meeting over for themselves, and with it the patient's content: for the operations
   * manager to look at (R1.7, R8.1).
   */
  'meeting-taken-over',
  /** Register the visit in PAS and journal (R5.11). */
  'register-visit',
  /** Reply to a patient's message before its deadline (R6.1, R6.3). */
  'reply-due',
  /**
   * A message that was received could not be kept: what it said is gone. Call or write (R6.1, R6.3, R6.7).
   */
  'message-lost',
  /** What somebody on a page was told is received was not done: do it, call or write (R6.9). */
  'not-carried-out',
  /** Document the contact of a closed case in the journal, pictures handled first (R6.4). */
  'document-contact',
] as const;
export type TaskKind = (typeof taskKinds)[number];

export const taskStates = ['open', 'done', 'withdrawn'] as const;
export type TaskState = (typeof taskStates)[number];

/** What staff say of a task that they have done. */
export const taskResults = ['done', 'reached', 'not-reached'] as const;
export type TaskResult = (typeof taskResults)[number];

/** A task as its cause calls for it: open, or over because what it was about has been decided or has gone. */
export interface DesiredTask {
  kind: TaskKind;
  /**
   * Tells the task from another one of the same kind and the same meeting or case. It is a start version, an
   * invoice, a message's clock or a command.
   */
  occasion: string;
  state: TaskState;
  /** By when it helps; null for the end of the next weekday's opening hours. */
  dueAt: Instant | null;
  because: string[];
  invoiceId: string | null;
  /** How often staff have been reminded (R5.11). */
  reminders: number;
  /** Nobody did it in time, and the operations manager has been told. */
  overdue: boolean;
}

/**
 * A wish with what most have: due by the default, about no invoice, never reminded of, without more reasons.
 */
export const desiredTask = (
  kind: TaskKind,
  occasion: string,
  state: TaskState,
  more: Partial<Omit<DesiredTask, 'kind' | 'occasion' | 'state'>> = {},
): DesiredTask => ({
  kind,
  occasion,
  state,
  dueAt: null,
  because: [],
  invoiceId: null,
  reminders: 0,
  overdue: false,
  ...more,
});

/**
 * What has to be done for a task that is over when that is done; null for one that staff just say they have
 * done.
 */
export function doneBy(kind: TaskKind): string | null {
  switch (kind) {
    case 'unclear-outcome':
      return 'state the outcome';
    case 'approve-invoice':
      return 'approve the invoice, or waive it';
    case 'clinic-not-ready':
      return 'confirm that the clinic is ready';
    case 'approve-participant':
      return 'approve or refuse who it turned out to be';
    case 'register-visit':
      return 'say that the visit is registered';
    case 'reply-due':
      return 'reply to the patient';
    case 'document-contact':
      return 'say that the contact is documented';
    case 'nobody-reached':
    case 'clinic-absent':
    case 'message-lost':
    case 'not-carried-out':
    case 'doubtful-outcome':
    case 'meeting-taken-over':
    case 'consent-refused':
    case 'invoice-refused':
    case 'credit-refused':
    case 'billing-silent':
    case 'objection-after-issue':
      return null;
  }
}

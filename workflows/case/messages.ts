import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { CaseState, ReplyClock, WarningKind } from '../../rules/case';
import type { Instant } from '../../rules/instant';
import type { NoticeDelivery } from '../shared/deliveries';

/**
 * The contract of a message case's workflow. It carries ids of messages, instants and states, never what
 * anybody wrote (R8.3; design, decision 7). All instants were decided outside (decision 3).
 */

/** A message that the patient's side wrote: it starts a clock, unless one runs (R6.1, R6.3). */
export interface PatientMessage {
  messageId: string;
  /** When our API received it. */
  receivedAt: Instant;
  clock: ReplyClock;
}

/** A message that staff wrote: it stops the clock, also where it asks for more (R6.3). */
export interface StaffMessage {
  messageId: string;
  /** When our API received it: what counts for the deadline. */
  receivedAt: Instant;
  /** How the patient is told of it, if it begins a burst (R6.8). */
  notice: PlannedCaseNotice;
}

/** When the patient is told, and until when it helps. */
export interface PlannedCaseNotice {
  dueAt: Instant;
  lastUsefulAt: Instant;
  /** Messages within so many minutes are one burst (the clinic's setting as it was then). */
  burstMinutes: number;
}

/** What a case begins with. */
export type FirstMessage = ({ by: 'patient-side' } & PatientMessage) | ({ by: 'staff' } & StaffMessage);

export interface CaseInput {
  caseId: string;
  clinicId: string;
  openedAt: Instant;
  /** Its first message; or what an earlier run of this workflow came to, whose history had grown. */
  begin: FirstMessage | EarlierRun;
}

/** All that one run hands to the next; it does not grow with the case. */
export interface EarlierRun {
  by: 'earlier-run';
  snapshot: CaseSnapshot;
  /** The commands that were carried out last, by their ids: one that comes again changes nothing. */
  recent: string[];
  /** What of it is surely in the database: up to this version, and this happening. */
  savedVersion: number;
  savedHappening: number;
}

export interface CloseCommand {
  commandId: string;
  closedAt: Instant;
  /** When staff are reminded to document the contact (R6.4): the first openings. */
  remindAt: Instant[];
}

export interface DocumentCommand {
  commandId: string;
  documentedAt: Instant;
}

/** Why the workflow refuses a command, from its own state alone (design, decision 2). */
export const caseRefusals = [
  'no-ongoing-matter',
  'closed',
  'ended',
  'not-closed',
  'documented-already',
] as const;
export type CaseRefusal = (typeof caseRefusals)[number];

/** The clock that runs, and what it has brought so far. */
export interface RunningClock extends Omit<ReplyClock, 'tellManagerAt'> {
  /** From 1, for each clock of the case. */
  number: number;
  breachedAt: Instant | null;
  /** When the operations manager is told next. */
  tellManagerAt: Instant[];
  /** How often staff have been warned, and the operations manager told. */
  warned: number;
  told: number;
  /**
   * Of the message that arrived last while it ran: a reply that was written before then leaves that one
   * waiting. Null where there is none.
   */
  later: ReplyClock | null;
}

/** What became of a clock that was stopped. */
export interface StoppedClock {
  number: number;
  arrivedAt: Instant;
  deadlineAt: Instant;
  answeredAt: Instant;
  inTime: boolean;
}

/** That the contact must be documented (R6.4). */
export interface Documentation {
  state: 'waiting' | 'done';
  /** When our API received that the case was closed; not in cases that were closed before this was kept. */
  closedAt?: Instant;
  remindAt: Instant[];
  reminders: number;
}

/** Messages of which the patient is told once (R6.8). */
export interface Burst {
  /** From 1: the occasion in the ledger. */
  number: number;
  beganAt: Instant;
  /** The patient's side has read or written since: what comes next is another burst. */
  over: boolean;
  /**
   * How many messages the case had with its last one: who has seen so many has read it. Not in bursts that
   * began before this was kept.
   */
  last?: number;
  /**
   * Its last message, where that came when its notice had been taken already; null where the notice tells of
   * all.
   */
  joined?: Pick<StaffMessage, 'receivedAt' | 'notice'> | null;
}

/** A notice of a burst to the patient. What became of it at each phone stands in the ledger. */
export interface CaseNotice {
  burst: number;
  dueAt: Instant;
  lastUsefulAt: Instant;
  state: 'planned' | 'under-way';
}

/**
 * Where the notice of a burst stands with one recipient, by a number that means the same one throughout the
 * case and nothing else (R8.3).
 */
export interface CaseDelivery extends Omit<NoticeDelivery, 'startVersion' | 'kind'> {
  burst: number;
}

/** Who is told by e-mail, and of what (R6.3, R6.4). */
export type TellKind = WarningKind | 'breached' | 'documentation-overdue';

/** An e-mail to staff or the operations manager that is due. */
export interface Tell {
  /** Names the e-mail: the same comes to a mailbox once. */
  tellId: string;
  kind: TellKind;
  dueAt: Instant;
  /** Of the message that waits; null where the contact is to be documented. */
  deadlineAt: Instant | null;
  state: 'planned' | 'under-way';
}

/** Something that happened, for the clinic's system and the Web UI. */
export interface CaseHappening {
  /** From 1 without gaps, over all runs. */
  number: number;
  at: Instant;
  what:
    | 'opened'
    | 'patient-wrote'
    | 'staff-wrote'
    | 'answered'
    | 'deadline-near'
    | 'breached'
    | 'breach-withdrawn'
    | 'manager-told'
    | 'closed'
    | 'documentation-reminder'
    | 'documented'
    | 'ended';
  /** The clock that it is about; null where none is. */
  clock: number | null;
  detail: string | null;
}

/** The read model of a case. Bounded: of what happened only the last is in it. */
export interface CaseSnapshot {
  caseId: string;
  /** Grows with each change, over all runs. */
  version: number;
  state: CaseState;
  clock: RunningClock | null;
  lastClock: StoppedClock | null;
  /** How many clocks were started, and how many of them ran out (R6.3). */
  clocks: number;
  breaches: number;
  /** How many messages each side wrote. */
  messages: { patientSide: number; staff: number };
  burst: Burst | null;
  notices: CaseNotice[];
  tells: Tell[];
  documentation: Documentation | null;
  /** The number of the last happening. */
  happened: number;
  happenings: CaseHappening[];
}

export const patientWritesUpdate = defineUpdate<CaseSnapshot, [PatientMessage]>('patient-writes');
export const staffWritesUpdate = defineUpdate<CaseSnapshot, [StaffMessage]>('staff-writes');
export const closeUpdate = defineUpdate<CaseSnapshot, [CloseCommand]>('close');
export const documentUpdate = defineUpdate<CaseSnapshot, [DocumentCommand]>('document');
/**
 * The patient's side has read the thread up to the message of that number. If that is all of the burst, the
 * next message begins a new one (R6.8). Earlier releases sent no number, which means all there was.
 */
export const readSignal = defineSignal<[number?]>('read');
/** Something outside changed: what became of a notice. */
export const lookAtNoticesSignal = defineSignal('look-at-notices');
export const caseQuery = defineQuery<CaseSnapshot>('status');

/** The name of the workflow. */
export const CASE_WORKFLOW = 'case';

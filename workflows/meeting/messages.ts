import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { FailedTry, Gates } from '../../rules/gates';
import type { Instant } from '../../rules/instant';
import type {
  BackUpWay,
  Changer,
  MeetingState,
  MeetingTime,
  MeetingTimeRecord,
  Outcome,
  OutcomeByStaff,
  ParticipantRole,
} from '../../rules/meeting';
import type { NoticeDelivery } from '../shared/deliveries';
import type { Channel } from '../../rules/consents';
import type { NoticeKind, PlannedNotice, PlanSkip } from '../../rules/notices';

/**
 * The contract of a meeting's workflow. It carries opaque ids, instants, settings and states: no names,
 * numbers, texts or birth dates (R8.3; design, decision 7).
 */

/**
 * A time of the meeting with what is planned for it. All instants were decided outside (design, decision 3).
 */
export interface PlannedTime {
  time: MeetingTime;
  notices: PlannedNotice[];
  /**
   * When staff are reminded to register the visit, and at the last of them the operations manager is told
   * (R5.11).
   */
  registrationReminders: Instant[];
}

/** What a meeting starts with. */
export interface MeetingInput {
  meetingId: string;
  clinicId: string;
  bookedAt: Instant;
  planned: PlannedTime;
  /** The gates as they stood at booking. */
  gates: Gates;
  /** Who may ever hear of the meeting; absent in one that was started by 0.1.0. */
  recipients?: Recipient[];
  /** What the run before this one has come to, where the history goes on as a new one. */
  goesOn?: GoesOn;
}

/** One who may hear of a meeting; whether they do is decided for each notice when it is given (R7.1, R7.2). */
export interface Recipient {
  participantId: string;
  /** As in {@link NoticeDelivery}. */
  number: number;
  /** The queue that their notices go through, as far as is known. */
  queue: Channel;
}

/** All that a run of a meeting's workflow hands on to the next (design, decision 4). */
export interface GoesOn {
  snapshot: MeetingSnapshot;
  lastCalledAt: Instant;
  registrationReminders: Instant[];
  proposals: ProposalOrder[];
  recipients: Recipient[];
  refused: RefusedTry[];
  deliveries: NoticeDelivery[];
  /** Commands that were carried out in the last seven days, by their ids, and when. */
  answered: Record<string, Instant>;
}

/** What the meeting is to be charged for. */
export interface ProposalOrder {
  meetingId: string;
  startVersion: number;
  cause: Outcome | 'rebooked-late';
}

/**
 * Every command says which start version it was decided against; another one is refused, and the caller
 * decides again.
 */
interface Command {
  startVersion: number;
  /** When the wish was received, by us or as staff state it: what counts for the notice (R5.3). */
  receivedAt: Instant;
}

/** A command that changes what the meeting is. */
export interface ChangeCommand extends Command {
  /** When the call came to us: a change that was held up must not undo one that came after it. */
  calledAt: Instant;
}

export interface CancelCommand extends ChangeCommand {
  outcome: Extract<Outcome, 'cancelled-in-time' | 'cancelled-late' | 'cancelled-by-clinic'>;
  notice: PlannedNotice;
}

export interface RebookCommand extends ChangeCommand {
  by: Changer;
  /** The patient moved the old time inside its notice: counts like a late cancellation (R1.5). */
  late: boolean;
  planned: PlannedTime;
  /**
   * What whoever saves the new time has to write with it (design, decision 1); absent from an API of 0.1.0.
   */
  record?: MeetingTimeRecord;
}

/** Another duration of the same time: start version, room and notices stay (R1.8). */
export interface DurationCommand extends ChangeCommand {
  by: Changer;
  /** The time as it is now, with the instants that follow from its new end. */
  time: MeetingTime;
  registrationReminders: Instant[];
}

export interface EntryCommand extends Command {
  participantId: string;
}

export interface OutcomeCommand extends Command {
  outcome: OutcomeByStaff;
  /** For the back-up routine: how the meeting goes on (R4.6). */
  way: BackUpWay | null;
}

/** Staff have registered the visit in PAS and journal (R5.11). */
export type RegisterCommand = Command;

/** An operator has a notice given again to those whom it surely was not sent to (R2.7). */
export interface ResendCommand extends Command {
  kind: NoticeKind;
  /** The rows of the ledger that are meant. */
  rowIds: string[];
}

/** Why the workflow refuses a command, from its own state alone (design, decision 2). */
export const commandRefusals = [
  'cancelled',
  'ended',
  'back-up-routine',
  'under-way',
  'too-early',
  'moved-meanwhile',
  'moved-too-often',
  'overtaken',
  'started',
  'time-passed',
  'nothing-to-register',
  'nothing-to-resend',
] as const;
export type CommandRefusal = (typeof commandRefusals)[number];

/** What makes a planned notice pointless. */
export type DropReason = 'meeting-moved' | 'meeting-cancelled' | 'meeting-ended';

/** Where one planned notice stands in the course; what happened to it at each phone is in the SMS ledger. */
export interface NoticeProgress extends Omit<PlannedNotice, 'skip'> {
  startVersion: number;
  /** Why it is not sent: found when it was planned, or what has come in between. */
  skip: PlanSkip | DropReason | null;
  state: 'planned' | 'under-way' | 'done' | 'skipped' | 'dropped';
  /** Rows of the ledger that an operator has it given to again. */
  again?: string[];
}

/** What the workflow of 0.1.0 learns when it looks at consents, forms, and who is in the room. */
export interface MeetingFacts {
  /** The time whose room was looked at. */
  startVersion: number;
  gates: Gates;
  clinicPresent: boolean;
  patientPresent: boolean;
  haveMet: boolean;
  /** Staff have confirmed that the clinic is ready for this time (R4.7). */
  clinicReady: boolean;
  /** What staff have corrected the outcome to, if they have (R5.1). */
  correctedTo: Outcome | null;
}

/** All that a look brings: what the course follows from, and what only administrators ask for. */
export interface MeetingSight extends MeetingFacts {
  refused: RefusedTry[];
  /** Of the time that the meeting has now. */
  deliveries: NoticeDelivery[];
}

/** Tries to come in that were refused for the same reasons: in which role, never who (R3.4, R8.3). */
export interface RefusedTry {
  startVersion: number;
  role: ParticipantRole;
  reasons: FailedTry[];
  /** How many; those within one minute count as one. */
  times: number;
  lastAt: Instant;
}

/** How far clinic and patient have come with each other in the room of a time (R5.6). */
export type Together = 'not-yet' | 'in-the-room' | 'have-left';

/** What a fact tells. What is about a room holds for one start version alone. */
export type FactValue =
  | { kind: 'gates'; gates: Gates }
  | { kind: 'presence'; startVersion: number; together: Together }
  /** Staff have confirmed that the clinic is ready (R4.7). */
  | { kind: 'readiness'; startVersion: number }
  /** What staff have corrected the outcome to (R5.1). */
  | { kind: 'correction'; outcome: Outcome }
  /** For administrators alone, as are deliveries. */
  | { kind: 'refusals'; refused: RefusedTry[] }
  | { kind: 'deliveries'; deliveries: NoticeDelivery[] };
export type FactKind = FactValue['kind'];

/**
 * Something outside that changed, as it is written with its cause and told to the workflow until that has it
 * (design, decision 4). Its number grows with each change of its kind: what comes late changes nothing.
 */
export type MeetingFact<Kind extends FactKind = FactKind> = Extract<FactValue, { kind: Kind }> & {
  number: number;
  at: Instant;
};

/** One thing that happened in the course of the meeting. */
export interface Happening {
  at: Instant;
  what:
    | 'booked'
    | 'rebooked'
    | 'duration-changed'
    | 'gates-opened'
    | 'gates-closed'
    | 'door-opened'
    | 'entered'
    | 'clinic-ready'
    | 'clinic-not-ready'
    | 'under-way'
    | 'cancelled'
    | 'outcome'
    | 'invoice-proposed'
    | 'registration-reminder'
    | 'registration-overdue'
    | 'registration-not-needed'
    | 'visit-registered'
    | 'notice-again';
  startVersion: number;
  /** The outcome, or the opaque id of the participant who came in. */
  detail?: string;
}

/** Where the registration of the visit in PAS and journal stands (R5.11). */
export interface Registration {
  state: 'waiting' | 'registered' | 'not-needed' | 'given-up';
  /** The reminders that are left, the last of them to the operations manager. */
  remindAt: Instant[];
  reminders: number;
}

/** What a meeting came to, and how that is known. */
export interface CourseOutcome {
  outcome: Outcome;
  decidedBy: 'evidence' | 'staff' | 'cancellation';
  because: string[];
  /** For the back-up routine: how the meeting goes on (R4.6). */
  way: BackUpWay | null;
}

/** The read model of a meeting: the whole course as its workflow sees it, with a version that only grows. */
export interface MeetingSnapshot {
  meetingId: string;
  version: number;
  state: MeetingState;
  time: MeetingTime;
  gates: Gates;
  notices: NoticeProgress[];
  outcome: CourseOutcome | null;
  /**
   * Clinic and patient were both in the room when the workflow last heard of it: under way, the meeting runs
   * over (R5.6). Of a meeting that 0.1.0 started: somebody was. The name is stored, and stays.
   */
  somebodyIsIn: boolean;
  /** Absent by 0.1.0, and where nothing has been told of the room. */
  together?: Together;
  /** The numbers of the last facts of each kind that it knows; absent by 0.1.0. */
  heard?: Partial<Record<FactKind, number>>;
  /** Staff have confirmed that the clinic is ready for this time (R4.7). */
  clinicReady: boolean;
  /** Null where there is nothing to register, or not yet. */
  registration: Registration | null;
  /** What has to happen next and by when, in machine words; empty when the course is over. */
  waitingFor: Waiting[];
  happenings: Happening[];
  /** The workflow has nothing left to do. */
  closed: boolean;
  /**
   * The records of the times that it was moved to: whoever saves first writes them, so that no time is seen
   * without its room (design, decision 1). Absent where it was not moved, or by 0.1.0.
   */
  newTimes?: MeetingTimeRecord[];
}

export interface Waiting {
  what:
    'consent' | 'form' | 'door' | 'clinic' | 'people' | 'end' | 'notice' | 'staff-decision' | 'registration';
  until: Instant | null;
  /** For a notice: its kind. */
  notice?: NoticeKind;
}

export const cancelUpdate = defineUpdate<MeetingSnapshot, [CancelCommand]>('cancel');
export const rebookUpdate = defineUpdate<MeetingSnapshot, [RebookCommand]>('rebook');
export const durationUpdate = defineUpdate<MeetingSnapshot, [DurationCommand]>('change-duration');
export const entryUpdate = defineUpdate<MeetingSnapshot, [EntryCommand]>('entry');
export const outcomeUpdate = defineUpdate<MeetingSnapshot, [OutcomeCommand]>('outcome');
export const resendUpdate = defineUpdate<MeetingSnapshot, [ResendCommand]>('resend');
export const registerUpdate = defineUpdate<MeetingSnapshot, [RegisterCommand]>('register');
/**
 * What changed outside: a consent or a form, who is in the room, whether the clinic is ready; somebody was
 * not let in for reasons that are new, what is known of a notice's end has changed, or an operator asks.
 */
export type NudgeCause =
  'gates' | 'presence' | 'readiness' | 'correction' | 'refusal' | 'delivery' | 'operator';
/** Something outside changed: look again. */
export const lookAgainSignal = defineSignal<[NudgeCause]>('look-again');
export const statusQuery = defineQuery<MeetingSnapshot>('status');

/** A fact has changed outside. */
export const factSignal = defineSignal<[MeetingFact]>('fact');

/** The name of the workflow. */
export const CARE_MEETING_WORKFLOW = 'careMeeting';
/** The name of the one of 0.1.0, which meetings that it was started for end with (design, decision 13). */
export const MEETING_WORKFLOW_OF_0_1 = 'meeting';
/** The workflows that a meeting can have. */
export const meetingWorkflows = [CARE_MEETING_WORKFLOW, MEETING_WORKFLOW_OF_0_1] as const;

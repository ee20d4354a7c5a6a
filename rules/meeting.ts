import { minutesLater, msOf, type Instant } from './instant';

/** Who takes part in a meeting, and as what (R4.2). */
export const participantRoles = ['patient', 'staff', 'guardian', 'relative', 'interpreter', 'guest'] as const;
export type ParticipantRole = (typeof participantRoles)[number];

/**
 * The state of a meeting.
 * - `booked`: a gate is still closed
 * - `ready`: the gates are open, the door is not
 * - `door-open`: the patient's side may come in
 * - `under-way`: clinic and patient have met in the room
 * - `ended`: it has an outcome (R5.1)
 */
export const meetingStates = ['booked', 'ready', 'door-open', 'under-way', 'ended'] as const;
export type MeetingState = (typeof meetingStates)[number];

/** What a meeting came to (R5.1). */
export const outcomes = [
  'completed',
  'no-show',
  'cancelled-in-time',
  'cancelled-late',
  'cancelled-by-clinic',
  'back-up-routine',
  'clinic-absent',
  'could-not-start',
  'unclear',
] as const;
export type Outcome = (typeof outcomes)[number];

/**
 * Outcomes that staff state; the cancellations come from a cancellation, and `unclear` is what staff resolve.
 */
export const outcomesByStaff = [
  'completed',
  'no-show',
  'back-up-routine',
  'clinic-absent',
  'could-not-start',
] as const satisfies readonly Outcome[];
export type OutcomeByStaff = (typeof outcomesByStaff)[number];

/**
 * How a meeting goes on when technology fails (R4.6): the clinic's back-up routine, in the way that suits the
 * person. A deaf patient cannot be called.
 */
export const backUpWays = ['telephone', 'text-thread', 'video-telephony', 'physical-visit'] as const;
export type BackUpWay = (typeof backUpWays)[number];

/** Who asked for a change or a cancellation: what it costs depends on it (R1.5). */
export const changers = ['patient', 'clinic'] as const;
export type Changer = (typeof changers)[number];

/**
 * Why one member of staff takes the place of another, in machine words that tell nothing of anybody's health.
 * `absent`: not at work, for whatever reason; `delayed`: does not come in time.
 */
export const takeOverReasons = ['absent', 'delayed', 'other-competence', 'wrong-booking', 'other'] as const;
export type TakeOverReason = (typeof takeOverReasons)[number];

/**
 * The clinic's promises for this meeting. They are copied in at booking, so a later change of settings does
 * not touch them (design, decision 3).
 */
export interface MeetingTerms {
  /** The time was agreed with the patient (R1.1). */
  agreed: boolean;
  /** The patient was told what a missed visit costs (R1.1). */
  toldOfFee: boolean;
  /** Corresponds to a physical visit, and so costs the same (R5.2). */
  correspondsToVisit: boolean;
  /** Row of the clinic's fee table (R5.9). */
  feeCode: string;
  /** How long before the start a cancellation is still in time, in hours (R5.3). */
  cancellationNoticeHours: number;
  /** Without its interpreter the meeting cannot be held (R5.1, R5.5). */
  interpreterNeeded: boolean;
  /** How long after the start a patient who has not come is waited for, in minutes (R5.6). */
  graceMinutes: number;
  /** How long before the start the door opens, in minutes (R3.3). */
  doorOpensMinutesBefore: number;
  /** How long after the booked end a meeting that runs over keeps its room, in minutes. */
  overrunMinutes: number;
  /** Version of the rules that the plan and the terms were made with. */
  rulesVersion: string;
}

/** One agreed time of a meeting. A rebooking makes a new one, with the next version (design, decision 4). */
export interface MeetingTime {
  startVersion: number;
  startAt: Instant;
  endAt: Instant;
  doorOpensAt: Instant;
  graceEndsAt: Instant;
  doorClosesAt: Instant;
}

/** What belongs to one start version beside the course: its room, and who set the time (R4.1, R5.5). */
export interface MeetingTimeRecord {
  startVersion: number;
  startAt: Instant;
  endAt: Instant;
  roomName: string;
  setBy: Changer;
  /** Set inside the cancellation notice (R5.5). The name is stored, also in histories, and stays. */
  setInsideNotice: boolean;
  /**
   * This time was agreed with the patient: a visit to a time that the clinic chose alone costs nothing (R1.1,
   * R5.2, R5.5).
   */
  agreed: boolean;
}

/** How long before the start the clinic should have confirmed that it is ready, in minutes (ours; R4.7). */
const READY_MINUTES_BEFORE = 5;

/** When staff are told that the clinic has not confirmed yet: not before the door opens (R4.7). */
export function readyCheckAt({
  doorOpensAt,
  startAt,
}: Pick<MeetingTime, 'doorOpensAt' | 'startAt'>): Instant {
  const shortlyBefore = minutesLater(startAt, -READY_MINUTES_BEFORE);
  return msOf(shortlyBefore) > msOf(doorOpensAt) ? shortlyBefore : doorOpensAt;
}

/**
 * Staff register the visit in PAS and journal (R5.11). A visit that took place, here or by the back-up
 * routine, is registered. So is one that the patient missed.
 */
export function needsRegistration(outcome: Outcome): boolean {
  return outcome === 'completed' || outcome === 'back-up-routine' || outcome === 'no-show';
}

/** The version of the rules in this folder, recorded with every meeting that is booked by them. */
export const RULES_VERSION = '2026-11';

/** The instants that follow from a start, a duration and the terms. */
export function meetingTime(
  startVersion: number,
  startAt: Instant,
  durationMinutes: number,
  terms: Pick<MeetingTerms, 'doorOpensMinutesBefore' | 'graceMinutes' | 'overrunMinutes'>,
): MeetingTime {
  const at = (minutes: number): Instant => minutesLater(startAt, minutes);
  return {
    startVersion,
    startAt: at(0),
    endAt: at(durationMinutes),
    doorOpensAt: at(-terms.doorOpensMinutesBefore),
    graceEndsAt: at(Math.min(terms.graceMinutes, durationMinutes)),
    doorClosesAt: at(durationMinutes + terms.overrunMinutes),
  };
}

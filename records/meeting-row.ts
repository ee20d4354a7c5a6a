import type { Connection, Model } from 'mongoose';
import { fromNoticeHours, type WithNoticeHours } from '../rules/cancellation';
import type { DeviceTests } from '../rules/device-test';
import type { Instant } from '../rules/instant';
import type {
  BackUpWay,
  MeetingState,
  MeetingTerms,
  MeetingTimeRecord,
  Outcome,
  ParticipantRole,
  TakeOverReason,
} from '../rules/meeting';
import type {
  CourseOutcome,
  FactKind,
  Happening,
  MeetingFact,
  MeetingSnapshot,
} from '../workflows/meeting/messages';
import { collection, json } from './schema';

/**
 * One who takes part. Staff are known by the clinic's own reference, everybody else by their person record
 * (R4.2).
 */
export interface Participant {
  participantId: string;
  role: ParticipantRole;
  /** Null for staff, and for a guest or interpreter whose invitation nobody has claimed yet. */
  personId: string | null;
  staffId: string | null;
}

export type { MeetingTimeRecord };

/** The booking as it was made (R1.1–R1.3). */
export interface Booking {
  meetingId: string;
  clinicId: string;
  patientId: string;
  participants: Participant[];
  formIds: string[];
  terms: MeetingTerms;
  /** The PAS's own reference to the visit, which means nothing to us (R1.4). */
  reference: string | null;
  bookedBy: string;
  bookedAt: Instant;
  /** The type of its workflow; absent in one that was booked with 0.1.0. */
  workflow?: 'careMeeting';
}

/** Staff have corrected what a meeting came to; each correction is kept (R5.1). */
export interface OutcomeCorrection {
  /** From 1. */
  number: number;
  /** The command that it came with: carried out twice it is one correction. */
  commandId: string;
  outcome: Outcome;
  /** For the back-up routine: how the meeting went on. */
  way: BackUpWay | null;
  was: Outcome;
  by: string;
  at: Instant;
  /** Why, in machine words; what else is to be said stands in the audit log. */
  reason: CorrectionReason;
}

/** Why an outcome is corrected. */
export const correctionReasons = [
  'wrong-evidence',
  'wrong-entry',
  'decided-late',
  'patient-explained',
  'other',
] as const;
export type CorrectionReason = (typeof correctionReasons)[number];

/** One member of staff has taken the place of another (R1.7); each time is kept. */
export interface TakeOver {
  /** The command that it came with: carried out twice it is one. */
  commandId: string;
  participantId: string;
  /** The clinic's references to both. */
  from: string;
  to: string;
  reason: TakeOverReason;
  by: string;
  at: Instant;
}

/** A meeting: its booking, its times, the read model of its workflow, and what staff have corrected since. */
export interface Meeting extends Booking {
  times: MeetingTimeRecord[];
  course: MeetingSnapshot;
  corrections: OutcomeCorrection[];
  /** Absent where nobody has taken it over. */
  takeOvers?: TakeOver[];
  /** What came of the last device test of each who made one (R4.5); absent where nobody has. */
  deviceTests?: DeviceTests;
  /** The last fact of each kind that its workflow is told (design, decision 4). */
  facts: Facts;
  /** By when the next notice should stand in the ledger; absent where none is awaited (records/notice-by). */
  noticeBy?: Date;
}

/** The last fact of each kind. */
export type Facts = { [Kind in FactKind]?: MeetingFact<Kind> };

/** What the writing of a read model, or of a fact, has changed. */
export interface SavedCourse {
  meeting: Meeting;
  /** The read model as it was before; null where nothing was written: a newer one is there. */
  before: MeetingSnapshot | null;
  newHappenings: Happening[];
}

/** What a meeting came to: as corrected last, else as its workflow has it (R5.1). */
export function outcomeOf({
  course,
  corrections,
}: Pick<Meeting, 'course' | 'corrections'>):
  (Omit<CourseOutcome, 'decidedBy'> & { decidedBy: CourseOutcome['decidedBy'] | 'correction' }) | null {
  const last = corrections.at(-1);
  if (!last) return course.outcome;
  const { outcome, way, reason } = last;
  return { outcome, way, decidedBy: 'correction', because: [reason] };
}

/** A meeting as it is stored. */
export interface MeetingRow extends Omit<Meeting, 'meetingId' | 'facts' | 'terms'> {
  _id: string;
  terms: WithNoticeHours<MeetingTerms>;
  facts?: Facts;
  /** Kinds of facts that the workflow has not taken yet, and when to tell them again. */
  untold?: FactKind[];
  tellAt?: Date;
  roomNames: string[];
  startAt: Date;
  state: MeetingState;
  /** When something of it was written last, by the database's clock. */
  changedAt?: Date;
  /**
   * A number that every hand-over raises, so that no change of the meeting slips in between (decision 5). To
   * write the same value again would be no write.
   */
  writes: number;
}

/** By the database's clock, which is one for all processes. */
export const changedNow = { $currentDate: { changedAt: true } } as const;

export const meetingCollection = (connection: Connection): Model<MeetingRow> =>
  collection<MeetingRow>(
    connection,
    'meetings',
    {
      clinicId: String,
      patientId: String,
      participants: json,
      formIds: [String],
      terms: json,
      reference: String,
      bookedBy: String,
      bookedAt: String,
      times: json,
      course: json,
      corrections: json,
      takeOvers: json,
      deviceTests: json,
      workflow: String,
      facts: json,
      untold: [String],
      tellAt: Date,
      noticeBy: Date,
      roomNames: [String],
      startAt: Date,
      state: String,
      changedAt: Date,
      writes: Number,
    },
    [
      [{ clinicId: 1, startAt: 1, _id: 1 }],
      [{ clinicId: 1, state: 1, startAt: 1, _id: 1 }],
      [{ clinicId: 1, patientId: 1, startAt: 1, _id: 1 }],
      [{ clinicId: 1, reference: 1, startAt: 1, _id: 1 }],
      [{ clinicId: 1, changedAt: 1, _id: 1 }],
      [{ roomNames: 1 }],
      [{ 'participants.personId': 1, state: 1, startAt: 1 }],
      [{ 'participants.participantId': 1 }],
      [{ 'participants.personId': 1, startAt: -1 }],
      [{ tellAt: 1 }, { sparse: true }],
      [{ noticeBy: 1 }, { sparse: true }],
      [{ 'course.closed': 1 }],
    ],
  );

/** A meeting as its module hands it out; one from an earlier release lacks what was not known then. */
export const meetingOf = (row: MeetingRow): Meeting => ({
  meetingId: row._id,
  clinicId: row.clinicId,
  patientId: row.patientId,
  participants: row.participants,
  formIds: row.formIds,
  terms: fromNoticeHours(row.terms),
  reference: row.reference,
  bookedBy: row.bookedBy,
  bookedAt: row.bookedAt,
  times: row.times,
  course: row.course,
  corrections: row.corrections,
  facts: row.facts ?? {},
  ...(row.takeOvers ? { takeOvers: row.takeOvers } : {}),
  ...(row.deviceTests ? { deviceTests: row.deviceTests } : {}),
  ...(row.workflow ? { workflow: row.workflow } : {}),
  ...(row.noticeBy ? { noticeBy: row.noticeBy } : {}),
});

/** The staff who take part, by the clinic's references. */
export const staffIdsOf = ({ participants }: { participants: { staffId: string | null }[] }): string[] =>
  participants.flatMap(({ staffId }) => staffId ?? []);

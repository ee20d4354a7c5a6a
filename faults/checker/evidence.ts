/**
 * What the checker is given: plain records of three who do not know of each other. Instants are ISO 8601 in
 * UTC. Nothing here, and nothing in this folder, shares code or types with the service: what is wrong there
 * must not be wrong here too.
 */

/** An SMS in the provider's own record: the truth about what was sent. */
export interface ProviderMessage {
  id: string;
  /** E.164. */
  to: string;
  message: string;
  createdAt: string;
  status: string;
}

/** What one of our traffic asked for, and what it was answered. */
export interface Asked {
  sentAt: string;
  /** When its answer came: done, or refused. Null where none ever came. */
  answeredAt: string | null;
  answer: 'done' | 'refused' | null;
}

/** A time that a meeting was given. */
export interface AskedTime extends Asked {
  startVersion: number;
  startAt: string;
}

/** All that was commanded for one meeting. */
export interface CommandedMeeting {
  meetingId: string;
  /** The patient's number. No two times of meetings of one number and language are in the same minute. */
  number: string;
  language: Language;
  durationMs: number;
  /** The booking, then each move that was done or never answered. */
  times: AskedTime[];
  cancelled: Asked | null;
  /** The consent to SMS was withdrawn. */
  withdrawn: Asked | null;
  /** Staff have stated what it came to. */
  ended: Asked | null;
}

/** When a reminder is due and until when it helps, in ms from the start; before it is negative. */
export interface ReminderTimes {
  dueMs: number;
  usefulUntilMs: number;
}

export type Language = 'sv' | 'en';
export type Reminder = 'morning' | 'soon' | 'start';
export type Kind = 'booking' | 'change' | 'cancellation' | Reminder;

/** A row of the ledger. */
export interface LedgerRecord {
  meetingId: string;
  startVersion: number;
  kind: string;
  state: string;
  reason: string | null;
  providerId: string | null;
  history: { at: string; state: string; reason: string | null }[];
}

/** The course of a meeting, as far as the checker reads it. */
export interface CourseRecord {
  state: string;
  notices: { startVersion: number; kind: string; state: string; skip: string | null }[];
}

/**
 * What of a course is in the database at any time: all but how far its notices are, which the ledger tells,
 * and counts of what the workflow has heard and changed. What has happened is compared in any order.
 */
export function savedOf(course: CourseRecord | null): object | null {
  if (course === null) return null;
  const { notices, version, heard, waitingFor, happenings, ...saved } = course as CourseRecord & {
    version?: number;
    heard?: object;
    waitingFor?: object[];
    happenings?: object[];
  };
  return {
    ...saved,
    notices: notices.map(({ startVersion, kind }) => `${kind} ${startVersion}`),
    happened: (happenings ?? []).map((each) => JSON.stringify(Object.entries(each).sort())).sort(),
  };
}

/** A workflow as Temporal knows it. */
export interface WorkflowRecord {
  meetingId: string;
  /** As Temporal names it: `RUNNING`, `COMPLETED` and so on. */
  status: string;
  pendingActivities: number;
  /** What it says when it is asked; null where it does not answer. */
  asked: CourseRecord | null;
  /** What stands of it in the database. */
  read: CourseRecord | null;
}

/** Everything that a run has left behind. */
export interface Evidence {
  messages: ProviderMessage[];
  ledger: LedgerRecord[];
  meetings: CommandedMeeting[];
  workflows: WorkflowRecord[];
  reminders: Record<Reminder, ReminderTimes>;
  /** How long after its row was taken a hand-over is waited for by what must not overtake it. */
  leaseMs: number;
  /**
   * How long after its row was taken an SMS may be on its way: the lease of a hand-over, and the time-out of
   * a call begun at its very end.
   */
  onItsWayMs: number;
}

/** What can be wrong. */
export const findingKinds = [
  'doubled',
  'lost',
  'stale',
  'overtaken',
  'late',
  'early',
  'unasked',
  'unrecorded',
  'open-row',
  'disagreeing',
  'stuck',
  'unanswered',
] as const;
export type FindingKind = (typeof findingKinds)[number];

export interface Finding {
  kind: FindingKind;
  meetingId: string | null;
  /** What exactly, without number or text. */
  what: string;
}

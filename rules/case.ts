import { msOf, type Instant } from './instant';

/**
 * The state of a message case (rules 6).
 * - `opened`: the clinic has written and waits for nothing
 * - `waiting-for-reply`: the patient has written, and the clock runs
 * - `answered`: staff have replied
 * - `closed`: nothing more is to be said; staff have to document the contact (R6.4)
 * - `documented`: the contact is documented, and a message still waits for its reply
 * - `ended`: nothing is left to do
 */
export const caseStates = [
  'opened',
  'waiting-for-reply',
  'answered',
  'closed',
  'documented',
  'ended',
] as const;
export type CaseState = (typeof caseStates)[number];

/** When staff are warned that a reply is due (R6.3). */
export const warningKinds = ['last-weekday-opens', 'before-closing'] as const;
export type WarningKind = (typeof warningKinds)[number];

export interface PlannedWarning {
  kind: WarningKind;
  at: Instant;
}

/**
 * All instants that follow from a message's arrival, made outside of the workflow that lives by them (design,
 * decision 3).
 */
export interface ReplyClock {
  arrivedAt: Instant;
  /** Closing time of the last weekday: what staff aim at (R6.2). */
  aimAt: Instant;
  /** The midnight that ends the last weekday: a reply received then or later is late (R6.2). */
  deadlineAt: Instant;
  /** In order of time. */
  warnings: PlannedWarning[];
  /** When the operations manager is told of a breach: the first openings after it (R6.3). */
  tellManagerAt: Instant[];
}

/** A reply counts by the time at which our API received it: before the deadline is in time. */
export const repliedInTime = (receivedAt: Instant, { deadlineAt }: Pick<ReplyClock, 'deadlineAt'>): boolean =>
  msOf(receivedAt) < msOf(deadlineAt);

/** What was received before the message came does not answer it: it was written without having seen it. */
export const answersMessage = (receivedAt: Instant, { arrivedAt }: Pick<ReplyClock, 'arrivedAt'>): boolean =>
  msOf(receivedAt) >= msOf(arrivedAt);

/** What a clinic decides for itself about its message cases. */
export interface CaseRules {
  /** Opening and closing on weekdays: clock times in Stockholm, `HH:mm`. */
  opensAt: string;
  closesAt: string;
  /** How long before closing on the last weekday staff are warned again, in minutes (R6.3). */
  warnMinutesBeforeClosing: number;
  /** Patients may open cases of their own (R6.6). */
  patientsMayOpen: boolean;
  /** New messages within so many minutes are one burst, of which the patient is told once (R6.8). */
  burstMinutes: number;
  /** Where staff are warned by e-mail, and where the operations manager is told (R6.3). */
  staffEmails: string[];
  managerEmails: string[];
}

/** For a clinic that says nothing of it (ours; R6.2, R6.3). */
export const defaultCaseRules: CaseRules = {
  opensAt: '08:00',
  closesAt: '16:00',
  warnMinutesBeforeClosing: 120,
  patientsMayOpen: false,
  burstMinutes: 30,
  staffEmails: [],
  managerEmails: [],
};

/** How many weekdays a message waits for its reply at most (R6.1). */
export const REPLY_WEEKDAYS = 2;

/** Who writes in a case: staff, or the patient's side (the patient, up to 12 a guardian; R7.1). */
export type CaseAuthor = 'staff' | 'patient-side';

/** Why nobody may write in a case now. */
export type CaseWriteRefusal = 'no-ongoing-matter' | 'closed' | 'ended';

/**
 * Who may write in a case where it stands (R6.6). Patients write only while the matter is open; otherwise the
 * page refers them to 1177. Staff can still answer what a closed case has left unanswered: closing stops no
 * clock (R6.3).
 */
export function caseWriteRefusal(
  author: CaseAuthor,
  { state, clockRuns }: { state: CaseState; clockRuns: boolean },
): CaseWriteRefusal | null {
  switch (state) {
    case 'opened':
    case 'waiting-for-reply':
    case 'answered':
      return null;
    case 'closed':
    case 'documented':
      if (author === 'patient-side') return 'no-ongoing-matter';
      return clockRuns ? null : 'closed';
    case 'ended':
      return author === 'patient-side' ? 'no-ongoing-matter' : 'ended';
  }
}

/**
 * At how many reminders to document a contact the operations manager is told; they go on each weekday (R6.4;
 * ours).
 */
export const DOCUMENTATION_OVERDUE_AFTER = 6;

/**
 * Whether a new message from staff begins a burst, of which the patient is told (R6.8). It does if the
 * burst's time is over, or if the patient's side has read or written since.
 */
export function beginsBurst(
  receivedAt: Instant,
  burst: { beganAt: Instant; over: boolean } | null,
  burstMinutes: number,
): boolean {
  return burst === null || burst.over || msOf(receivedAt) - msOf(burst.beganAt) >= burstMinutes * 60_000;
}

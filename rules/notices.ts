import type { Instant } from './instant';

/** The notices a meeting can send: the four of R2.1, and those of a change and a cancellation (R2.8). */
export const noticeKinds = ['booking', 'change', 'cancellation', 'morning', 'soon', 'start'] as const;
export type NoticeKind = (typeof noticeKinds)[number];

/** The notice of a message case: there is a new message (R6.8). */
export const caseNoticeKinds = ['new-message'] as const;
export type CaseNoticeKind = (typeof caseNoticeKinds)[number];

/** The notice is of a message case, by its kind. */
export const isCaseNotice = (kind: string): kind is CaseNoticeKind =>
  (caseNoticeKinds as readonly string[]).includes(kind);

/** What goes to a number or an address that somebody typed for themselves, and is no notice (R2.13). */
export const CODE_KIND = 'code';
export type CodeKind = typeof CODE_KIND;

/** Notices sent at a time that follows from the start, by the clinic's reminder rules. */
export const reminderKinds = ['morning', 'soon', 'start'] as const satisfies readonly NoticeKind[];
export type ReminderKind = (typeof reminderKinds)[number];

/** The languages that notices are written in (R2.3). */
export const languages = ['sv', 'en'] as const;
export type Language = (typeof languages)[number];

/**
 * When a reminder is due: at a clock time on the meeting's own day (Stockholm), or a fixed time before the
 * start. Reminders at a clock time are spread over the minutes after it, so that not all of a day's meetings
 * are due at one instant (R2.5).
 */
export type ReminderTime = { clock: string; spreadMinutes?: number } | { minutesBefore: number };

/** One reminder rule of a clinic; rules are data, so that a clinic can have its own (design, decision 3). */
export interface ReminderRule {
  when: ReminderTime;
  /** Skipped when it would come fewer minutes than this before the start (R2.5). */
  skipWithinMinutesOfStart: number;
  /** The last useful moment, in minutes after the start; negative is before it (R2.6). */
  usefulUntilMinutesAfterStart: number;
}

/**
 * When notices of booking, change and cancellation wait until the morning (R2.9). Clock times in Stockholm,
 * `HH:mm`.
 */
export interface QuietHours {
  from: string;
  until: string;
  /** Nothing waits for a meeting that starts before this clock time comes next. */
  unlessBefore: string;
}

/** All that decides when a clinic's notices go out. */
export interface NoticeRules {
  reminders: Record<ReminderKind, ReminderRule>;
  quietHours: QuietHours | null;
}

/** The rules' own defaults (R2.1, R2.5, R2.6, R2.9). */
export const defaultNoticeRules: NoticeRules = {
  reminders: {
    morning: {
      when: { clock: '07:00', spreadMinutes: 30 },
      skipWithinMinutesOfStart: 60,
      usefulUntilMinutesAfterStart: -15,
    },
    soon: { when: { minutesBefore: 15 }, skipWithinMinutesOfStart: 0, usefulUntilMinutesAfterStart: 0 },
    start: { when: { minutesBefore: 0 }, skipWithinMinutesOfStart: 0, usefulUntilMinutesAfterStart: 10 },
  },
  quietHours: { from: '21:00', until: '07:00', unlessBefore: '12:00' },
};

/** Why a notice is skipped already when the plan is made. */
export type PlanSkip = 'past-when-planned' | 'too-close-to-start' | 'notice-same-morning';

/** One entry of a meeting's plan: what is due when, and until when it helps. */
export interface PlannedNotice {
  kind: NoticeKind;
  dueAt: Instant;
  /** Past this moment it is recorded as expired and never sent (R2.6). */
  lastUsefulAt: Instant;
  /** Set when it is not to be sent at all, with the reason (R2.5, R2.9). */
  skip: PlanSkip | null;
}

/**
 * How urgent a notice is in a queue: 1 goes first. There are few cancellations, and whoever is not told sets
 * out in vain: reminders of others do not come before them. Then goes what is useless soonest.
 */
export function urgency(kind: NoticeKind | CaseNoticeKind): 1 | 2 | 3 | 4 | 5 {
  switch (kind) {
    case 'cancellation':
      return 1;
    case 'start':
    case 'soon':
      return 2;
    case 'change':
      return 3;
    case 'morning':
      return 4;
    case 'booking':
    case 'new-message':
      return 5;
  }
}

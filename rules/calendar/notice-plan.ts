import { toInstant } from '../instant';
import type { MeetingTime } from '../meeting';
import {
  reminderKinds,
  type NoticeRules,
  type PlanSkip,
  type PlannedNotice,
  type QuietHours,
  type ReminderKind,
  type ReminderRule,
} from '../notices';
import { atClock, inStockholm, nextAtClock } from './stockholm';

const MINUTE_MS = 60_000;

/**
 * When a notice of a booking, change or cancellation goes out: at once, or when the quiet hours end (R2.9).
 * It never waits if the meeting starts before the coming noon.
 */
export function noticeDueAt(now: Date, startAt: Date, quietHours: QuietHours | null): Date {
  if (!quietHours || !isQuiet(now, quietHours)) return now;
  if (startAt < nextAtClock(now, quietHours.unlessBefore).toJSDate()) return now;
  return nextAtClock(now, quietHours.until).toJSDate();
}

/**
 * When the notice of a new message goes out: at once, or when the quiet hours end (R2.9, R6.8). No message is
 * so pressing that it should wake anybody.
 */
export function caseNoticeDueAt(now: Date, quietHours: QuietHours | null): Date {
  return quietHours && isQuiet(now, quietHours) ? nextAtClock(now, quietHours.until).toJSDate() : now;
}

/**
 * The plan of one start version: its notice (of the booking or the change) and its reminders (R2.1, R2.5,
 * R2.6, R2.8, R2.9).
 *
 * @param input.spread - where in the minutes after a clock time this meeting's reminder comes: from 0, the
 * first, to less than 1
 */
export function noticePlan(input: {
  notice: 'booking' | 'change';
  now: Date;
  time: Pick<MeetingTime, 'startAt'>;
  rules: NoticeRules;
  spread?: number;
}): PlannedNotice[] {
  const { now, rules, spread = 0 } = input;
  const startAt = new Date(input.time.startAt);
  const noticeAt = noticeDueAt(now, startAt, rules.quietHours);
  const notice: PlannedNotice = {
    kind: input.notice,
    dueAt: toInstant(noticeAt),
    lastUsefulAt: toInstant(startAt),
    skip: null,
  };
  return [
    notice,
    ...reminderKinds.map((kind) => {
      const rule = rules.reminders[kind];
      return reminder(kind, rule, reminderDueAt(rule, startAt, spread), now, noticeAt, startAt);
    }),
  ];
}

/**
 * The plan after a cancellation: nothing but the notice that it is cancelled (R2.4, R2.8), useful until the
 * booked end.
 */
export function cancellationPlan(input: {
  now: Date;
  time: Pick<MeetingTime, 'startAt' | 'endAt'>;
  rules: NoticeRules;
}): PlannedNotice {
  return {
    kind: 'cancellation',
    dueAt: toInstant(noticeDueAt(input.now, new Date(input.time.startAt), input.rules.quietHours)),
    lastUsefulAt: input.time.endAt,
    skip: null,
  };
}

function reminder(
  kind: ReminderKind,
  rule: ReminderRule,
  dueAt: Date,
  now: Date,
  noticeAt: Date,
  startAt: Date,
): PlannedNotice {
  return {
    kind,
    dueAt: toInstant(dueAt),
    lastUsefulAt: toInstant(new Date(startAt.getTime() + rule.usefulUntilMinutesAfterStart * MINUTE_MS)),
    skip: skipReason(rule, dueAt, now, noticeAt, startAt),
  };
}

function reminderDueAt(
  { when, skipWithinMinutesOfStart }: ReminderRule,
  startAt: Date,
  spread: number,
): Date {
  if ('minutesBefore' in when) return new Date(startAt.getTime() - when.minutesBefore * MINUTE_MS);
  const clockAt = atClock(inStockholm(startAt), when.clock).toMillis();
  // Spreading makes none come too close to its start.
  const latestAt = startAt.getTime() - skipWithinMinutesOfStart * MINUTE_MS;
  const spreadAt = clockAt + Math.floor(spread * (when.spreadMinutes ?? 0) * MINUTE_MS);
  return new Date(Math.max(clockAt, Math.min(spreadAt, latestAt)));
}

function skipReason(
  rule: ReminderRule,
  dueAt: Date,
  now: Date,
  noticeAt: Date,
  startAt: Date,
): PlanSkip | null {
  if (startAt.getTime() - dueAt.getTime() < rule.skipWithinMinutesOfStart * MINUTE_MS)
    return 'too-close-to-start';
  if (dueAt < now) return 'past-when-planned';
  // R2.9: one who hears of the meeting on its own day has had the morning's message already.
  if ('clock' in rule.when && inStockholm(noticeAt).hasSame(inStockholm(startAt), 'day'))
    return 'notice-same-morning';
  return null;
}

function isQuiet(now: Date, { from, until }: QuietHours): boolean {
  const clock = inStockholm(now).toFormat('HH:mm');
  return from < until ? clock >= from && clock < until : clock >= from || clock < until;
}

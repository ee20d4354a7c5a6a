import type { ClinicSettings } from '../../records/clinics';
import type { Meeting } from '../../records/meetings';
import { caseNoticeDueAt, noticeDueAt } from '../../rules/calendar/notice-plan';
import { msOf, type Instant } from '../../rules/instant';
import type { NoticeKind } from '../../rules/notices';

/**
 * Until when a notice of booking, change or cancellation that was held up by an outage waits: it wakes
 * nobody, and comes in the morning as one made now would (R2.9). Null where it need not wait.
 */
export function morningFor(
  notice: { kind: NoticeKind; lastUsefulAt: Instant },
  meeting: Meeting,
  { noticeRules }: ClinicSettings,
  now: Date,
): Date | null {
  switch (notice.kind) {
    case 'booking':
    case 'change':
    case 'cancellation': {
      const dueAt = noticeDueAt(now, new Date(meeting.course.time.startAt), noticeRules.quietHours);
      return dueAt <= now || now.getTime() >= msOf(notice.lastUsefulAt) ? null : dueAt;
    }
    case 'morning':
    case 'soon':
    case 'start':
      return null;
  }
}

/**
 * Until when the notice of a message waits at night (R2.9, R6.8); null where it need not, or where waiting
 * would be too long.
 */
export function caseNoticeMorning(
  { lastUsefulAt }: { lastUsefulAt: Instant },
  { noticeRules }: Pick<ClinicSettings, 'noticeRules'>,
  now: Date,
): Date | null {
  const dueAt = caseNoticeDueAt(now, noticeRules.quietHours);
  return dueAt <= now || now.getTime() >= msOf(lastUsefulAt) ? null : dueAt;
}

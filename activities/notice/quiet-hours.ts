import type { ClinicSettings } from '../../records/clinics';
import type { Meeting } from '../../records/meetings';
import { noticeDueAt } from '../../rules/calendar/notice-plan';
import { msOf, type Instant } from '../../rules/instant';
import type { NoticeKind } from '../../rules/notices';

/**
 * Until when a notice of booking, change or cancellation that was held up by an outage waits: it wakes nobody, and comes in the morning as
 * one made now would (R2.9). Null where it need not wait.
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

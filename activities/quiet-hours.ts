import { ApplicationFailure } from '@temporalio/common';
import type { ClinicSettings } from '../records/clinics';
import type { Meeting } from '../records/meetings';
import { noticeDueAt } from '../rules/calendar/notice-plan';
import { msOf, type Instant } from '../rules/instant';
import type { NoticeKind } from '../rules/notices';

/**
 * A notice of booking, change or cancellation that was held up by an outage does not wake anybody: it waits for the morning as
 * one made now would (R2.9). The wait is Temporal's, as the delay of the next attempt.
 * @throws ApplicationFailure to come again later
 */
export function waitForMorning(
  notice: { kind: NoticeKind; lastUsefulAt: Instant },
  meeting: Meeting,
  { noticeRules }: ClinicSettings,
  now: Date,
): void {
  switch (notice.kind) {
    case 'booking':
    case 'change':
    case 'cancellation': {
      const startAt = new Date(meeting.course.time.startAt);
      const waitMs = noticeDueAt(now, startAt, noticeRules.quietHours).getTime() - now.getTime();
      if (waitMs <= 0 || now.getTime() >= msOf(notice.lastUsefulAt)) return;
      throw ApplicationFailure.create({
        message: 'waits for the morning',
        type: 'quiet-hours',
        nextRetryDelay: waitMs,
      });
    }
    case 'morning':
    case 'soon':
    case 'start':
      return;
  }
}

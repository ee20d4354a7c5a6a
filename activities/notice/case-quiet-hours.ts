import type { ClinicSettings } from '../../records/clinics';
import { caseNoticeDueAt } from '../../rules/calendar/notice-plan';
import { msOf, type Instant } from '../../rules/instant';

/** Until when the notice of a message waits at night (R2.9, R6.8); null where it need not, or where waiting would be too long. */
export function caseNoticeMorning(
  { lastUsefulAt }: { lastUsefulAt: Instant },
  { noticeRules }: Pick<ClinicSettings, 'noticeRules'>,
  now: Date,
): Date | null {
  const dueAt = caseNoticeDueAt(now, noticeRules.quietHours);
  return dueAt <= now || now.getTime() >= msOf(lastUsefulAt) ? null : dueAt;
}

import type { ClinicSettings } from '../../records/clinics';
import { caseNoticeDueAt } from '../../rules/calendar/notice-plan';
import { replyClock } from '../../rules/calendar/reply-clock';
import { minutesLater, toInstant, type Instant } from '../../rules/instant';
import type { PatientMessage, StaffMessage } from '../../workflows/case/messages';

/** So long a notice that there is a new message helps (ours; R2.6). */
const NOTICE_USEFUL_MINUTES = 3 * 24 * 60;

/**
 * A message of the patient's side as its case's workflow is told of it, with the clock that it starts
 * (R6.1–R6.3).
 */
export const patientMessage = (
  messageId: string,
  receivedAt: Instant,
  { caseRules }: ClinicSettings,
): PatientMessage => ({ messageId, receivedAt, clock: replyClock(new Date(receivedAt), caseRules) });

/** A message of staff as its case's workflow is told of it, with how the patient hears of it (R6.8). */
export function staffMessage(
  messageId: string,
  receivedAt: Instant,
  { caseRules, noticeRules }: ClinicSettings,
): StaffMessage {
  const dueAt = toInstant(caseNoticeDueAt(new Date(receivedAt), noticeRules.quietHours));
  return {
    messageId,
    receivedAt,
    notice: {
      dueAt,
      lastUsefulAt: minutesLater(dueAt, NOTICE_USEFUL_MINUTES),
      burstMinutes: caseRules.burstMinutes,
    },
  };
}

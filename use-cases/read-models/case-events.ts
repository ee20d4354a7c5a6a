import type { CaseFacts, ClinicEvent, EventBody } from '../../rules/events';
import { toInstant, type Instant } from '../../rules/instant';
import type { CaseHappening } from '../../workflows/case/messages';
import type { Case } from '../../records/cases';

/** Where a case stands, as the clinic's system is told. */
export const caseFacts = ({ caseId, patientId, course }: Case): CaseFacts => ({
  caseId,
  patientId,
  state: course.state,
  deadlineAt: course.clock?.deadlineAt ?? null,
  breaches: course.breaches,
});

/**
 * The events for the clinic's system about a case (design, decision 11). The event of a message is made when
 * the message is stored.
 */
export function caseEvents(careCase: Case, newHappenings: CaseHappening[]): ClinicEvent[] {
  return newHappenings.flatMap((happening): ClinicEvent[] => {
    const event = eventOf(careCase, happening);
    return event ? [{ eventId: `${careCase.caseId}:${happening.number}`, at: happening.at, ...event }] : [];
  });
}

function eventOf(careCase: Case, { what, detail }: CaseHappening): EventBody | null {
  const data = caseFacts(careCase);
  switch (what) {
    case 'opened':
    case 'deadline-near':
    case 'breached':
    case 'breach-withdrawn':
    case 'closed':
    case 'documented':
      return { type: `case.${what}`, data };
    case 'answered':
      return { type: 'case.answered', data: { ...data, messageId: detail ?? '' } };
    case 'patient-wrote':
    case 'staff-wrote':
    case 'manager-told':
    case 'documentation-reminder':
    case 'ended':
      return null;
  }
}

/** There is a message, and from which side; never what it says. */
export const messageEvent = (
  careCase: Case,
  message: { messageId: string; from: 'patient-side' | 'staff' },
  at: Date | Instant,
): ClinicEvent => ({
  eventId: `${careCase.caseId}:message:${message.messageId}`,
  at: typeof at === 'string' ? at : toInstant(at),
  type: 'case.message',
  data: { ...caseFacts(careCase), ...message },
});

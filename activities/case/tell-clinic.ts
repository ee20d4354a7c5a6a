import { ApplicationFailure } from '@temporalio/common';
import type { ClinicMail } from '../../integrations/mail/to-clinic';
import type { CaseRules } from '../../rules/case';
import { isOpen, nextOpenings } from '../../rules/calendar/reply-clock';
import type { CaseActivities, TellOrder } from '../../workflows/case/activities';
import type { CaseDeps } from '../deps';
import { mailClinic } from '../mail-clinic';

/**
 * Tells staff, or the operations manager, by e-mail (R6.3). Each address gets it once. An e-mail that was
 * surely not sent is tried again. One whose result nobody knows is not sent twice, since the task and the
 * event tell of it as well. At night and on days off nothing is sent.
 */
export function createTellClinic(deps: CaseDeps): CaseActivities['tellClinic'] {
  const { records, clock } = deps;
  return async (order) => {
    const now = clock.now();
    const { clinicId } = await records.cases.get(order.caseId);
    const { caseRules } = (await records.clinics.byId(clinicId)).settings;
    // Held up by an outage until the evening, it comes when the clinic opens.
    if (!isOpen(now, caseRules)) return { notBefore: nextOpenings(now, 1, caseRules)[0] ?? null };
    const mustComeAgain = await mailClinic(deps, {
      mail: mailOf(order),
      mailKey: `${order.caseId}:${order.tellId}`,
      addresses: addresses(order, caseRules),
    });
    if (mustComeAgain)
      throw ApplicationFailure.retryable('surely not sent: the mail server did not take it', 'not-sent');
    return { notBefore: null };
  };
}

/** Staff are warned; what was missed is the operations manager's. */
function addresses({ kind }: TellOrder, { staffEmails, managerEmails }: CaseRules): string[] {
  switch (kind) {
    case 'last-weekday-opens':
    case 'before-closing':
      return staffEmails;
    case 'breached':
    case 'documentation-overdue':
      return managerEmails;
  }
}

function mailOf({ caseId, kind, deadlineAt }: TellOrder): ClinicMail {
  return kind === 'documentation-overdue'
    ? { kind, caseId }
    : { kind, caseId, deadlineAt: new Date(deadlineAt ?? Number.NaN) };
}

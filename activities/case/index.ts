import { ApplicationFailure } from '@temporalio/common';
import { saveCaseSnapshot } from '../../use-cases/read-models/case';
import { caseDeliveries } from '../../use-cases/notice/admin-facts';
import { nextOpenings, OPENINGS_AHEAD } from '../../rules/calendar/reply-clock';
import type { CaseActivities } from '../../workflows/case/activities';
import type { CaseDeps } from '../deps';
import { createPrepareCaseNotice } from '../notice/prepare';
import { createCaseRecipients } from '../notice/recipients';
import { createTellClinic } from './tell-clinic';

/** Side effects of a message case on the database and on the clinic's mailboxes. */
export function createCaseActivities(deps: CaseDeps): CaseActivities {
  const { records, clock } = deps;
  return {
    saveCase: (snapshot) => saveCaseSnapshot(records, snapshot, clock.now()),
    async keptCase(caseId) {
      const { version, happened } = (await records.cases.get(caseId)).course;
      return { version, happened };
    },
    async noReplyUnderWay({ caseId, deadlineAt }) {
      // Held up inside, such as while Temporal was away, a reply that was received in time is in time (R6.2):
      // it comes before the breach.
      if (await records.commands.pendingBefore(caseId, deadlineAt))
        throw ApplicationFailure.retryable(
          'a command received before the deadline is being carried out',
          'wait',
        );
    },
    async openingsAfter({ caseId, after }) {
      const { clinicId } = await records.cases.get(caseId);
      const { settings } = await records.clinics.byId(clinicId);
      return nextOpenings(new Date(after), OPENINGS_AHEAD, settings.caseRules);
    },
    noticeRecipients: createCaseRecipients(deps),
    prepareCaseNotice: createPrepareCaseNotice(deps),
    lookAtNotices: async (caseId) => caseDeliveries(records, await records.cases.get(caseId)),
    tellClinic: createTellClinic(deps),
  };
}

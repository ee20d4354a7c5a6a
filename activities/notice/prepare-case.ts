import { reviewCaseReach } from '../../use-cases/notice/case-reach';
import { caseDeliveries, recipientNumber } from '../../use-cases/notice/admin-facts';
import type { Case, CaseParticipant } from '../../records/cases';
import type { Person } from '../../records/people';
import { hearsOfMeeting, wayTo } from '../../rules/calendar/who-hears';
import { toInstant } from '../../rules/instant';
import type { CaseActivities, CaseNoticeOrder } from '../../workflows/case/activities';
import type { CaseDeps } from '../deps';
import { decideForCase } from './case-claim';
import { caseNoticeMorning } from './quiet-hours';
import { createRowSorter } from './sort-rows';

/**
 * Enters the notice of a burst of messages into the ledger for each who hears of it, and ends at once the
 * rows that need not be sent (R6.8; design, decision 5).
 */
export function createPrepareCaseNotice(deps: CaseDeps): CaseActivities['prepareCaseNotice'] {
  const { records, clock } = deps;
  return async (order) => {
    const now = clock.now();
    const careCase = await records.cases.get(order.caseId);
    const { settings } = await records.clinics.byId(careCase.clinicId);
    const morning = caseNoticeMorning(order, settings, now);
    if (morning) return { toSend: [], notBefore: toInstant(morning), told: [] };
    const patient = await recordOf(careCase.patientId, careCase);
    const { toSend, sort } = createRowSorter(deps, now);
    for (const recipient of careCase.participants) {
      if (!hearsOfMeeting(recipient.role, patient.personal.birthDate, now)) continue;
      const person = await recordOf(recipient.personId, careCase);
      const way = wayTo({ ...person, ...person.personal }, settings, now);
      const row = await records.ledger.plan(
        { ...rowFor(order, careCase, recipient), channel: way.channel },
        now,
      );
      await sort({
        row,
        way,
        recipient: recipientNumber(careCase, recipient.participantId),
        decide: () => decideForCase(deps, { row, careCase, person, patient, now }),
      });
    }
    await reviewCaseReach(records, order.caseId, now);
    return { toSend, notBefore: null, told: await caseDeliveries(records, careCase) };
  };

  async function recordOf(personId: string, { clinicId }: Case): Promise<Person> {
    const person = await records.people.find(clinicId, personId);
    if (!person) throw new Error('somebody of this case has no record');
    return person;
  }
}

const rowFor = (
  { caseId, burst, lastUsefulAt }: CaseNoticeOrder,
  careCase: Case,
  recipient: CaseParticipant,
) => ({
  subjectId: caseId,
  occasion: burst,
  kind: 'new-message' as const,
  clinicId: careCase.clinicId,
  participantId: recipient.participantId,
  personId: recipient.personId,
  lastUsefulAt,
});

import { hearsOfMeeting, wayTo } from '../../rules/calendar/who-hears';
import { recipientNumber } from '../../use-cases/notice/admin-facts';
import type { CaseActivities, CaseRecipient } from '../../workflows/case/activities';
import type { CaseDeps } from '../deps';

/**
 * Who hears of a case now, and through which queue their notice goes at first. Nothing is entered: each
 * taking of a row looks again.
 */
export function createCaseRecipients({
  records,
  clock,
}: Pick<CaseDeps, 'records' | 'clock'>): CaseActivities['noticeRecipients'] {
  return async (caseId) => {
    const now = clock.now();
    const careCase = await records.cases.get(caseId);
    const { settings } = await records.clinics.byId(careCase.clinicId);
    const patient = await records.people.find(careCase.clinicId, careCase.patientId);
    if (!patient) throw new Error('the patient of this case has no record');
    const recipients: CaseRecipient[] = [];
    for (const { participantId, personId, role } of careCase.participants) {
      if (!hearsOfMeeting({ role, personId }, patient, now)) continue;
      const person =
        personId === patient.personId ? patient : await records.people.find(careCase.clinicId, personId);
      if (!person) throw new Error('somebody of this case has no record');
      const { channel } = wayTo({ ...person, ...person.personal }, settings, now);
      recipients.push({
        participantId,
        number: recipientNumber(careCase, participantId),
        queue: channel ?? 'email',
      });
    }
    return recipients;
  };
}

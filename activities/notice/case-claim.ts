import type { ClientSession } from 'mongoose';
import { mailSubjectOfMessage } from '../../integrations/mail/subjects';
import type { Case } from '../../records/cases';
import type { LedgerRow } from '../../records/ledger';
import type { Person } from '../../records/people';
import { hearsOfMeeting, wayTo } from '../../rules/calendar/who-hears';
import { toInstant } from '../../rules/instant';
import { lateTimesWhenDue } from '../../rules/late';
import { decideCaseHandOver } from '../../rules/ledger';
import { newMessageText } from '../../integrations/sms/texts';
import { caseNoticeMorning } from './quiet-hours';
import { endRow, savedLink, peopleOf, takeRow, type Claim } from './claim';
import { caseDueAtOf } from './due';
import type { ActivityDeps } from '../deps';
import { overCapNow } from './sms-caps';

/**
 * The hand-over of a case's notice, inside its transaction (design, decision 5): as of a meeting's, it checks
 * again and writes the case and the person, immediately before the call to the provider.
 */
export function createCaseClaim(
  deps: ActivityDeps,
): (row: LedgerRow, reportToken: string, now: Date, session: ClientSession) => Promise<Claim> {
  const { records, sms } = deps;
  return async (row, reportToken, now, session) => {
    const careCase = await records.cases.getForWriting(row.subjectId, session);
    const { person, patient } = await peopleOf(records, row, careCase.patientId, session);
    const decision = await decideForCase(deps, { row, careCase, person, patient, now }, session);
    if (decision.state !== 'handing-over') return endRow(records, row, decision, now, session);
    const { settings } = await records.clinics.byId(careCase.clinicId);
    const morning = caseNoticeMorning(row, settings, now);
    if (morning)
      return { kind: 'wait', ms: morning.getTime() - now.getTime(), late: lateTimesWhenDue(null, morning) };
    const { channel, to } = decision.way;
    const leaseUntil = await takeRow(deps, row, { way: decision.way, reportToken, now }, session);
    if (!leaseUntil) return { kind: 'wait', ms: sms.leaseMs };
    const { subjectId: caseId, participantId } = row;
    const link = settings.linkInSms ? await savedLink(deps, { caseId, participantId }) : null;
    return {
      kind: 'ours',
      channel,
      to,
      subject: mailSubjectOfMessage(person.language),
      text: newMessageText(person.language, link),
      leaseUntil,
      kindOfNotice: row.kind,
      dueAt: caseDueAtOf(row, careCase),
    };
  };
}

/** The patient's side has read or written since; a later burst has a notice of its own. */
export const wasRead = (
  { occasion }: Pick<LedgerRow, 'occasion'>,
  { course: { burst } }: Pick<Case, 'course'>,
): boolean => burst !== null && (burst.number > occasion || burst.over);

/** Whether the notice goes to this person now, and which way, from the records as they are. */
export async function decideForCase(
  { records, smsPerDay }: Pick<ActivityDeps, 'records' | 'smsPerDay'>,
  {
    row,
    careCase,
    person,
    patient,
    now,
  }: { row: LedgerRow; careCase: Case; person: Person; patient: Person; now: Date },
  session?: ClientSession,
): Promise<ReturnType<typeof decideCaseHandOver>> {
  const { settings } = await records.clinics.byId(careCase.clinicId);
  const way = wayTo({ ...person, ...person.personal }, settings, now);
  const participant = careCase.participants.find((each) => each.participantId === row.participantId);
  return decideCaseHandOver({
    now: toInstant(now),
    lastUsefulAt: row.lastUsefulAt,
    // R7.5: where the patient's data are protected, nobody hears of the case before the clinic has approved
    // it by hand.
    way: patient.protectedIdentity ? { channel: null, obstacle: 'protected-identity' } : way,
    hears: participant !== undefined && hearsOfMeeting(participant.role, patient.personal.birthDate, now),
    read: wasRead(row, careCase),
    overCap:
      way.channel === 'sms'
        ? await overCapNow({ records, smsPerDay }, { row, settings, number: way.to, now }, session)
        : null,
  });
}

import type { ClientSession } from 'mongoose';
import { mailSubjectOfMessage } from '../mail/subjects';
import type { Case } from '../records/cases';
import type { LedgerRow } from '../records/ledger';
import type { Person } from '../records/people';
import { hearsOfMeeting, wayTo } from '../rules/calendar/who-hears';
import { toInstant } from '../rules/instant';
import { decideCaseHandOver } from '../rules/ledger';
import { LOOK_AFTER_LEASE_MS } from '../rules/reconciliation';
import { linkCode, linkTo } from '../sms/link';
import { newMessageText } from '../sms/texts';
import { caseNoticeMorning } from './case-quiet-hours';
import { caseDueAtOf } from './due';
import type { Claim } from './hand-over';
import type { ActivityDeps } from './index';
import { overCapNow } from './sms-caps';

/**
 * The hand-over of a case's notice, inside its transaction (design, decision 5): as of a meeting's, it checks again and writes the case and
 * the person, immediately before the call to the provider.
 */
export function createCaseClaim(
  deps: ActivityDeps,
): (row: LedgerRow, reportToken: string, now: Date, session: ClientSession) => Promise<Claim> {
  const { records, sms } = deps;
  return async (row, reportToken, now, session) => {
    const { rowId } = row;
    const about = await records.cases.getForWriting(row.meetingId, session);
    const person = await records.people.findForHandOver(row.personId, session);
    if (!person) throw new Error('the recipient has no record');
    const patient =
      row.personId === about.patientId
        ? person
        : await records.people.findForHandOver(about.patientId, session);
    if (!patient) throw new Error('the patient of this case has no record');
    const decision = await decideForCase(deps, { row, about, person, patient, now }, session);
    if (decision.state !== 'handing-over') {
      const { state: to, reason } = decision;
      await records.ledger.step(rowId, { from: ['planned'], to, reason, at: now }, session);
      return { kind: 'ended', row, whyNot: decision };
    }
    const { settings } = await records.clinics.byId(about.clinicId);
    const morning = caseNoticeMorning(row, settings, now);
    if (morning) return { kind: 'wait', ms: morning.getTime() - now.getTime() };
    const { channel, to } = decision.way;
    const leaseUntil = new Date(now.getTime() + sms.leaseMs);
    const taken = await records.ledger.step(
      rowId,
      {
        from: ['planned'],
        to: 'handing-over',
        reason: null,
        at: now,
        handOver: { leaseUntil, channel, to, reportToken: channel === 'sms' ? reportToken : null },
        // Should this process die, and nobody come again.
        lookAgainAt: new Date(leaseUntil.getTime() + LOOK_AFTER_LEASE_MS),
      },
      session,
    );
    if (!taken) return { kind: 'wait', ms: sms.leaseMs };
    return {
      kind: 'ours',
      channel,
      to,
      subject: mailSubjectOfMessage(person.language),
      text: newMessageText(person.language, settings.linkInSms ? await linkOf(row) : null),
      leaseUntil,
      kindOfNotice: row.kind,
      dueAt: caseDueAtOf(row, about),
    };
  };

  /** The participant's link, kept by its hash before anybody can open it. */
  async function linkOf({ meetingId: caseId, participantId }: LedgerRow): Promise<string> {
    const code = linkCode(sms.linkKeys, participantId);
    await records.links.keep(code, { caseId, participantId });
    return linkTo(sms.publicUrl, code);
  }
}

/** Whether the notice goes to this person now, and which way, from the records as they are. */
export async function decideForCase(
  { records, smsPerDay }: Pick<ActivityDeps, 'records' | 'smsPerDay'>,
  {
    row,
    about,
    person,
    patient,
    now,
  }: { row: LedgerRow; about: Case; person: Person; patient: Person; now: Date },
  session?: ClientSession,
): Promise<ReturnType<typeof decideCaseHandOver>> {
  const { settings } = await records.clinics.byId(about.clinicId);
  const way = wayTo({ ...person, ...person.personal }, settings, now);
  const participant = about.participants.find((each) => each.participantId === row.participantId);
  const { burst } = about.course;
  return decideCaseHandOver({
    now: toInstant(now),
    lastUsefulAt: row.lastUsefulAt,
    // R7.5: where the patient's data are protected, nobody hears of the case before the clinic has approved it by hand.
    way: patient.protectedIdentity ? { channel: null, obstacle: 'protected-identity' } : way,
    hears: participant !== undefined && hearsOfMeeting(participant.role, patient.personal.birthDate, now),
    // A later burst has a notice of its own.
    read: burst !== null && (burst.number > row.startVersion || burst.over),
    overCap:
      way.channel === 'sms'
        ? await overCapNow({ records, smsPerDay }, { row, settings, number: way.to, now }, session)
        : null,
  });
}

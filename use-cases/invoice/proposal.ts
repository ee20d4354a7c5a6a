import type { Records } from '../../records';
import { ageAt } from '../../rules/calendar/age';
import { inStockholm } from '../../rules/calendar/stockholm';
import { randomId } from '../../platform/keys/random-id';
import { endOfWeekdayAfter } from '../../rules/calendar/weekdays';
import { setInsideCancellationNoticeByClinic } from '../../rules/cancellation';
import { amountOre, decideFee } from '../../rules/fee';
import { toInstant } from '../../rules/instant';
import { gatesOpen } from '../../rules/gates';
import { interpreterSeen } from '../../rules/presence';
import { LET_THROUGH_WEEKDAYS } from '../../rules/invoice';
import type { Proposal } from '../../workflows/invoice/messages';
import type { ClinicSettings } from '../../records/clinics';
import type { Meeting } from '../../records/meetings';
import type { Person } from '../../records/people';
import { patientOf } from '../notice/patient-of';

/** What a proposal is made from. */
export type ProposalRecords = Pick<Records, 'people' | 'clinics' | 'evidence'>;

/** Whom a proposal is about, and the table that it is made by. */
export interface FeeBasis {
  patient: Person;
  settings: ClinicSettings;
}

/** The basis as the records have it now; a page has read it with its request. */
export async function feeBasisOf({ people, clinics }: ProposalRecords, meeting: Meeting): Promise<FeeBasis> {
  const { settings } = await clinics.byId(meeting.clinicId);
  return { patient: await patientOf(people, meeting), settings };
}

/**
 * What one start version of a meeting would be charged, by the rules and the clinic's fee table of its day
 * (R5.2–R5.10).
 *
 * @param known the basis, where the caller has read it
 */
export async function proposalFor(
  records: ProposalRecords,
  meeting: Meeting,
  { startVersion, cause, basis }: Pick<Proposal, 'cause' | 'basis'> & { startVersion: number },
  now: Date,
  known?: FeeBasis,
): Promise<Proposal> {
  const { patient, settings } = known ?? (await feeBasisOf(records, meeting));
  const time = meeting.times.find((each) => each.startVersion === startVersion);
  if (!time) throw new Error('this time of the meeting has no record');
  const startAt = new Date(time.startAt);
  const decision = decideFee({
    cause,
    terms: { ...meeting.terms, agreed: time.agreed },
    somethingMissing: cause === 'no-show' && (await wasSomethingMissing(records, meeting)),
    setInsideCancellationNoticeByClinic: setInsideCancellationNoticeByClinic(meeting.times, startVersion),
    consentRefused: patient.careHistoryConsent?.given === false,
    age: ageAt(patient.personal.birthDate, startAt),
    protectedIdentity: patient.protectedIdentity,
  });
  return {
    invoiceId: randomId(),
    basis,
    cause,
    decision,
    feeCode: meeting.terms.feeCode,
    amountOre: amountOre(
      settings.fees,
      meeting.terms.feeCode,
      inStockholm(startAt).toISODate(),
      decision.kind,
    ),
    letThroughAt: toInstant(endOfWeekdayAfter(now, LET_THROUGH_WEEKDAYS)),
  };
}

/**
 * A form, the consent or an interpreter was missing at the time that the meeting has now, as the course saw
 * it last (R5.5).
 */
async function wasSomethingMissing(
  { evidence }: ProposalRecords,
  { meetingId, terms, course }: Meeting,
): Promise<boolean> {
  if (!gatesOpen(course.gates)) return true;
  const stays = await evidence.stays(meetingId, course.time.startVersion);
  return interpreterSeen(terms, stays) === 'never-came';
}

import { cancellationOutcome, insideCancellationNotice } from '../../rules/cancellation';
import { inStockholm } from '../../rules/calendar/stockholm';
import { amountOre, type FeeDecision } from '../../rules/fee';
import type { Instant } from '../../rules/instant';
import type { Proposal } from '../../workflows/invoice/messages';
import type { ClinicSettings } from '../../records/clinics';
import type { Meeting } from '../../records/meetings';
import { feeBasisOf, proposalFor, type FeeBasis, type ProposalRecords } from './proposal';

/** What can become of a meeting, for a dry run of its cost. */
export const alternatives = [
  'attended',
  'missed',
  'cancelled-by-patient',
  'moved-by-patient',
  'cancelled-by-clinic',
] as const;
export type Alternative = (typeof alternatives)[number];

/** What one alternative would cost, and by which rules. */
export type Cost = {
  if: Alternative;
  feeCode: string;
  amountOre: number | null;
  currency: 'SEK';
} & FeeDecision;

/**
 * What the meeting costs if it is held. It changes nothing. It is null while the meeting is being moved and
 * the facts of its new time are being written.
 */
export async function costOfComing(
  records: ProposalRecords,
  meeting: Meeting,
  now: Date,
  known: FeeBasis,
): Promise<Pick<Cost, 'kind' | 'amountOre'> | null> {
  const { startVersion } = meeting.course.time;
  if (!meeting.times.some((time) => time.startVersion === startVersion)) return null;
  const { amountOre, decision } = await proposalFor(
    records,
    meeting,
    { startVersion, cause: 'completed', basis: 0 },
    now,
    known,
  );
  return { kind: decision.kind, amountOre };
}

/** What a kind of contact costs at an instant, by the fee table; null where the table has no amount. */
export interface ContactFee {
  feeCode: string;
  visitFeeOre: number | null;
  missedVisitFeeOre: number | null;
}

/** The kinds of contact in the clinic's fee table, and what each costs on the day of the instant (R5.9). */
export function contactFees({ fees }: Pick<ClinicSettings, 'fees'>, at: Date): ContactFee[] {
  const day = inStockholm(at).toISODate();
  return [...new Set(fees.map(({ feeCode }) => feeCode))].map((feeCode) => ({
    feeCode,
    visitFeeOre: amountOre(fees, feeCode, day, 'visit-fee'),
    missedVisitFeeOre: amountOre(fees, feeCode, day, 'missed-visit-fee'),
  }));
}

/**
 * A dry run: what the meeting would cost if a request were received at the instant, and what each other
 * outcome would cost. It uses the same rules and tables as the real proposal. It changes nothing. It is null
 * while the meeting is being moved and the facts of its new time are being written.
 *
 * @param known who pays and the table, where the caller has read them
 */
export async function costsOf(
  records: ProposalRecords,
  meeting: Meeting,
  at: Instant,
  now: Date,
  known?: FeeBasis,
): Promise<{ meetingId: string; at: Instant; items: Cost[] } | null> {
  const { time } = meeting.course;
  if (!meeting.times.some(({ startVersion }) => startVersion === time.startVersion)) return null;
  const isLate = insideCancellationNotice(at, time.startAt, meeting.terms.cancellationNoticeHours);

  // What is still missing will be there: whoever asks what a missed visit costs is not told that a missing
  // form makes it free.
  const foreseen: Meeting =
    meeting.course.state === 'ended'
      ? meeting
      : {
          ...meeting,
          terms: { ...meeting.terms, interpreterNeeded: false },
          course: { ...meeting.course, gates: { consentGiven: true, formsMissing: [] } },
        };

  const basis = known ?? (await feeBasisOf(records, meeting));
  const cost = async (alternative: Alternative, cause: Proposal['cause']): Promise<Cost> => {
    const { startVersion } = time;
    const proposal = await proposalFor(records, foreseen, { startVersion, cause, basis: 0 }, now, basis);
    const { feeCode, amountOre, decision } = proposal;
    return { if: alternative, feeCode, amountOre, currency: 'SEK', ...decision };
  };
  const cancelled = (by: 'patient' | 'clinic') =>
    cancellationOutcome(by, at, time.startAt, meeting.terms.cancellationNoticeHours);
  const moved = await cost('moved-by-patient', isLate ? 'rebooked-late' : 'cancelled-in-time');

  return {
    meetingId: meeting.meetingId,
    at,
    items: [
      await cost('attended', 'completed'),
      await cost('missed', 'no-show'),
      await cost('cancelled-by-patient', cancelled('patient')),
      isLate ? moved : { ...moved, because: [{ rule: 'R1.5', reason: 'moved-in-time' }] },
      await cost('cancelled-by-clinic', cancelled('clinic')),
    ],
  };
}

import { ADULT_AGE, GUARDIAN_ACTS_UNTIL_AGE, INVOICE_APPROVAL_ABOVE_AGE } from './ages';
import type { MeetingTerms, Outcome } from './meeting';

/** What is proposed to be charged for a meeting, by rules 5. */
export type FeeKind = 'visit-fee' | 'missed-visit-fee' | 'none';

/** Who pays (R5.10); `staff-decides` from 13 to 17, where an invoice must not tell a guardian. */
export type Payer = 'patient' | 'guardian' | 'staff-decides';

/** What the fee depends on. */
export interface FeeFacts {
  /** The outcome, or `rebooked-late` for a time that the patient moved inside the notice (R1.5). */
  cause: Outcome | 'rebooked-late';
  terms: Pick<MeetingTerms, 'agreed' | 'toldOfFee' | 'correspondsToVisit'>;
  /**
   * The clinic set or moved the time inside the cancellation notice, or the patient only within that since
   * (R5.5).
   */
  setInsideCancellationNoticeByClinic: boolean;
  /**
   * The outcome is a no-show, and our own records show that a form, the consent or the interpreter was
   * missing at the meeting's time. Then it costs nothing, also if staff call it a no-show (R5.5). Where the
   * patient cancelled or moved the meeting late this is false: that costs also with a form still to be filled
   * in.
   */
  somethingMissing: boolean;
  /** The patient has said no to the clinic seeing care history, which never costs (R3.2). */
  consentRefused: boolean;
  /** Age in whole years at the meeting's start. */
  age: number;
  protectedIdentity: boolean;
}

/** A proposal before its amount is looked up, with the rules that it rests on. */
export interface FeeDecision {
  kind: FeeKind;
  because: { rule: string; reason: string }[];
  /** Null where nothing is charged. */
  payer: Payer | null;
  /** Goes out only when a named member of staff approves it (R5.7). */
  needsApproval: boolean;
}

/** Decides what is proposed (R5.2–R5.5), who pays (R5.10) and whether a person must approve it (R5.7). */
export function decideFee(facts: FeeFacts): FeeDecision {
  switch (facts.cause) {
    case 'completed':
      return attended(facts);
    case 'no-show':
    case 'cancelled-late':
    case 'rebooked-late':
      return missed(facts);
    case 'cancelled-in-time':
      return free({ rule: 'R5.3', reason: 'cancelled-in-time' });
    case 'cancelled-by-clinic':
      return free({ rule: 'R1.5', reason: 'cancelled-by-clinic' });
    case 'back-up-routine':
      return free({ rule: 'R4.6', reason: 'moved-to-the-back-up-routine' });
    case 'clinic-absent':
      return free({ rule: 'R5.5', reason: 'clinic-absent' });
    case 'could-not-start':
      return free({ rule: 'R5.5', reason: 'could-not-start' });
    case 'unclear':
      return free({ rule: 'R5.6', reason: 'staff-must-decide-first' });
  }
}

function attended(facts: FeeFacts): FeeDecision {
  if (!facts.terms.correspondsToVisit) {
    return charged('visit-fee', facts, { rule: 'R5.2', reason: 'other-contact-by-its-own-fee-code' });
  }
  return facts.terms.agreed
    ? charged('visit-fee', facts, { rule: 'R5.2', reason: 'agreed-and-corresponds-to-a-visit' })
    : free({ rule: 'R5.2', reason: 'time-not-agreed' });
}

function missed(facts: FeeFacts): FeeDecision {
  // R5.5: each of these alone means that a missed-visit fee is never proposed.
  const obstacles = [
    ...(facts.terms.agreed ? [] : [{ rule: 'R5.5', reason: 'time-not-agreed' }]),
    ...(facts.consentRefused ? [{ rule: 'R3.2', reason: 'consent-refused' }] : []),
    ...(facts.somethingMissing ? [{ rule: 'R5.5', reason: 'form-consent-or-interpreter-missing' }] : []),
    ...(facts.terms.toldOfFee ? [] : [{ rule: 'R5.5', reason: 'not-told-of-the-fee' }]),
    ...(facts.setInsideCancellationNoticeByClinic
      ? [{ rule: 'R5.5', reason: 'clinic-set-the-time-inside-the-notice' }]
      : []),
  ];
  return obstacles.length > 0
    ? free(...obstacles)
    : charged('missed-visit-fee', facts, { rule: 'R5.3', reason: facts.cause });
}

function free(...because: FeeDecision['because']): FeeDecision {
  return { kind: 'none', because, payer: null, needsApproval: false };
}

function charged(kind: FeeKind, facts: FeeFacts, because: FeeDecision['because'][number]): FeeDecision {
  return {
    kind,
    because: [because],
    payer: payerAt(facts.age),
    needsApproval:
      kind === 'missed-visit-fee' ||
      facts.age < ADULT_AGE ||
      facts.age > INVOICE_APPROVAL_ABOVE_AGE ||
      facts.protectedIdentity,
  };
}

function payerAt(age: number): Payer {
  if (age <= GUARDIAN_ACTS_UNTIL_AGE) return 'guardian';
  return age < ADULT_AGE ? 'staff-decides' : 'patient';
}

/**
 * A row of a clinic's fee table: an amount with its dates of validity (R5.9), both days included, Stockholm
 * calendar.
 */
export interface FeeRow {
  feeCode: string;
  validFrom: string;
  validUntil: string | null;
  visitFeeOre: number;
  missedVisitFeeOre: number;
}

/**
 * The amount in öre on a day (`YYYY-MM-DD`), or null where the table has none: it is never guessed (R5.9).
 */
export function amountOre(fees: FeeRow[], feeCode: string, day: string, kind: FeeKind): number | null {
  if (kind === 'none') return 0;
  const row = fees.find(
    (fee) =>
      fee.feeCode === feeCode && fee.validFrom <= day && (fee.validUntil === null || day <= fee.validUntil),
  );
  if (!row) return null;
  return kind === 'visit-fee' ? row.visitFeeOre : row.missedVisitFeeOre;
}

import fc from 'fast-check';
import { amountOre, decideFee, type FeeFacts, type FeeRow } from '../../rules/fee';
import { outcomes } from '../../rules/meeting';
import { booleans, combinations } from './builders';

const causes = [...outcomes, 'rebooked-late'] as const;
const missing: readonly FeeFacts['cause'][] = ['no-show', 'cancelled-late', 'rebooked-late'];

const whole = combinations({
  cause: causes,
  terms: combinations({ agreed: booleans, toldOfFee: booleans, correspondsToVisit: booleans }),
  setInsideCancellationNoticeByClinic: booleans,
  age: [0, 12, 13, 17, 18, 40, 84, 85, 104],
  protectedIdentity: booleans,
  consentRefused: [false],
  somethingMissing: [false],
}).map((facts) => ({ facts, decision: decideFee(facts) }));

const usual: FeeFacts = {
  cause: 'completed',
  terms: { agreed: true, toldOfFee: true, correspondsToVisit: true },
  setInsideCancellationNoticeByClinic: false,
  age: 40,
  protectedIdentity: false,
  consentRefused: false,
  somethingMissing: false,
};

describe('decideFee', () => {
  it('R3.2 a no to the clinic seeing care history never costs', () => {
    for (const cause of ['no-show', 'cancelled-late', 'rebooked-late'] as const) {
      expect(decideFee({ ...usual, cause }).kind).toBe('missed-visit-fee');
      expect(decideFee({ ...usual, cause, consentRefused: true })).toMatchObject({
        kind: 'none',
        because: [{ rule: 'R3.2', reason: 'consent-refused' }],
      });
    }
  });

  it('R5.5 where a form, the consent or the interpreter was missing no missed visit costs, whatever staff call it', () => {
    expect(decideFee({ ...usual, cause: 'no-show', somethingMissing: true })).toMatchObject({
      kind: 'none',
      because: [{ rule: 'R5.5', reason: 'form-consent-or-interpreter-missing' }],
    });
  });

  it('R5.2 proposes the fee of an agreed visit that took place, and of another contact by its own fee code', () => {
    for (const { facts, decision } of whole) {
      const { agreed, correspondsToVisit } = facts.terms;
      expect(decision.kind === 'visit-fee').toBe(
        facts.cause === 'completed' && (agreed || !correspondsToVisit),
      );
    }
  });

  it('R5.3 R5.5 proposes a missed-visit fee where the visit was missed and nothing speaks against it', () => {
    for (const { facts, decision } of whole) {
      const due =
        missing.includes(facts.cause) &&
        facts.terms.agreed &&
        facts.terms.toldOfFee &&
        !facts.setInsideCancellationNoticeByClinic;
      expect(decision.kind === 'missed-visit-fee').toBe(due);
    }
  });

  it.each([
    ['the time was not agreed', { terms: { ...usual.terms, agreed: false } }, 'time-not-agreed'],
    ['the patient was not told', { terms: { ...usual.terms, toldOfFee: false } }, 'not-told-of-the-fee'],
    [
      'the clinic set the time inside the notice',
      { setInsideCancellationNoticeByClinic: true },
      'clinic-set-the-time-inside-the-notice',
    ],
  ])('R5.5 never proposes a missed-visit fee where %s', (_, change, reason) => {
    for (const cause of missing) {
      expect(decideFee({ ...usual, cause })).toMatchObject({ kind: 'missed-visit-fee' });
      expect(decideFee({ ...usual, cause, ...change })).toEqual({
        kind: 'none',
        because: [{ rule: 'R5.5', reason }],
        payer: null,
        needsApproval: false,
      });
    }
  });

  it('R5.5 tells every reason why no missed-visit fee is proposed', () => {
    const { because } = decideFee({
      ...usual,
      cause: 'no-show',
      terms: { agreed: false, toldOfFee: false, correspondsToVisit: true },
      setInsideCancellationNoticeByClinic: true,
    });
    expect(because.map(({ reason }) => reason)).toEqual([
      'time-not-agreed',
      'not-told-of-the-fee',
      'clinic-set-the-time-inside-the-notice',
    ]);
  });

  it.each([
    'clinic-absent',
    'back-up-routine',
    'could-not-start',
    'unclear',
    'cancelled-in-time',
    'cancelled-by-clinic',
  ])('R5.5 R4.6 R1.5 R5.3 charges nothing for %s', (cause) => {
    const decisions = whole.filter(({ facts }) => facts.cause === cause);
    expect(decisions.length).toBeGreaterThan(0);
    expect(decisions.every(({ decision }) => decision.kind === 'none')).toBe(true);
  });

  it('R1.5 R5.3 a late rebooking costs like a late cancellation', () => {
    for (const { facts, decision } of whole.filter((each) => each.facts.cause === 'rebooked-late')) {
      const { because, ...cancelled } = decideFee({ ...facts, cause: 'cancelled-late' });
      expect(decision).toMatchObject(cancelled);
      expect(decision.because.length).toBe(because.length);
    }
  });

  it('R5.4 a missed visit costs also where the visit itself would have been free of charge', () => {
    for (const cause of missing) {
      const free = { ...usual, cause, terms: { ...usual.terms, correspondsToVisit: false } };
      expect(decideFee(free)).toMatchObject({ kind: 'missed-visit-fee' });
    }
  });

  it('R5.7 asks for approval of a missed-visit fee, under 18, over 84 and with protected identity; of nothing else', () => {
    for (const { facts, decision } of whole) {
      const { age, protectedIdentity } = facts;
      const sensitive = decision.kind === 'missed-visit-fee' || age < 18 || age > 84 || protectedIdentity;
      expect(decision.needsApproval).toBe(decision.kind !== 'none' && sensitive);
    }
  });

  it('R5.10 up to 12 the guardian pays, from 13 to 17 staff decide who, from 18 the patient; nobody pays nothing', () => {
    for (const { facts, decision } of whole) {
      const payer = facts.age <= 12 ? 'guardian' : facts.age <= 17 ? 'staff-decides' : 'patient';
      expect(decision.payer).toBe(decision.kind === 'none' ? null : payer);
    }
  });

  it('R5.7 says why, always, with the rule', () => {
    for (const { decision } of whole) {
      expect(decision.because.length).toBeGreaterThan(0);
      for (const { rule, reason } of decision.because) {
        expect(rule).toMatch(/^R\d\.\d+$/);
        expect(reason).toMatch(/^[a-z-]+$/);
      }
    }
  });
});

describe('amountOre', () => {
  const row = (validFrom: string, validUntil: string | null, visitFeeOre: number): FeeRow => ({
    feeCode: 'physician',
    validFrom,
    validUntil,
    visitFeeOre,
    missedVisitFeeOre: visitFeeOre * 2,
  });
  const fees = [
    row('2026-01-01', '2026-12-31', 30000),
    row('2027-01-01', null, 32000),
    { ...row('2020-01-01', null, 100), feeCode: 'nurse' },
  ];

  it('R5.9 takes the amount that is valid on the day, both days included', () => {
    expect(amountOre(fees, 'physician', '2026-01-01', 'visit-fee')).toBe(30000);
    expect(amountOre(fees, 'physician', '2026-12-31', 'visit-fee')).toBe(30000);
    expect(amountOre(fees, 'physician', '2027-01-01', 'visit-fee')).toBe(32000);
    expect(amountOre(fees, 'physician', '2099-01-01', 'missed-visit-fee')).toBe(64000);
  });

  it('R5.9 never guesses an amount', () => {
    expect(amountOre(fees, 'physician', '2025-12-31', 'visit-fee')).toBeNull();
    expect(amountOre(fees, 'dentist', '2026-06-01', 'missed-visit-fee')).toBeNull();
    expect(amountOre([], 'physician', '2026-06-01', 'visit-fee')).toBeNull();
    expect(amountOre([fees[0]!], 'physician', '2027-01-01', 'visit-fee')).toBeNull();
  });

  it('R5.9 is nothing where nothing is charged, also without a row', () => {
    expect(amountOre([], 'physician', '2026-06-01', 'none')).toBe(0);
  });

  it('R5.9 takes a fee of 0 öre as one', () => {
    expect(amountOre([row('2026-01-01', null, 0)], 'physician', '2026-06-01', 'visit-fee')).toBe(0);
  });

  it('R5.9 finds what a search through the days finds', () => {
    const day = (n: number): string => new Date(Date.UTC(2026, 0, 1 + n)).toISOString().slice(0, 10);
    const anyDay = fc.integer({ min: 0, max: 60 });
    fc.assert(
      fc.property(anyDay, anyDay, anyDay, (from, length, on) => {
        const amount = amountOre(
          [row(day(from), day(from + length), 100)],
          'physician',
          day(on),
          'visit-fee',
        );
        const days = Array.from({ length: length + 1 }, (_, n) => day(from + n));
        expect(amount).toBe(days.includes(day(on)) ? 100 : null);
      }),
    );
  });
});

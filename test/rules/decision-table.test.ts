import { ageAt } from '../../rules/calendar/age';
import { cancellationOutcome, insideCancellationNotice } from '../../rules/cancellation';
import { decideFee, type FeeDecision, type FeeFacts } from '../../rules/fee';
import type { Changer } from '../../rules/meeting';
import { settleOutcome } from '../../rules/outcome';
import type { Stay } from '../../rules/presence';
import {
  after,
  combinations,
  DAY,
  HOUR,
  minutesAfter,
  START,
  stay,
  stockholmInstant,
  timeAt,
} from './builders';
import {
  facts,
  feeTable,
  fits,
  neverTable,
  outcomeTable,
  payerTable,
  type CameTo,
  type Case,
  type Facts,
  type Row,
} from './decision-table';

// --- a case of the table, as the code is asked about it ----------------------------------------------------

/** When a wish is received that comes so. */
const receivedAt = ({
  received,
  cancellationNoticeHours,
}: Pick<Facts, 'received' | 'cancellationNoticeHours'>): string => {
  const border = after(START, -cancellationNoticeHours * HOUR);
  const at = {
    'days-before': after(border, -3 * DAY),
    'exactly-at-the-notice': border,
    'a-millisecond-later': after(border, 1),
    'just-before-the-start': after(START, -1),
  };
  return at[received].toISOString();
};

const staysOfClinic: Record<Facts['clinic'], Stay[]> = {
  waited: [stay('staff', -5, 15)],
  'not-throughout': [stay('staff', 1, 10)],
  'never-seen': [],
};
const staysOfOthers: Record<Facts['came'], Stay[]> = {
  nobody: [],
  'only-relatives-interpreters-and-guests': [
    stay('relative', 0, 30),
    stay('interpreter', 0, 30),
    stay('guest', 0, 30),
  ],
  'patient-while-the-clinic-was-there': [stay('patient', 3, 9)],
  'patient-at-another-time': [stay('patient', 20, 30)],
  'guardian-while-the-clinic-was-there': [stay('guardian', 3, 9)],
  'guardian-at-another-time': [stay('guardian', 20, 30)],
};

/** The code's finding of what it came to. */
function cameTo(each: Case): CameTo {
  const wish = each as Pick<Facts, 'received' | 'cancellationNoticeHours'>;
  switch (each.acted) {
    case undefined:
    case 'nobody':
      return settled(each as Facts);
    case 'patient-cancels':
      return cancellationOutcome('patient', receivedAt(wish), START, wish.cancellationNoticeHours);
    case 'clinic-cancels':
      return cancellationOutcome('clinic', receivedAt(wish), START, wish.cancellationNoticeHours);
    case 'patient-moves':
      return insideCancellationNotice(receivedAt(wish), START, wish.cancellationNoticeHours)
        ? 'rebooked-late'
        : 'moved-in-time';
    case 'staff-choose-the-back-up-routine':
      return 'back-up-routine';
  }
}

const settled = (each: Facts): CameTo =>
  settleOutcome(timeAt(), {
    stays: [...staysOfOthers[each.came], ...staysOfClinic[each.clinic]],
    guardianActs: each.age <= 12,
    gates: {
      consentGiven: each.consent === 'given',
      formsMissing: each.form === 'missing' ? ['form-1'] : [],
    },
    tries: each.tried === 'yes' ? 1 : 0,
    letInButNotSeen: {
      clinic: each.lost === 'of-the-clinic' || each.lost === 'of-both',
      patient: each.lost === 'of-the-patient' || each.lost === 'of-both',
    },
    noticeReached: each.reached === 'yes',
    gaps: [],
    remindersLost: false,
    interpreter: each.interpreter,
  }).outcome;

/** The same case, as the code is asked what it costs. */
const feeFacts = (money: Money): Omit<FeeFacts, 'cause'> => ({
  terms: {
    agreed: money.agreed === 'yes',
    toldOfFee: money.told === 'yes',
    correspondsToVisit: money.correspondsToVisit === 'yes',
  },
  setInsideCancellationNoticeByClinic: money.timeSet === 'inside-the-notice-by-the-clinic',
  // The outcome settles that already; what staff state against the records is held by rules/fee's own test.
  somethingMissing: false,
  consentRefused: money.consent === 'refused',
  age: money.age,
  protectedIdentity: money.protectedIdentity === 'yes',
});

const nothingToDecide: FeeDecision = {
  kind: 'none',
  because: [{ rule: 'R1.5', reason: 'moved-in-time' }],
  payer: null,
  needsApproval: false,
};

/** The code's decision. About a time that is moved with notice it is not asked. */
const decided = (cause: CameTo, asked: Omit<FeeFacts, 'cause'>): FeeDecision =>
  cause === 'moved-in-time' ? nothingToDecide : decideFee({ ...asked, cause });

const costs = (each: Facts): FeeDecision => decided(cameTo(each), feeFacts(each));

// --- every combination -------------------------------------------------------------------------------------

type Terms = Pick<Facts, 'agreed' | 'told' | 'correspondsToVisit' | 'timeSet' | 'protectedIdentity'>;
type Money = Terms & Pick<Facts, 'age' | 'consent'>;

const { agreed, told, correspondsToVisit, timeSet, protectedIdentity } = facts;
const allTerms: Terms[] = combinations({ agreed, told, correspondsToVisit, timeSet, protectedIdentity });

const { age, consent, form } = facts;
const wishes: Case[] = combinations({
  acted: ['patient-cancels', 'patient-moves', 'clinic-cancels'] as const,
  received: facts.received,
  cancellationNoticeHours: facts.cancellationNoticeHours,
  consent,
  form,
  age,
});
const backUp: Case[] = combinations({
  acted: ['staff-choose-the-back-up-routine'] as const,
  consent,
  form,
  age,
});
const { clinic, came, tried, lost, reached, interpreter } = facts;
const evidence: Case[] = combinations({
  acted: ['nobody'] as const,
  clinic,
  came,
  tried,
  lost,
  reached,
  interpreter,
  consent,
  form,
  age,
  // Nobody meets a clinic that is not there.
}).filter((each) => !(each.clinic === 'never-seen' && each.came.endsWith('-while-the-clinic-was-there')));

const situations = [...wishes, ...backUp, ...evidence];

/** How many cases one row decided, and the first of which the code said otherwise. */
interface Tally {
  decided: number;
  wrong: object[];
}
const tallies = new Map<Row<unknown>, Tally>();
for (const row of [...outcomeTable, ...feeTable, ...payerTable]) tallies.set(row, { decided: 0, wrong: [] });

/** The first row that fits, with its tally. */
function decide<Then>(
  table: Row<Then>[],
  known: Parameters<typeof fits>[1],
): { then: Then; rule: string; tally: Tally } {
  const row = table.find(({ when }) => fits(when, known));
  if (!row) throw new Error(`no row for ${JSON.stringify(known)}`);
  return { then: row.then, rule: row.rule, tally: tallies.get(row)! };
}

/**
 * What the tables say of the money with each of the terms; looked up once for all situations that share it.
 */
const moneyTables = new Map<string, ReturnType<typeof moneyRows>>();
function moneyRows(expected: CameTo, age: Facts['age'], consent: Facts['consent']) {
  return allTerms.map((terms) => {
    const money = { ...terms, age, consent };
    const fee = decide(feeTable, { ...money, cameTo: expected });
    return { terms, asked: feeFacts(money), fee, payer: decide(payerTable, { ...money, fee: fee.then }) };
  });
}
function moneyTable(expected: CameTo, { age, consent }: Pick<Facts, 'age' | 'consent'>) {
  const key = `${expected} ${age} ${consent}`;
  const table = moneyTables.get(key) ?? moneyRows(expected, age, consent);
  moneyTables.set(key, table);
  return table;
}

const FEW = 3;

/** Walks every combination through the tables and through the code. */
function walk() {
  const never = neverTable.map(() => [] as object[]);
  const fees: Record<FeeDecision['kind'], number> = { 'visit-fee': 0, 'missed-visit-fee': 0, none: 0 };

  for (const situation of situations) {
    const expected = decide(outcomeTable, situation);
    const found = cameTo(situation);
    count(expected.tally, found === expected.then, { ...situation, expected: expected.then, found });
    for (const { terms, asked, fee, payer } of moneyTable(expected.then, situation as Facts)) {
      const decision = decided(found, asked);
      const { kind, because, needsApproval } = decision;
      fees[kind] += 1;
      const feeIsRight = kind === fee.then && because.some(({ rule }) => rule === fee.rule);
      const payerIsRight =
        decision.payer === payer.then.payer && needsApproval === (payer.then.approval === 'staff');
      const message = feeIsRight && payerIsRight ? {} : { ...situation, ...terms, found, decision };
      count(fee.tally, feeIsRight, message);
      count(payer.tally, payerIsRight, message);
      if (kind !== 'missed-visit-fee') continue;
      for (const [n, { when }] of neverTable.entries()) {
        const each = { ...situation, ...terms };
        if (fits(when, each) && never[n]!.length < FEW) never[n]!.push({ ...each, decision });
      }
    }
  }
  return { never, fees };
}

function count(tally: Tally, isRight: boolean, message: object): void {
  tally.decided += 1;
  if (!isRight && tally.wrong.length < FEW) tally.wrong.push(message);
}

describe('the decision table of rules 5', () => {
  const { never, fees } = walk();

  it('was walked in full', () => {
    // Wishes, the back-up routine and evidence, each with every age, form and consent; and all terms with
    // each of them.
    expect(wishes).toHaveLength(3 * 4 * 2 * 36);
    expect(backUp).toHaveLength(36);
    expect(evidence).toHaveLength((2 * 6 + 4) * 2 * 4 * 2 * 3 * 36);
    expect(allTerms).toHaveLength(48);
    expect(Object.values(fees).reduce((sum, n) => sum + n)).toBe(1_370_304);
    expect(Object.values(fees).every((n) => n > 0)).toBe(true);
  });

  const named = (row: Row<unknown>): [string, Row<unknown>] => [`${row.rule} ${row.says}`, row];
  it.each([...outcomeTable, ...feeTable, ...payerTable].map(named))('%s', (_, row) => {
    const { decided, wrong } = tallies.get(row)!;
    expect(wrong).toEqual([]);
    // A row that decides nothing would be a rule that nobody tested.
    expect(decided).toBeGreaterThan(0);
  });

  /** A case that costs a missed-visit fee: everything was in order, and the patient never came. */
  const noShow: Facts = {
    acted: 'nobody',
    received: 'days-before',
    cancellationNoticeHours: 24,
    clinic: 'waited',
    came: 'nobody',
    tried: 'no',
    lost: 'nothing',
    reached: 'yes',
    interpreter: 'not-needed',
    consent: 'given',
    form: 'filled-in',
    agreed: 'yes',
    told: 'yes',
    correspondsToVisit: 'yes',
    timeSet: 'with-notice',
    age: 40 as Facts['age'],
    protectedIdentity: 'no',
  };

  it.each(neverTable.map((row, n) => [`${row.rule} ${row.says}`, row.instead, n] as const))(
    'never a missed-visit fee where %s',
    (_, instead, n) => {
      expect(never[n]).toEqual([]);
      // And it is this fact alone that makes the difference.
      expect(costs(noShow).kind).toBe('missed-visit-fee');
      expect(costs({ ...noShow, ...instead }).kind).toBe('none');
    },
  );
});

// --- the borders, by hand ----------------------------------------------------------------------------------

const usual: Omit<FeeFacts, 'cause'> = {
  terms: { agreed: true, toldOfFee: true, correspondsToVisit: true },
  setInsideCancellationNoticeByClinic: false,
  somethingMissing: false,
  consentRefused: false,
  age: 40,
  protectedIdentity: false,
};
const missedVisitFee = { kind: 'missed-visit-fee', payer: 'patient', needsApproval: true };
const visitFee = { kind: 'visit-fee', payer: 'patient', needsApproval: false };
const nothing = { kind: 'none', payer: null, needsApproval: false };

const cancelledByPatient = (at: Date, startAt = START, cancellationNoticeHours = 24): FeeDecision =>
  decideFee({
    ...usual,
    cause: cancellationOutcome('patient', at.toISOString(), startAt, cancellationNoticeHours),
  });

describe('the borders of the notice', () => {
  it('R5.3 exactly 24 hours before is in time; 24 hours less a millisecond costs', () => {
    expect(cancelledByPatient(after(START, -24 * HOUR))).toMatchObject(nothing);
    expect(cancelledByPatient(after(START, -24 * HOUR + 1))).toMatchObject(missedVisitFee);
  });

  it('R5.3 where the kallelse says 48 hours, 24 hours before is late', () => {
    expect(cancelledByPatient(after(START, -48 * HOUR), START, 48)).toMatchObject(nothing);
    expect(cancelledByPatient(after(START, -48 * HOUR + 1), START, 48)).toMatchObject(missedVisitFee);
    expect(cancelledByPatient(after(START, -24 * HOUR), START, 48)).toMatchObject(missedVisitFee);
  });

  it.each([
    ['forward', 24, { day: '2027-03-28', clock: '10:00' }, { day: '2027-03-27', clock: '09:00' }],
    ['back', 24, { day: '2026-10-25', clock: '10:00' }, { day: '2026-10-24', clock: '11:00' }],
    ['forward', 48, { day: '2027-03-29', clock: '10:00' }, { day: '2027-03-27', clock: '09:00' }],
    ['back', 48, { day: '2026-10-26', clock: '10:00' }, { day: '2026-10-24', clock: '11:00' }],
  ])(
    'R5.3 when the clock is put %s the notice of %i hours is elapsed time, not the same time of day',
    (_, hours, start, last) => {
      const startAt = stockholmInstant(start.day, start.clock).toISOString();
      const border = stockholmInstant(last.day, last.clock);
      expect(cancelledByPatient(border, startAt, hours)).toMatchObject(nothing);
      expect(cancelledByPatient(after(border, 1), startAt, hours)).toMatchObject(missedVisitFee);
    },
  );

  it('R1.5 R5.1 the clinic may cancel in the last millisecond', () => {
    const cause = cancellationOutcome('clinic', after(START, -1).toISOString(), START, 24);
    expect(decideFee({ ...usual, cause })).toMatchObject(nothing);
  });
});

describe('a time set inside the notice', () => {
  /** What missing a time costs that was set then, and by whom. */
  const missing = (by: Changer, setAt: Date, cause: FeeFacts['cause']): FeeDecision =>
    decideFee({
      ...usual,
      setInsideCancellationNoticeByClinic:
        by === 'clinic' && insideCancellationNotice(setAt.toISOString(), START, 24),
      cause,
    });
  const causes = ['no-show', 'cancelled-late', 'rebooked-late'] as const;

  it.each(causes)('R5.5 booked or moved by the clinic three hours before, %s costs nothing', (cause) => {
    expect(missing('clinic', after(START, -3 * HOUR), cause)).toEqual({
      ...nothing,
      because: [{ rule: 'R5.5', reason: 'clinic-set-the-time-inside-the-notice' }],
    });
  });

  it.each(causes)(
    'R5.5 set by the clinic exactly 24 hours before, %s costs; a millisecond later not',
    (cause) => {
      expect(missing('clinic', after(START, -24 * HOUR), cause)).toMatchObject(missedVisitFee);
      expect(missing('clinic', after(START, -24 * HOUR + 1), cause)).toMatchObject(nothing);
    },
  );

  it.each(causes)('R1.5 R5.3 moved there by the patient, %s costs', (cause) => {
    expect(missing('patient', after(START, -3 * HOUR), cause)).toMatchObject(missedVisitFee);
  });

  it('R5.2 booked inside the notice and attended costs the visit', () => {
    expect(missing('clinic', after(START, -3 * HOUR), 'completed')).toMatchObject(visitFee);
  });
});

describe('rebooked late', () => {
  it('R1.5 R5.2 and then attended: the missed time and the visit, each by its own start version', () => {
    expect(insideCancellationNotice(after(START, -HOUR).toISOString(), START, 24)).toBe(true);
    expect(decideFee({ ...usual, cause: 'rebooked-late' })).toEqual({
      ...missedVisitFee,
      because: [{ rule: 'R5.3', reason: 'rebooked-late' }],
    });

    const later = minutesAfter(START, 7 * 24 * 60);
    const attended = settleOutcome(timeAt(later, 2), {
      stays: [
        { ...stay('staff', 0, 30), joinedAt: later, leftAt: null },
        { ...stay('patient', 0, 30), joinedAt: minutesAfter(later, 1), leftAt: null },
      ],
      guardianActs: false,
      gates: { consentGiven: true, formsMissing: [] },
      tries: 0,
      letInButNotSeen: { clinic: false, patient: false },
      noticeReached: true,
      gaps: [],
      remindersLost: false,
      interpreter: 'not-needed',
    });
    expect(attended.outcome).toBe('completed');
    expect(decideFee({ ...usual, cause: attended.outcome })).toMatchObject(visitFee);
  });
});

describe('the borders of age', () => {
  const whoPays = (birthDate: string, startAt: Date, cause: FeeFacts['cause'] = 'completed') => {
    const { payer, needsApproval } = decideFee({ ...usual, cause, age: ageAt(birthDate, startAt) });
    return { payer, needsApproval };
  };
  // A Monday's midnight in Stockholm, on which somebody has a birthday.
  const midnight = stockholmInstant('2026-11-23', '00:00');
  const before = after(midnight, -1);

  it.each(['completed', 'no-show', 'cancelled-late', 'rebooked-late'] as const)(
    'R5.10 at 12 the guardian pays, at 13 and 17 staff decide, at 18 the patient pays: %s',
    (cause) => {
      expect(whoPays('2013-11-23', before, cause)).toEqual({ payer: 'guardian', needsApproval: true });
      expect(whoPays('2013-11-23', midnight, cause)).toEqual({ payer: 'staff-decides', needsApproval: true });
      expect(whoPays('2008-11-23', before, cause)).toEqual({ payer: 'staff-decides', needsApproval: true });
      expect(whoPays('2008-11-23', midnight, cause)).toEqual({
        payer: 'patient',
        needsApproval: cause !== 'completed',
      });
    },
  );

  it('R5.7 a visit of one who is 84 goes out by itself, of one who is 85 not', () => {
    expect(whoPays('1942-11-23', midnight)).toEqual({ payer: 'patient', needsApproval: false });
    expect(whoPays('1941-11-23', before)).toEqual({ payer: 'patient', needsApproval: false });
    expect(whoPays('1941-11-23', midnight)).toEqual({ payer: 'patient', needsApproval: true });
  });
});

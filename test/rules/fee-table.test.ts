import fc from 'fast-check';
import { daysLater } from '../../rules/calendar-date';
import { amountOre, type FeeRow } from '../../rules/fee';
import {
  feeTableChanges,
  feeTableProblems,
  overlaps,
  type FeeTableFacts,
  type FeeTableProblem,
} from '../../rules/fee-table';

const row = (
  validFrom: string,
  validUntil: string | null,
  visitFeeOre = 30_000,
  feeCode = 'visit',
): FeeRow => ({
  feeCode,
  validFrom,
  validUntil,
  visitFeeOre,
  missedVisitFeeOre: 40_000,
});

const today = '2026-11-23';
const facts = (inForce: FeeRow[], booked: FeeTableFacts['booked'] = []): FeeTableFacts => ({
  inForce,
  today,
  booked,
});
const told = (problems: FeeTableProblem[]) =>
  problems.map(({ row: index, column, reason, day }) => [index, column, reason, day]);

describe('a fee table in itself', () => {
  it('R5.9 may have each code’s years one after the other, in any order, and other codes beside them', () => {
    const rows = [
      row('2027-01-01', null),
      row('2026-01-01', '2026-12-31'),
      row('2026-06-01', null, 10_000, 'phone'),
      row('2025-01-01', '2025-12-31'),
    ];
    expect(feeTableProblems(rows, facts([]))).toEqual([]);
  });

  it('R5.9 has one amount for a code and a day: an overlap is told at the row that begins inside another', () => {
    const rows = [row('2026-01-01', '2026-12-31'), row('2026-12-31', null), row('2026-06-01', '2026-06-02')];
    expect(told(overlaps(rows))).toEqual([
      [2, 'validFrom', 'overlap', '2026-06-01'],
      [1, 'validFrom', 'overlap', '2026-12-31'],
    ]);
    expect(told(feeTableProblems(rows, facts([])))).toEqual([
      [1, 'validFrom', 'overlap', '2026-12-31'],
      [2, 'validFrom', 'overlap', '2026-06-01'],
    ]);
    expect(overlaps([row('2026-01-01', null), row('2026-01-01', null, 1, 'phone')])).toEqual([]);
    expect(told(overlaps([row('2026-01-01', null), row('2030-01-01', null)]))).toEqual([
      [1, 'validFrom', 'overlap', '2030-01-01'],
    ]);
  });

  it('R5.9 has no gap inside a code’s years, also not of one day', () => {
    const rows = [row('2026-01-01', '2026-12-30'), row('2027-01-01', null)];
    expect(told(feeTableProblems(rows, facts([])))).toEqual([[1, 'validFrom', 'gap', '2026-12-31']]);
  });

  it('R5.9 goes to the last day of the calendar', () => {
    const rows = [row('2026-01-01', '9999-12-31'), row('9999-12-31', null)];
    expect(told(feeTableProblems(rows, facts([])))).toEqual([[1, 'validFrom', 'overlap', '9999-12-31']]);
  });
});

describe('a fee table after another one', () => {
  const inForce = [row('2025-01-01', '2025-12-31', 20_000), row('2026-01-01', null)];

  it('R5.9 may end the row in force today or later, and go on with another amount', () => {
    for (const last of ['2026-11-22', '2026-11-23', '2026-12-31']) {
      const rows = [inForce[0]!, row('2026-01-01', last), row(daysLater(last, 1), null, 35_000)];
      expect(feeTableProblems(rows, facts(inForce))).toEqual([]);
    }
  });

  it('R5.9 may not change an amount of a day that has passed, yesterday neither', () => {
    const rows = [inForce[0]!, row('2026-01-01', '2026-11-21'), row('2026-11-22', null, 35_000)];
    expect(told(feeTableProblems(rows, facts(inForce)))).toEqual([
      [2, 'visitFeeOre', 'past-amount-changed', '2026-11-22'],
    ]);
  });

  it('R5.9 tells which of the two amounts is another', () => {
    const rows = [inForce[0]!, { ...inForce[1]!, visitFeeOre: 1, missedVisitFeeOre: 2 }];
    expect(told(feeTableProblems(rows, facts(inForce)))).toEqual([
      [1, 'visitFeeOre', 'past-amount-changed', '2026-01-01'],
      [1, 'missedVisitFeeOre', 'past-amount-changed', '2026-01-01'],
    ]);
  });

  it('R5.9 may not leave a passed day out: at the row after it, the row before it, or no row at all', () => {
    expect(
      told(feeTableProblems([row('2025-06-01', '2025-12-31', 20_000), inForce[1]!], facts(inForce))),
    ).toEqual([[0, 'validFrom', 'past-amount-removed', '2025-01-01']]);
    expect(told(feeTableProblems([inForce[0]!, row('2026-01-01', '2026-11-21')], facts(inForce)))).toEqual([
      [1, 'validUntil', 'past-amount-removed', '2026-11-22'],
    ]);
    expect(told(feeTableProblems([row('2027-01-01', null, 1, 'phone')], facts(inForce)))).toEqual([
      [null, null, 'past-amount-removed', '2025-01-01'],
    ]);
  });

  it('R5.9 may add an amount where a passed day had none', () => {
    const rows = [row('2020-01-01', '2024-12-31', 10_000), ...inForce, row('2010-01-01', null, 5, 'phone')];
    expect(feeTableProblems(rows, facts(inForce))).toEqual([]);
  });

  it('R5.9 may remove or change what has not begun to be in force', () => {
    const ahead = [...inForce.slice(0, 1), row('2026-01-01', '2026-12-31'), row('2027-01-01', null, 35_000)];
    expect(feeTableProblems(ahead.slice(0, 2), facts(ahead))).toEqual([]);
    expect(feeTableProblems([...ahead.slice(0, 2), row('2027-01-01', null, 1)], facts(ahead))).toEqual([]);
  });

  it('R5.9 a passed row may be split or joined with the same amounts', () => {
    const split = [
      row('2025-01-01', '2025-03-31', 20_000),
      row('2025-04-01', '2025-12-31', 20_000),
      inForce[1]!,
    ];
    expect(feeTableProblems(split, facts(inForce))).toEqual([]);
    expect(feeTableProblems(inForce, facts(split))).toEqual([]);
  });

  it('R5.9 a code with open meetings stays, and covers the days that they start on', () => {
    const booked = [
      { feeCode: 'phone', day: '2026-12-02' },
      { feeCode: 'phone', day: '2026-12-01' },
      { feeCode: 'visit', day: '2027-02-01' },
      { feeCode: 'visit', day: '2026-12-31' },
    ];
    expect(
      told(feeTableProblems([inForce[0]!, row('2026-01-01', '2026-12-31')], facts(inForce, booked))),
    ).toEqual([
      [1, 'validUntil', 'booked-day-not-covered', '2027-02-01'],
      [null, null, 'booked-code-missing', '2026-12-01'],
    ]);
    const rows = [...inForce, row('2026-12-02', null, 5, 'phone')];
    expect(told(feeTableProblems(rows, facts(inForce, booked)))).toEqual([
      [2, 'validFrom', 'booked-day-not-covered', '2026-12-01'],
    ]);
  });

  it('R5.9 does not judge what is missing while rows are unreadable, but what is wrong in the others', () => {
    const rows = [row('2026-01-01', '2026-06-30', 1), row('2026-08-01', null, 1)];
    const booked = [{ feeCode: 'phone', day: '2026-12-01' }];
    expect(told(feeTableProblems(rows, facts(inForce, booked), false))).toEqual([
      [0, 'visitFeeOre', 'past-amount-changed', '2026-01-01'],
      [1, 'visitFeeOre', 'past-amount-changed', '2026-08-01'],
    ]);
  });
});

describe('in general', () => {
  /** Rows around today, of few codes, days and amounts, so that they meet. */
  const anyRow = fc
    .record({
      feeCode: fc.constantFrom('visit', 'phone'),
      from: fc.integer({ min: -12, max: 12 }),
      length: fc.option(fc.integer({ min: 0, max: 10 })),
      visitFeeOre: fc.constantFrom(1, 2),
    })
    .map(({ feeCode, from, length, visitFeeOre }): FeeRow => ({
      feeCode,
      validFrom: daysLater(today, from),
      validUntil: length === null ? null : daysLater(today, from + length),
      visitFeeOre,
      missedVisitFeeOre: 3,
    }));
  const anyTable = fc.array(anyRow, { maxLength: 4 });
  const days = Array.from({ length: 60 }, (_, index) => daysLater(today, index - 20));
  const amountsOf = (rows: FeeRow[], feeCode: string, day: string): number[] =>
    rows
      .filter(({ validFrom, validUntil }) => validFrom <= day && (validUntil === null || day <= validUntil))
      .flatMap((each) => (each.feeCode === feeCode ? [each.visitFeeOre] : []));

  it('R5.9 a table is taken exactly where, day by day, nothing speaks against it', () => {
    const booked = [{ feeCode: 'visit', day: daysLater(today, 3) }];
    fc.assert(
      fc.property(anyTable, anyTable, (before, rows) => {
        fc.pre(overlaps(before).length === 0);
        const problems = feeTableProblems(rows, facts(before, booked));
        const right = ['visit', 'phone'].every((feeCode) => {
          const amounts = days.map((day) => amountsOf(rows, feeCode, day));
          const covered = amounts.flatMap((each, index) => (each.length > 0 ? [index] : []));
          const withoutGap = covered.length === 0 || covered.length === covered.at(-1)! - covered[0]! + 1;
          const past = days
            .filter((day) => day < today)
            .every((day) => {
              const [old] = amountsOf(before, feeCode, day);
              return old === undefined || amountsOf(rows, feeCode, day).includes(old);
            });
          const once = amounts.every(({ length }) => length <= 1);
          return once && withoutGap && past;
        });
        const covers = amountsOf(rows, 'visit', daysLater(today, 3)).length > 0;
        expect(problems.length === 0).toBe(right && covers);
      }),
      { numRuns: 2000 },
    );
  });

  it('R5.9 a table that is taken leaves every charged amount as it was', () => {
    fc.assert(
      fc.property(anyTable, anyTable, (before, rows) => {
        fc.pre(overlaps(before).length === 0 && feeTableProblems(rows, facts(before)).length === 0);
        const past = days.filter((day) => day < today);
        for (const feeCode of ['visit', 'phone']) {
          const charged = (table: FeeRow[]) =>
            past
              .filter((day) => amountOre(before, feeCode, day, 'visit-fee') !== null)
              .map((day) => amountOre(table, feeCode, day, 'visit-fee'));
          expect(charged(rows)).toEqual(charged(before));
        }
      }),
    );
  });

  it('R5.9 the same table again changes nothing, whatever its order', () => {
    fc.assert(
      fc.property(anyTable, (rows) => {
        fc.pre(feeTableProblems(rows, facts([])).length === 0);
        const again = [...rows].reverse();
        expect(feeTableProblems(again, facts(rows))).toEqual([]);
        expect(feeTableChanges(rows, again)).toEqual({
          added: [],
          ended: [],
          changed: [],
          unchanged: rows.length,
        });
      }),
    );
  });
});

describe('what a table changes', () => {
  it('R5.9 is told: added, ended, changed, and the number of rows that stay', () => {
    const [stays, ends, goes, changes, grows] = [
      row('2025-01-01', '2025-12-31'),
      row('2026-01-01', null),
      row('2027-01-01', null, 1, 'phone'),
      row('2027-01-01', null, 1, 'letter'),
      row('2026-01-01', '2026-12-31', 1, 'chat'),
    ];
    const added = row('2027-01-01', null, 31_000);
    const after = { ends: row('2026-01-01', '2026-12-31'), changes: row('2027-01-01', null, 2, 'letter') };
    const grown = row('2026-01-01', null, 1, 'chat');
    expect(
      feeTableChanges([stays, ends, goes, changes, grows], [stays, after.ends, added, after.changes, grown]),
    ).toEqual({
      added: [added],
      ended: [ends, goes],
      changed: [
        { before: changes, after: after.changes },
        { before: grows, after: grown },
      ],
      unchanged: 1,
    });
  });
});

describe('daysLater', () => {
  it.each([
    ['2026-12-31', 1, '2027-01-01'],
    ['2028-02-28', 1, '2028-02-29'],
    ['2026-03-01', -1, '2026-02-28'],
    ['2026-10-25', 0, '2026-10-25'],
  ])('%s and %i days is %s', (day, days, expected) => {
    expect(daysLater(day, days)).toBe(expected);
  });
});

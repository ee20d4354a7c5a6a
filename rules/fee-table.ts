import { daysLater } from './calendar-date';
import type { FeeRow } from './fee';

/** A clinic's fee table as a whole: its limits, what is wrong with a new one, and what it changes (R5.9). */

/** As many rows as a table may have. */
export const MOST_FEE_ROWS = 500;
/** The highest amount in öre that is believed; more is a slip of the pen. */
export const MOST_FEE_ORE = 1_000_000;
/** What a fee code looks like. */
export const feeCodePattern = /^[a-z0-9-]{1,40}$/;

/**
 * One fault of a fee table, and where it is: the row by its index, and the column. They are null if no row of
 * the table shows it.
 */
export interface FeeTableProblem {
  row: number | null;
  column: keyof FeeRow | null;
  reason:
    | 'overlap'
    | 'gap'
    | 'past-amount-changed'
    | 'past-amount-removed'
    | 'booked-code-missing'
    | 'booked-day-not-covered';
  feeCode: string;
  /** The first day concerned. */
  day: string;
}

/** What a new table is held against. */
export interface FeeTableFacts {
  /** The rows now in force. */
  inForce: FeeRow[];
  /** Today in Stockholm, as `YYYY-MM-DD`. */
  today: string;
  /**
   * The bookings of meetings that are not over: their fee codes, and the days of their starts in Stockholm.
   */
  booked: { feeCode: string; day: string }[];
}

/** What a new table changes. A row is known by its code and the day that it is valid from. */
export interface FeeTableChanges {
  added: FeeRow[];
  /** Rows as they are in force that now end earlier, or are gone. */
  ended: FeeRow[];
  changed: { before: FeeRow; after: FeeRow }[];
  unchanged: number;
}

/**
 * The rows that begin while another row of the same code is valid: chance would decide which amount is
 * charged (R5.9).
 */
export function overlaps(rows: FeeRow[]): FeeTableProblem[] {
  return neighbours(rows).flatMap(([before, { row, index }]) =>
    row.validFrom <= endOf(before.row)
      ? [problem('overlap', { row: index, column: 'validFrom' }, row, row.validFrom)]
      : [],
  );
}

/**
 * All faults of a new table, at once. An empty list means that it may replace the one in force (R5.9). Past
 * charges stay explainable: no amount of a day before today is changed or removed. One may be added if there
 * was none.
 * @param complete false if some of the table's rows could not be read; then missing rows are no fault
 */
export function feeTableProblems(rows: FeeRow[], facts: FeeTableFacts, complete = true): FeeTableProblem[] {
  const found = [
    ...overlaps(rows),
    ...(complete ? gaps(rows) : []),
    ...pastProblems(rows, facts).filter(({ reason }) => complete || reason !== 'past-amount-removed'),
    ...(complete ? bookedProblems(rows, facts) : []),
  ];
  // Several days or meetings may show the same fault in the same place: told once, with the first day.
  const first = new Map<string, FeeTableProblem>();
  for (const each of found.sort((a, b) => compare(a.day, b.day))) {
    const place = [each.row, each.column, each.reason, each.feeCode].join(' ');
    if (!first.has(place)) first.set(place, each);
  }
  return [...first.values()].sort((a, b) => (a.row ?? Infinity) - (b.row ?? Infinity));
}

/** What the new table adds, ends, changes and leaves as it is. */
export function feeTableChanges(inForce: FeeRow[], rows: FeeRow[]): FeeTableChanges {
  const changes: FeeTableChanges = { added: [], ended: [], changed: [], unchanged: 0 };
  const before = new Map(inForce.map((row) => [keyOf(row), row]));
  for (const after of rows) {
    const known = before.get(keyOf(after));
    before.delete(keyOf(after));
    if (!known) changes.added.push(after);
    else if (!sameAmounts(known, after)) changes.changed.push({ before: known, after });
    else if (endOf(after) < endOf(known)) changes.ended.push(known);
    else if (endOf(after) > endOf(known)) changes.changed.push({ before: known, after });
    else changes.unchanged += 1;
  }
  changes.ended.push(...before.values());
  return changes;
}

function gaps(rows: FeeRow[]): FeeTableProblem[] {
  return neighbours(rows).flatMap(([before, { row, index }]) => {
    const { validUntil } = before.row;
    if (validUntil === null || row.validFrom <= validUntil) return [];
    const day = daysLater(validUntil, 1);
    return row.validFrom > day ? [problem('gap', { row: index, column: 'validFrom' }, row, day)] : [];
  });
}

/** Amounts of days before today that the new table has otherwise, or no longer. */
function pastProblems(rows: FeeRow[], { inForce, today }: FeeTableFacts): FeeTableProblem[] {
  const yesterday = daysLater(today, -1);
  return inForce.flatMap((old) => {
    const until = earlier(endOf(old), yesterday);
    const problems: FeeTableProblem[] = [];
    let day = old.validFrom;
    for (const { row, index } of ofCode(rows, old.feeCode)) {
      if (day > until || row.validFrom > until) break;
      if (endOf(row) < day) continue;
      if (row.validFrom > day) {
        problems.push(problem('past-amount-removed', placeBeside(rows, old.feeCode, day), old, day));
      }
      const from = later(row.validFrom, day);
      for (const column of ['visitFeeOre', 'missedVisitFeeOre'] as const) {
        if (row[column] !== old[column])
          problems.push(problem('past-amount-changed', { row: index, column }, row, from));
      }
      if (endOf(row) >= until) return problems;
      day = daysLater(endOf(row), 1);
    }
    if (day <= until) {
      problems.push(problem('past-amount-removed', placeBeside(rows, old.feeCode, day), old, day));
    }
    return problems;
  });
}

/** Open meetings whose fee the new table could not tell. */
function bookedProblems(rows: FeeRow[], { booked }: FeeTableFacts): FeeTableProblem[] {
  return [...new Set(booked.map(({ feeCode }) => feeCode))].flatMap((feeCode) => {
    const known = ofCode(rows, feeCode);
    const reason = known.length === 0 ? 'booked-code-missing' : 'booked-day-not-covered';
    return booked
      .filter((each) => each.feeCode === feeCode)
      .filter(({ day }) => !known.some(({ row }) => row.validFrom <= day && day <= endOf(row)))
      .map(({ day }) => problem(reason, placeBeside(rows, feeCode, day), { feeCode }, day));
  });
}

type Place = Pick<FeeTableProblem, 'row' | 'column'>;
interface IndexedRow {
  row: FeeRow;
  index: number;
}

const problem = (
  reason: FeeTableProblem['reason'],
  place: Place,
  { feeCode }: Pick<FeeRow, 'feeCode'>,
  day: string,
): FeeTableProblem => ({ ...place, reason, feeCode, day });

/**
 * Where one looks for a day that the code does not cover: the row that begins after it, else the one that
 * ends before it.
 */
function placeBeside(rows: FeeRow[], feeCode: string, day: string): Place {
  const known = ofCode(rows, feeCode);
  const next = known.find(({ row }) => row.validFrom > day);
  if (next) return { row: next.index, column: 'validFrom' };
  const last = known.at(-1);
  return last ? { row: last.index, column: 'validUntil' } : { row: null, column: null };
}

/** A code's rows in the order of their days. */
const ofCode = (rows: FeeRow[], feeCode: string): IndexedRow[] =>
  rows
    .map((row, index) => ({ row, index }))
    .filter(({ row }) => row.feeCode === feeCode)
    .sort((a, b) => compare(a.row.validFrom, b.row.validFrom));

/** Each row that has one of the same code before it, with the one before it that is valid longest. */
function neighbours(rows: FeeRow[]): [before: IndexedRow, row: IndexedRow][] {
  return [...new Set(rows.map(({ feeCode }) => feeCode))].flatMap((feeCode) => {
    const pairs: [IndexedRow, IndexedRow][] = [];
    let longest: IndexedRow | null = null;
    for (const each of ofCode(rows, feeCode)) {
      if (longest) pairs.push([longest, each]);
      if (!longest || endOf(each.row) > endOf(longest.row)) longest = each;
    }
    return pairs;
  });
}

/** The last day of a row; one without an end is valid for as long as there are days. */
const endOf = ({ validUntil }: FeeRow): string => validUntil ?? '9999-12-31';
const keyOf = ({ feeCode, validFrom }: FeeRow): string => `${feeCode} ${validFrom}`;
const sameAmounts = (one: FeeRow, other: FeeRow): boolean =>
  one.visitFeeOre === other.visitFeeOre && one.missedVisitFeeOre === other.missedVisitFeeOre;
const earlier = (one: string, other: string): string => (one < other ? one : other);
const later = (one: string, other: string): string => (one > other ? one : other);
const compare = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);

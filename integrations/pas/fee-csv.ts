import { CsvError, parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';
import { FIRST_YEAR, isCalendarDate, LAST_YEAR } from '../../rules/calendar-date';
import type { FeeRow } from '../../rules/fee';
import { feeCodePattern, MOST_FEE_ORE, MOST_FEE_ROWS } from '../../rules/fee-table';
import { holdsIdentity } from '../../rules/personal-number';
import { plain } from '../../rules/typed';

/**
 * A clinic's fee table as the file that it is exchanged in (R5.9): one line for each row, amounts in whole
 * öre.
 */

/** The columns of the file, in this order; its first line names them. */
export const feeColumns = [
  'feeCode',
  'validFrom',
  'validUntil',
  'visitFeeOre',
  'missedVisitFeeOre',
] as const satisfies readonly (keyof FeeRow)[];
type FeeColumn = (typeof feeColumns)[number];

/**
 * What is wrong with a file, and where; lines count from 1. No word of the file is repeated: it may be any
 * file.
 */
export interface FeeCsvProblem {
  line: number | null;
  column: FeeColumn | null;
  reason: 'unreadable' | 'wrong-header' | 'no-rows' | 'too-many-rows' | 'wrong-column-count' | 'wrong-value';
  message: string;
}

/** The rows that could be read, each with its line, and all that could not. */
export interface ReadFeeCsv {
  rows: { line: number; row: FeeRow }[];
  problems: FeeCsvProblem[];
}

/** A line that is longer is none of a fee table. */
const MOST_LINE_CHARACTERS = 500;

/**
 * Reads a fee table's file: delimited by `;` or `,`, whichever its first line has, with or without a byte
 * order mark. As spreadsheets write it, rows and columns with nothing in them are no part of the table.
 */
export function readFeeCsv(text: string): ReadFeeCsv {
  const lines = parsedLines(text);
  if ('line' in lines) return { rows: [], problems: [lines] };
  const [header, ...rest] = lines;
  if (!header || !isHeader(header.values)) {
    return refused(1, 'wrong-header', `must name the columns ${feeColumns.join(';')}`);
  }
  if (rest.length === 0) return refused(null, 'no-rows', 'must have at least one row');
  if (rest.length > MOST_FEE_ROWS)
    return refused(null, 'too-many-rows', `must have at most ${MOST_FEE_ROWS} rows`);

  const read: ReadFeeCsv = { rows: [], problems: [] };
  for (const { line, values } of rest) {
    const problems = lineProblems(line, values);
    if (problems.length > 0) read.problems.push(...problems);
    else read.rows.push({ line, row: rowOf(values) });
  }
  return read;
}

/** The file of a table, which reads back as the same rows. */
export function feeCsv(rows: FeeRow[]): string {
  return stringify(
    rows.map((row) => feeColumns.map((column) => row[column])),
    { header: true, columns: [...feeColumns], delimiter: ';', record_delimiter: 'windows' },
  );
}

const isHeader = (values: string[]): boolean =>
  values.length === feeColumns.length && feeColumns.every((column, index) => column === values[index]);

interface Line {
  line: number;
  values: string[];
}

function parsedLines(text: string): Line[] | FeeCsvProblem {
  const firstLine = /^\uFEFF?[\r\n]*([^\r\n]*)/.exec(text)?.[1] ?? '';
  try {
    const records = parse(text, {
      bom: true,
      // One for the whole file: a decimal comma in a file of semicolons must not become a column.
      delimiter: firstLine.includes(';') ? ';' : ',',
      record_delimiter: ['\r\n', '\n', '\r'],
      info: true,
      relax_column_count: true,
      skip_empty_lines: true,
      max_record_size: MOST_LINE_CHARACTERS,
    }) as unknown as { record: string[]; info: { lines: number } }[];
    return records
      .map(({ record, info }) => ({ line: info.lines, values: withoutEmptyEnd(record.map(pastedCell)) }))
      .filter(({ values }) => values.some((value) => value !== ''));
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const line = typeof error.lines === 'number' ? error.lines : null;
    return { line, column: null, reason: 'unreadable', message: 'cannot be read as CSV' };
  }
}

/** In plain characters, without the apostrophe by which spreadsheets keep a number as it was typed. */
const pastedCell = (text: string): string => plain(text).replace(/^'(?=\d)/, '');

/** A row as wide as the table, where what stands beyond is empty. */
function withoutEmptyEnd(values: string[]): string[] {
  const beyond = values.slice(feeColumns.length);
  return beyond.every((value) => value === '') ? values.slice(0, feeColumns.length) : values;
}

function lineProblems(line: number, values: string[]): FeeCsvProblem[] {
  if (values.length !== feeColumns.length) {
    const message = `must have ${feeColumns.length} values`;
    return [{ line, column: null, reason: 'wrong-column-count', message }];
  }
  const wrong = feeColumns.filter((column, index) => !checks[column].fits(values[index]!));
  const { validFrom, validUntil } = rowOf(values);
  if (wrong.length === 0 && validUntil !== null && validUntil < validFrom) wrong.push('validUntil');
  return wrong.map((column) => ({ line, column, reason: 'wrong-value', message: checks[column].must }));
}

/** Digits, with or without a space before each three from the end, as spreadsheets write thousands. */
const isAmount = (text: string): boolean =>
  /^(?:\d{1,7}|\d{1,3}(?: \d{3})+)$/.test(text) && oreOf(text) <= MOST_FEE_ORE;
const oreOf = (text: string): number => Number(text.replaceAll(' ', ''));
// 300,00 in a column of öre: nobody can say whether that is three hundred öre or kronor, so it is refused
// with the way to write it.
const amountMust = `must be whole öre from 0 to ${MOST_FEE_ORE}, without decimals: 300 kr is 30000`;

const dayMust = `must be a day that exists, as YYYY-MM-DD, in the years ${FIRST_YEAR} to ${LAST_YEAR}`;

const checks: Record<FeeColumn, { fits: (text: string) => boolean; must: string }> = {
  feeCode: {
    fits: (text) => feeCodePattern.test(text) && !holdsIdentity(text),
    must: 'must be 1-40 of a-z 0-9 -, and no personal number',
  },
  validFrom: { fits: isCalendarDate, must: dayMust },
  validUntil: {
    fits: (text) => text === '' || isCalendarDate(text),
    must: `${dayMust}, or empty, and not before validFrom`,
  },
  visitFeeOre: { fits: isAmount, must: amountMust },
  missedVisitFeeOre: { fits: isAmount, must: amountMust },
};

function rowOf(values: string[]): FeeRow {
  const [feeCode = '', validFrom = '', validUntil = '', visitFeeOre = '', missedVisitFeeOre = ''] = values;
  return {
    feeCode,
    validFrom,
    validUntil: validUntil === '' ? null : validUntil,
    visitFeeOre: oreOf(visitFeeOre),
    missedVisitFeeOre: oreOf(missedVisitFeeOre),
  };
}

const refused = (line: number | null, reason: FeeCsvProblem['reason'], message: string): ReadFeeCsv => ({
  rows: [],
  problems: [{ line, column: null, reason, message }],
});

import { readFeeCsv, type FeeCsvProblem } from '../../integrations/pas/fee-csv';
import type { FeeTable } from '../../records/clinics';
import { inStockholm } from '../../rules/calendar/stockholm';
import type { FeeRow } from '../../rules/fee';
import {
  feeTableChanges,
  feeTableProblems,
  type FeeTableChanges,
  type FeeTableProblem,
} from '../../rules/fee-table';
import { msOf } from '../../rules/instant';
import type { ImportFees } from './bodies';
import { problem, type CarryOut, type CommandDeps, type FieldProblem } from '../command';

/** One thing that is wrong with a new fee table, at its place in the file as far as it is one. */
export interface WrongFee {
  line: number | null;
  column: FeeCsvProblem['column'];
  reason: FeeCsvProblem['reason'] | FeeTableProblem['reason'];
  /** The code, and the first day, that a fault of the table as a whole is about. */
  about: Pick<FeeTableProblem, 'feeCode' | 'day'> | null;
  /** For people, in English. */
  message: string;
}

/** A file held against the fee table that is in force. */
export interface CheckedFees {
  /** In force. */
  table: FeeTable;
  rows: FeeRow[];
  /** Everything that is wrong; nothing where the file can take the table's place. */
  problems: WrongFee[];
  changes: FeeTableChanges;
}

/** Reads a fee table's file and tells all that is wrong with it, or what it would change (R5.9). */
export async function checkFees(
  { records, clock }: Pick<CommandDeps, 'records' | 'clock'>,
  clinicId: string,
  csv: string,
): Promise<CheckedFees> {
  const file = readFeeCsv(csv);
  const rows = file.rows.map(({ row }) => row);
  const table = await records.clinics.feeTable(clinicId);
  const booked = await records.meetings.feesBooked(clinicId);
  const ofTable = feeTableProblems(
    rows,
    {
      inForce: table.rows,
      today: inStockholm(clock.now()).toISODate(),
      booked: booked.map(({ feeCode, startAt }) => ({ feeCode, day: inStockholm(startAt).toISODate() })),
    },
    file.problems.length === 0,
  );
  const lineOf = (row: number | null): number | null =>
    row === null ? null : (file.rows[row]?.line ?? null);
  return {
    table,
    rows,
    problems: [
      ...file.problems.map((each) => ({ ...each, about: null })),
      ...ofTable.map((each) => ({
        line: lineOf(each.row),
        column: each.column,
        reason: each.reason,
        about: { feeCode: each.feeCode, day: each.day },
        message: words(each),
      })),
    ],
    changes: feeTableChanges(table.rows, rows),
  };
}

/**
 * Replaces the clinic's fee table by the one in a CSV file, or says all that is wrong with it and changes
 * nothing (R5.9). A dry run only says what would change.
 *
 * From a page it comes with `asRead`, the version of the table that the page has shown the changes of: if
 * another one is in force by now, nothing is changed.
 */
export const importFees: CarryOut<ImportFees> = async (deps, command) => {
  const { records } = deps;
  const { clinicId, params, body, commandId, receivedAt } = command;
  // Read, check and replace where nobody else has written meanwhile: the checks hold for what is really
  // replaced.
  for (;;) {
    const { table, rows, problems, changes } = await checkFees(deps, clinicId, body.csv);
    const isOther = params.asRead !== undefined && params.asRead !== String(table.version);
    if (isOther || (table.changedAt !== null && msOf(table.changedAt) > msOf(receivedAt))) {
      return problem(409, 'overtaken', 'Another change of the fees came after this one. Read them again.');
    }
    if (problems.length > 0) {
      const errors = problems.map(inFile);
      return problem(422, 'wrong-fee-table', 'The fee table cannot be taken. Nothing is changed.', errors);
    }
    const answer = { status: 200, body: { dryRun: body.dryRun, ...changes } };
    if (body.dryRun) return answer;
    // The answer goes with the table: a second run of the same command would find its own table in force, and
    // say that nothing changes.
    const isReplaced = await records.transaction(async (session) => {
      const replaced = await records.clinics.replaceFees(clinicId, rows, table.version, receivedAt, session);
      if (replaced) await records.commands.answer(commandId, answer, session);
      return replaced;
    });
    if (isReplaced) return answer;
  }
};

/** A place in the file: `/body/csv/<line>/<column>`, as far as it is one line and one column. */
const inFile = ({ line, column, reason, message }: WrongFee): FieldProblem => ({
  field: ['/body/csv', ...(line === null ? [] : [line, ...(column === null ? [] : [column])])].join('/'),
  reason,
  message,
});

function words({ reason, feeCode, day }: FeeTableProblem): string {
  switch (reason) {
    case 'overlap':
      return `${feeCode}: has another amount on ${day} already`;
    case 'gap':
      return `${feeCode}: has no amount on ${day}`;
    case 'past-amount-changed':
      return `${feeCode}: had another amount on ${day}, which has passed`;
    case 'past-amount-removed':
      return `${feeCode}: had an amount on ${day}, which has passed, and must keep it`;
    case 'booked-code-missing':
      return `${feeCode}: must stay, meetings are booked with it, the first on ${day}`;
    case 'booked-day-not-covered':
      return `${feeCode}: must have an amount on ${day}, when a meeting is booked with it`;
  }
}

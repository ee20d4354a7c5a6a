import { readFeeCsv, type FeeCsvProblem } from '../../integrations/pas/fee-csv';
import { inStockholm } from '../../rules/calendar/stockholm';
import { feeTableChanges, feeTableProblems, type FeeTableProblem } from '../../rules/fee-table';
import { msOf } from '../../rules/instant';
import type { ImportFees } from './bodies';
import { problem, type CarryOut, type FieldProblem } from '../command';

/**
 * Replaces the clinic's fee table by the one in a CSV file, or says all that is wrong with it and changes
 * nothing (R5.9). A dry run only says what would change.
 */
export const importFees: CarryOut<ImportFees> = async ({ records, clock }, command) => {
  const { clinicId, body, commandId, receivedAt } = command;
  const file = readFeeCsv(body.csv);
  const rows = file.rows.map(({ row }) => row);
  // Read, check and replace where nobody else has written meanwhile: the checks hold for what is really
  // replaced.
  for (;;) {
    const table = await records.clinics.feeTable(clinicId);
    if (table.changedAt !== null && msOf(table.changedAt) > msOf(receivedAt)) {
      return problem(409, 'overtaken', 'Another change of the fees came after this one. Read them again.');
    }
    const booked = await records.meetings.feesBooked(clinicId);
    const tableProblems = feeTableProblems(
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
    const problems = [
      ...file.problems.map((each) => inFile(each.line, each.column, each.reason, each.message)),
      ...tableProblems.map((each) => inFile(lineOf(each.row), each.column, each.reason, words(each))),
    ];
    if (problems.length > 0)
      return problem(422, 'wrong-fee-table', 'The fee table cannot be taken. Nothing is changed.', problems);

    const changes = feeTableChanges(table.rows, rows);
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
const inFile = (
  line: number | null,
  column: FeeCsvProblem['column'],
  reason: string,
  message: string,
): FieldProblem => ({
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

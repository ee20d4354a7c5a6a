import { stringify } from 'csv-stringify/sync';
import { inStockholm } from '../../rules/calendar/stockholm';
import type { FeeKind, Payer } from '../../rules/fee';
import type { Instant } from '../../rules/instant';

/**
 * One line of a billing file (R5.8): what is handed to the clinic's billing, or taken back. Described in
 * docs/billing-file.md.
 */
export interface BillingRow {
  invoiceId: string;
  /** `basis` is to be charged, `credit` takes a basis back. */
  type: 'basis' | 'credit';
  meetingId: string;
  startVersion: number;
  /** The PAS's own reference to the visit. */
  reference: string | null;
  /** Personal, co-ordination or reserve number. */
  patientNumber: string | null;
  /** `YYYY-MM-DD` */
  patientBirthDate: string;
  /** Decided by now, also from 13 to 17 (R5.10). */
  payer: Exclude<Payer, 'staff-decides'>;
  kind: Exclude<FeeKind, 'none'>;
  feeCode: string;
  /** Whole öre, never below nothing: the type says whether it is charged or taken back. */
  amountOre: number;
  currency: 'SEK';
  /** The agreed time. */
  visitAt: Instant;
  handedOverAt: Instant;
  /** The rules that it rests on, such as `R5.3`. */
  becauseRules: string[];
}

/** The columns of the file, in this order. New ones are added at the end. */
export const billingColumns = [
  'invoiceId',
  'type',
  'meetingId',
  'startVersion',
  'reference',
  'patientNumber',
  'patientBirthDate',
  'payer',
  'kind',
  'feeCode',
  'amountOre',
  'currency',
  'visitAt',
  'handedOverAt',
  'becauseRules',
] as const satisfies readonly (keyof BillingRow)[];

/**
 * The billing file, for a spreadsheet as well as for a machine: UTF-8 with its byte order mark, `;`, CRLF,
 * and no value that a spreadsheet would run as a formula.
 * @throws RangeError for an amount that is not whole öre from 0
 */
export function billingCsv(rows: BillingRow[]): string {
  return stringify(rows.map(valuesOf), {
    bom: true,
    header: true,
    columns: [...billingColumns],
    delimiter: ';',
    record_delimiter: 'windows',
    escape_formulas: true,
  });
}

function valuesOf(row: BillingRow): (string | number | null)[] {
  // A negative amount with a type beside it would be taken back twice.
  if (!Number.isSafeInteger(row.amountOre) || row.amountOre < 0)
    throw new RangeError('an amount is whole öre, never below nothing');
  const written = {
    ...row,
    visitAt: inStockholmText(row.visitAt),
    handedOverAt: inStockholmText(row.handedOverAt),
    becauseRules: row.becauseRules.join(' '),
  };
  return billingColumns.map((column) => written[column]);
}

/** With its offset, so that the hour that an autumn night has twice is told apart. */
const inStockholmText = (instant: Instant): string =>
  inStockholm(new Date(instant)).toISO({ suppressMilliseconds: true });

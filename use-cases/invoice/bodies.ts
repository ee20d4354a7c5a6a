import { z } from 'zod';
import { feeColumns } from '../../integrations/pas/fee-csv';
import { MOST_FEE_ORE } from '../../rules/fee-table';
import { waiveReasons } from '../../rules/invoice';
import { day, feeCode } from '../fields';

/** Bodies of commands about invoices and fees. A schema checks one, documents it and gives its type. */

export const approveInvoiceBody = z.strictObject({
  payer: z
    .enum(['patient', 'guardian'])
    .nullable()
    .default(null)
    .meta({ description: 'Needed from 13 to 17, where staff decide who pays (R5.10)' }),
});
/** Who pays, where staff decide it (R5.10). */
export type ApproveInvoice = z.infer<typeof approveInvoiceBody>;

export const waiveInvoiceBody = z.strictObject({ reason: z.enum(waiveReasons) });
/** Why an invoice is waived, or credited (R5.7). */
export type WaiveInvoice = z.infer<typeof waiveInvoiceBody>;

export const answerInvoiceBody = z.strictObject({
  to: z.enum(['basis', 'credit']).meta({ description: 'Which of the two you were handed' }),
  accepted: z.boolean(),
});
/** What billing says of what it was handed (R5.8). */
export type AnswerInvoice = z.infer<typeof answerInvoiceBody>;

/** A row of the clinic’s fee table; amounts in öre (R5.9). */
export const feeRow = z
  .strictObject({
    feeCode,
    validFrom: day,
    validUntil: day.nullable(),
    visitFeeOre: z.int().min(0).max(MOST_FEE_ORE),
    missedVisitFeeOre: z.int().min(0).max(MOST_FEE_ORE),
  })
  .refine(({ validFrom, validUntil }) => validUntil === null || validFrom <= validUntil, {
    path: ['validUntil'],
    message: 'must not be before validFrom',
  });

export const importFeesBody = z.strictObject({
  csv: z
    .string()
    .min(1)
    .max(100_000)
    .meta({
      description: `The whole new table, as GET /clinic/fees gives it: ${feeColumns.join(';')}, amounts in whole öre`,
    }),
  dryRun: z.boolean().default(false).meta({ description: 'Only say what would change' }),
});
/** A whole new fee table as a file; a dry run only says what would change (R5.9). */
export type ImportFees = z.infer<typeof importFeesBody>;

/** stub, replaced by the helper's */
export interface BillingRow {
  invoiceId: string;
  type: 'basis' | 'credit';
  meetingId: string;
  startVersion: number;
  reference: string | null;
  patientNumber: string | null;
  patientBirthDate: string;
  payer: 'patient' | 'guardian';
  kind: 'visit-fee' | 'missed-visit-fee';
  feeCode: string;
  amountOre: number;
  currency: 'SEK';
  visitAt: string;
  handedOverAt: string;
  becauseRules: string[];
}
export const billingCsv = (rows: BillingRow[]): string => JSON.stringify(rows);

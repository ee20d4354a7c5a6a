import type { ChargeSnapshot, InvoiceInput } from './messages';

/** What an invoice asks of the world; made by `createInvoiceActivities` in activities/. */
export interface InvoiceActivities {
  /**
   * The invoices as an earlier run left them, or null: a run saves before it ends, so this is never older
   * than that.
   */
  loadCharge(input: InvoiceInput): Promise<ChargeSnapshot | null>;
  /**
   * Why a proposal whose time has come must wait for staff after all, as things stand now; null where it may
   * go out (R5.7).
   */
  whyHold(input: InvoiceInput): Promise<string | null>;
  /**
   * Saves the read model, unless a newer one is there already: with it what the clinic's billing is handed,
   * and the tasks that staff get.
   */
  saveCharge(charge: ChargeSnapshot): Promise<void>;
}

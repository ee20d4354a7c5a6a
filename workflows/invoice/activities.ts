import type { ChargeSnapshot } from './messages';

/** What an invoice asks of the world; made by `createInvoiceActivities` in activities/. */
export interface InvoiceActivities {
  /**
   * Saves the read model, unless a newer one is there already: with it what the clinic's billing is handed, and the tasks that
   * staff get.
   */
  saveCharge(charge: ChargeSnapshot): Promise<void>;
}

/** The age up to and including which a guardian may act for a child and pays for it (R7.1, R5.10). */
export const GUARDIAN_ACTS_UNTIL_AGE = 12;
/** The age from which a person pays alone, and invoices need no approval for age (R5.7, R5.10). */
export const ADULT_AGE = 18;
/** Above this age an invoice goes out only when staff approve it (R5.7). */
export const INVOICE_APPROVAL_ABOVE_AGE = 84;

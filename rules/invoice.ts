/**
 * The state of one invoice (R5.7, R5.8).
 * - `proposed`: it waits for approval, or for its two weekdays
 * - `handed-over`: the clinic's billing has the basis and has not answered
 * - `issued`: billing has accepted it
 * - `crediting`: billing has been asked to credit it
 */
export const invoiceStates = [
  'nothing-to-charge',
  'proposed',
  'withdrawn',
  'waived',
  'handed-over',
  'refused',
  'issued',
  'crediting',
  'credited',
] as const;
export type InvoiceState = (typeof invoiceStates)[number];

/**
 * Where the invoices of one start version stand, for those who see to all of a clinic's.
 * - `to-decide`: proposed, and it goes out only when staff approve it (R5.7)
 * - `going-out`: proposed, and it goes out by itself
 * - `at-billing`: the clinic's billing has a basis or a credit, and has not answered yet
 * - `billing-silent`: likewise, and for so long that staff were told
 * - `billing-refused`: billing has refused the basis, or to credit it
 * - `over`: waived, withdrawn, credited, or never charged
 */
export const invoiceStandings = [
  'to-decide',
  'going-out',
  'at-billing',
  'billing-silent',
  'billing-refused',
  'issued',
  'over',
] as const;
export type InvoiceStanding = (typeof invoiceStandings)[number];

/** May still be paid, or is on its way to be: at most one such per meeting and start version (R5.8). */
export const isLive = (state: InvoiceState): boolean =>
  state === 'proposed' || state === 'handed-over' || state === 'issued' || state === 'crediting';

/** Somebody has to do something, or time to pass, before it can rest: approve, answer, or let it go out. */
export const isUnsettled = (state: InvoiceState): boolean => isLive(state) && state !== 'issued';

/** Why staff waive or credit an invoice; what else is to be said stands in the audit log. */
export const waiveReasons = [
  'clinic-mistake',
  'technical-fault',
  'patient-explained',
  'wrong-person',
  'goodwill',
  'other',
] as const;
export type WaiveReason = (typeof waiveReasons)[number];

/** How many weekdays a proposal can be looked at and objected to before it goes out (ours; R5.7). */
export const LET_THROUGH_WEEKDAYS = 2;

/** How long the clinic's billing may be silent before staff are told, in minutes of elapsed time (ours). */
export const BILLING_SILENT_MINUTES = 7 * 24 * 60;

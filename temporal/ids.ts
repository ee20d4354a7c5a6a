/** The workflow id of a meeting. */
export const meetingWorkflowId = (meetingId: string): string => `meeting-${meetingId}`;

/** The workflow id of the invoices of one start version: one workflow, so that two of them are never live at once (R5.8). */
export const invoiceWorkflowId = (meetingId: string, startVersion: number): string =>
  `invoice-${meetingId}-${startVersion}`;

/** The workflow id of a message case. */
export const caseWorkflowId = (caseId: string): string => `case-${caseId}`;

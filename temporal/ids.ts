/** The workflow id of a meeting. */
export const meetingWorkflowId = (meetingId: string): string => `meeting-${meetingId}`;

/** The meeting of a workflow id that {@link meetingWorkflowId} made. */
export const meetingIdOf = (workflowId: string): string => workflowId.slice('meeting-'.length);

/**
 * The workflow id of the invoices of one start version: one workflow, so that two of them are never live at
 * once (R5.8).
 */
export const invoiceWorkflowId = (meetingId: string, startVersion: number): string =>
  `invoice-${meetingId}-${startVersion}`;

/** The workflow id of a message case. */
export const caseWorkflowId = (caseId: string): string => `case-${caseId}`;

/** The case of a workflow id that {@link caseWorkflowId} made. */
export const caseIdOf = (workflowId: string): string => workflowId.slice('case-'.length);

/** The meeting and time of a workflow id that {@link invoiceWorkflowId} made. */
export function invoicesOf(workflowId: string): { meetingId: string; startVersion: number } {
  const end = workflowId.lastIndexOf('-');
  return {
    meetingId: workflowId.slice('invoice-'.length, end),
    startVersion: Number(workflowId.slice(end + 1)),
  };
}

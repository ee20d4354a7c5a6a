/** The workflow id of a meeting. */
export const meetingWorkflowId = (meetingId: string): string => `meeting-${meetingId}`;

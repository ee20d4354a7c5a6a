const MEETING_PREFIX = 'meeting-';

/** The workflow id of a meeting. */
export const meetingWorkflowId = (meetingId: string): string => `${MEETING_PREFIX}${meetingId}`;

/** The meeting of a workflow id, or null for another kind of workflow. */
export const meetingIdOf = (workflowId: string): string | null =>
  workflowId.startsWith(MEETING_PREFIX) ? workflowId.slice(MEETING_PREFIX.length) : null;

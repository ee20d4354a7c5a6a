/** The address of one's page of a meeting, and of what belongs to it. */
export const meetingPath = (participantId: string, page = ''): string =>
  `/my/meetings/${participantId}${page && `/${page}`}`;

/** The address of one's page of a case, and of what belongs to it. */
export const casePath = (caseParticipantId: string, page = ''): string =>
  `/my/cases/${caseParticipantId}${page && `/${page}`}`;

/** The address of the page that waits for a meeting and leads in. */
export const roomPath = (participantId: string): string => meetingPath(participantId, 'room');

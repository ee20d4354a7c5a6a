import { meetingIdOf } from '../../temporal/ids';
import { ENDED_BY_FORCE, ofMeetings } from '../../temporal/web-ui';
import type { Connections } from '../connections';

/** More than these are not looked at one by one. */
const MOST_ENDED = 200;
const MOST_NAMED = 10;

/**
 * No meeting stands open whose workflow was ended by force or by an error: nobody reminds, settles or bills
 * it any more.
 */
export async function noMeetingIsLeft({ client, records }: Connections): Promise<string> {
  const query = `${ofMeetings} AND ${ENDED_BY_FORCE}`;
  const left: string[] = [];
  let looked = 0;
  for await (const { workflowId } of client.workflow.list({ query })) {
    looked += 1;
    const meetingId = meetingIdOf(workflowId);
    const meeting = await records.meetings.get(meetingId).catch(() => null);
    if (meeting && !meeting.course.closed) left.push(meetingId);
    if (looked === MOST_ENDED) break;
  }
  if (left.length > 0) {
    const named = left.slice(0, MOST_NAMED).join(', ');
    const more = left.length > MOST_NAMED ? ` and ${left.length - MOST_NAMED} more` : '';
    throw new Error(
      `${left.length} meetings have lost their workflow, ended by force or by an error: ${named}${more}; staff go on by hand`,
    );
  }
  return looked === 0
    ? 'none was ended by force or by an error'
    : `${looked} were, and their records are closed`;
}

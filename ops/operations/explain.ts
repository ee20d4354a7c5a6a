import { gather } from '../explained';
import type { Operation } from '../operation';
import { explanation } from '../explanation';
import { meetingOf } from '../record';

/** All that is known of one meeting, in one page of plain text. */
export const explain: Operation = {
  name: 'explain',
  usage: 'MEETING',
  about: 'its plan, notices, evidence, refusals, tasks and invoices, and how its workflow stands',
  ofMeeting: true,
  isRecorded: true,
  changes: false,
  async run(stand, wishes, { say }) {
    const meeting = await meetingOf(stand, wishes, 'explain');
    for (const line of explanation(await gather(stand, meeting))) say(line);
    return true;
  },
};

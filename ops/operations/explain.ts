import { gather } from '../explained';
import type { Operation } from '../operation';
import { explanation } from '../explanation';
import { explainCase } from '../case-explanation';
import { caseIfAny, meetingOf } from '../record';

/** All that is known of one meeting, or of one message case, in one page of plain text. */
export const explain: Operation = {
  name: 'explain',
  usage: 'MEETING|CASE',
  about: 'its plan, notices, evidence, refusals, tasks and invoices, and how its workflow stands',
  ofMeeting: true,
  isRecorded: true,
  changes: false,
  async run(stand, wishes, { say }) {
    const careCase = await caseIfAny(stand, wishes, 'explain');
    if (careCase) {
      for (const line of await explainCase(stand, careCase)) say(line);
      return true;
    }
    const meeting = await meetingOf(stand, wishes, 'explain');
    for (const line of explanation(await gather(stand, meeting))) say(line);
    return true;
  },
};

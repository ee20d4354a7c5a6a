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
  async run(connections, options, { say }) {
    const careCase = await caseIfAny(connections, options, 'explain');
    if (careCase) {
      for (const line of await explainCase(connections, careCase)) say(line);
      return true;
    }
    const meeting = await meetingOf(connections, options, 'explain');
    for (const line of explanation(await gather(connections, meeting))) say(line);
    return true;
  },
};

import { outcomeOf, type Meeting } from '../../records/meetings';
import { NotPossible, type Operation } from '../operation';
import { recordOperation } from '../record';
import { clock, timesOf } from '../times';

const MOST_MEETINGS = 200;

/** Finds meetings of a clinic by their time. */
export const find: Operation = {
  name: 'find',
  usage: '--clinic ID (--at TIME | --day DAY)',
  about: 'the meetings of a clinic around a time in Stockholm, or on a day',
  ofMeeting: false,
  isRecorded: true,
  changes: false,
  async run(stand, wishes, { say }) {
    const { clinic: clinicId } = wishes;
    if (clinicId === null) throw new NotPossible('Say which clinic: --clinic ID.');
    const when = timesOf(wishes);
    await recordOperation(stand, wishes, 'find', { clinicId, meetingId: null, patientId: null });
    const { items } = await stand.records.meetings.list({
      clinicId,
      ...when,
      state: null,
      cursor: null,
      limit: MOST_MEETINGS,
    });
    if (items.length === 0) say('No meeting of this clinic then.');
    for (const meeting of items) say(line(meeting));
    if (items.length === MOST_MEETINGS) say(`… there may be more than these ${MOST_MEETINGS}: say a time.`);
    return items.length > 0;
  },
};

function line(meeting: Meeting): string {
  const { meetingId, course } = meeting;
  const outcome = outcomeOf(meeting)?.outcome;
  const state = outcome ? `${course.state}: ${outcome}` : course.state;
  const waits = course.waitingFor.map(({ what }) => what).filter((what) => what !== 'notice');
  return `${clock(course.time.startAt)}  ${meetingId}  ${state}${waits.length > 0 ? `, waits for ${[...new Set(waits)].join(', ')}` : ''}`;
}

import { outcomeOf, type Meeting } from '../../records/meetings';
import { NotPossible, type Operation, type CliOptions } from '../operation';
import { recordOperation } from '../record';
import type { Connections } from '../connections';
import { clock, timesOf } from '../times';

const MOST_MEETINGS = 200;
const MOST_CASES = 200;

/** Finds meetings of a clinic by their time, or its message cases. */
export const find: Operation = {
  name: 'find',
  usage: '--clinic ID (--at TIME | --day DAY | --cases)',
  about:
    'the meetings of a clinic around a time in Stockholm, or on a day; or its open message cases, most urgent first',
  ofMeeting: false,
  isRecorded: true,
  changes: false,
  async run(connections, options, { say }) {
    const { clinic: clinicId } = options;
    if (clinicId === null) throw new NotPossible('Say which clinic: --clinic ID.');
    if (!(await connections.records.clinics.ids()).includes(clinicId))
      throw new NotPossible('There is no such clinic.');
    if (options.cases) return findCases(connections, options, clinicId, say);
    const when = timesOf(options);
    await recordOperation(connections, options, 'find', { clinicId, meetingId: null, patientId: null });
    const { items } = await connections.records.meetings.list({
      clinicId,
      by: when,
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

async function findCases(
  connections: Connections,
  options: CliOptions,
  clinicId: string,
  say: (line: string) => void,
): Promise<boolean> {
  await recordOperation(connections, options, 'find', { clinicId, meetingId: null, patientId: null });
  const all = { state: null, assignedTo: null, unassigned: false, cursor: null };
  const { items } = await connections.records.cases.list({ clinicId, ...all, limit: MOST_CASES });
  if (items.length === 0) say('This clinic has no open message case.');
  for (const { caseId, course } of items) {
    const { state, clock: due } = course;
    const late = due?.breachedAt ? ', overdue' : '';
    say(`${due ? clock(due.deadlineAt) : 'no reply due    '}  ${caseId}  ${state}${late}`);
  }
  if (items.length === MOST_CASES) say(`… there may be more than these ${MOST_CASES}.`);
  return items.length > 0;
}

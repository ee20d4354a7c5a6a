import { writeFile } from 'node:fs/promises';
import { temporal } from '@temporalio/proto';
import { meetingWorkflowId } from '../../temporal/ids';
import { historyOf } from '../../temporal/inspect';
import { NotPossible, type Operation } from '../operation';
import { meetingOf } from '../record';

const { History } = temporal.api.history.v1;

/**
 * Exports the history of a meeting's workflow, as a protocol buffer, which is how test/histories keeps them.
 * Its payloads stay encrypted.
 */
export const history: Operation = {
  name: 'history',
  usage: 'MEETING --file FILE',
  about: 'writes the history of its workflow into a file, payloads still encrypted',
  ofMeeting: true,
  isRecorded: true,
  changes: false,
  async run(connections, options, { say }) {
    const { file } = options;
    if (file === null) throw new NotPossible('Say where to: --file FILE.');
    const { meetingId } = await meetingOf(connections, options, 'history');
    const found = await historyOf(connections.client, meetingWorkflowId(meetingId));
    if (!found) throw new NotPossible('Temporal has no history of it any more.');
    // A new file that only the operator reads: ids are pseudonymous data (R8.3).
    await writeFile(file, History.encode(found).finish(), { flag: 'wx', mode: 0o600 });
    say(`${found.events?.length ?? 0} events are in ${file}.`);
    return true;
  },
};

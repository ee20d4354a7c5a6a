import { meetingWorkflowId } from '../../temporal/ids';
import { tellAllFacts } from '../../use-cases/meeting/facts';
import { lookAtWorkflow } from '../../temporal/inspect';
import type { Operation } from '../operation';
import { meetingOf } from '../record';

/** Tells a meeting's workflow all facts as they are now; one that was started by 0.1.0 looks by itself. */
export const nudge: Operation = {
  name: 'nudge',
  usage: 'MEETING',
  about: 'tells its workflow how consents, forms, presence and notices are now',
  ofMeeting: true,
  isRecorded: true,
  changes: true,
  async run(connections, options, { say, agree }) {
    const { client, temporal, records } = connections;
    const { meetingId } = options;
    const found = await records.meetings.findAnywhere(meetingId ?? '');
    const workflow = found && (await lookAtWorkflow(client, meetingWorkflowId(found.meetingId)));
    if (workflow?.status !== 'running') {
      say(
        found
          ? 'Its workflow does not run any more: there is nothing that could look.'
          : `There is no meeting ${meetingId ?? ''}.`,
      );
      return false;
    }
    if (
      !(await agree(
        `Meeting ${found!.meetingId} will be told to look again. That changes nothing by itself.`,
      ))
    )
      return false;
    const meeting = await meetingOf(connections, options, 'nudge');
    if (meeting.workflow) await tellAllFacts(connections, meeting.meetingId);
    else await temporal.nudgeMeeting(meeting.meetingId, 'operator');
    say('It has been told.');
    return true;
  },
};

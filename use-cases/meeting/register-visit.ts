import { outcomeOf } from '../../records/meetings';
import { nameOf } from '../../rules/actor';
import { needsRegistration } from '../../rules/meeting';
import { changeMeeting, refusedCommand } from './send';
import { finishTasksOf } from '../task/commands';
import type { CarryOut } from '../command';
import { meetingView } from './view';

/**
 * Staff have registered the visit in PAS and journal (R5.11): they are reminded no more, and the meeting's
 * workflow can end.
 */
export const registerVisit: CarryOut<undefined> = async (deps, command) => {
  const { records, temporal } = deps;
  const answer = await changeMeeting(deps, command, async (meeting) => {
    const { meetingId, course } = meeting;
    // Corrected to a visit, which its workflow knows nothing of (R5.1), or ended after the last reminder:
    // what is left is the task.
    const isCorrected = !course.registration && needsRegistration(outcomeOf(meeting)?.outcome ?? 'unclear');
    if (course.closed || isCorrected) {
      if (!course.registration && !isCorrected) return refusedCommand('nothing-to-register');
      await finishTasksOf(deps, meetingId, 'register-visit', command);
      return { status: 200, body: meetingView(meeting, deps.clock.now()) };
    }
    return temporal.registerVisit(meetingId, command.commandId, {
      startVersion: course.time.startVersion,
      receivedAt: command.receivedAt,
    });
  });
  if (answer.status === 200)
    await records.tasks.sayWho(command.params.meetingId ?? '', ['register-visit'], nameOf(command.actor));
  return answer;
};

import { changeMeeting, refusedCommand } from './change-meeting';
import { finishTasksOf } from './tasks';
import type { CarryOut } from './command';
import { meetingView } from './meeting-view';

/** Staff have registered the visit in PAS and journal (R5.11): they are reminded no more, and the meeting's workflow can end. */
export const registerVisit: CarryOut = async (deps, command) => {
  const { records, temporal } = deps;
  const answer = await changeMeeting(deps, command, async (meeting) => {
    const { meetingId, course } = meeting;
    // After the last reminder the workflow has ended, and one that a correction made a visit never waited for this: what is left is
    // the task.
    if (course.closed || !course.registration) {
      const tasks = await records.tasks.ofMeeting(meetingId);
      if (tasks.some(({ kind }) => kind === 'register-visit')) {
        await finishTasksOf(deps, meetingId, 'register-visit', command);
        return { status: 200, body: meetingView(meeting) };
      }
      if (course.closed) return refusedCommand('nothing-to-register');
    }
    return temporal.registerVisit(meetingId, command.commandId, {
      startVersion: course.time.startVersion,
      receivedAt: command.receivedAt,
    });
  });
  if (answer.status === 200)
    await records.tasks.sayWho(command.params.meetingId ?? '', ['register-visit'], command.staffId);
  return answer;
};

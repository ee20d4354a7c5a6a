import type { AnsweredCommands } from '../shared/answered-commands';
import { registerCommands } from '../shared/register-commands';
import {
  cancelUpdate,
  durationUpdate,
  entryUpdate,
  outcomeUpdate,
  rebookUpdate,
  registerUpdate,
  resendUpdate,
} from './messages';
import type { MeetingStateMachine } from './state';

/**
 * The commands that a meeting takes. Refusals come from its own state and leave no history.
 *
 * @param decided told after each command that was carried out
 * @param answered those that an earlier run has carried out, where there can have been one
 */
export function takeCommands(
  meeting: MeetingStateMachine,
  decided: () => void,
  answered?: AnsweredCommands,
): void {
  const command = registerCommands(meeting, decided, answered);
  command(
    cancelUpdate,
    'Cancels the meeting; refused once it is under way or over',
    (_at, args) => meeting.refuseCancel(args),
    (at, args) => meeting.cancel(at, args),
  );
  command(
    rebookUpdate,
    'Moves the meeting to another time, with a new plan and a new room',
    (at, args) => meeting.refuseRebook(at, args),
    (at, args) => meeting.rebook(at, args),
  );
  command(
    durationUpdate,
    'Changes how long the meeting takes; its start, its room and its notices stay',
    (at, args) => meeting.refuseDuration(at, args),
    (at, args) => meeting.changeDuration(at, args),
  );
  command(
    entryUpdate,
    'Lets a participant in; refused before the door opens and after it closes',
    (at, args) => meeting.refuseEntry(at, args),
    (at, args) => {
      meeting.passTime(at);
      meeting.enter(at, args);
    },
  );
  command(
    outcomeUpdate,
    'Staff state what the meeting came to',
    (at, args) => meeting.refuseOutcome(at, args),
    (at, args) => meeting.stateOutcome(at, args),
  );
  command(
    registerUpdate,
    'Staff have registered the visit in PAS and journal',
    (_at, args) => meeting.refuseRegister(args),
    (at) => meeting.register(at),
  );
  command(
    resendUpdate,
    'An operator has a notice given again to those whom it surely was not sent to',
    (_at, args) => meeting.refuseResend(args),
    (at, args) => meeting.resend(at, args),
  );
}

import type { StateOutcome } from './bodies';
import { changeMeeting } from './change-meeting';
import type { CarryOut } from './command';

/** Staff state what a meeting came to (R5.1), or decide one that the evidence left unclear (R5.6). */
export const stateOutcome: CarryOut<StateOutcome> = (deps, command) =>
  changeMeeting(deps, command, ({ meetingId, course }) =>
    deps.temporal.stateOutcome(meetingId, command.commandId, {
      startVersion: course.time.startVersion,
      receivedAt: command.receivedAt,
      outcome: command.body.outcome,
    }),
  );

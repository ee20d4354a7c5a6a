import type { UpdateDefinition } from '@temporalio/common';
import { ApplicationFailure, setHandler } from '@temporalio/workflow';
import type { Instant } from '../../rules/instant';
import type { AnsweredCommands } from './answered-commands';
import { REFUSED } from './refused';
import { now } from './now';

/** Refuses a command with its reason, where there is one. @throws ApplicationFailure */
export function refuse(reason: string | null): void {
  if (reason !== null) throw ApplicationFailure.nonRetryable(reason, REFUSED);
}

/**
 * Takes commands for a course and answers each with how it then stands. Refusals come from the course's own
 * state and leave no history. What an earlier run of the workflow has carried out is answered and not carried
 * out again.
 *
 * @param decided told after each command that was carried out
 */
export const registerCommands =
  <Snapshot>(course: { snapshot(): Snapshot }, decided: () => void, answered?: AnsweredCommands) =>
  <Command>(
    definition: UpdateDefinition<Snapshot, [Command]>,
    description: string,
    refuseWhy: (at: Instant, command: Command) => string | null,
    carryOut: (at: Instant, command: Command) => void,
  ): void => {
    setHandler(
      definition,
      (args) => {
        if (answered?.hasThis()) return course.snapshot();
        carryOut(now(), args);
        answered?.addThis(now());
        decided();
        return course.snapshot();
      },
      {
        description,
        validator: (args: Command) => refuse(answered?.hasThis() ? null : refuseWhy(now(), args)),
      },
    );
  };

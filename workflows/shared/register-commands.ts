import type { UpdateDefinition } from '@temporalio/common';
import { ApplicationFailure, setHandler } from '@temporalio/workflow';
import type { Instant } from '../../rules/instant';
import { REFUSED } from './refused';
import { now } from './now';

/** Refuses a command with its reason, where there is one. @throws ApplicationFailure */
export function refuse(reason: string | null): void {
  if (reason !== null) throw ApplicationFailure.nonRetryable(reason, REFUSED);
}

/**
 * Takes commands for a course and answers each with how it then stands. Refusals come from the course's own
 * state and leave no history.
 *
 * @param decided told after each command that was carried out
 */
export const registerCommands =
  <Snapshot>(course: { snapshot(): Snapshot }, decided: () => void) =>
  <Command>(
    definition: UpdateDefinition<Snapshot, [Command]>,
    description: string,
    refuseWhy: (at: Instant, command: Command) => string | null,
    carryOut: (at: Instant, command: Command) => void,
  ): void => {
    setHandler(
      definition,
      (args) => {
        carryOut(now(), args);
        decided();
        return course.snapshot();
      },
      { description, validator: (args: Command) => refuse(refuseWhy(now(), args)) },
    );
  };

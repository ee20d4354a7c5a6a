import { patientOf } from '../notice/patient-of';
import type { Answer } from '../../records/commands';
import type { Meeting } from '../../records/meetings';
import type { Records } from '../../records';
import { nameOf } from '../../rules/actor';
import type { BackUpWay } from '../../rules/meeting';
import { seenVersion } from '../as-received';
import type { StateOutcome } from './bodies';
import { changeMeeting } from './send';
import { wrongField, type CarryOut } from '../command';

/**
 * Staff state what a meeting came to (R5.1), decide one that the evidence left unclear (R5.6), or switch to
 * the back-up routine (R4.6).
 */
export const stateOutcome: CarryOut<StateOutcome> = async (deps, command) => {
  const { records, temporal } = deps;
  const { outcome, way } = command.body;
  const answer = await changeMeeting(
    deps,
    command,
    async (meeting) =>
      (await unsuitableWay(records, meeting, way)) ??
      temporal.stateOutcome(meeting.meetingId, command.commandId, {
        startVersion: seenVersion(command, meeting),
        receivedAt: command.receivedAt,
        outcome,
        way,
      }),
  );
  if (answer.status === 200)
    await records.tasks.sayWho(command.params.meetingId ?? '', ['unclear-outcome'], nameOf(command.actor));
  return answer;
};

/** R4.6: the back-up routine goes in a way that suits the person; a deaf patient is not called. */
export async function unsuitableWay(
  { people }: Pick<Records, 'people'>,
  meeting: Meeting,
  way: BackUpWay | null,
): Promise<Answer | null> {
  const patient = await patientOf(people, meeting);
  return way !== null && patient.personal.unsuitableWays.includes(way)
    ? wrongField('/body/way', 'does-not-suit-the-person', 'This way does not suit the patient (R4.6).')
    : null;
}

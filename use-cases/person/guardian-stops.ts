import type { Command } from '../../records/commands';
import { nameOf } from '../../rules/actor';
import { toInstant } from '../../rules/instant';
import { notFound, wrongField, type CarryOut, type CommandDeps } from '../command';
import { tellFactNow } from '../meeting/facts';
import { reviewCaseReach } from '../notice/case-reach';
import { reviewReach } from '../notice/meeting-reach';
import type { AllowGuardian, StopGuardian } from './bodies';
import { personView } from './view';

/**
 * Staff stop one guardian of a child, also before that guardian takes part in anything (R7.3). The stop wins over any
 * register and any booking. It holds at this clinic, for this child, from when it was received. The guardian hears
 * nothing of it (R7.10). A second one while the first holds changes nothing.
 */
export const stopGuardian: CarryOut<StopGuardian> = async (deps, command) => {
  const { records } = deps;
  const { clinicId, params, body, receivedAt, actor } = command;
  const { guardianId, reason } = body;
  const childId = params.personId ?? '';
  if (!(await records.people.find(clinicId, childId))) return notFound('person');
  const field = '/body/guardianId';
  if (guardianId === childId)
    return wrongField(field, 'not-entitled', 'Nobody is stopped from what is their own.');
  if (!(await records.people.find(clinicId, guardianId)))
    return wrongField(field, 'unknown-person', 'The clinic has no such person.');
  await noteGuardian(deps, command, guardianId);
  const stop = { guardianId, since: receivedAt, by: nameOf(actor), liftedAt: null, liftedBy: null, reason };
  await records.people.stopGuardian(clinicId, childId, stop);
  return told(deps, command, { childId, guardianId });
};

/** Staff lift a stop: from now on the guardian may do what the child's age lets them (R7.1). */
export const allowGuardian: CarryOut<AllowGuardian> = async (deps, command) => {
  const { records } = deps;
  const { clinicId, params, body, receivedAt, actor } = command;
  const { guardianId } = body;
  const childId = params.personId ?? '';
  const child = await records.people.find(clinicId, childId);
  if (!child) return notFound('person');
  // One that was lifted already is found too: whoever says it twice has what they asked for.
  if (!child.guardianStops.some((stop) => stop.guardianId === guardianId)) return notFound('stop');
  await noteGuardian(deps, command, guardianId);
  await records.people.liftStop(clinicId, childId, {
    guardianId,
    liftedAt: receivedAt,
    liftedBy: nameOf(actor),
  });
  return told(deps, command, { childId, guardianId });
};

/**
 * Names the guardian in the log of the child, beside the row of the request (R8.2). It stands in the child's log
 * alone: the guardian's own must not tell of a stop (R7.10).
 */
const noteGuardian = (
  { records, clock }: CommandDeps,
  { clinicId, actor, operation, reason, params }: Command,
  guardianId: string,
): Promise<void> =>
  records.audit.write([
    {
      at: toInstant(clock.now()),
      clinicId,
      actor,
      operation,
      subjectId: guardianId,
      personId: params.personId ?? null,
      reason,
      allowed: true,
    },
  ]);

/**
 * What follows for whatever of the child goes on with the guardian in it: who is present for the child, and whom
 * staff have to call.
 */
async function told(
  deps: CommandDeps,
  { clinicId }: Command,
  { childId, guardianId }: { childId: string; guardianId: string },
): ReturnType<CarryOut> {
  const { records, clock } = deps;
  for (const meetingId of await records.meetings.openOf(clinicId, guardianId)) {
    if ((await records.meetings.get(meetingId)).patientId !== childId) continue;
    await tellFactNow(deps, meetingId, 'presence');
    await reviewReach(records, meetingId, clock.now());
  }
  for (const { caseId, patientId } of await records.cases.openOf(clinicId, guardianId))
    if (patientId === childId) await reviewCaseReach(records, caseId, clock.now());
  const read = await records.people.find(clinicId, childId);
  return read ? { status: 200, body: personView(read) } : notFound('person');
}

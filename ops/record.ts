import type { Case } from '../records/cases';
import type { Meeting } from '../records/meetings';
import { toInstant } from '../rules/instant';
import { NotPossible, type CliOptions } from './operation';
import type { Connections } from './connections';

/** Writes into the audit log what an operator is about to read or to do, before it is done (R8.2). */
export async function recordOperation(
  { records, clock }: Connections,
  { operator, reason }: CliOptions,
  operation: string,
  about: { clinicId: string; patientId: string | null } & ({ meetingId: string | null } | { caseId: string }),
): Promise<void> {
  if (operator === null) throw new NotPossible('Say who you are: --operator NAME.');
  await records.audit.write([
    {
      at: toInstant(clock.now()),
      clinicId: about.clinicId,
      actor: { kind: 'operator', operator },
      operation: `ops.${operation}`,
      subjectId: 'caseId' in about ? about.caseId : about.meetingId,
      personId: about.patientId,
      reason,
      allowed: true,
    },
  ]);
}

/** The meeting that an operation is about; that it is read is recorded. */
export async function meetingOf(
  connections: Connections,
  options: CliOptions,
  operation: string,
): Promise<Meeting> {
  const meetingId = options.meetingId ?? '';
  const meeting = await connections.records.meetings.findAnywhere(meetingId);
  if (!meeting) throw new NotPossible(`There is no meeting ${meetingId}.`);
  await recordOperation(connections, options, operation, meeting);
  return meeting;
}

/**
 * The message case whose id, or whose workflow's, was given; null where there is none. That it is read is
 * recorded.
 */
export async function caseIfAny(
  connections: Connections,
  options: CliOptions,
  operation: string,
): Promise<Case | null> {
  const id = options.meetingId ?? '';
  const careCase =
    (await connections.records.cases.findAnywhere(id)) ??
    (await connections.records.cases.findAnywhere(id.replace(/^case-/, '')));
  if (careCase) await recordOperation(connections, options, operation, careCase);
  return careCase;
}

import type { CaseParticipant } from '../records/cases';
import type { Answer, Command } from '../records/commands';
import { keepTasks } from './read-models/meeting-and-invoice';
import { msOf } from '../rules/instant';
import { taskWish } from '../rules/tasks';
import type { WriteMessage } from './thread/bodies';
import type { CommandDeps } from './command';

/** From then on whoever wrote may have been told that it is received, and hears nothing of what came of it. */
const TOLD_AS_RECEIVED_MS = 2_000;

/**
 * Follows up a message that will not be, before its command is answered so: its files are free, and where a patient saw it as received, or its
 * case may have counted it, staff are asked to call or write (R6.1, R6.3). Done again, it finds it done.
 */
export async function followLostMessage(
  deps: Pick<CommandDeps, 'records' | 'clock'>,
  command: Command,
  why: Pick<Answer, 'status'> | 'given-up',
): Promise<void> {
  const { operation, body, targetId } = command;
  if (operation !== 'case.write' && operation !== 'meeting.write-chat' && operation !== 'case.open') return;
  if (why !== 'given-up' && why.status < 400) return;
  if (operation !== 'case.open') await deps.records.files.release((body as WriteMessage).fileIds, targetId);
  if (operation !== 'meeting.write-chat' && concernsStaff(deps, command, why))
    await askStaff(deps, command, why);
}

/** Staff read what their own command is answered with; that a reply of theirs was given up has to be known to whoever sees to the case. */
function concernsStaff(
  { clock }: Pick<CommandDeps, 'clock'>,
  { actor, receivedAt }: Command,
  why: Pick<Answer, 'status'> | 'given-up',
): boolean {
  if (why === 'given-up') return true;
  return actor.kind !== 'staff' && clock.now().getTime() - msOf(receivedAt) >= TOLD_AS_RECEIVED_MS;
}

const isBy =
  ({ personId }: Pick<CaseParticipant, 'personId'>) =>
  (each: CaseParticipant): boolean =>
    each.personId === personId;

async function askStaff(
  { records, clock }: Pick<CommandDeps, 'records' | 'clock'>,
  { commandId, clinicId, params, targetId, actor }: Command,
  why: Pick<Answer, 'status'> | 'given-up',
): Promise<void> {
  const caseId = params.caseId ?? targetId;
  const found = await records.cases.find(clinicId, caseId);
  // Another patient's case, or none: there is nobody to call.
  if (!found || (actor.kind !== 'staff' && !found.participants.some(isBy(actor)))) return;
  const because = [
    actor.kind === 'staff' ? 'written-by-staff' : 'written-by-patient-side',
    why === 'given-up' ? why : 'refused',
  ];
  await records.transaction(async (session) => {
    const whose = await records.cases.getForWriting(caseId, session);
    await keepTasks(
      records,
      whose,
      [taskWish('message-lost', commandId, 'open', { because })],
      clock.now(),
      session,
    );
  });
}

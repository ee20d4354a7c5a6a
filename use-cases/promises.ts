import type { Records } from '../records';
import type { Answer, Command } from '../records/commands';
import { saveTasks } from './read-models/meeting-and-invoice';
import type { Meeting } from '../records/meetings';
import { usualDueAt, type TaskAbout } from '../records/tasks';
import type { Actor } from '../rules/actor';
import { msOf, toInstant, type Instant } from '../rules/instant';
import type { MeetingTime } from '../rules/meeting';
import { desiredTask, type DesiredTask } from '../rules/tasks';
import type { OpenCase, WriteMessage } from './thread/bodies';
import type { CommandDeps } from './command';

/**
 * A promise is kept or becomes a task (R6.9; design, decision 16). This one place ends every command with its
 * answer. If a person on a page, a patient's or the desk's, was told that the command is received, and it was
 * refused or given up since, staff get a task too.
 */

/**
 * From then on whoever asked may have been told that it is received, and hears nothing of what came of it.
 */
const TOLD_AS_RECEIVED_MS = 2_000;
/**
 * How long a caller waits for the answer in the same request. After that, another process may have taken over
 * the command.
 */
const WAITED_FOR_MS = 30_000;

/** How a command came to its answer. */
export interface Ending {
  /** It was given up, for failures of our own. */
  isGivenUp: boolean;
  /** When the request began to be carried out whose caller waits for the answer; null where nobody does. */
  waitedForSince: Date | null;
}

/**
 * Stores the answer of a command, and in the same transaction the task that it leaves, if any. Done again, it
 * finds it done.
 *
 * @returns the answer that stands: another process may have ended the same command first
 */
export async function endCommand(
  deps: Pick<CommandDeps, 'records' | 'clock'>,
  command: Command,
  answer: Answer,
  ending: Ending,
): Promise<Answer> {
  const { records, clock } = deps;
  const { commandId, sealedBy } = command;
  if (answer.status >= 400) await freeFiles(records, command);
  const left = answer.status >= 400 ? await taskFor(deps, command, answer, ending) : null;
  if (!left) return records.commands.answer(commandId, answer, undefined, sealedBy);
  return records.transaction(async (session) => {
    const wasTold = await records.commands.wasTold(commandId, session);
    // The first answer stands, and what it left.
    if (wasTold === null) return records.commands.answer(commandId, answer, session, sealedBy);
    const isPromise = ending.isGivenUp || wasTold || mayBeTold(command, ending, clock.now());
    if (isPromise) {
      if ('meetingId' in left.whose) await records.meetings.getForWriting(left.whose.meetingId, session);
      else if ('caseId' in left.whose) await records.cases.getForWriting(left.whose.caseId, session);
      await saveTasks(records, left.whose, [left.desired], clock.now(), session);
    }
    return records.commands.answer(commandId, answer, session, sealedBy);
  });
}

function mayBeTold({ receivedAt }: Command, { waitedForSince }: Ending, now: Date): boolean {
  return waitedForSince === null
    ? now.getTime() - msOf(receivedAt) >= TOLD_AS_RECEIVED_MS
    : now.getTime() - waitedForSince.getTime() >= WAITED_FOR_MS;
}

const isMessage = ({ operation }: Command): boolean =>
  operation === 'case.write' || operation === 'meeting.write-chat' || operation === 'case.open';

/** The files of a message that will not be are free for another one. */
async function freeFiles({ files }: Pick<Records, 'files'>, command: Command): Promise<void> {
  if (isMessage(command) && command.operation !== 'case.open')
    await files.release((command.body as WriteMessage).fileIds, command.targetId);
}

/**
 * The task for staff, if the command was promised. It is null if there is nobody to call, or if the request
 * came true without the command.
 */
async function taskFor(
  { records, clock }: Pick<CommandDeps, 'records' | 'clock'>,
  command: Command,
  { body }: Answer,
  { isGivenUp }: Ending,
): Promise<{ whose: TaskAbout; desired: DesiredTask } | null> {
  const { actor, commandId, operation, params } = command;
  const how = isGivenUp ? 'given-up' : 'refused';
  const isOnDesk = actor.kind === 'staff' && actor.loggedIn === true;
  // A clinic's system asks until it has the answer; that a reply in a case was given up has to be known to
  // whoever sees to the case all the same.
  if (actor.kind === 'staff' && !isOnDesk) {
    if (!isGivenUp || !isMessage(command) || operation === 'meeting.write-chat') return null;
    const whose = await caseOf(records, command);
    const because = ['written-by-staff', how];
    return whose && { whose, desired: desiredTask('message-lost', commandId, 'open', { because }) };
  }
  const whose = await (actor.kind === 'staff'
    ? whoseOnDesk(records, command)
    : whoseWish(records, command, actor));
  if (!whose) return null;
  if (isMessage(command)) {
    const because = [isOnDesk ? 'written-by-staff' : 'written-by-patient-side', how];
    return { whose, desired: desiredTask('message-lost', commandId, 'open', { because }) };
  }
  const reason = (body as { title: string }).title;
  // A case has a course too, and no time that something is due before.
  const course = 'meetingId' in whose && 'course' in whose ? whose.course : null;
  if (cameTrue(operation, reason, course)) return null;
  const because = [operation.replaceAll('.', '-'), `by-${actor.kind}`, ...new Set([how, reason])];
  const dueAt = course && dueBefore(course.time, clock.now());
  const more = { because, dueAt, invoiceId: params.invoiceId ?? null };
  return { whose, desired: desiredTask('not-carried-out', commandId, 'open', more) };
}

/** It is as was asked for, at no cost, though not by this command. */
function cameTrue(operation: string, reason: string, course: Meeting['course'] | null): boolean {
  const outcome = course?.outcome?.outcome;
  if (operation === 'meeting.cancel')
    return reason === 'cancelled' && (outcome === 'cancelled-by-clinic' || outcome === 'cancelled-in-time');
  return operation === 'invoice.object' && reason === 'objected-already';
}

/** Before the meeting begins, or ends, where that comes before staff would have to see to it otherwise. */
function dueBefore({ startAt, endAt }: MeetingTime, now: Date): Instant | null {
  const next = [startAt, endAt].find((at) => msOf(at) > now.getTime());
  return next !== undefined && msOf(next) < usualDueAt(now).getTime() ? toInstant(new Date(next)) : null;
}

/**
 * Whose wish it was: of the meeting, the case or the person that it is about. Null for a stranger, who makes
 * no work for others.
 */
async function whoseWish(
  records: Pick<Records, 'meetings' | 'charges' | 'cases' | 'people'>,
  command: Command,
  actor: Exclude<Actor, { kind: 'staff' }>,
): Promise<TaskAbout | Meeting | null> {
  const { clinicId, params, body } = command;
  const isActor = ({ personId }: { personId: string | null }): boolean => personId === actor.personId;
  const { meetingId = await meetingOfInvoice(records, command) } = params;
  if (meetingId !== undefined) {
    const meeting = await records.meetings.find(clinicId, meetingId);
    return meeting?.participants.some(isActor) ? meeting : null;
  }
  if (params.caseId !== undefined || command.operation === 'case.open') {
    const found = await caseOf(records, command);
    if (found) return found.participants.some(isActor) ? found : null;
    if (command.operation !== 'case.open') return null;
    const { patientId, guardianIds } = body as OpenCase;
    return [patientId, ...guardianIds].includes(actor.personId) &&
      (await records.people.find(clinicId, patientId))
      ? { clinicId, patientId }
      : null;
  }
  const { personId } = params;
  if (personId === undefined) return null;
  const isOwn = personId === actor.personId;
  // The page that it was asked on belongs to a meeting of theirs: the next one, else the last one.
  for (const over of [false, true]) {
    const own = await records.meetings.ofPeople(
      [actor.personId],
      { after: new Date(0), over },
      MOST_MEETINGS,
    );
    const found = own.find(({ patientId }) => patientId === personId) ?? (isOwn ? own[0] : undefined);
    if (found) return found;
  }
  return isOwn ? { clinicId, patientId: personId } : null;
}

/**
 * What somebody did on the desk is about: nobody asks there for what came of it later. Null where it is about
 * no patient, such as the clinic's settings.
 */
async function whoseOnDesk(
  records: Pick<Records, 'meetings' | 'charges' | 'cases' | 'people'>,
  command: Command,
): Promise<TaskAbout | Meeting | null> {
  const { clinicId, params, body, operation } = command;
  const { meetingId = await meetingOfInvoice(records, command) } = params;
  if (meetingId !== undefined) return records.meetings.find(clinicId, meetingId);
  if (params.caseId !== undefined) return caseOf(records, command);
  const isAboutPatient = operation === 'case.open' || operation === 'meeting.book';
  const patientId = isAboutPatient ? (body as { patientId: string }).patientId : params.personId;
  if (patientId === undefined) return null;
  const found = operation === 'case.open' ? await caseOf(records, command) : null;
  return found ?? ((await records.people.find(clinicId, patientId)) ? { clinicId, patientId } : null);
}

const MOST_MEETINGS = 20;

const meetingOfInvoice = async (
  { charges }: Pick<Records, 'charges'>,
  { clinicId, params }: Command,
): Promise<string | undefined> =>
  params.invoiceId === undefined
    ? undefined
    : (await charges.findByInvoice(clinicId, params.invoiceId))?.meetingId;

const caseOf = ({ cases }: Pick<Records, 'cases'>, { clinicId, params, targetId }: Command) =>
  cases.find(clinicId, params.caseId ?? targetId);

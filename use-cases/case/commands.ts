import { randomId } from '../../platform/keys/random-id';
import type { Records } from '../../records';
import type { Case, CaseParticipant } from '../../records/cases';
import type { ClinicSettings } from '../../records/clinics';
import type { Answer, Command } from '../../records/commands';
import { saveCaseSnapshot, saveCaseMessage, saveNewCase } from '../read-models/case';
import { nameOf, type Actor } from '../../rules/actor';
import { guardianMayAct } from '../../rules/calendar/age';
import { guardianActsFor, stopOf } from '../../rules/calendar/guardian';
import { nextOpenings, OPENINGS_AHEAD } from '../../rules/calendar/reply-clock';
import { inStockholm } from '../../rules/calendar/stockholm';
import type { Instant } from '../../rules/instant';
import type { CaseAnswer } from '../../temporal/gateway';
import type { CaseInput, CaseSnapshot } from '../../workflows/case/messages';
import { firstSnapshot } from '../../workflows/case/snapshot';
import type { AssignCase, DocumentContact, OpenCase, WriteMessage } from '../thread/bodies';
import { patientMessage, staffMessage } from './messages';
import { sideOf } from '../thread/side';
import { caseView } from '../thread/message-view';
import { changeCase, courseOr, refusedCase } from './send';
import { notFound, problem, wrongField, type CarryOut, type CommandDeps } from '../command';
import { promiseFiles } from '../thread/files';

/**
 * Opens a case with its first message: staff for a patient of theirs, or a patient where the clinic allows it
 * (R6.6). Its record first, since the workflow looks at it at once, then the workflow under the same id.
 */
export const openCase: CarryOut<OpenCase> = async (deps, command) => {
  const { records, temporal } = deps;
  const { clinicId, targetId: caseId, receivedAt, body } = command;
  const actor = command.actor;
  const { settings } = await records.clinics.byId(clinicId);
  const input = inputOf({ caseId, clinicId, messageId: command.commandId }, receivedAt, settings, actor);
  // One that an earlier run of this command has made, which got no further, stands.
  if (!(await records.cases.find(clinicId, caseId))) {
    const wrong = await wrongOpening(records, clinicId, settings, actor, body, new Date(receivedAt));
    if (wrong) return wrong;
    const { patientId, guardianIds, subject, text, assignTo } = body;
    const newCase: Case = {
      caseId,
      clinicId,
      patientId,
      participants: [
        participant('patient', patientId),
        ...guardianIds.map((personId) => participant('guardian', personId)),
      ],
      openedBy: nameOf(actor),
      openedAt: receivedAt,
      assignedTo: assignTo,
      involved: [
        ...new Set([...(actor.kind === 'staff' ? [actor.staffId] : []), ...(assignTo ? [assignTo] : [])]),
      ],
      hasPictures: false,
      documented: null,
      course: firstSnapshot(input),
    };
    const message = await records.messages.seal(
      {
        messageId: command.commandId,
        thread: 'case',
        threadId: caseId,
        clinicId,
        patientId,
        text,
        asksForMore: false,
        fileIds: [],
        receivedAt,
      },
      actor,
    );
    await saveNewCase(records, { ...newCase, subject }, message, deps.clock.now());
  }
  await temporal.startCase(input);
  return { status: 201, body: caseView(await records.cases.get(caseId)) };
};

const participant = (role: CaseParticipant['role'], personId: string): CaseParticipant => ({
  participantId: randomId(),
  role,
  personId,
});

function inputOf(
  { caseId, clinicId, messageId }: { caseId: string; clinicId: string; messageId: string },
  receivedAt: Instant,
  settings: ClinicSettings,
  actor: Actor,
): CaseInput {
  const begin =
    actor.kind === 'staff'
      ? ({ by: 'staff', ...staffMessage(messageId, receivedAt, settings) } as const)
      : ({ by: 'patient-side', ...patientMessage(messageId, receivedAt, settings) } as const);
  return { caseId, clinicId, openedAt: receivedAt, begin };
}

/** What makes it impossible to open the case, as an answer that names the field. */
async function wrongOpening(
  records: Pick<Records, 'people'>,
  clinicId: string,
  { caseRules }: ClinicSettings,
  actor: Actor,
  { patientId, guardianIds }: OpenCase,
  now: Date,
): Promise<Answer | null> {
  const patient = await records.people.find(clinicId, patientId);
  if (!patient) return wrongField('/body/patientId', 'unknown-person', 'The clinic has no such person.');
  const guardianActs = guardianMayAct(patient.personal.birthDate, now);
  if (actor.kind !== 'staff') {
    const isOwn =
      (actor.kind === 'patient' && actor.personId === patientId) ||
      (actor.kind === 'guardian' &&
        guardianActsFor(patient, actor.personId, now) &&
        guardianIds.includes(actor.personId));
    if (!isOwn) return wrongField('/body/patientId', 'unknown-person', 'The clinic has no such person.');
    if (!caseRules.patientsMayOpen) return refusedCase('no-ongoing-matter');
  }
  for (const [index, guardianId] of guardianIds.entries()) {
    const field = `/body/guardianIds/${index}`;
    if (!guardianActs)
      return wrongField(field, 'not-entitled', 'From the age of 13 a patient acts alone (R7.1).');
    if (guardianId === patientId || guardianIds.indexOf(guardianId) !== index)
      return wrongField(field, 'person-twice', 'Each person takes part once.');
    if (!(await records.people.find(clinicId, guardianId)))
      return wrongField(field, 'unknown-person', 'The clinic has no such person.');
    if (stopOf(patient, guardianId, now))
      return wrongField(field, 'guardian-stopped', 'Staff have stopped this guardian (R7.3).');
  }
  return null;
}

/**
 * Somebody writes in a case. A message from staff is a reply (R6.3). A message from the patient's side starts
 * a clock. The time of receipt decides who may write, and with which files. A message that the workflow has
 * taken once is kept, whatever has changed since.
 */
export const writeInCase: CarryOut<WriteMessage> = async (deps, command) => {
  const { records, temporal, clock } = deps;
  const { targetId: messageId, receivedAt, clinicId } = command;
  const { text, fileIds, asksForMore } = command.body;
  const actor = command.actor;
  const caseId = command.params.caseId ?? '';
  const careCase = await records.cases.find(clinicId, caseId);
  if (!careCase) return notFound('case');
  if (await records.messages.isKnown(messageId)) return written(messageId, careCase);
  const side = await sideOf(records, careCase, actor, new Date(receivedAt));
  // Another patient's case is none to this one.
  if (!side && !hasTaken(careCase, messageId)) return notFound('case');
  const files = await promiseFiles(records, { messageId, threadId: caseId, fileIds }, actor);
  if ('status' in files) return files;

  const message = await records.messages.seal(
    {
      messageId,
      thread: 'case',
      threadId: caseId,
      clinicId,
      patientId: careCase.patientId,
      text,
      asksForMore: asksForMore && actor.kind === 'staff',
      fileIds,
      receivedAt,
    },
    actor,
  );
  const { settings } = await records.clinics.byId(clinicId);
  const answer =
    actor.kind === 'staff'
      ? await temporal.staffWrites(caseId, staffMessage(messageId, receivedAt, settings))
      : await temporal.patientWrites(caseId, patientMessage(messageId, receivedAt, settings));
  const course = await courseWith(records, careCase, messageId, answer);
  if ('status' in course) return course;
  const { hasPictures } = files;
  const kept = await saveCaseMessage(records, { message, course, hasPictures }, clock.now());
  const answers = course.happenings.some(({ what, detail }) => what === 'answered' && detail === messageId);
  if (answers) await records.tasks.sayWho(caseId, ['reply-due'], nameOf(actor));
  return written(messageId, kept);
};

/**
 * The read model with the message in it, also where an earlier run of its command did not come to keep it and
 * the case has ended since.
 */
async function courseWith(
  records: Records,
  careCase: Case,
  messageId: string,
  answer: CaseAnswer,
): Promise<CaseSnapshot | Answer> {
  const course = await courseOr(records, careCase, answer);
  if (!('status' in course)) return course;
  const now = await records.cases.get(careCase.caseId);
  return hasTaken(now, messageId) ? now.course : course;
}

const hasTaken = ({ course }: Case, messageId: string): boolean =>
  course.happenings.some(({ detail }) => detail === messageId);

const written = (messageId: string, careCase: Case): Answer => ({
  status: 201,
  body: { messageId, case: caseView(careCase) },
});

/**
 * Staff close a case. A message that waits for its reply goes on waiting (R6.3); the contact is to be
 * documented (R6.4).
 */
export const closeCase: CarryOut<undefined> = async (deps, command) => {
  const { records, temporal } = deps;
  const { commandId, receivedAt, clinicId } = command;
  const { settings } = await records.clinics.byId(clinicId);
  const remindAt = nextOpenings(new Date(receivedAt), OPENINGS_AHEAD, settings.caseRules);
  const changed = await changeCase(records, command, ({ caseId }) =>
    temporal.closeCase(caseId, { commandId, closedAt: receivedAt, remindAt }),
  );
  return 'status' in changed ? changed : kept(deps, changed);
};

/**
 * Staff have documented the contact in the journal, dated the day it took place, its pictures handled before
 * (R6.4).
 */
export const documentCase: CarryOut<DocumentContact> = async (deps, command) => {
  const { records, temporal } = deps;
  const { commandId, receivedAt, body } = command;
  const by = nameOf(command.actor);
  const changed = await changeCase(
    records,
    command,
    async (careCase) =>
      wrongDocumentation(careCase, body, receivedAt) ??
      temporal.documentCase(careCase.caseId, { commandId, documentedAt: receivedAt }),
  );
  if ('status' in changed) return changed;
  const { caseId, hasPictures } = changed.careCase;
  await records.cases.noteDocumented(caseId, {
    by,
    at: receivedAt,
    contactOn: body.contactOn,
    picturesHandled: hasPictures ? true : null,
  });
  const answer = await kept(deps, changed);
  await records.tasks.sayWho(caseId, ['document-contact'], by);
  return answer;
};

function wrongDocumentation(
  { hasPictures, openedAt }: Case,
  { contactOn, picturesHandled }: DocumentContact,
  receivedAt: Instant,
): Answer | null {
  const field = '/body/contactOn';
  if (contactOn > inStockholm(new Date(receivedAt)).toISODate())
    return wrongField(field, 'in-the-future', 'The contact cannot have taken place yet.');
  if (contactOn < inStockholm(new Date(openedAt)).toISODate())
    return wrongField(field, 'before-the-case', 'The case was not open yet on that day.');
  return hasPictures && !picturesHandled
    ? wrongField(
        '/body/picturesHandled',
        'pictures-not-handled',
        'The case has pictures: they are handled by the clinic’s routine first (R6.4).',
      )
    : null;
}

async function kept(
  { records, clock }: CommandDeps,
  { careCase, course }: Exclude<Awaited<ReturnType<typeof changeCase>>, Answer>,
): Promise<Answer> {
  await saveCaseSnapshot(records, course, clock.now());
  return { status: 200, body: caseView(await records.cases.get(careCase.caseId)) };
}

/** Gives a case to a member of staff, hands it over to another, or gives it back (R6.5). */
export const assignCase: CarryOut<AssignCase> = async ({ records }, command) => {
  const { clinicId, params, body } = command;
  const careCase = await records.cases.find(clinicId, params.caseId ?? '');
  if (!careCase) return notFound('case');
  if (careCase.assignedTo !== body.staffId) {
    const refused = refusedAssignment(command, body);
    if (refused) return refused;
    if (careCase.course.state === 'ended') return refusedCase('ended');
    if (!(await records.cases.assign(careCase.caseId, body.from, body.staffId)))
      return problem(409, 'assigned-meanwhile', 'Somebody else has the case by now. Read it again.');
  }
  return { status: 200, body: caseView(await records.cases.get(careCase.caseId)) };
};

/**
 * A clinician takes what nobody has and hands over their own; for staff who are away the operations manager
 * does it (R6.5).
 */
function refusedAssignment(command: Command, { from, staffId }: AssignCase): Answer | null {
  const actor = command.actor;
  if (actor.kind !== 'staff' || actor.role !== 'clinician') return null;
  const isOwn = from === actor.staffId || (from === null && staffId === actor.staffId);
  return isOwn
    ? null
    : problem(403, 'not-your-case', 'Take a case that nobody has, or hand over one of your own.');
}

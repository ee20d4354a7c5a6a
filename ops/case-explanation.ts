import type { Case } from '../records/cases';
import { recipientNumber } from '../use-cases/notice/admin-facts';
import { caseWorkflowId } from '../temporal/ids';
import { readerLines, rowLine, section, workflowLines } from './explanation-lines';
import type { Connections } from './connections';
import { clock } from './times';
import { workflowFacts } from './workflow-facts';

/** So many of the last notices are told. */
const BURSTS = 5;

/**
 * One page of plain text about one message case: opaque ids, states and times in Stockholm; nothing that
 * anybody wrote (R8.3).
 */
export async function explainCase(connections: Connections, careCase: Case): Promise<string[]> {
  const { records, temporal } = connections;
  const { caseId, clinicId, course, openedAt, hasPictures, documented } = careCase;
  const {
    state,
    clock: due,
    lastClock,
    breaches,
    messages,
    documentation,
    notices,
    tells,
    happenings,
  } = course;
  const facts = await workflowFacts(connections, caseWorkflowId(caseId), () => temporal.caseStatus(caseId));
  const commandWaits = await records.commands.pendingFor(caseId);
  const rows = await records.ledger.ofCase(caseId, BURSTS);
  const tasks = await records.tasks.ofCase(caseId);
  return [
    `MESSAGE CASE ${caseId} of clinic ${clinicId}. Times are those of Stockholm.`,
    `${state}, opened ${clock(openedAt)}; ${messages.patientSide} messages from the patient’s side, ${messages.staff} from staff${hasPictures ? ', with pictures' : ''}`,
    ...section('WORKFLOW', workflowLines({ ...facts, commandWaits }, course.happenings)),
    ...section('WAITS FOR', [
      ...(due
        ? [
            `a reply to what came ${clock(due.arrivedAt)}, aimed at ${clock(due.aimAt)}, due before ${clock(due.deadlineAt)}${due.breachedAt === null ? '' : ': overdue'} -> staff reply; closing does not stop the clock`,
          ]
        : []),
      ...(documentation?.state === 'waiting'
        ? [
            `the contact to be documented, reminded ${documentation.reminders} times -> staff say that it stands in the journal`,
          ]
        : []),
    ]),
    ...section('REPLIES', [
      ...(lastClock
        ? [
            `the last one ${clock(lastClock.answeredAt)}, ${lastClock.inTime ? 'in time' : 'late'} (due before ${clock(lastClock.deadlineAt)})`,
          ]
        : []),
      `${course.clocks} replies were asked for, ${breaches} came late or not at all`,
    ]),
    ...section('NOTICES TO THE PATIENT', [
      ...notices.map(({ burst, dueAt, state: stands }) => `notice ${burst} due ${clock(dueAt)}: ${stands}`),
      ...rows.map(
        (row) =>
          `notice ${row.occasion} to recipient ${recipientNumber(careCase, row.participantId)}: ${rowLine(row)}`,
      ),
    ]),
    ...section(
      'E-MAIL TO THE CLINIC',
      tells.map(({ kind, dueAt, state: stands }) => `${kind} due ${clock(dueAt)}: ${stands}`),
    ),
    ...section(
      'TASKS OF STAFF',
      tasks.map(
        ({ kind, state: stands, because, openedAt: since, dueAt }) =>
          `${kind}: ${stands}${because.length > 0 ? ` (${because.join(', ')})` : ''}, opened ${clock(since)}, due ${clock(dueAt)}`,
      ),
    ),
    ...(documented
      ? section('DOCUMENTED', [`${clock(documented.at)}, contact on ${documented.contactOn}`])
      : []),
    ...section('READ IN THE WEB UI BY', readerLines(facts)),
    ...section(
      'SO FAR',
      happenings.map(({ at, what, detail }) => `${clock(at)} ${what}${detail ? `: ${detail}` : ''}`),
    ),
  ];
}

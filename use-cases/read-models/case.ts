import type { ClientSession } from 'mongoose';
import type { Records } from '../../records';
import { replyDeadlines } from '../../platform/metrics';
import type { ClinicEvent } from '../../rules/events';
import type { CaseHappening, CaseSnapshot } from '../../workflows/case/messages';
import { caseEvents, messageEvent } from './case-events';
import { caseTasks } from './case-tasks';
import type { Case, SavedCourse } from '../../records/cases';
import { createInTurn } from '../../platform/in-turn';
import { eventSubject, taskEvents } from './meeting-and-invoice';
import type { SealedMessage } from '../../records/messages';

/** What keeping a case needs. */
export type CaseSavingRecords = Pick<
  Records,
  'transaction' | 'cases' | 'messages' | 'files' | 'tasks' | 'events'
>;

/**
 * Saves the read model of a case's workflow. The same transaction writes the events for the clinic's system
 * and the tasks for staff (design, decisions 1 and 11). API and worker save with this same function.
 */
export async function saveCaseSnapshot(
  records: CaseSavingRecords,
  course: CaseSnapshot,
  now: Date,
): Promise<void> {
  const happened = await inTurn(course.caseId, () =>
    records.transaction(async (session) => {
      const saved = await records.cases.saveCourse(course, nothingNoted, session);
      await records.events.add(
        session,
        eventSubject(saved.case),
        await followUp(records, saved, now, session),
      );
      return saved.newHappenings;
    }),
  );
  count(happened);
}

const inTurn = createInTurn();

const nothingNoted = { staffId: null, hasPictures: false };

/**
 * Keeps a message once, with the read model that it came to: what one has just written, one reads. Answers
 * with the case.
 */
export async function saveCaseMessage(
  records: CaseSavingRecords,
  { message, course, hasPictures }: { message: SealedMessage; course: CaseSnapshot; hasPictures: boolean },
  now: Date,
): Promise<Case> {
  const note = { staffId: message.author === 'staff' ? message.writtenBy : null, hasPictures };
  const { kept, happened } = await inTurn(course.caseId, () =>
    records.transaction(async (session) => {
      const saved = await records.cases.saveCourse(course, note, session);
      const events = await followUp(records, saved, now, session);
      events.push(...(await addMessage(records, saved.case, message, session)));
      await records.events.add(session, eventSubject(saved.case), events);
      return { kept: saved.case, happened: saved.newHappenings };
    }),
  );
  count(happened);
  return kept;
}

/**
 * Keeps a case once, with its first message and the read model that it begins with; the same again changes
 * nothing.
 */
export async function saveNewCase(
  records: CaseSavingRecords,
  newCase: Case & { subject: string },
  message: SealedMessage,
  now: Date,
): Promise<void> {
  await records.transaction(async (session) => {
    const { isNew } = await records.cases.add(newCase, session);
    if (!isNew) return;
    const news = { case: newCase, newHappenings: newCase.course.happenings };
    const events = await followUp(records, news, now, session);
    events.push(...(await addMessage(records, newCase, message, session)));
    await records.events.add(session, eventSubject(newCase), events);
  });
}

/** What is to be told of a message that has been added; nothing of one that is there already. */
async function addMessage(
  records: CaseSavingRecords,
  subject: Case,
  message: SealedMessage,
  session: ClientSession,
): Promise<ClinicEvent[]> {
  const { isNew } = await records.messages.add(message, session);
  if (!isNew) return [];
  const { _id: messageId, threadId, fileIds, author, receivedAt } = message;
  await records.files.attach(fileIds, { messageId, threadId }, session);
  const from = author === 'staff' ? 'staff' : 'patient-side';
  return [messageEvent(subject, { messageId, from }, receivedAt)];
}

/**
 * What the clinic's system hears and staff are asked to do, of what has happened since the read model before.
 */
async function followUp(
  records: CaseSavingRecords,
  { case: kept, newHappenings }: Pick<SavedCourse, 'case' | 'newHappenings'>,
  now: Date,
  session: ClientSession,
): Promise<ClinicEvent[]> {
  if (newHappenings.length === 0) return [];
  const tasks = caseTasks(kept.course, newHappenings);
  return [...caseEvents(kept, newHappenings), ...(await taskEvents(records, kept, tasks, now, session))];
}

/** A breach is counted when it happens (R6.3). */
function count(newHappenings: CaseHappening[]): void {
  for (const { what } of newHappenings) {
    if (what === 'breached') replyDeadlines.inc({ result: 'breached' });
    if (what === 'breach-withdrawn') replyDeadlines.inc({ result: 'withdrawn' });
    if (what === 'answered') replyDeadlines.inc({ result: 'answered' });
  }
}

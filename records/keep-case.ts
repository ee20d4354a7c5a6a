import type { ClientSession } from 'mongoose';
import type { Records } from '.';
import { replyDeadlines } from '../metrics';
import type { CaseHappening, CaseSnapshot } from '../workflows/case/messages';
import { caseEvents, messageEvent } from './case-events';
import { caseTasks } from './case-tasks';
import type { Case } from './cases';
import { about, keepTasks } from './keep';
import type { SealedMessage } from './messages';

/** What keeping a case needs. */
export type CaseKeepingRecords = Pick<
  Records,
  'transaction' | 'cases' | 'messages' | 'files' | 'tasks' | 'events'
>;

/**
 * Keeps the read model of a case's workflow, and with it, in one transaction, what the clinic's system hears and what staff are asked to do
 * (design, decisions 1 and 11). API and worker save with this same function.
 */
export async function keepCase(records: CaseKeepingRecords, course: CaseSnapshot, now: Date): Promise<void> {
  count(await records.transaction((session) => keepIn(records, course, now, session)));
}

/** Keeps a message once, with the read model that it came to: what one has just written, one reads. */
export async function keepCaseMessage(
  records: CaseKeepingRecords,
  { message, course, hasPictures }: { message: SealedMessage; course: CaseSnapshot; hasPictures: boolean },
  now: Date,
): Promise<void> {
  const happened = await records.transaction(async (session) => {
    const news = await keepIn(records, course, now, session);
    await addMessage(records, { message, hasPictures }, session);
    return news;
  });
  count(happened);
}

/** Keeps a case once, with its first message and the read model that it begins with; the same again changes nothing. */
export async function keepNewCase(
  records: CaseKeepingRecords,
  newCase: Case & { subject: string },
  { message, hasPictures }: { message: SealedMessage; hasPictures: boolean },
  now: Date,
): Promise<void> {
  await records.transaction(async (session) => {
    const { isNew } = await records.cases.add(newCase, session);
    if (!isNew) return;
    const { course } = newCase;
    await records.events.add(session, about(newCase), caseEvents(newCase, course.happenings));
    await keepTasks(records, newCase, caseTasks(course, course.happenings), now, session);
    await addMessage(records, { message, hasPictures }, session);
  });
}

async function addMessage(
  records: CaseKeepingRecords,
  { message, hasPictures }: { message: SealedMessage; hasPictures: boolean },
  session: ClientSession,
): Promise<void> {
  const { isNew } = await records.messages.add(message, session);
  if (!isNew) return;
  const { _id: messageId, threadId, fileIds, author, writtenBy, receivedAt } = message;
  await records.files.attach(fileIds, { messageId, threadId }, session);
  const isStaff = author === 'staff';
  const staffId = isStaff ? writtenBy : null;
  const subject = await records.cases.noteMessage(threadId, { staffId, hasPictures }, session);
  const from = isStaff ? 'staff' : 'patient-side';
  await records.events.add(session, about(subject), [messageEvent(subject, { messageId, from }, receivedAt)]);
}

async function keepIn(
  records: CaseKeepingRecords,
  course: CaseSnapshot,
  now: Date,
  session: ClientSession,
): Promise<CaseHappening[]> {
  const { case: kept, isNewest, newHappenings } = await records.cases.saveCourse(course, session);
  if (!isNewest) return [];
  await records.events.add(session, about(kept), caseEvents(kept, newHappenings));
  await keepTasks(records, kept, caseTasks(course, newHappenings), now, session);
  return newHappenings;
}

/** A breach is counted when it happens (R6.3). */
function count(newHappenings: CaseHappening[]): void {
  for (const { what } of newHappenings) {
    if (what === 'breached') replyDeadlines.inc({ result: 'breached' });
    if (what === 'breach-withdrawn') replyDeadlines.inc({ result: 'withdrawn' });
    if (what === 'answered') replyDeadlines.inc({ result: 'answered' });
  }
}

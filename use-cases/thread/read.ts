import type { Readable } from 'node:stream';
import type { Case } from '../../records/cases';
import type { StoredFile } from '../../records/files';
import type { Meeting } from '../../records/meetings';
import { patientOf } from '../notice/patient-of';
import type { Records } from '../../records';
import type { Actor } from '../../rules/actor';
import { isKeptOut } from '../../rules/calendar/guardian';
import { mayUseChat } from '../../rules/chat';
import { msOf } from '../../rules/instant';
import { ifThere } from '../../temporal/gateway';
import { sideOf } from './side';
import { messageView } from './message-view';
import type { CommandDeps } from '../command';

/** So many messages at once. */
const PAGE = 100;

/** A part of a thread, in its order. */
export interface ThreadPart {
  messages: ReturnType<typeof messageView>[];
  /** The number of the last one: give it for what comes after; null where there is no more. */
  next: number | null;
}

type ReadDeps = Pick<CommandDeps, 'records' | 'clock' | 'temporal'>;

/**
 * A case's thread, for staff and the patient's side (R6.7); null for one who has nothing to do with it. When
 * the patient's side reads, what comes next is told of anew (R6.8).
 */
export async function readCaseThread(
  { records, clock, temporal }: ReadDeps,
  careCase: Case,
  actor: Actor,
  after: number,
): Promise<(ThreadPart & { subject: string }) | null> {
  const side = await sideOf(records, careCase, actor, clock.now());
  if (side === null) return null;
  const part = await partOf(records, careCase.caseId, after);
  if (side === 'patient-side')
    await noteCaseRead({ temporal }, careCase, part.messages.at(-1)?.number ?? after);
  return { subject: await records.cases.subjectOf(careCase.caseId), ...part };
}

/**
 * The patient's side has read up to the message of that number: what comes next is told of anew (R6.8). Where
 * Temporal is away one reads all the same, and is told of what one has read at worst.
 */
export async function noteCaseRead(
  { temporal }: Pick<ReadDeps, 'temporal'>,
  careCase: Case,
  number: number,
): Promise<void> {
  if (!hasUnread(careCase)) return;
  await ifThere(temporal.caseRead(careCase.caseId, number));
}

/** Staff have written since the patient's side read or wrote last. */
export const hasUnread = ({ course: { burst } }: Pick<Case, 'course'>): boolean =>
  burst !== null && !burst.over;

/** A meeting's chat; null for one who may not use it now (R4.4). */
export async function readChat(
  deps: Pick<ReadDeps, 'records' | 'clock'>,
  meeting: Meeting,
  actor: Actor,
  after: number,
): Promise<ThreadPart | null> {
  return (await usesChat(deps, meeting, actor)) ? partOf(deps.records, meeting.meetingId, after) : null;
}

/**
 * Whether somebody may read and write in a meeting's chat: guests only while in the room (R4.4, R7.1), and nobody
 * whom staff have stopped (R7.3).
 * @param at now, if nothing else is said: what is written counts when it was received
 */
export async function usesChat(
  { records, clock }: Pick<ReadDeps, 'records' | 'clock'>,
  meeting: Meeting,
  actor: Actor,
  at = clock.now(),
): Promise<boolean> {
  const participant = meeting.participants.find((each) =>
    actor.kind === 'staff'
      ? each.staffId === actor.staffId
      : each.personId === actor.personId && each.role === actor.kind,
  );
  // Staff who take no part read it as care content, for a reason that they state (R8.1); they do not write.
  if (!participant) return false;
  const { role, participantId } = participant;
  switch (role) {
    case 'patient':
    case 'staff':
      return mayUseChat(role, { isIn: false, guardianActs: false });
    case 'guardian': {
      const patient = await patientOf(records.people, meeting);
      return mayUseChat(role, { isIn: false, guardianActs: !isKeptOut(patient, participant, at) });
    }
    case 'relative':
    case 'interpreter':
    case 'guest': {
      if (isKeptOut(await patientOf(records.people, meeting), participant, at)) return false;
      const stays = await records.evidence.stays(meeting.meetingId, meeting.course.time.startVersion);
      const isIn = stays.some(
        (stay) =>
          stay.participantId === participantId && (stay.leftAt === null || msOf(stay.leftAt) > at.getTime()),
      );
      return mayUseChat(role, { isIn, guardianActs: false });
    }
  }
}

/** A part of any thread, for one who may read it. */
export async function partOf(
  { messages, files }: Pick<Records, 'messages' | 'files'>,
  threadId: string,
  after: number,
): Promise<ThreadPart> {
  const found = await messages.list(threadId, after, PAGE + 1);
  const page = found.slice(0, PAGE);
  const attached = await files.ofMessages(page.map(({ messageId }) => messageId));
  return {
    messages: page.map((message) => messageView(message, attached)),
    next: found.length > PAGE ? (page.at(-1)?.number ?? null) : null,
  };
}

/**
 * A file of a thread, opened for one who may read the thread; null where there is none, or no preview. What
 * somebody has uploaded and not sent, or taken back, is for nobody else to see.
 *
 * @param reader as `nameOf` has them
 */
export async function openFile(
  { files }: Pick<Records, 'files'>,
  threadId: string,
  fileId: string,
  reader: string,
  what: 'content' | 'preview',
): Promise<{ file: StoredFile; content: Readable } | null> {
  const file = await files.find(threadId, fileId);
  if (!file || (what === 'preview' && !file.hasPreview)) return null;
  if (file.messageId === null && file.uploadedBy !== reader) return null;
  return { file, content: await files.read(file, what) };
}

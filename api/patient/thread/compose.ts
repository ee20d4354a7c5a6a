import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { CommandName } from '../../../use-cases';
import type { WriteMessage } from '../../../use-cases/thread/bodies';
import { randomId } from '../../../platform/keys/random-id';
import type { Answer } from '../../../records/commands';
import { secondsLeftOfDay } from '../../../records/day-use';
import type { DraftAnswers, DraftOf } from '../../../records/form-drafts';
import type { StoredFile } from '../../../records/files';
import { nameOf, type PersonRole } from '../../../rules/actor';
import type { FileRefusal } from '../../../rules/files';
import {
  messageText,
  messageTextProblem,
  MOST_FILES_PER_MESSAGE,
  type MessageTextProblem,
} from '../../../rules/message';
import { saveUpload, withRoom, type NotNow } from '../../../use-cases/thread/save-upload';
import { giveCommand, isReceived, reasonOf } from '../frame/command';
import type { CaseRequest, LoggedInRequest, ParticipantRequest, PatientRouteDeps } from '../frame/route';

/** Where a message is written: a case, or the chat of a meeting (R4.4). */
export interface WrittenIn {
  threadId: string;
  operation: Extract<CommandName, 'case.write' | 'meeting.write-chat'>;
  params: Record<string, string>;
  /** What is half written is kept; not beside the video, where it is sent at once or never. */
  savesDraft: boolean;
}

/** Somebody who may write there: what cases and chats have in common. */
export type Writer = CaseRequest | ParticipantRequest;

/** Why a file is not with the message. */
export type AttachProblem =
  FileRefusal | NotNow | 'too-large-together' | 'too-many' | 'too-many-today' | 'gone';

/** Why a text is not sent. */
export type TextProblem = MessageTextProblem | 'too-many-today';

/** What stands in the form that one writes in. */
export interface Compose {
  text: string;
  /** They have come, and go with the message when it is sent. */
  attached: StoredFile[];
  textProblem: TextProblem | null;
  fileProblems: { name: string; problem: AttachProblem }[];
  /** It was asked to be sent, and was not. */
  notSent: boolean;
}

/** What came of posting the form. */
export type Posted =
  | { kind: 'sent' }
  /** Stored, and shown in the thread when the service can again (design, decision 6). */
  | { kind: 'received' }
  /** Files have come, or the message was not sent for a reason that the form tells. */
  | { kind: 'compose'; compose: Compose; status: number; retryAfterSeconds?: number }
  /** Nobody writes here any more, or not yet: the command's own reason. */
  | { kind: 'closed'; reason: string; compose: Compose };

const fileIds = z.array(z.string().regex(/^[A-Za-z0-9_-]{22}$/)).max(100);

/** What the form carries; a text that is too long comes whole, to be shown again. */
export const composeBody = z.object({
  text: z.string().default(''),
  attached: z
    .union([z.string(), fileIds])
    .transform((ids) => [ids].flat())
    .pipe(fileIds)
    .default([]),
  do: z.enum(['send', 'attach']).default('send'),
});
type PostedCompose = z.infer<typeof composeBody>;

/** For the page's script: what is written so far. */
export const draftBody = z.object({ text: z.string() });

/** Another person's request comes to its end within this; else the page says that it has been received. */
const TRIES = 20;
const TRY_AGAIN_MS = 150;

/** The form as it is when one comes to it, with what is half written. */
export async function composeOf(deps: PatientRouteDeps, writer: Writer, place: WrittenIn): Promise<Compose> {
  const { text, attached } = await unsentOf(deps, writer, place);
  return { ...emptyCompose, text, attached };
}

/**
 * The form as it was posted last and not sent, with what is wrong with it: the page behind the redirect
 * (E2). Only where what is half written is kept.
 */
export async function unsentOf(deps: PatientRouteDeps, writer: Writer, place: WrittenIn): Promise<Compose> {
  const draft = await deps.records.formDrafts.read(draftOf(writer, place.threadId));
  const [unsent] = draft[UNSENT] ?? [];
  const form = unsent === undefined ? null : unsentForm.parse(JSON.parse(unsent));
  return {
    ...emptyCompose,
    text: draft[TEXT]?.[0] ?? '',
    ...(form && {
      textProblem: form.textProblem as TextProblem | null,
      fileProblems: form.fileProblems as Compose['fileProblems'],
      notSent: form.notSent,
      attached: await waitingFiles(deps, writer, place, form.attached),
    }),
  };
}

/** Keeps a form that was not sent for {@link unsentOf}; passed over where the same form was sent meanwhile. */
export async function saveUnsent(
  { records, clock }: PatientRouteDeps,
  writer: Writer,
  { threadId }: WrittenIn,
  { text, attached, textProblem, fileProblems, notSent }: Compose,
): Promise<void> {
  const unsent = { attached: attached.map(({ fileId }) => fileId), textProblem, fileProblems, notSent };
  await records.formDrafts.change(
    draftOf(writer, threadId),
    (draft) => (wasSent(draft, writer) ? null : { [TEXT]: [text], [UNSENT]: [JSON.stringify(unsent)] }),
    clock.now(),
  );
}

export const emptyCompose: Compose = {
  text: '',
  attached: [],
  textProblem: null,
  fileProblems: [],
  notSent: false,
};

/**
 * The fields of a message's draft: what is written so far, what else stood in a form that was not sent, and
 * which forms were sent last.
 */
const TEXT = 'text';
const UNSENT = 'unsent';
const SENT = 'sent';
/** As {@link saveUnsent} keeps it. */
const unsentForm = z.object({
  attached: z.array(z.string()),
  textProblem: z.string().nullable(),
  fileProblems: z.array(z.object({ name: z.string(), problem: z.string() })),
  notSent: z.boolean(),
});
const wasSent = (draft: DraftAnswers, { postedKey }: Writer): boolean =>
  postedKey !== null && (draft[SENT]?.includes(postedKey) ?? false);
/**
 * So many sent forms are remembered: a save that comes later than this many messages is none that was on its
 * way.
 */
const MOST_SENT = 20;

/** Keeps what is written so far; what comes late, from a form that was sent, is passed over. */
export async function saveWritten(
  { records, clock }: PatientRouteDeps,
  writer: Writer,
  { threadId }: WrittenIn,
  text: string,
): Promise<void> {
  await records.formDrafts.change(
    draftOf(writer, threadId),
    (draft) => (wasSent(draft, writer) ? null : { [TEXT]: [text] }),
    clock.now(),
  );
}

/**
 * The message was sent: nothing of it is half written any more, also what the page's script saves a moment
 * later.
 */
async function noteSent(
  { records, clock }: PatientRouteDeps,
  writer: Writer,
  { threadId }: WrittenIn,
): Promise<void> {
  const sentKey = writer.postedKey === null ? [] : [writer.postedKey];
  await records.formDrafts.change(
    draftOf(writer, threadId),
    (draft) => ({ [TEXT]: [], [UNSENT]: [], [SENT]: [...(draft[SENT] ?? []), ...sentKey].slice(-MOST_SENT) }),
    clock.now(),
  );
}

/**
 * Takes what was posted: first its files, then the message, once however often the same is posted. Where
 * anything of it is refused nothing is sent, and the form comes back with all that was written and all files
 * that have come.
 */
export async function postMessage(deps: PatientRouteDeps, writer: Writer, place: WrittenIn): Promise<Posted> {
  const posted = writer.body as PostedCompose;
  // Before the files, which can take a while: what was written is kept whatever comes of them.
  if (place.savesDraft) await saveWritten(deps, writer, place, posted.text);
  const taken = await takeFiles(deps, writer, place);
  const all = [...new Set([...posted.attached, ...taken.fileIds])];
  const form = async (changed: Partial<Compose>): Promise<Compose> => ({
    ...emptyCompose,
    text: posted.text,
    fileProblems: taken.problems,
    attached: await waitingFiles(deps, writer, place, all),
    ...changed,
  });

  const tooMany = all.length > MOST_FILES_PER_MESSAGE;
  if (tooMany) taken.problems.push({ name: '', problem: 'too-many' });
  const notSent = posted.do === 'send';
  if (taken.problems.length > 0) return { kind: 'compose', compose: await form({ notSent }), status: 422 };
  if (posted.do === 'attach') return { kind: 'compose', compose: await form({}), status: 200 };

  const text = messageText(posted.text);
  const textProblem = text === '' && all.length > 0 ? null : messageTextProblem(text);
  if (textProblem !== null) {
    const shown = textProblem === 'control-characters' ? withoutControls(text) : posted.text;
    return { kind: 'compose', compose: await form({ textProblem, text: shown, notSent }), status: 422 };
  }

  const key = messageKey(writer, posted.text, all);
  const { clinic, person } = writer;
  const now = deps.clock.now();
  if (!(await deps.records.dayUse.takeMessage(person.personId, key, clinic.settings, now))) {
    const compose = await form({ textProblem: 'too-many-today', notSent });
    return { kind: 'compose', compose, status: 429, retryAfterSeconds: secondsLeftOfDay(now) };
  }

  const body: WriteMessage = { text: text === '' ? null : text, fileIds: all, asksForMore: false };
  const answer = await give(deps, writer, place, body);
  const reason = reasonOf(answer);
  if (reason === null || isReceived(answer)) {
    if (place.savesDraft) await noteSent(deps, writer, place);
    return { kind: reason === null ? 'sent' : 'received' };
  }
  switch (reason) {
    case 'unknown-file': {
      const problems = [{ name: '', problem: 'gone' as const }];
      return { kind: 'compose', compose: await form({ fileProblems: problems, notSent }), status: 422 };
    }
    default:
      return { kind: 'closed', reason, compose: await form({ notSent }) };
  }
}

/**
 * The same text with the same files from the same page is the same message; the back button brings a page
 * that was sent, to write something else.
 */
async function give(
  deps: PatientRouteDeps,
  writer: Writer,
  { operation, params }: WrittenIn,
  body: WriteMessage,
): Promise<Answer> {
  const postedKey =
    writer.postedKey &&
    createHash('sha256')
      .update(`${writer.postedKey} ${JSON.stringify(body)}`)
      .digest('base64url');
  for (let left = TRIES; ; left -= 1) {
    const answer = await giveCommand(deps, { ...writer, postedKey }, { operation, params, body });
    // A double press: the first one is being carried out.
    if (left === 0 || reasonOf(answer) !== 'command-under-way') return answer;
    await new Promise((resolve) => setTimeout(resolve, TRY_AGAIN_MS));
  }
}

/** Of the same message, however often it is posted from the same page. */
const messageKey = ({ postedKey }: Writer, text: string, fileIds: string[]): string =>
  createHash('sha256')
    .update(JSON.stringify([postedKey ?? randomId(), text, fileIds]))
    .digest('base64url')
    .slice(0, 22);

/** Keeps the files that came with the form, one after the other. */
async function takeFiles(
  deps: PatientRouteDeps,
  writer: Writer,
  { threadId }: WrittenIn,
): Promise<{ fileIds: string[]; problems: Compose['fileProblems'] }> {
  const ids: string[] = [];
  const problems: Compose['fileProblems'] = [];
  const at = {
    clinicId: writer.clinic.clinicId,
    threadId,
    patientId: writer.patient.personId,
    by: byName(writer),
    key: writer.postedKey ?? randomId(),
  };
  for (const posted of writer.files) {
    const { name } = posted;
    if ('refused' in posted) {
      problems.push({ name, problem: posted.refused });
      continue;
    }
    const { person, clinic } = writer;
    const bytes = posted.content.length;
    if (!(await deps.records.dayUse.takeFile(person.personId, bytes, clinic.settings, deps.clock.now()))) {
      problems.push({ name, problem: 'too-many-today' });
      continue;
    }
    const kept = await withRoom(at, () => saveUpload(deps, posted, at));
    if ('notNow' in kept) problems.push({ name, problem: kept.notNow });
    else if ('refused' in kept) problems.push({ name, problem: kept.refused });
    else ids.push(kept.file.fileId);
  }
  return { fileIds: ids, problems };
}

/** Of the ids that a form names, those files that wait to be sent here by this person. */
async function waitingFiles(
  { records }: PatientRouteDeps,
  writer: Writer,
  { threadId }: WrittenIn,
  ids: string[],
): Promise<StoredFile[]> {
  const found = await Promise.all(ids.map((fileId) => records.files.find(threadId, fileId)));
  return found.filter(
    (file): file is StoredFile =>
      file !== null &&
      file.messageId === null &&
      file.promisedTo === null &&
      file.uploadedBy === byName(writer),
  );
}

/** As whom somebody stands in messages and files. */
export const byName = ({
  participant,
  person,
}: {
  participant: { role: PersonRole };
  person: { personId: string };
}): string => nameOf({ kind: participant.role, personId: person.personId });

const draftOf = ({ participant, patient }: Writer & LoggedInRequest, threadId: string): DraftOf => ({
  // A thread in the place of the meeting, and a word in that of its form, which no form has for its id.
  meetingId: threadId,
  formId: 'message',
  participantId: participant.participantId,
  patientId: patient.personId,
});

/** What one pastes can hold characters that nobody sees: they are taken out of what is shown again. */
const withoutControls = (text: string): string => text.replaceAll(/[^\P{Cc}\t\n]/gu, '');

import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { CommandName } from '../../../use-cases';
import type { AddFile, WriteMessage } from '../../../use-cases/thread/bodies';
import { randomId } from '../../../platform/keys/random-id';
import type { Answer } from '../../../records/commands';
import { secondsLeftOfDay } from '../../../records/day-use';
import type { PostedFile } from '../../../files/posted-form';
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
import { giveCommand } from '../frame/command';
import type { CaseRequest, ParticipantRequest, PatientRouteDeps } from '../frame/route';
import { isReceived, reasonOf } from '../../page-command';

/** Where a message is written: a case, or the chat of a meeting (R4.4). */
export interface WrittenIn {
  threadId: string;
  operation: Extract<CommandName, 'case.write' | 'meeting.write-chat'>;
  params: Record<string, string>;
  /** What is half written is kept; not beside the video, where it is sent at once or never. */
  savesDraft: boolean;
}

/** Somebody who may write in a thread, one of the patient's side or of staff, and what they have posted. */
export interface Writer {
  threadId: string;
  clinicId: string;
  patientId: string;
  /** As `nameOf` has them. */
  by: string;
  /** Whose draft it is. */
  draftedBy: string;
  savesDraft: boolean;
  /** As {@link composeBody} reads it, where a message is posted. */
  posted: PostedCompose;
  postedKey: string | null;
  files: PostedFile[];
  /** Takes of what they may send in a day; false where nothing is left. */
  takeMessage: (key: string) => Promise<boolean>;
  takeFile: (bytes: number) => Promise<boolean>;
  /** A file has been checked and kept: it is theirs to send. */
  fileCame?: (file: AddFile) => Promise<void>;
  /** Why a message of that key is not to be sent before the writer has looked again; null for no reason. */
  holdBack?: (postedKey: string | null) => Promise<TextProblem | null>;
  /** Gives the command that sends it; the same key is the same message. */
  give: (body: WriteMessage, postedKey: string | null) => Promise<Answer>;
}

/** What taking a message needs. */
export type ComposeDeps = Pick<PatientRouteDeps, 'records' | 'clock' | 'scanner'>;

/** One of the patient's side as a {@link Writer}. */
export function personWriter(
  deps: PatientRouteDeps,
  request: CaseRequest | ParticipantRequest,
  { threadId, operation, params, savesDraft }: WrittenIn,
): Writer {
  const { records, clock } = deps;
  const { clinic, person, patient, participant, body, postedKey, files } = request;
  return {
    threadId,
    clinicId: clinic.clinicId,
    patientId: patient.personId,
    by: byName(request),
    draftedBy: participant.participantId,
    savesDraft,
    posted: body as PostedCompose,
    postedKey,
    files,
    takeMessage: (key) => records.dayUse.takeMessage(person.personId, key, clinic.settings, clock.now()),
    takeFile: (bytes) => records.dayUse.takeFile(person.personId, bytes, clinic.settings, clock.now()),
    give(message, key) {
      // Only staff ask for more.
      const said = { ...message, asksForMore: false };
      return giveCommand(deps, { ...request, postedKey: key }, { operation, params, body: said });
    },
  };
}

/** Why a file is not with the message. */
export type AttachProblem =
  FileRefusal | NotNow | 'too-large-together' | 'too-many' | 'too-many-today' | 'gone';

/** Why a text is not sent. `new-message`: one has come that the writer had not seen. */
export type TextProblem = MessageTextProblem | 'too-many-today' | 'new-message';

/** What stands in the form that one writes in. */
export interface Compose {
  text: string;
  /** They have come, and go with the message when it is sent. */
  attached: StoredFile[];
  textProblem: TextProblem | null;
  fileProblems: { name: string; problem: AttachProblem }[];
  /** Staff ask for more with it (R6.3). */
  asksForMore: boolean;
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
  asksForMore: z.literal('yes').optional(),
});
export type PostedCompose = z.infer<typeof composeBody>;

/** For the page's script: what is written so far. */
export const draftBody = z.object({ text: z.string() });

/** Another person's request comes to its end within this; else the page says that it has been received. */
const TRIES = 20;
const TRY_AGAIN_MS = 150;

/** The form as it is when one comes to it, with what is half written. */
export async function composeOf(deps: ComposeDeps, writer: Writer): Promise<Compose> {
  const { text, attached, asksForMore } = await unsentOf(deps, writer);
  return { ...emptyCompose, text, attached, asksForMore };
}

/**
 * The form as it was posted last and not sent, with what is wrong with it: the page behind the redirect
 * (E2). Only where what is half written is kept.
 */
export async function unsentOf(deps: ComposeDeps, writer: Writer): Promise<Compose> {
  const draft = await deps.records.formDrafts.read(draftOf(writer));
  const [unsent] = draft[UNSENT] ?? [];
  const form = unsent === undefined ? null : unsentForm.parse(JSON.parse(unsent));
  return {
    ...emptyCompose,
    text: draft[TEXT]?.[0] ?? '',
    ...(form && {
      textProblem: form.textProblem as TextProblem | null,
      fileProblems: form.fileProblems as Compose['fileProblems'],
      asksForMore: form.asksForMore,
      notSent: form.notSent,
      attached: await waitingFiles(deps, writer, form.attached),
    }),
  };
}

/** Keeps a form that was not sent for {@link unsentOf}; passed over where the very same was sent meanwhile. */
export async function saveUnsent(
  { records, clock }: ComposeDeps,
  writer: Writer,
  { text, attached, ...form }: Compose,
): Promise<void> {
  const unsent = { ...form, attached: attached.map(({ fileId }) => fileId) };
  await records.formDrafts.change(
    draftOf(writer),
    (draft) =>
      wasSentWith(draft, writer, text) ? null : { [TEXT]: [text], [UNSENT]: [JSON.stringify(unsent)] },
    clock.now(),
  );
}

export const emptyCompose: Compose = {
  text: '',
  attached: [],
  textProblem: null,
  fileProblems: [],
  asksForMore: false,
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
  /** Absent where an earlier release kept it. */
  asksForMore: z.boolean().default(false),
  notSent: z.boolean(),
});
/** A form that was sent, and what was sent with it; an earlier release kept the form alone. */
const markOf = ({ postedKey }: Writer, text: string): string =>
  `${postedKey}:${createHash('sha256').update(text).digest('base64url').slice(0, 22)}`;
/** The form was sent, whatever stood in it: what the page's script saves of it comes late. */
const wasSent = (draft: DraftAnswers, { postedKey }: Writer): boolean =>
  draft[SENT]?.some((mark) => mark.split(':')[0] === postedKey) ?? false;
/** The same with this very text: what else was written on a page that the back button brought is not lost. */
const wasSentWith = (draft: DraftAnswers, writer: Writer, text: string): boolean =>
  draft[SENT]?.includes(markOf(writer, text)) ?? false;
/**
 * So many sent forms are remembered: a save that comes later than this many messages is none that was on its
 * way.
 */
const MOST_SENT = 20;

/** Keeps what is written so far; what comes late, from a form that was sent, is passed over. */
export async function saveWritten(
  { records, clock }: ComposeDeps,
  writer: Writer,
  text: string,
): Promise<void> {
  await records.formDrafts.change(
    draftOf(writer),
    (draft) => (wasSent(draft, writer) ? null : { [TEXT]: [text] }),
    clock.now(),
  );
}

/**
 * The message was sent: nothing of it is half written any more, also what the page's script saves a moment
 * later.
 */
async function noteSent({ records, clock }: ComposeDeps, writer: Writer): Promise<void> {
  const sent = writer.postedKey === null ? [] : [markOf(writer, writer.posted.text)];
  await records.formDrafts.change(
    draftOf(writer),
    (draft) => ({ [TEXT]: [], [UNSENT]: [], [SENT]: [...(draft[SENT] ?? []), ...sent].slice(-MOST_SENT) }),
    clock.now(),
  );
}

/**
 * Takes what was posted: first its files, then the message, once however often the same is posted. Where
 * anything of it is refused nothing is sent, and the form comes back with all that was written and all files
 * that have come.
 */
export async function postMessage(deps: ComposeDeps, writer: Writer): Promise<Posted> {
  const { posted } = writer;
  const asksForMore = posted.asksForMore === 'yes';
  // Before the files, which can take a while: what was written is kept whatever comes of them.
  if (writer.savesDraft) await saveWritten(deps, writer, posted.text);
  const taken = await takeFiles(deps, writer);
  const all = [...new Set([...posted.attached, ...taken.fileIds])];
  const form = async (changed: Partial<Compose>): Promise<Compose> => ({
    ...emptyCompose,
    text: posted.text,
    fileProblems: taken.problems,
    asksForMore,
    attached: await waitingFiles(deps, writer, all),
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

  const body: WriteMessage = { text: text === '' ? null : text, fileIds: all, asksForMore };
  const givenKey = givenKeyOf(writer, body);
  const held = (await writer.holdBack?.(givenKey)) ?? null;
  if (held) return { kind: 'compose', compose: await form({ textProblem: held, notSent }), status: 409 };
  if (!(await writer.takeMessage(messageKey(writer, posted.text, all)))) {
    const compose = await form({ textProblem: 'too-many-today', notSent });
    const retryAfterSeconds = secondsLeftOfDay(deps.clock.now());
    return { kind: 'compose', compose, status: 429, retryAfterSeconds };
  }

  const answer = await give(writer, body, givenKey);
  const reason = reasonOf(answer);
  if (reason === null || isReceived(answer)) {
    if (writer.savesDraft) await noteSent(deps, writer);
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
const givenKeyOf = ({ postedKey }: Writer, body: WriteMessage): string | null =>
  postedKey &&
  createHash('sha256')
    .update(`${postedKey} ${JSON.stringify(body)}`)
    .digest('base64url');

async function give(writer: Writer, body: WriteMessage, postedKey: string | null): Promise<Answer> {
  for (let left = TRIES; ; left -= 1) {
    const answer = await writer.give(body, postedKey);
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
  deps: ComposeDeps,
  writer: Writer,
): Promise<{ fileIds: string[]; problems: Compose['fileProblems'] }> {
  const ids: string[] = [];
  const problems: Compose['fileProblems'] = [];
  const { clinicId, threadId, patientId, by } = writer;
  const at = { clinicId, threadId, patientId, by, key: writer.postedKey ?? randomId() };
  for (const posted of writer.files) {
    const { name } = posted;
    if ('refused' in posted) {
      problems.push({ name, problem: posted.refused });
      continue;
    }
    if (!(await writer.takeFile(posted.content.length))) {
      problems.push({ name, problem: 'too-many-today' });
      continue;
    }
    const kept = await withRoom(at, () => saveUpload(deps, posted, at));
    if ('notNow' in kept) problems.push({ name, problem: kept.notNow });
    else if ('refused' in kept) problems.push({ name, problem: kept.refused });
    else {
      await writer.fileCame?.({ fileId: kept.file.fileId, name, sha256: kept.sha256 });
      ids.push(kept.file.fileId);
    }
  }
  return { fileIds: ids, problems };
}

/** Of the ids that a form names, those files that wait to be sent here by this person. */
async function waitingFiles(
  { records }: Pick<ComposeDeps, 'records'>,
  { threadId, by }: Writer,
  ids: string[],
): Promise<StoredFile[]> {
  const found = await Promise.all(ids.map((fileId) => records.files.find(threadId, fileId)));
  return found.filter(
    (file): file is StoredFile =>
      file !== null && file.messageId === null && file.promisedTo === null && file.uploadedBy === by,
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

const draftOf = ({ threadId, draftedBy, patientId }: Writer): DraftOf => ({
  // A thread in the place of the meeting, and a word in that of its form, which no form has for its id.
  meetingId: threadId,
  formId: 'message',
  participantId: draftedBy,
  patientId,
});

/** What one pastes can hold characters that nobody sees: they are taken out of what is shown again. */
const withoutControls = (text: string): string => text.replaceAll(/[^\P{Cc}\t\n]/gu, '');

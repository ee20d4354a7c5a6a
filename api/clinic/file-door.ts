import type { AddFile } from '../../use-cases/thread/bodies';
import { problem, type CommandDeps } from '../../use-cases/command';
import { openFile } from '../../use-cases/thread/read';
import { notFound } from '../../use-cases/command';
import { readUpload, type Upload, type UploadRefusal } from '../../files/upload';
import type { Answer } from '../../records/commands';
import { fileTypes, MOST_FILE_BYTES } from '../../rules/files';
import { FileDownload } from '../file-download';
import {
  heldFiles,
  saveUpload,
  withRoom,
  type FileDeps,
  type NotNow,
} from '../../use-cases/thread/save-upload';
import type { ClinicRequest, UploadDoor } from '../route';

/**
 * Takes in a file. It reads it to its end or its limit, checks its content, and keeps it sealed under an id
 * that follows from key and content. Then it stores the command that offers the file to the thread's next
 * message. A file that is never sent is deleted after a day.
 */
export function createFileDoor(deps: FileDeps): UploadDoor<AddFile> {
  const { records } = deps;

  return async (request, key, { caller, params }) => {
    const hold = heldFiles.open(JSON.stringify([caller.clinic.clinicId, caller.staffId]));
    if (!hold) return { refused: notNow('busy') };
    try {
      // Read before there has to be room: who sends slowly keeps nobody else's files waiting.
      const upload = await readUpload(request, hold);
      if ('refused' in upload) return { refused: refusedFile(upload.refused) };
      const sender = { clinicId: caller.clinic.clinicId, by: caller.staffId };
      const taken = await withRoom(sender, () => takeIn(upload, key, { caller, params }));
      return 'notNow' in taken ? { refused: notNow(taken.notNow) } : taken;
    } finally {
      hold.release();
    }
  };

  async function takeIn(
    upload: Upload,
    key: string,
    { caller, params }: Pick<ClinicRequest, 'caller' | 'params'>,
  ): ReturnType<UploadDoor<AddFile>> {
    const { clinicId } = caller.clinic;
    const threadId = params.caseId ?? params.meetingId ?? '';
    const about =
      params.caseId === undefined
        ? await records.meetings.find(clinicId, threadId)
        : await records.cases.find(clinicId, threadId);
    if (!about) return { refused: notFound(params.caseId === undefined ? 'meeting' : 'case') };
    const { patientId } = about;
    const kept = await saveUpload(deps, upload, { clinicId, threadId, patientId, by: caller.staffId, key });
    if ('refused' in kept) return { refused: refusedFile(kept.refused) };
    const body: AddFile = { fileId: kept.file.fileId, name: upload.name, sha256: kept.sha256 };
    return { body };
  }
}

/** Answers with a file of the thread in the address, or its small picture. */
export const downloadFile =
  (records: CommandDeps['records']) =>
  async ({ caller, params, query }: Pick<ClinicRequest, 'caller' | 'params' | 'query'>): Promise<Answer> => {
    const threadId = params.caseId ?? params.meetingId ?? '';
    const what = query.preview === 'true' ? 'preview' : 'content';
    const fileId = params.fileId ?? params.chatFileId ?? '';
    const opened = await openFile(records, threadId, fileId, caller.staffId, what);
    if (!opened) return notFound('file');
    const { name, type } = opened.file;
    const shown = what === 'preview' ? { name: `${name}.jpg`, type: 'image/jpeg' } : { name, type };
    return { status: 200, body: new FileDownload(shown, opened.content) };
  };

const notNow = (why: NotNow): Answer => problem(503, why, notNowTexts[why]);

const notNowTexts: Record<NotNow, string> = {
  busy: 'Too many files come at once. Try again in a moment.',
  'pictures-away': 'No process makes pictures anew. Try again later.',
  'scanner-away': 'The malware scanner does not answer. Try again later.',
};

const texts: Record<Exclude<UploadRefusal, 'too-much-held'>, string> = {
  'too-slow': 'The file came too slowly: at least 60 kB a minute.',
  'unreadable-upload': 'Send one file as multipart/form-data.',
  'file-missing': 'There is no file in the request.',
  'more-than-one-file': 'Send one file at a time.',
  'empty-file': 'The file is empty.',
  'too-large': `A file has at most ${MOST_FILE_BYTES / 1024 / 1024} MB.`,
  'name-missing': 'The file has no name.',
  'name-too-long': 'The file’s name is too long.',
  'name-with-path': 'The file’s name must not have a path in it.',
  'name-with-control-characters': 'The file’s name has characters that one does not see.',
  'type-not-allowed': `Files are ${fileTypes.join(', ')}.`,
  'type-forged': 'The file is something else than its name or its sender says.',
  'picture-heic':
    'HEIC pictures, an iPhone’s own format, cannot be taken. Send it as JPEG: export it as “Most compatible”, or set the camera to it.',
  'picture-too-large': 'The picture has too many pixels.',
  'picture-unreadable': 'The picture cannot be read.',
  malware: 'The malware scanner refuses the file.',
  'too-many-unsent':
    'Too many files wait to be sent here. Send a message with some of them first; what is not sent goes after a day.',
};

function refusedFile(refusal: UploadRefusal): Answer {
  if (refusal === 'too-much-held') return notNow('busy');
  const message = texts[refusal];
  return problem(statuses[refusal] ?? 422, refusal, message, [
    { field: '/body/file', reason: refusal, message },
  ]);
}

const statuses: Partial<Record<UploadRefusal, number>> = {
  'too-large': 413,
  'unreadable-upload': 400,
  'too-slow': 408,
};

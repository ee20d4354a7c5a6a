import type { AddFile } from '../../use-cases/thread/bodies';
import { problem, type CommandDeps } from '../../use-cases/command';
import { openFile } from '../../use-cases/thread/read';
import { notFound } from '../../use-cases/command';
import { readUpload, type Upload } from '../../files/upload';
import type { Answer } from '../../records/commands';
import { fileTypes, MOST_FILE_BYTES, type FileRefusal } from '../../rules/files';
import { FileDownload } from '../file-download';
import { keepUpload, withRoom, type FileDeps, type NotNow } from '../../use-cases/thread/keep-upload';
import type { ClinicRequest, UploadDoor } from '../route';

/**
 * Takes in a file: read to its end or its limit, checked by its content, kept sealed under an id that follows from key and content. Then the command is stored
 * that offers it to the thread's next message; where that is never sent it is deleted after a day.
 */
export function createFileDoor(deps: FileDeps): UploadDoor {
  const { records } = deps;

  return async (request, key, { caller, params }) => {
    // Read before there has to be room: who sends slowly keeps nobody else's files waiting.
    const upload = await readUpload(request);
    if ('refused' in upload) return { refused: refusedFile(upload.refused) };
    const taken = await withRoom(() => takeIn(upload, key, { caller, params }));
    return 'notNow' in taken ? { refused: problem(503, taken.notNow, notNowTexts[taken.notNow]) } : taken;
  };

  async function takeIn(
    upload: Upload,
    key: string,
    { caller, params }: Pick<ClinicRequest, 'caller' | 'params'>,
  ): ReturnType<UploadDoor> {
    const { clinicId } = caller.clinic;
    const threadId = params.caseId ?? params.meetingId ?? '';
    const about =
      params.caseId === undefined
        ? await records.meetings.find(clinicId, threadId)
        : await records.cases.find(clinicId, threadId);
    if (!about) return { refused: notFound(params.caseId === undefined ? 'meeting' : 'case') };
    const { patientId } = about;
    const kept = await keepUpload(deps, upload, { clinicId, threadId, patientId, by: caller.staffId, key });
    if ('refused' in kept) return { refused: refusedFile(kept.refused) };
    const body: AddFile = { fileId: kept.file.fileId, name: upload.name, sha256: kept.sha256 };
    return { body };
  }
}

/** Answers with a file of the thread in the address, or its small picture. */
export const downloadFile =
  (records: CommandDeps['records']) =>
  async ({ params, query }: ClinicRequest): Promise<Answer> => {
    const threadId = params.caseId ?? params.meetingId ?? '';
    const what = query.preview === 'true' ? 'preview' : 'content';
    const opened = await openFile(records, threadId, params.fileId ?? params.chatFileId ?? '', what);
    if (!opened) return notFound('file');
    const { name, type } = opened.file;
    const shown = what === 'preview' ? { name: `${name}.jpg`, type: 'image/jpeg' } : { name, type };
    return { status: 200, body: new FileDownload(shown, opened.content) };
  };

const notNowTexts: Record<NotNow, string> = {
  busy: 'Too many files come at once. Try again in a moment.',
  'scanner-away': 'The malware scanner does not answer. Try again later.',
};

const texts: Record<FileRefusal | 'unreadable-upload', string> = {
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

function refusedFile(refusal: FileRefusal | 'unreadable-upload'): Answer {
  const status = refusal === 'too-large' ? 413 : refusal === 'unreadable-upload' ? 400 : 422;
  const message = texts[refusal];
  return problem(status, refusal, message, [{ field: '/body/file', reason: refusal, message }]);
}

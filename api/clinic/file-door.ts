import { createHash } from 'node:crypto';
import type { Request } from 'express';
import type { AddFile } from '../../commands/case-bodies';
import { problem, type CommandDeps } from '../../commands/command';
import { openFile } from '../../commands/read-thread';
import { notFound } from '../../commands/command';
import { checkFile } from '../../files/check';
import { ScannerAway, type Scanner } from '../../files/clamd';
import { readUpload } from '../../files/upload';
import type { Answer } from '../../records/commands';
import { fileTypes, MOST_FILE_BYTES, type FileRefusal } from '../../rules/files';
import { FileDownload } from '../file-download';
import type { ClinicRequest, UploadDoor } from '../route';

/** What taking in files needs. */
export interface FileDoorDeps {
  records: CommandDeps['records'];
  clock: CommandDeps['clock'];
  /** Looks for malware; null where none is configured. */
  scanner: Scanner | null;
}

/** So many files are read and made anew at once by a process: each can take 200 MB for a moment. */
const MOST_AT_ONCE = 4;

/**
 * Takes in a file: read to its end or its limit, checked by its content, kept sealed under an id that follows from key and content. Then the command is stored
 * that offers it to the thread's next message; where that is never sent it is deleted after a day.
 */
export function createFileDoor({ records, clock, scanner }: FileDoorDeps): UploadDoor {
  let underWay = 0;

  return async (request, key, { caller, params }) => {
    if (underWay >= MOST_AT_ONCE)
      return { refused: problem(503, 'busy', 'Too many files come at once. Try again in a moment.') };
    underWay += 1;
    try {
      return await takeIn(request, key, { caller, params });
    } catch (error) {
      if (!(error instanceof ScannerAway)) throw error;
      return {
        refused: problem(503, 'scanner-away', 'The malware scanner does not answer. Try again later.'),
      };
    } finally {
      underWay -= 1;
    }
  };

  async function takeIn(
    request: Request,
    key: string,
    { caller, params }: Pick<ClinicRequest, 'caller' | 'params'>,
  ): ReturnType<UploadDoor> {
    const upload = await readUpload(request);
    if ('refused' in upload) return { refused: refusedFile(upload.refused) };
    const file = await checkFile(upload, scanner);
    if ('refused' in file) return { refused: refusedFile(file.refused) };
    const { clinicId } = caller.clinic;
    const threadId = params.caseId ?? params.meetingId ?? '';
    const about =
      params.caseId === undefined
        ? await records.meetings.find(clinicId, threadId)
        : await records.cases.find(clinicId, threadId);
    if (!about) return { refused: notFound(params.caseId === undefined ? 'meeting' : 'case') };
    const sha256 = createHash('sha256').update(upload.content).digest('base64url');
    const fileId = createHash('sha256')
      .update(JSON.stringify([clinicId, threadId, caller.staffId, key, upload.name, sha256]))
      .digest('base64url')
      .slice(0, 22);
    const { name, type, content, preview } = file;
    await records.files.keep(
      {
        fileId,
        clinicId,
        patientId: about.patientId,
        threadId,
        uploadedBy: caller.staffId,
        uploadedAt: clock.now(),
        name,
        type,
      },
      content,
      preview,
    );
    const body: AddFile = { fileId, name: upload.name, sha256 };
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
};

function refusedFile(refusal: FileRefusal | 'unreadable-upload'): Answer {
  const status = refusal === 'too-large' ? 413 : refusal === 'unreadable-upload' ? 400 : 422;
  const message = texts[refusal];
  return problem(status, refusal, message, [{ field: '/body/file', reason: refusal, message }]);
}

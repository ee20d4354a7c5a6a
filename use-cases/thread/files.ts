import type { Records } from '../../records';
import type { Answer } from '../../records/commands';
import { nameOf, type Actor } from '../../rules/actor';
import { isPicture } from '../../rules/files';
import type { AddFile } from './bodies';
import { fileView } from './message-view';
import { notFound, wrongField, type CarryOut } from '../command';

/**
 * Promises the files of a message to it before anybody is told of it: uploaded to this thread by the same
 * person, and not sent yet. A repeat of the same command finds them so, however long after.
 */
export async function promiseFiles(
  { files }: Pick<Records, 'files'>,
  { messageId, threadId, fileIds }: { messageId: string; threadId: string; fileIds: string[] },
  actor: Actor,
): Promise<{ hasPictures: boolean } | Answer> {
  let hasPictures = false;
  for (const [index, fileId] of fileIds.entries()) {
    const file = await files.find(threadId, fileId);
    if (file?.uploadedBy !== nameOf(actor) || !(await files.promise(fileId, messageId)))
      return wrongField(
        `/body/fileIds/${index}`,
        'unknown-file',
        'There is no such file that waits to be sent by you here.',
      );
    hasPictures ||= isPicture(file.type);
  }
  return { hasPictures };
}

/**
 * Offers a file to a thread's next message. Its content was checked and kept under its id before the command
 * was stored, so this can run again. A file without a message is deleted after a day.
 */
export const addFile: CarryOut<AddFile> = async ({ records }, command) => {
  const { params, body } = command;
  const threadId = params.caseId ?? params.meetingId ?? '';
  const file = await records.files.find(threadId, body.fileId);
  return file && file.uploadedBy === nameOf(command.actor)
    ? { status: 201, body: fileView(file) }
    : notFound('file');
};

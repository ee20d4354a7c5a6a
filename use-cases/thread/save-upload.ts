import { createHash } from 'node:crypto';
import type { CommandDeps } from '../command';
import { checkFile } from '../../files/check';
import { createHeldBytes, fileHoldLimits } from '../../files/held-bytes';
import { ScannerAway, type Scanner } from '../../files/clamd';
import { PicturesAway } from '../../files/pictures';
import type { Upload } from '../../files/upload';
import { createInTurn } from '../../platform/in-turn';
import type { StoredFile } from '../../records/files';
import { MOST_UNSENT_FILES, type FileRefusal } from '../../rules/files';

/** What taking in files needs. */
export interface FileDeps {
  records: CommandDeps['records'];
  clock: CommandDeps['clock'];
  /** Looks for malware; null where none is configured. */
  scanner: Scanner | null;
}

/** Where a file is kept, whose it is, who sends it, and the key of their try. */
export interface FilePlace {
  clinicId: string;
  threadId: string;
  patientId: string;
  /** As `nameOf` has it. */
  by: string;
  key: string;
}

/** Why a file was not taken now, and may be later. */
export type NotNow = 'busy' | 'scanner-away' | 'pictures-away';

/** Of the files that this process has in memory. */
export const heldFiles = createHeldBytes(fileHoldLimits);

/**
 * Files of so many senders are looked at, or wait for that, at once in a process: pictures are made anew one
 * after the other.
 */
const MOST_AT_ONCE = 8;
let underWay = 0;
/** Of one sender there is one at a time: who sends many waits for their own, and others for one of them. */
const inSendersTurn = createInTurn();

/** Does work with a file in its sender's turn, where this process has room for it. */
export const withRoom = <T>(
  { clinicId, by }: Pick<FilePlace, 'clinicId' | 'by'>,
  work: () => Promise<T>,
): Promise<T | { notNow: NotNow }> =>
  inSendersTurn(JSON.stringify([clinicId, by]), () => whereThereIsRoom(work));

async function whereThereIsRoom<T>(work: () => Promise<T>): Promise<T | { notNow: NotNow }> {
  if (underWay >= MOST_AT_ONCE) return { notNow: 'busy' };
  underWay += 1;
  try {
    return await work();
  } catch (error) {
    if (error instanceof ScannerAway) return { notNow: 'scanner-away' };
    if (error instanceof PicturesAway) return { notNow: 'pictures-away' };
    throw error;
  } finally {
    underWay -= 1;
  }
}

/**
 * Checks a file by its content and keeps it sealed. Its id follows from the sender, the place, the key and
 * the content, so the same file again is the same file. It waits for the thread's next message. If that is
 * never sent, the file is deleted after a day.
 * @throws ScannerAway, PicturesAway
 */
export async function saveUpload(
  { records, clock, scanner }: FileDeps,
  upload: Upload,
  { clinicId, threadId, patientId, by, key }: FilePlace,
): Promise<{ file: StoredFile; sha256: string } | { refused: FileRefusal }> {
  if ((await records.files.countUnsent(threadId, by)) >= MOST_UNSENT_FILES)
    return { refused: 'too-many-unsent' };
  const checked = await checkFile(upload, scanner);
  if ('refused' in checked) return checked;
  const sha256 = createHash('sha256').update(upload.content).digest('base64url');
  const fileId = createHash('sha256')
    .update(JSON.stringify([clinicId, threadId, by, key, upload.name, sha256]))
    .digest('base64url')
    .slice(0, 22);
  const { name, type, content, preview } = checked;
  const uploaded = { uploadedBy: by, uploadedAt: clock.now() };
  const file = await records.files.save(
    { fileId, clinicId, patientId, threadId, ...uploaded, name, type },
    content,
    preview,
  );
  return { file, sha256 };
}

import { fileTypeFromBuffer } from 'file-type/core';
import {
  cleanFileName,
  fileNameProblem,
  isFileType,
  isHeic,
  visibleName,
  type FileRefusal,
  type FileType,
} from '../rules/files';
import type { Scanner } from './clamd';
import { pictures } from './pictures';
import type { Upload } from './upload';

/** A file as it may be kept. */
export interface CheckedFile {
  name: string;
  type: FileType;
  content: Uint8Array;
  /** Of a picture. */
  preview: Uint8Array | null;
}

/**
 * What an upload is by its content, whatever it says of itself. Pictures are made anew; everything but
 * pictures and PDF is refused.
 *
 * @param scanner null where none is configured
 * @throws ScannerAway, PicturesAway
 */
export async function checkFile(
  { name, content }: Upload,
  scanner: Scanner | null,
): Promise<CheckedFile | { refused: FileRefusal }> {
  const wrongName = fileNameProblem(name);
  if (wrongName) return { refused: wrongName };
  if (content.length === 0) return { refused: 'empty-file' };
  const type = (await fileTypeFromBuffer(content))?.mime ?? '';
  if (isHeic(type)) return { refused: 'picture-heic' };
  if (!isFileType(type)) return { refused: 'type-not-allowed' };
  if (saysAnother(name, type)) return { refused: 'type-forged' };
  if (scanner && (await scanner.scan(content)) === 'malware') return { refused: 'malware' };
  const kept = { name: cleanFileName(name, type), type };
  if (type === 'application/pdf') return { ...kept, content, preview: null };
  const picture = await pictures.remake(content, type);
  return typeof picture === 'string' ? { refused: picture } : { ...kept, ...picture };
}

const typeOfExtension: Record<string, FileType> = {
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  png: 'image/png',
  webp: 'image/webp',
  pdf: 'application/pdf',
};

/**
 * The name says that it is something that it is not: whoever opens it would not get what they see. What the
 * sender calls it does not matter: `image/jpg` and `application/x-pdf` are common.
 */
function saysAnother(name: string, type: FileType): boolean {
  const extension = /\.([A-Za-z0-9]+)$/.exec(visibleName(name))?.[1]?.toLowerCase() ?? '';
  const byName = typeOfExtension[extension];
  return byName !== undefined && byName !== type;
}

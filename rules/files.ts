/** The largest file, in bytes (ours): a picture of a phone's camera is 3 to 8 MB. */
export const MOST_FILE_BYTES = 15 * 1024 * 1024;
/**
 * The most pixels of a picture (ours): those of the largest phone camera. What a picture needs in memory is
 * reckoned beside it, by its kind (files/picture-process.mjs).
 */
export const MOST_PICTURE_PIXELS = 52_000_000;
/** The longest side of a picture, in pixels (ours): more than a phone's panorama. */
export const MOST_PICTURE_SIDE = 16_384;
/**
 * So many files somebody can have uploaded to a thread without sending them (ours): two full messages. They
 * wait for a day.
 */
export const MOST_UNSENT_FILES = 20;
const MOST_NAME_CHARACTERS = 120;

/** What can be attached to a message: pictures, which are made anew, and PDF. Everything else is refused. */
export const fileTypes = ['image/jpeg', 'image/png', 'image/webp', 'application/pdf'] as const;
export type FileType = (typeof fileTypes)[number];

/** What a file of the type is called at its end. */
export const extensionOf: Record<FileType, string> = {
  'image/jpeg': 'jpg',
  'image/png': 'png',
  'image/webp': 'webp',
  'application/pdf': 'pdf',
};

/**
 * An iPhone's own format, which we do not open: where it is asked for pictures in another one, it makes a
 * JPEG of it.
 */
export const isHeic = (type: string): boolean => /^image\/hei[cf]\b/.test(type);

export const isFileType = (type: string): type is FileType => (fileTypes as readonly string[]).includes(type);
export const isPicture = (type: FileType): boolean => type !== 'application/pdf';

/** Why a file is refused, for machines. */
export const fileRefusals = [
  'file-missing',
  'more-than-one-file',
  'empty-file',
  'too-large',
  'name-missing',
  'name-too-long',
  'name-with-path',
  'name-with-control-characters',
  'type-not-allowed',
  'type-forged',
  'picture-heic',
  'picture-too-large',
  'picture-unreadable',
  'malware',
  'too-many-unsent',
] as const;
export type FileRefusal = (typeof fileRefusals)[number];

/**
 * Invisible characters. They change the direction of writing (phones put them into names), join letters, or
 * are wide and empty. Half characters, which no file system has, belong here too.
 */
const UNSEEN = /[\p{Cf}\p{Zl}\p{Zp}\p{Cs}\u115f\u1160\u2800\u3164\uffa0]/gu;
/** Line ends and tabs, which stand for a space. */
const BLANK = /[\t\n\v\f\r\u0085]/g;
/**
 * Characters that a program could take for something else than a name. No phone and no scanner makes them.
 */
const ODD = /\p{Cc}/u;

/**
 * The name as one sees it: without what nobody sees, which could also hide what the name ends with. Digits of
 * all scripts stay.
 */
export const visibleName = (name: string): string =>
  name.replace(UNSEEN, '').replace(BLANK, ' ').normalize('NFC').trim();

/** What is wrong with the name of a file; null where it can be kept. */
export function fileNameProblem(name: string): Extract<FileRefusal, `name-${string}`> | null {
  const plain = visibleName(name);
  if (/[/\\]/.test(plain)) return 'name-with-path';
  if (ODD.test(plain)) return 'name-with-control-characters';
  if (plain.length > MOST_NAME_CHARACTERS) return 'name-too-long';
  return plain.replace(/^\.+/, '') === '' ? 'name-missing' : null;
}

/**
 * The name as it is kept: not hidden, without what file systems read as something else, and ending as its
 * content is.
 */
export function cleanFileName(name: string, type: FileType): string {
  const plain = visibleName(name)
    .replace(/^\.+/, '')
    .replace(/["*:<>?|%;]/g, '_');
  const stem = plain.replace(/\.[A-Za-z0-9]{1,5}$/, '');
  return `${stem === '' ? 'fil' : stem}.${extensionOf[type]}`;
}

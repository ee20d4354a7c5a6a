import busboy from 'busboy';
import type { IncomingMessage } from 'node:http';
import { MOST_FILE_BYTES, type FileRefusal } from '../rules/files';
import { MOST_FILES_PER_MESSAGE } from '../rules/message';
import type { Upload } from './upload';

/** A form of ours as a browser posts it: its fields, and what was chosen in its file fields. */
export interface PostedForm {
  fields: Record<string, string | string[]>;
  files: PostedFile[];
}

/** A file that came whole, of which nothing is believed yet; or why it did not. */
export type PostedFile = Upload | { name: string; refused: FileRefusal | 'too-large-together' };

/** All files of one form, in bytes (ours): a few pictures of a phone's camera. They are held in memory until they are kept. */
const MOST_BYTES_TOGETHER = 2 * MOST_FILE_BYTES;
/** A text that is too long comes whole, to be shown again. */
const MOST_FIELD_BYTES = 1024 * 1024;
const MOST_FIELDS = 100;
/** All fields of one form, in characters (ours): the largest text, and ids beside it. */
const MOST_CHARACTERS_TOGETHER = MOST_FIELD_BYTES + 64 * 1024;

/**
 * Reads a form with fields and files (`multipart/form-data`), or with fields alone (`application/x-www-form-urlencoded`). The form's token
 * comes before its files: those of a form that is not ours are read by nobody.
 *
 * @param isOurs judges the field `csrf`
 * @returns null for what is no form of ours
 */
export function readPostedForm(
  request: IncomingMessage,
  isOurs: (csrf: unknown) => boolean,
): Promise<PostedForm | null> {
  return new Promise((resolve) => {
    const fields = new Map<string, string | string[]>();
    const files: PostedFile[] = [];
    let bytes = 0;
    let characters = 0;
    let isForm = true;

    const parser = parserOf(request);
    if (!parser) {
      resolve(null);
      return;
    }
    parser.on('field', (name, value) => {
      // No page of ours has as much: nothing of it is held in memory.
      characters += name.length + value.length;
      if (characters > MOST_CHARACTERS_TOGETHER) {
        isForm = false;
        fields.clear();
      }
      if (!isForm) return;
      const earlier = fields.get(name);
      fields.set(name, earlier === undefined ? value : [earlier, value].flat());
    });
    parser.on('file', (_field, stream, { filename, mimeType }) => {
      // A form that ends in the middle of its file is an error of both: the parser's tells of it, this one would end the process.
      stream.on('error', () => (isForm = false));
      // A file field that nobody has chosen anything in.
      if (!filename) {
        stream.resume();
        return;
      }
      const name = filename;
      if (!isOurs(fields.get('csrf'))) {
        isForm = false;
        stream.resume();
        return;
      }
      const parts: Buffer[] = [];
      let refused: Extract<PostedFile, { refused: unknown }>['refused'] | null = null;
      stream.on('data', (part: Buffer) => {
        if (refused !== null) return;
        bytes += part.length;
        if (bytes > MOST_BYTES_TOGETHER) refused = 'too-large-together';
        else parts.push(part);
      });
      stream.on('limit', () => (refused = 'too-large'));
      stream.on('close', () => {
        files.push(
          refused === null
            ? { name, declaredType: mimeType.toLowerCase(), content: Buffer.concat(parts) }
            : { name, refused },
        );
      });
    });
    parser.on('error', () => {
      isForm = false;
      request.unpipe(parser);
      request.resume();
      settle();
    });
    parser.on('close', settle);
    request.on('aborted', () => {
      isForm = false;
      settle();
    });
    request.pipe(parser);

    function settle(): void {
      const isKnown = isForm && isOurs(fields.get('csrf'));
      resolve(isKnown ? { fields: Object.fromEntries(fields), files } : null);
    }
  });
}

/** Null for what is no form. */
function parserOf({ headers }: IncomingMessage): busboy.Busboy | null {
  try {
    return busboy({
      headers,
      // A path in a name is refused, not taken off silently.
      preservePath: true,
      defParamCharset: 'utf8',
      limits: {
        fields: MOST_FIELDS,
        fieldSize: MOST_FIELD_BYTES,
        fileSize: MOST_FILE_BYTES,
        // One more than a message may have, so that the page can say so.
        files: MOST_FILES_PER_MESSAGE + 1,
        headerPairs: 20,
      },
    });
  } catch {
    return null;
  }
}

import type { IncomingMessage } from 'node:http';
import { MOST_FILE_BYTES, visibleName, type FileRefusal } from '../rules/files';
import { MOST_FILES_PER_MESSAGE } from '../rules/message';
import { Collected, readForm, type FormRefusal } from './form-parser';
import type { Hold } from './held-bytes';
import type { Upload } from './upload';

/** A form of ours as a browser posts it: its fields, and what was chosen in its file fields. */
export interface PostedForm {
  fields: Record<string, string | string[]>;
  files: PostedFile[];
}

/** A file that came whole, of which nothing is believed yet; or why it did not. */
export type PostedFile = Upload | { name: string; refused: FileRefusal | 'too-large-together' };

/**
 * All files of one form, in bytes (ours): a few pictures of a phone's camera. They are held in memory until
 * they are kept.
 */
const MOST_BYTES_TOGETHER = 2 * MOST_FILE_BYTES;
/** A text that is too long comes whole, to be shown again (ours): thirty times what a message may have. */
const MOST_FIELD_BYTES = 1024 * 1024;
const MOST_FIELDS = 100;
/** All fields of one form, in characters (ours): the largest text, and ids beside it. */
const MOST_CHARACTERS_TOGETHER = MOST_FIELD_BYTES + 64 * 1024;

/**
 * Reads a form with fields and files (`multipart/form-data`), or with fields alone
 * (`application/x-www-form-urlencoded`). The form's token comes before its files: those of a form that is not
 * ours are read by nobody.
 *
 * @param isOurs judges the field `csrf`
 * @returns why not: `not-ours` for what comes from no page of ours
 */
export function readPostedForm(
  request: IncomingMessage,
  isOurs: (csrf: unknown) => boolean,
  hold: Hold,
): Promise<PostedForm | { refused: FormRefusal | 'not-ours' }> {
  return new Promise((resolve) => {
    const fields = new Map<string, string | string[]>();
    const files: PostedFile[] = [];
    let bytes = 0;
    let characters = 0;
    let isForm = true;
    let isTooMuch = false;

    readForm(request, {
      limits: {
        fields: MOST_FIELDS,
        fieldSize: MOST_FIELD_BYTES,
        // One more than a file may have: the parser's limit is reached by what it may have, too.
        fileSize: MOST_FILE_BYTES + 1,
        // One more than a message may have, so that the page can say so.
        files: MOST_FILES_PER_MESSAGE + 1,
      },
      field(name, value) {
        // No page of ours has as much: nothing of it is held in memory.
        characters += name.length + value.length;
        if (characters > MOST_CHARACTERS_TOGETHER) {
          isTooMuch = true;
          fields.clear();
        }
        if (isTooMuch) return;
        const earlier = fields.get(name);
        fields.set(name, earlier === undefined ? value : [earlier, value].flat());
      },
      file(_field, { filename, mimeType }) {
        // A file field that nobody has chosen anything in.
        if (!filename) return null;
        if (!isOurs(fields.get('csrf'))) {
          isForm = false;
          return null;
        }
        const name = visibleName(filename);
        const content = new Collected(hold);
        let own = 0;
        let isRefused = false;
        const refuse = (refused: Extract<PostedFile, { refused: unknown }>['refused']): void => {
          if (isRefused) return;
          isRefused = true;
          files.push({ name, refused });
          // What is not kept takes no other file's place.
          bytes -= own;
          content.clear();
        };
        return {
          data(part) {
            if (isRefused) return true;
            own += part.length;
            bytes += part.length;
            if (bytes <= MOST_BYTES_TOGETHER) return content.add(part);
            refuse('too-large-together');
            return true;
          },
          tooLarge: () => refuse('too-large'),
          end() {
            if (!isRefused)
              files.push({ name, declaredType: mimeType.toLowerCase(), content: content.content });
          },
        };
      },
      end(refused) {
        if (refused !== null) resolve({ refused });
        else if (isTooMuch) resolve({ refused: 'too-much-in-form' });
        else if (!isForm || !isOurs(fields.get('csrf'))) resolve({ refused: 'not-ours' });
        else resolve({ fields: Object.fromEntries(fields), files });
      },
    });
  });
}

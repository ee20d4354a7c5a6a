import type { IncomingMessage } from 'node:http';
import { MOST_FILE_BYTES, visibleName, type FileRefusal } from '../rules/files';
import { Collected, readForm, type FormRefusal } from './form-parser';
import type { Hold } from './held-bytes';

/** One file as it was sent; nothing of it is believed yet. */
export interface Upload {
  name: string;
  /** What the sender says that it is; '' for nothing. */
  declaredType: string;
  content: Uint8Array;
}

/** Why there is no file: `too-slow` and `too-much-held` may go better later. */
export type UploadRefusal =
  FileRefusal | 'unreadable-upload' | Extract<FormRefusal, 'too-slow' | 'too-much-held'>;

/** Reads one file from a form (`multipart/form-data`), and no more of it than a file may have. */
export function readUpload(
  request: IncomingMessage,
  hold: Hold,
): Promise<Upload | { refused: UploadRefusal }> {
  return new Promise((resolve) => {
    const content = new Collected(hold);
    let name: string | null = null;
    let declaredType = '';
    let files = 0;
    let refused: UploadRefusal | null = null;

    const refuse = (why: UploadRefusal): void => {
      refused ??= why;
      content.clear();
    };
    readForm(request, {
      // One more than a file may have: the parser's limit is reached by what it may have, too.
      limits: { files: 2, fields: 1, fileSize: MOST_FILE_BYTES + 1 },
      field: () => refuse('unreadable-upload'),
      file(_field, info) {
        files += 1;
        if (files > 1) {
          refuse('more-than-one-file');
          return null;
        }
        // A name that is missing altogether comes as undefined, whatever the types say.
        name = visibleName(info.filename ?? '');
        declaredType = info.mimeType.toLowerCase();
        return {
          data: (part) => refused !== null || content.add(part),
          // Answered at once: what still comes is thrown away.
          tooLarge() {
            refuse('too-large');
            settle();
          },
          end: () => undefined,
        };
      },
      end(why) {
        switch (why) {
          case null:
            break;
          case 'too-slow':
          case 'too-much-held':
            refuse(why);
            break;
          case 'not-a-form':
          case 'unreadable-form':
          case 'too-much-in-form':
            refuse('unreadable-upload');
        }
        settle();
      },
    });

    function settle(): void {
      if (refused !== null) resolve({ refused });
      else if (name === null) resolve({ refused: 'file-missing' });
      else resolve({ name, declaredType, content: content.content });
    }
  });
}

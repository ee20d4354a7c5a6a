import busboy from 'busboy';
import type { IncomingMessage } from 'node:http';
import { MOST_FILE_BYTES, type FileRefusal } from '../rules/files';

/** One file as it was sent; nothing of it is believed yet. */
export interface Upload {
  name: string;
  /** What the sender says that it is; '' for nothing. */
  declaredType: string;
  content: Uint8Array;
}

/** Reads one file from a form (`multipart/form-data`), and no more of it than a file may have. */
export function readUpload(
  request: IncomingMessage,
): Promise<Upload | { refused: FileRefusal | 'unreadable-upload' }> {
  return new Promise((resolve) => {
    const parts: Buffer[] = [];
    let name: string | null = null;
    let declaredType = '';
    let refused: FileRefusal | 'unreadable-upload' | null = null;

    const parser = parserOf(request);
    if (!parser) {
      resolve({ refused: 'unreadable-upload' });
      return;
    }
    const refuse = (why: FileRefusal | 'unreadable-upload'): void => {
      refused ??= why;
    };
    parser.on('file', (_field, stream, info) => {
      // A name that is missing altogether comes as undefined, whatever the types say.
      name = info.filename ?? '';
      declaredType = info.mimeType.toLowerCase();
      stream.on('data', (bytes: Buffer) => {
        if (refused === null) parts.push(bytes);
      });
      // Answered at once: what still comes is thrown away.
      stream.on('limit', () => giveUp('too-large'));
      // A form that ends in the middle of its file is an error of both: the parser's tells of it, this one would end the process.
      stream.on('error', () => refuse('unreadable-upload'));
    });
    parser.on('field', () => refuse('unreadable-upload'));
    parser.on('filesLimit', () => refuse('more-than-one-file'));
    parser.on('partsLimit', () => refuse('more-than-one-file'));
    parser.on('error', () => giveUp('unreadable-upload'));
    parser.on('close', settle);
    request.on('aborted', () => {
      refuse('unreadable-upload');
      settle();
    });
    request.pipe(parser);

    function giveUp(why: FileRefusal | 'unreadable-upload'): void {
      refuse(why);
      parts.length = 0;
      if (parser) request.unpipe(parser);
      request.resume();
      settle();
    }

    function settle(): void {
      if (refused !== null) resolve({ refused });
      else if (name === null) resolve({ refused: 'file-missing' });
      else resolve({ name, declaredType, content: Buffer.concat(parts) });
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
      limits: { files: 1, fields: 1, parts: 2, fileSize: MOST_FILE_BYTES, headerPairs: 20 },
    });
  } catch {
    return null;
  }
}

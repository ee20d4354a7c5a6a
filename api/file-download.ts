import type { Response } from 'express';
import { pipeline, type Readable } from 'node:stream';
import type { StoredFile } from '../records/files';

/**
 * An answer that is a file. The browser saves it and never runs it: no script, no frame, no guessing of its
 * type. No cache keeps it.
 */
export class FileDownload {
  constructor(
    private readonly file: Pick<StoredFile, 'name'> & { type: string },
    private readonly content: Readable,
  ) {}

  sendTo(response: Response): void {
    response
      .set({
        'Cache-Control': 'no-store',
        'Content-Security-Policy': "sandbox; default-src 'none'; frame-ancestors 'none'",
        'X-Content-Type-Options': 'nosniff',
        'Cross-Origin-Resource-Policy': 'same-origin',
      })
      .attachment(this.file.name)
      .type(this.file.type);
    // A part that does not open ends the answer before its end: nobody takes it for the whole.
    pipeline(this.content, response, () => undefined);
  }
}

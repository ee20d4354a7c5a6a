import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { readUpload } from '../../files/upload';

/** What comes of a form's bytes, whatever they are. */
const upload = (body: string) => {
  const headers = { 'content-type': 'multipart/form-data; boundary=x' };
  return readUpload(Object.assign(Readable.from([Buffer.from(body)]), { headers }) as IncomingMessage);
};
const start =
  '--x\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\nContent-Type: application/pdf\r\n\r\n%PDF-1.4';

describe('a form with a file', () => {
  it('is read to its end', async () => {
    expect(await upload(`${start}\r\n--x--\r\n`)).toEqual({
      name: 'a.pdf',
      declaredType: 'application/pdf',
      content: Buffer.from('%PDF-1.4'),
    });
  });

  it('that ends in the middle of its file is refused, and the process lives on', async () => {
    const unhandled: unknown[] = [];
    const note = (error: unknown): void => void unhandled.push(error);
    process.on('uncaughtException', note);
    try {
      expect(await upload(start)).toEqual({ refused: 'unreadable-upload' });
      expect(await upload(`${start}\r\n--x\r\nContent-Disposition: form-`)).toEqual({
        refused: 'unreadable-upload',
      });
      await new Promise((resolve) => setTimeout(resolve, 20));
    } finally {
      process.off('uncaughtException', note);
    }
    expect(unhandled).toEqual([]);
  });
});

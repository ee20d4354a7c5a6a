import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { createHeldBytes, fileHoldLimits } from '../../files/held-bytes';
import { readPostedForm } from '../../files/posted-form';
import { readUpload } from '../../files/upload';
import { MOST_FILE_BYTES } from '../../rules/files';

/** What comes of a form's bytes, whatever they are. */
const request = (body: string): IncomingMessage => {
  const headers = { 'content-type': 'multipart/form-data; boundary=x' };
  return Object.assign(Readable.from([Buffer.from(body)]), { headers }) as IncomingMessage;
};
const room = () => createHeldBytes(fileHoldLimits).open('test')!;
const upload = (body: string) => readUpload(request(body), room());
const post = (body: string) => readPostedForm(request(body), (csrf) => csrf === 'token', room());
const filesOf = (read: Awaited<ReturnType<typeof post>>): unknown[] =>
  'files' in read ? read.files : [read];
const field = (name: string, value: string): string =>
  `--x\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
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
      expect(await post(`${field('csrf', 'token')}${start}`)).toEqual({ refused: 'unreadable-form' });
      expect(await post(start)).toEqual({ refused: 'unreadable-form' });
      await new Promise((resolve) => setTimeout(resolve, 20));
    } finally {
      process.off('uncaughtException', note);
    }
    expect(unhandled).toEqual([]);
  });

  it('that is too large is answered when that is clear, whatever still comes', async () => {
    const endless = new Readable({ read: () => undefined });
    endless.push(start);
    endless.push(Buffer.alloc(MOST_FILE_BYTES));
    const headers = { 'content-type': 'multipart/form-data; boundary=x' };
    const answer = readUpload(Object.assign(endless, { headers }) as unknown as IncomingMessage, room());
    expect(await answer).toEqual({ refused: 'too-large' });
    endless.destroy();
  });

  it('D8 may be exactly as large as a file may be, and not a byte larger', async () => {
    const sized = (bytes: number): string => `${start}${'x'.repeat(bytes - '%PDF-1.4'.length)}\r\n--x--\r\n`;
    expect(await upload(sized(MOST_FILE_BYTES))).toMatchObject({ name: 'a.pdf' });
    expect(await upload(sized(MOST_FILE_BYTES + 1))).toEqual({ refused: 'too-large' });
    const posted = (bytes: number) => post(`${field('csrf', 'token')}${sized(bytes)}`);
    const [right] = filesOf(await posted(MOST_FILE_BYTES));
    expect(right).toMatchObject({ name: 'a.pdf', content: { length: MOST_FILE_BYTES } });
    expect(filesOf(await posted(MOST_FILE_BYTES + 1))).toEqual([{ name: 'a.pdf', refused: 'too-large' }]);
  });

  it('not from a page of ours is read by nobody', async () => {
    expect(await post(`${field('csrf', 'other')}${start}\r\n--x--\r\n`)).toEqual({ refused: 'not-ours' });
  });

  it('D1 that has more in its fields than a page of ours has is told so', async () => {
    const text = 'a'.repeat(600_000);
    const posted = (count: number): string =>
      `${field('csrf', 'token')}${field('text', text).repeat(count)}--x--\r\n`;
    expect(await post(posted(1))).toMatchObject({ fields: { text } });
    expect(await post(posted(2))).toEqual({ refused: 'too-much-in-form' });
  });
});

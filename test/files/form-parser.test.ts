import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { request } from 'node:http';
import path from 'node:path';
import fc from 'fast-check';

/** B1: whatever comes in the place of a form, it is answered, and the process lives on. */
let server: ChildProcess;
let port = 0;

beforeAll(async () => {
  const runner = path.join(__dirname, '../support/run-typescript.mjs');
  server = spawn(process.execPath, [runner, path.join(__dirname, 'form-server.ts')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [said] = (await once(server.stdout!, 'data')) as [Buffer];
  port = Number(said.toString());
});
afterEach(() => expect([server.exitCode, server.signalCode]).toEqual([null, null]));
afterAll(() => server.kill());

/** Posts bytes as they are, in parts; answers with what the reader said. */
const post = (
  to: '/upload' | '/form',
  type: string,
  parts: (string | Uint8Array)[],
): Promise<{ refused?: string; read?: unknown }> =>
  new Promise((resolve, reject) => {
    const sent = request({ port, path: to, method: 'POST', headers: { 'content-type': type } });
    sent.on('error', reject);
    sent.on('response', (response) => {
      let text = '';
      response.on('data', (part: Buffer) => (text += part.toString()));
      response.on('end', () => resolve(JSON.parse(text) as { refused?: string }));
    });
    for (const part of parts) sent.write(part);
    sent.end();
  });

const multipart = 'multipart/form-data; boundary=x';
const csrf = '--x\r\nContent-Disposition: form-data; name="csrf"\r\n\r\ntoken\r\n';
const part = (headers: string, content = 'a'): string => `--x\r\n${headers}\r\n\r\n${content}\r\n`;
const end = '--x--\r\n';
const disposition = 'Content-Disposition: form-data; name="text"';

describe('B1 a form', () => {
  it.each<[string, string, string, string]>([
    [
      'a charset that nobody knows',
      multipart,
      part(`${disposition}\r\nContent-Type: text/plain; charset=utf-99`),
      'not-a-form',
    ],
    ['a part without a name', multipart, part('Content-Disposition: form-data'), 'unreadable-form'],
    ['an empty name', multipart, part('Content-Disposition: form-data; name=""'), 'unreadable-form'],
    ['a header without its end', multipart, `--x\r\n${disposition}`, 'unreadable-form'],
    ['a header of 100 kB', multipart, part(`${disposition}; x="${'y'.repeat(100_000)}"`), 'unreadable-form'],
    ['200 fields', multipart, part(disposition).repeat(200), 'too-much-in-form'],
    ['a text of 2 MB', multipart, part(disposition, 'y'.repeat(2_000_000)), 'too-much-in-form'],
    ['urlencoded in utf-99', 'application/x-www-form-urlencoded; charset=utf-99', 'a=b', 'not-a-form'],
    ['urlencoded and broken', 'application/x-www-form-urlencoded', 'csrf=token&a=%zz', 'unreadable-form'],
    ['JSON', 'application/json', '{}', 'not-a-form'],
    ['no boundary', 'multipart/form-data', csrf, 'not-a-form'],
  ])('that is or has %s is refused with its reason', async (_what, type, body, refused) => {
    const before = type === multipart ? csrf : '';
    expect(await post('/form', type, [before + body + (type === multipart ? end : '')])).toEqual({ refused });
    const upload = await post('/upload', type, [body + end]);
    expect(upload.refused).toMatch(/^(unreadable-upload|file-missing)$/);
  });

  it('of 10,000 parts that are none, or with another form in it, is read as what there is', async () => {
    const odd = part('Content-Type: text/plain').repeat(10_000);
    expect(await post('/form', multipart, [csrf + odd + end])).toEqual({ read: ['csrf'] });
    const nested = part(
      `${disposition}\r\nContent-Type: multipart/mixed; boundary=y`,
      '--y\r\nContent-Disposition: file; filename="a"\r\n\r\nb\r\n--y--',
    );
    expect(await post('/form', multipart, [csrf + nested + end])).toEqual({ read: ['csrf', 'text'] });
  });

  it('that comes byte by byte is the same form', async () => {
    const bytes = Array.from(csrf + part(disposition) + end);
    expect(await post('/form', multipart, bytes)).toEqual({ read: ['csrf', 'text'] });
  });
});

const odd = fc.oneof(
  fc.constantFrom(
    'Content-Disposition: form-data',
    'Content-Disposition: form-data; name',
    'Content-Disposition: form-data; name="a"; filename="b.pdf"',
    "Content-Disposition: form-data; name=a; filename*=utf-99''%ff",
    "Content-Disposition: form-data; name*=utf-8'';filename*=UTF-8''a%",
    'Content-Disposition: form-data; name="a"; filename=',
    'Content-Type: text/plain; charset=utf-99',
    'Content-Type: application/octet-stream',
    'Content-Type: ;;charset=',
    'Content-Transfer-Encoding: base64',
    'Content-Disposition:',
    ': x',
  ),
  fc.string({ unit: 'binary', maxLength: 60 }),
);
const lineEnd = fc.constantFrom('\r\n', '\r\n', '\r\n', '\n', '\r', '');
const piece = fc.oneof(
  fc.constantFrom('--x\r\n', '--x--\r\n', '\r\n\r\n', '--x', '--', '\r\n', csrf, '--y\r\n'),
  fc.tuple(odd, lineEnd).map((each) => each.join('')),
  fc.uint8Array({ maxLength: 200 }),
);
const type = fc.oneof(
  { weight: 5, arbitrary: fc.constant(multipart) },
  fc.constantFrom(
    'multipart/form-data; boundary="x"; charset=utf-99',
    'multipart/form-data; boundary=',
    'application/x-www-form-urlencoded',
    'application/x-www-form-urlencoded; charset="latin1"',
  ),
  fc
    .string({ unit: fc.constantFrom(...Array.from('multipart/form-data; boundary="x=*%')) })
    .map((each) => `m${each}`),
);

it.each(['/upload', '/form'] as const)('B1 %s answers whatever comes', async (to) => {
  await fc.assert(
    fc.asyncProperty(type, fc.array(piece, { maxLength: 12 }), async (contentType, pieces) => {
      const answer = await post(to, contentType.trim(), pieces);
      expect(Object.keys(answer)).toHaveLength(1);
    }),
    { numRuns: 300 },
  );
});

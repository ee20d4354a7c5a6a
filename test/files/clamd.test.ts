import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { checkFile } from '../../files/check';
import { createClamd, ScannerAway } from '../../files/clamd';
import { smallPdf } from '../support/cases';
import { misbehaviours, startPeer, type Misbehaviour } from '../support/peers';

/** clamd's INSTREAM protocol, against a server that speaks it as clamd does. */
let server: Server;
let answer: (content: Buffer, socket: Socket) => void;
const seen: Buffer[] = [];

beforeAll(async () => {
  server = createServer((socket) => {
    let bytes = Buffer.alloc(0);
    socket.on('error', () => undefined);
    socket.on('data', (more: Buffer) => {
      bytes = Buffer.concat([bytes, more]);
      const content = contentOf(bytes);
      if (content === null) return;
      seen.push(content);
      answer(content, socket);
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
});
afterAll(() => server.close());

/** What came between the command and the empty part that ends it; null while it has not ended. */
function contentOf(bytes: Buffer): Buffer | null {
  const command = 'zINSTREAM\0';
  if (bytes.subarray(0, command.length).toString() !== command) return null;
  const parts: Buffer[] = [];
  for (let at = command.length; at + 4 <= bytes.length;) {
    const length = bytes.readUInt32BE(at);
    if (length === 0) return Buffer.concat(parts);
    parts.push(bytes.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return null;
}

const scanner = (timeoutMs = 5_000) =>
  createClamd({ host: '127.0.0.1', port: (server.address() as AddressInfo).port, timeoutMs });
const says = (line: string): void => {
  answer = (_content, socket) => socket.end(`${line}\0`);
};

it('hands over the whole content, in parts, and reads the verdict', async () => {
  says('stream: OK');
  const content = Buffer.from(Array.from({ length: 200_000 }, (_, index) => index % 251));
  expect(await scanner().scan(content)).toBe('clean');
  expect(seen.at(-1)!.equals(content)).toBe(true);
  says('stream: Eicar-Signature FOUND');
  expect(await scanner().scan(content)).toBe('malware');
});

it.each(['', 'INSTREAM size limit exceeded. ERROR', 'stream: OK FOUND?', 'UNKNOWN COMMAND'])(
  'takes "%s" for no verdict',
  async (line) => {
    says(line);
    await expect(scanner().scan(Buffer.from('x'))).rejects.toThrow(ScannerAway);
  },
);

it('has no verdict when nobody answers, or nobody is there', async () => {
  answer = () => undefined;
  await expect(scanner(200).scan(Buffer.from('x'))).rejects.toThrow(ScannerAway);
  const nobody = createClamd({ host: '127.0.0.1', port: 1, timeoutMs: 1_000 });
  await expect(nobody.scan(Buffer.from('x'))).rejects.toThrow(ScannerAway);
});

it.each<Misbehaviour>(['never reads', 'a body that never ends', 'drops'])(
  'B12 a scanner that %s gives no verdict, and holds nobody',
  async (misbehaviour) => {
    const peer = await startPeer(misbehaviours[misbehaviour]);
    const clamd = createClamd({ host: '127.0.0.1', port: peer.port, timeoutMs: 500 });
    await expect(clamd.scan(Buffer.alloc(8_000_000))).rejects.toThrow(ScannerAway);
    await peer.close();
  },
);

it('what it refuses is refused, and without its verdict nothing is taken', async () => {
  const upload = { name: 'a.pdf', declaredType: 'application/pdf', content: Buffer.from(smallPdf) };
  says('stream: OK');
  expect(await checkFile(upload, scanner())).toMatchObject({ type: 'application/pdf' });
  says('stream: Eicar-Signature FOUND');
  expect(await checkFile(upload, scanner())).toEqual({ refused: 'malware' });
  says('');
  await expect(checkFile(upload, scanner())).rejects.toThrow(ScannerAway);
});

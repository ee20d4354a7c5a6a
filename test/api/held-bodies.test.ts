import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import express from 'express';
import { holdBodies, tellProgram } from '../../api/held-bodies';
import { onlyJitsi, type JitsiHookDeps } from '../../api/hooks/jitsi';
import { systemClock } from '../../rules/clock';

/** B1, B3: what strangers send, or only say that they will send, ends no process and takes nobody's room. */
const MOST_MS = 500;
let server: Server;
const sockets: Socket[] = [];

beforeAll(async () => {
  const app = express();
  app.use(holdBodies(tellProgram, MOST_MS, { all: 100_000, sender: 100_000, requestsOfSender: 50 }));
  app.post('/unread', (_request, response) => void response.sendStatus(404));
  app.post('/read', express.json({ limit: '200kb' }), (_request, response) => void response.sendStatus(204));
  const deps = {
    records: {} as JitsiHookDeps['records'],
    clock: systemClock,
    log: { warn: () => undefined },
  };
  app.post('/refused', onlyJitsi('not-known-to-strangers', deps));
  server = createServer(app).listen(0, '127.0.0.1');
  server.on('connection', (socket) => {
    open.push(socket);
    socket.once('close', () => (open = open.filter((each) => each !== socket)));
  });
  await once(server, 'listening');
});
/** The server's side of each connection that is open. */
let open: Socket[] = [];

afterAll(() => {
  for (const socket of sockets) socket.destroy();
  server.close();
});

const address = (): AddressInfo => server.address() as AddressInfo;

/** A request of which so much comes. */
function begin(path: string, saidBytes: number, sent = '', header = ''): Socket {
  const socket = connect(address().port, '127.0.0.1');
  sockets.push(socket);
  socket.on('error', () => undefined);
  socket.write(
    `POST ${path} HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\n${header}content-length: ${saidBytes}\r\n\r\n${sent}`,
  );
  return socket;
}

const read = async (socket: Socket): Promise<string> => {
  let text = '';
  socket.on('data', (part: Buffer) => (text += part.toString('latin1')));
  await once(socket, 'close');
  return text;
};

const post = async (body: string | Buffer, headers: Record<string, string> = {}): Promise<number> => {
  const response = await fetch(`http://127.0.0.1:${address().port}/read`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: body as BodyInit,
  });
  return response.status;
};

it('B1 a body that never comes, of a request that is answered already, ends its connection and nothing else', async () => {
  expect(await read(begin('/unread', 10))).toMatch(/^HTTP\/1\.1 404 /);
  // What is thrown in a timer has Jest fail the whole file.
  expect(await post('{"a":1}')).toBe(204);
});

it('B1 a report without its secret whose body never comes is answered once', async () => {
  expect(await read(begin('/refused', 10))).toMatch(/^HTTP\/1\.1 408 /);
  expect(await post('{"a":1}')).toBe(204);
});

it('B3 bodies that are only announced take nobody’s room, and end in time', async () => {
  const idle = Array.from({ length: 40 }, () => begin('/read', 150_000));
  await Promise.all(idle.map((socket) => once(socket, 'connect')));
  expect(await post('{"a":1}')).toBe(204);
  const answers = await Promise.all(idle.map(read));
  for (const answer of answers) expect(answer).toMatch(/^HTTP\/1\.1 408 /);
});

it('B3 what is held is bounded by what has come, and free again when it has gone', async () => {
  const first = begin('/read', 100_000, '"'.padEnd(90_000, 'x'));
  const second = begin('/read', 100_000, '"'.padEnd(90_000, 'x'));
  const refused = await Promise.race([read(first), read(second)]);
  expect(refused).toMatch(/^HTTP\/1\.1 503 /);
  server.closeIdleConnections();
  const gone = open.map((each) => new Promise((resolve) => each.once('close', resolve)));
  for (const socket of [first, second]) socket.destroy();
  await Promise.all(gone);
  await expect(post(JSON.stringify(['x'.repeat(80_000)]))).resolves.toBe(204);
});

it('B3 packed bodies are read, and counted as what they may become', async () => {
  const gzip = { 'content-encoding': 'gzip' };
  expect(await post(gzipSync('{"a":1}'), gzip)).toBe(204);
  expect(await post(gzipSync(JSON.stringify(['x'.repeat(300_000)])), gzip)).toBe(413);
});

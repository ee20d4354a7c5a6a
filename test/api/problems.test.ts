import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import express from 'express';
import pino from 'pino';
import { errorHandler } from '../../api/problems';

/**
 * A2: only what Express's own parsers refuse is the caller's fault; what any other error carries decides
 * nothing of our answer.
 */
let server: Server;
let url: string;
let thrown: unknown;

beforeAll(async () => {
  const app = express();
  app.post('/read', express.json({ limit: '1kb' }), (_request, response) => {
    response.sendStatus(204);
  });
  app.get('/throw{/:part}', () => {
    throw thrown;
  });
  app.use(errorHandler(pino({ level: 'silent' })));
  server = createServer(app).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const foreign = (fields: object): Error => Object.assign(new Error('of somebody else'), fields);

it.each([
  ['a provider’s 401', foreign({ status: 401 })],
  ['all that an HTTP error has', foreign({ status: 404, statusCode: 404, expose: true })],
  ['another library’s type', foreign({ status: 400, type: 'invalid_request' })],
  ['no error', { status: 403, message: 'shown?' }],
  ['a text of ours that is no address', new URIError('malformed')],
])('A2 %s is 500, and nothing of it is shown', async (_, error) => {
  thrown = error;
  const response = await fetch(`${url}/throw`);
  expect(response.status).toBe(500);
  expect(await response.text()).not.toMatch(/of somebody else|shown\?|malformed/);
});

it.each<[string, string, RequestInit]>([
  ['is no JSON', '400 unreadable-json', { body: '{' }],
  ['is too large', '413 body-too-large', { body: JSON.stringify('x'.repeat(2_000)) }],
  [
    'has a charset that nobody knows',
    '415 unsupported-encoding',
    { body: '{}', headers: { 'content-type': 'application/json; charset=x' } },
  ],
  [
    'is packed in a way that nobody knows',
    '415 unsupported-encoding',
    { body: '{}', headers: { 'content-encoding': 'x' } },
  ],
  [
    'is not packed as it says',
    '400 unreadable-request',
    { body: '{}', headers: { 'content-encoding': 'gzip' } },
  ],
  [
    'is packed by half',
    '400 unreadable-request',
    { body: gzipSync('{"a":1}').subarray(0, 12), headers: { 'content-encoding': 'gzip' } },
  ],
])('what the parser cannot read is the caller’s: a body that %s', async (_, expected, { body, headers }) => {
  const response = await fetch(`${url}/read`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(headers as Record<string, string>) },
    body: body ?? null,
  });
  const { title } = (await response.json()) as { title: string };
  expect(`${response.status} ${title}`).toBe(expected);
});

it('an address whose escapes mean nothing is 400', async () => {
  expect((await fetch(`${url}/throw/%ff`)).status).toBe(400);
});

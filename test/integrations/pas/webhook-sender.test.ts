import { randomBytes } from 'node:crypto';
import type { LookupFunction } from 'node:net';
import { WebhookVerificationError } from 'standardwebhooks';
import { webhookBody } from '../../../integrations/pas/webhook-body';
import {
  createWebhookSender,
  retryAfterMs,
  type WebhookResult,
} from '../../../integrations/pas/webhook-sender';
import { meetingEvent } from '../../support/events';
import { startReceiver, type Received, type Receiver } from '../../support/receiver';

/** Decision 11: signed by Standard Webhooks, sent once, to nowhere but the endpoint. */
const secretOf = (): string => `whsec_${randomBytes(32).toString('base64')}`;
const [secret, oldSecret] = [secretOf(), secretOf()];
let receiver: Receiver;

beforeEach(async () => {
  receiver = await startReceiver();
});
afterEach(() => {
  receiver.close();
  jest.restoreAllMocks();
});

const event = {
  ...meetingEvent('meeting', 1, new Date('2026-11-23T08:00:00.000Z')),
  clinicId: 'clinic',
  subject: 'meeting',
  sequence: 3,
};
const send = (
  part: {
    lookup?: LookupFunction;
    url?: string;
    secrets?: string[];
    at?: Date;
    toPrivateAddresses?: boolean;
    timeoutMs?: number;
  } = {},
): Promise<WebhookResult> =>
  createWebhookSender({
    toPrivateAddresses: part.toPrivateAddresses ?? true,
    timeoutMs: part.timeoutMs ?? 5_000,
    ...(part.lookup ? { lookup: part.lookup } : {}),
  }).send({
    url: part.url ?? receiver.url,
    secrets: part.secrets ?? [secret],
    eventId: event.eventId,
    body: webhookBody(event),
    at: part.at ?? new Date(),
  });

describe('what is sent', () => {
  it('is the event, with its id, the time of the try and its signature in the headers', async () => {
    expect(await send()).toEqual({ kind: 'taken' });
    const [got] = receiver.received;
    expect(got!.headers).toMatchObject({
      'content-type': 'application/json',
      'webhook-id': event.eventId,
      'webhook-timestamp': expect.stringMatching(/^\d{10}$/),
      'webhook-signature': expect.stringMatching(/^v1,[A-Za-z0-9+/]{43}=$/),
    });
    expect(receiver.verify(got!, secret)).toEqual({
      type: 'meeting.rebooked',
      timestamp: '2026-11-23T08:00:00.000Z',
      data: event.data,
      clinicId: 'clinic',
      subject: 'meeting',
      sequence: 3,
    });
  });

  it('is signed with both secrets while one is being rotated', async () => {
    await send({ secrets: [secret, oldSecret] });
    const [got] = receiver.received;
    expect(got!.headers['webhook-signature']).toMatch(/^v1,\S+ v1,\S+$/);
    expect(receiver.verify(got!, secret)).toEqual(receiver.verify(got!, oldSecret));
  });
});

describe('the library’s own verifier refuses', () => {
  let got: Received;
  beforeEach(async () => {
    await send();
    got = receiver.received[0]!;
  });
  const expectRefused = (part: Partial<Received>, by = secret): void => {
    expect(() => receiver.verify({ ...got, ...part }, by)).toThrow(WebhookVerificationError);
  };
  const withHeader = (name: string, value: string) => ({ headers: { ...got.headers, [name]: value } });

  it('another secret', () => expectRefused({}, oldSecret));
  it('a tampered body', () => expectRefused({ body: got.body.replace('"sequence":3', '"sequence":4') }));
  it('a body with one more space', () => expectRefused({ body: `${got.body} ` }));
  it('another id', () => expectRefused(withHeader('webhook-id', `${got.eventId}x`)));
  it('another time stamp', () => {
    expectRefused(withHeader('webhook-timestamp', String(Number(got.headers['webhook-timestamp']) + 1)));
  });
  it('an old time stamp, replayed by somebody who listened', async () => {
    await send({ at: new Date(Date.now() - 6 * 60_000) });
    expect(() => receiver.verify(receiver.received[1]!, secret)).toThrow('Message timestamp too old');
  });
  it('a tampered signature', () => {
    const signature = String(got.headers['webhook-signature']);
    expectRefused(
      withHeader(
        'webhook-signature',
        signature.replace(/^v1,./, (it) => `v1,${it.endsWith('A') ? 'B' : 'A'}`),
      ),
    );
    expectRefused(withHeader('webhook-signature', ''));
    expectRefused(withHeader('webhook-signature', 'v1,'));
    expectRefused(withHeader('webhook-signature', signature.replace('v1,', 'v2,')));
  });
  it('nothing of what came as it was sent', () => {
    expect(receiver.verify(got, secret)).toMatchObject({ sequence: 3 });
  });
});

describe('what a receiver answers', () => {
  it.each([200, 201, 202, 204, 299])('%i is taken', async (status) => {
    receiver.behave((_event, response) => void response.writeHead(status).end());
    expect(await send()).toEqual({ kind: 'taken' });
  });

  it.each([300, 301, 304, 307, 308, 400, 401, 404, 410, 429, 500, 503])('%i is not', async (status) => {
    receiver.behave((_event, response) => void response.writeHead(status).end());
    expect(await send()).toEqual({ kind: 'not-taken', reason: `http-${status}`, retryAfterMs: null });
  });

  it('a redirect is not followed', async () => {
    const elsewhere = await startReceiver();
    receiver.behave((_event, response) => void response.writeHead(308, { location: elsewhere.url }).end());
    expect(await send()).toMatchObject({ reason: 'http-308' });
    expect(elsewhere.received).toEqual([]);
    elsewhere.close();
  });

  it('Retry-After is told', async () => {
    receiver.behave((_event, response) => void response.writeHead(503, { 'retry-after': '120' }).end());
    expect(await send()).toMatchObject({ reason: 'http-503', retryAfterMs: 120_000 });
  });

  it.each([
    ['120', 120_000],
    ['Mon, 23 Nov 2026 08:10:00 GMT', 600_000],
    ['Mon, 23 Nov 2026 07:00:00 GMT', 0],
    ['soon', null],
    ['-5', 0],
    [undefined, null],
  ])('Retry-After %s is %s ms', (header, ms) => {
    // -5 is no number of seconds; as a date, V8 reads some month of May long gone.
    expect(retryAfterMs(header, new Date('2026-11-23T08:00:00.000Z'))).toBe(ms);
  });

  it('an answer without end is taken by its status', async () => {
    receiver.behave((_event, response) => {
      response.writeHead(200);
      const more = setInterval(() => response.write('x'.repeat(65_536)), 1);
      response.on('close', () => clearInterval(more));
    });
    expect(await send({ timeoutMs: 2_000 })).toEqual({ kind: 'taken' });
  });

  it('nothing at all is a time-out', async () => {
    receiver.behave(() => undefined);
    const begun = Date.now();
    expect(await send({ timeoutMs: 200 })).toEqual({
      kind: 'not-taken',
      reason: 'time-out',
      retryAfterMs: null,
    });
    expect(Date.now() - begun).toBeLessThan(2_000);
  });

  it('headers that never end are a time-out', async () => {
    receiver.behave((_event, response) => void response.socket?.write('HTTP/1.1 200 OK\r\nx: '));
    expect(await send({ timeoutMs: 200 })).toMatchObject({ reason: 'time-out' });
  });

  it('a closed connection, a refused one and a name that is not there are told apart', async () => {
    receiver.behave((_event, response) => void response.socket?.destroy());
    expect(await send()).toMatchObject({ reason: 'connection-closed' });
    expect(await send({ url: 'http://example.se/' })).toMatchObject({ reason: 'not-https' });
    expect(await send({ url: 'HTTP://127.0.0.1:1/' })).toMatchObject({ reason: 'connection-refused' });
    expect(await send({ url: 'https://nowhere.invalid/' })).toMatchObject({ reason: 'name-lookup-failed' });
  });
});

describe('private addresses', () => {
  it('are not called where they are not allowed, and plain http neither', async () => {
    expect(await send({ toPrivateAddresses: false })).toMatchObject({ reason: 'not-https' });
    const url = receiver.url.replace('http:', 'https:');
    expect(await send({ url, toPrivateAddresses: false })).toMatchObject({ reason: 'not-a-public-host' });
    expect(receiver.received).toEqual([]);
  });

  it.each([
    '127.0.0.1',
    '10.1.2.3',
    '192.168.1.1',
    '172.16.0.1',
    '169.254.169.254',
    '100.64.0.1',
    '0.0.0.0',
    '::1',
    'fd00::1',
    'fe80::1',
    '::ffff:127.0.0.1',
  ])('a public name that resolves to %s is not called (DNS rebinding)', async (address) => {
    const family = address.includes(':') ? 6 : 4;
    const lookup: LookupFunction = (_host, options, answer) => {
      if (options.all) answer(null, [{ address, family }]);
      else answer(null, address, family);
    };
    const { port } = new URL(receiver.url);
    const url = `https://pas.example.org:${port}/`;
    const result = await send({ url, toPrivateAddresses: false, lookup });
    expect(result).toEqual({ kind: 'not-taken', reason: 'private-address', retryAfterMs: null });
    expect(receiver.received).toEqual([]);
  });
});

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createElksClient } from '../../../integrations/sms/elks';
import { misbehaviours, startBlackHole, startPeer, type Misbehaviour } from '../../support/peers';

const sms = {
  from: 'Vardmote',
  to: '+46701740605',
  message: 'Hej! Du har ett digitalt möte måndag 23 november kl. 10.00.',
  reportUrl: 'https://moten.example.se/hooks/elks/t0k3n',
};
const answer = {
  id: 's70df59406a1b4643b96f3f91e0bfb7b0',
  status: 'created',
  from: sms.from,
  to: sms.to,
  parts: 1,
  cost: 3500,
  created: '2026-11-20T09:00:00.123000',
  message: sms.message,
  direction: 'outgoing',
};
const accepted = {
  kind: 'accepted',
  providerId: answer.id,
  status: 'created',
  parts: 1,
  costTenThousandths: 3500,
};

type Behaviour = (response: ServerResponse, request: IncomingMessage) => void;
let behaviour: Behaviour;
const requests: { method?: string; url?: string; headers: IncomingMessage['headers']; body: string }[] = [];

const server = createServer((request, response) => {
  let body = '';
  request.setEncoding('utf8');
  request.on('data', (chunk: string) => (body += chunk));
  request.on('end', () => {
    const { method, url, headers } = request;
    requests.push({ method, url, headers, body });
    behaviour(response, request);
  });
});

beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => (requests.length = 0));

const port = () => (server.address() as AddressInfo).port;

async function sendTo(baseUrl: string, timeoutMs = 5_000) {
  const result = await createElksClient({ baseUrl, username: 'u1', password: 'p:2', timeoutMs }).send(sms);
  const seen = JSON.stringify(result);
  // R8.3: results are logged and stand in histories.
  for (const secret of ['46701740605', 'digitalt', 'Vardmote', 't0k3n', 'p:2'])
    expect(seen).not.toContain(secret);
  return result;
}

async function sendWhere(serverDoes: Behaviour, timeoutMs?: number) {
  behaviour = serverDoes;
  return sendTo(`http://127.0.0.1:${port()}/a1`, timeoutMs);
}

const answering =
  (status: number, body: string, type = 'text/plain'): Behaviour =>
  (response) =>
    response.writeHead(status, { 'content-type': type }).end(body);
const json = (body: unknown) => answering(200, JSON.stringify(body), 'application/json');

describe('ElksClient.send', () => {
  it('R2.7 posts the documented form and reads the documented answer', async () => {
    expect(await sendWhere(json(answer))).toEqual(accepted);
    expect(requests).toHaveLength(1);
    const { method, url, headers, body } = requests[0]!;
    expect({ method, url }).toEqual({ method: 'POST', url: '/a1/sms' });
    expect(headers.authorization).toBe(`Basic ${Buffer.from('u1:p:2').toString('base64')}`);
    expect(headers['content-type']).toMatch(/^application\/x-www-form-urlencoded/);
    expect(Object.fromEntries(new URLSearchParams(body))).toEqual({
      from: sms.from,
      to: sms.to,
      message: sms.message,
      whendelivered: sms.reportUrl,
      dontlog: 'message',
    });
  });

  it.each(['created', 'sent', 'delivered', 'failed'])('R2.7 passes the status %s on', async (status) => {
    expect(await sendWhere(json({ ...answer, status }))).toEqual({ ...accepted, status });
  });

  it.each([
    [400, false],
    [401, true],
    [402, true],
    [403, false],
    [404, false],
    [408, true],
    [429, true],
  ])('R2.7 knows that after %i nothing was sent', async (status, retryable) => {
    const result = await sendWhere(answering(status, `Sending to ${sms.to} is not allowed: ${sms.message}`));
    expect(result).toEqual({ kind: 'not-sent', reason: `http-${status}`, retryable });
  });

  it.each([201, 204, 500, 502, 503])('R2.7 does not know after %i', async (status) => {
    expect(await sendWhere(answering(status, status === 204 ? '' : JSON.stringify(answer)))).toEqual({
      kind: 'uncertain',
      reason: `http-${status}`,
    });
  });

  it('R2.7 does not follow a redirect', async () => {
    const result = await sendWhere((response) => {
      response.writeHead(307, { location: `http://127.0.0.1:${port()}/elsewhere` }).end();
    });
    expect(result).toEqual({ kind: 'uncertain', reason: 'http-307' });
    expect(requests.map(({ url }) => url)).toEqual(['/a1/sms']);
  });

  it.each<[string, Behaviour]>([
    ['an HTML page', answering(200, `<!doctype html><p>${sms.to}</p>`, 'text/html')],
    ['an empty body', answering(200, '')],
    ['null', json(null)],
    ['a list', json([answer])],
    ['no id', json({ ...answer, id: undefined })],
    ['a number as id', json({ ...answer, id: '46701740605' })],
    ['an unknown status', json({ ...answer, status: 'queued' })],
    ['no parts', json({ ...answer, parts: undefined })],
    ['a dry run', json({ status: 'created', estimated_cost: 3500, parts: 1, to: sms.to })],
  ])('R2.7 does not know after a 200 with %s', async (_, serverDoes) => {
    expect(await sendWhere(serverDoes)).toEqual({ kind: 'uncertain', reason: 'answer-odd' });
  });

  it('R2.7 reads no more of an answer than it can need', async () => {
    let written = 0;
    const result = await sendWhere((response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      const chunk = ' '.repeat(65_536);
      const write = () => {
        if (response.destroyed || written > 200_000_000) return;
        written += chunk.length;
        response.write(chunk, () => setImmediate(write));
      };
      write();
    });
    expect(result).toEqual({ kind: 'uncertain', reason: 'answer-too-large' });
    expect(written).toBeLessThan(50_000_000);
  });

  it('R2.7 does not know after a time-out before the answer', async () => {
    expect(await sendWhere(() => undefined, 100)).toEqual({ kind: 'uncertain', reason: 'time-out' });
  });

  it('R2.7 does not know after a time-out in the answer', async () => {
    const result = await sendWhere((response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).write('{"id":');
    }, 200);
    expect(result).toEqual({ kind: 'uncertain', reason: 'time-out' });
  });

  it('R2.7 does not know after a reset', async () => {
    const result = await sendWhere((_, request) => request.socket.resetAndDestroy());
    expect(result).toEqual({ kind: 'uncertain', reason: 'connection-closed' });
  });

  it('R2.7 does not know when the connection closes in the answer', async () => {
    const result = await sendWhere((response) => {
      response.writeHead(200, { 'content-length': '400' });
      response.write('{"id":"s70df', () => response.destroy());
    });
    expect(result).toEqual({ kind: 'uncertain', reason: 'connection-closed' });
  });

  it('R2.7 knows that nothing was sent over a refused connection', async () => {
    const closed = createServer().listen(0, '127.0.0.1');
    await once(closed, 'listening');
    const { port: closedPort } = closed.address() as AddressInfo;
    closed.close();
    await once(closed, 'close');
    expect(await sendTo(`http://127.0.0.1:${closedPort}/a1`)).toEqual({
      kind: 'not-sent',
      reason: 'connection-refused',
      retryable: true,
    });
  });

  it('A3 knows that nothing was sent where packets are dropped, whichever timer is first', async () => {
    const hole = await startBlackHole();
    for (const [timeoutMs, reason] of [
      [3_000, 'connect-time-out'],
      [300, 'time-out'],
    ] as const) {
      expect(await sendTo(`http://127.0.0.1:${hole.port}/a1`, timeoutMs)).toEqual({
        kind: 'not-sent',
        reason,
        retryable: true,
      });
    }
    await hole.close();
  });

  it.each<[Misbehaviour, string]>([
    ['switching protocols', 'http-101'],
    ['headers that never end', 'time-out'],
    ['a body that never ends', 'time-out'],
    ['never reads', 'time-out'],
    ['drops', 'connection-closed'],
  ])('B12 does not know after a peer that %s, and has an answer', async (misbehaviour, reason) => {
    const peer = await startPeer(misbehaviours[misbehaviour]);
    expect(await sendTo(`http://127.0.0.1:${peer.port}/a1`, 500)).toEqual({ kind: 'uncertain', reason });
    expect(peer.connections()).toBe(1);
    await peer.close();
  });

  it('R2.7 knows that nothing was sent to a name that is not found', async () => {
    expect(await sendTo('http://nowhere.invalid/a1')).toEqual({
      kind: 'not-sent',
      reason: 'name-lookup-failed',
      retryable: true,
    });
  });
});

describe('ElksClient.sentBetween', () => {
  const after = new Date('2026-11-20T08:59:00.000Z');
  const before = new Date('2026-11-20T09:01:00.000Z');
  const inHistory = {
    id: answer.id,
    direction: 'outgoing',
    status: 'delivered',
    from: sms.from,
    to: sms.to,
    parts: 1,
    cost: 3500,
    created: '2026-11-20T09:00:00.123000',
  };
  const found = {
    providerId: answer.id,
    createdAt: new Date('2026-11-20T09:00:00.123Z'),
    status: 'delivered',
  };
  const idOf = (index: number): string => `s${String(index).padStart(32, '0')}`;

  async function historyAt(baseUrl: string, timeoutMs = 5_000) {
    const client = createElksClient({ baseUrl, username: 'u1', password: 'p:2', timeoutMs });
    const history = await client.sentBetween({ from: sms.from, to: sms.to, after, before });
    for (const secret of ['46701740605', 'digitalt', 'p:2']) {
      expect(JSON.stringify(history)).not.toContain(secret);
    }
    return history;
  }
  const historyWhere = (serverDoes: Behaviour, timeoutMs?: number) => {
    behaviour = serverDoes;
    return historyAt(`http://127.0.0.1:${port()}/a1`, timeoutMs);
  };

  it('R2.7 asks for one number’s messages in the documented way, and reads the documented answer', async () => {
    expect(await historyWhere(json({ data: [inHistory] }))).toEqual({
      kind: 'read',
      messages: [found],
      odd: 0,
    });
    const { method, url, headers } = requests[0]!;
    expect(method).toBe('GET');
    expect(headers.authorization).toBe(`Basic ${Buffer.from('u1:p:2').toString('base64')}`);
    const { pathname, searchParams } = new URL(url ?? '', 'http://elks');
    expect(pathname).toBe('/a1/sms');
    expect(Object.fromEntries(searchParams)).toEqual({
      to: sms.to,
      // The newer end is called start (facts).
      start: '2026-11-20T09:01:00.000000',
      end: '2026-11-20T08:59:00.000000',
      limit: '100',
    });
  });

  it('R2.7 nothing found is nothing found', async () => {
    expect(await historyWhere(json({ data: [] }))).toEqual({ kind: 'read', messages: [], odd: 0 });
  });

  it.each(['2026-11-20T09:00:00.123Z', '2026-11-20T10:00:00.123+01:00'])(
    'R2.7 reads a time with a zone: %s',
    async (created) => {
      const history = await historyWhere(json({ data: [{ ...inHistory, created }] }));
      expect(history).toEqual({ kind: 'read', messages: [found], odd: 0 });
    },
  );

  it.each([
    ['to another number', { to: '+46701740606' }],
    ['from another sender', { from: 'Another' }],
    ['made at the first end', { created: '2026-11-20T08:59:00.000000' }],
    ['made at the last end', { created: '2026-11-20T09:01:00.000000' }],
    ['that came in', { direction: 'incoming', status: 'received' }],
    ['that answers one that came in', { direction: 'outgoing-reply', id: undefined }],
    ['that cannot be read and is to another number', { to: '+46701740606', status: 'queued' }],
  ])('R2.7 passes over one %s, though it was not asked for', async (_, other) => {
    const history = await historyWhere(json({ data: [{ ...inHistory, id: idOf(1), ...other }, inHistory] }));
    expect(history).toEqual({ kind: 'read', messages: [found], odd: 0 });
  });

  it.each<[string, unknown]>([
    ['without an id', { ...inHistory, id: undefined }],
    ['with a number as id', { ...inHistory, id: '46701740605' }],
    ['of an unknown status', { ...inHistory, id: idOf(1), status: 'queued' }],
    ['without a time', { ...inHistory, id: idOf(1), created: 'just now' }],
    ['of a direction that we do not know', { ...inHistory, id: idOf(1), direction: 'sideways' }],
    ['that is no object', 'sms'],
    ['that is null', null],
  ])('E12 one odd row %s spoils no other: it is counted, and explains nothing', async (_, odd) => {
    const history = await historyWhere(json({ data: [odd, inHistory] }));
    expect(history).toEqual({ kind: 'read', messages: [found], odd: 1 });
  });

  it('R2.7 reads all pages, and each message once', async () => {
    const pages = [
      {
        data: [1, 2].map((index) => ({ ...inHistory, id: idOf(index) })),
        next: '2026-11-20T09:00:00.123000',
      },
      {
        data: [2, 3].map((index) => ({ ...inHistory, id: idOf(index) })),
        next: '2026-11-20T08:59:30.000000',
      },
      { data: [] },
    ];
    const history = await historyWhere((response, request) =>
      json(pages[requests.length - 1])(response, request),
    );
    expect(history).toEqual({
      kind: 'read',
      messages: [1, 2, 3].map((index) => ({ ...found, providerId: idOf(index) })),
      odd: 0,
    });
    const starts = requests.map(({ url }) => new URL(url ?? '', 'http://elks').searchParams.get('start'));
    expect(starts).toEqual([
      '2026-11-20T09:01:00.000000',
      '2026-11-20T09:00:00.123000',
      '2026-11-20T08:59:30.000000',
    ]);
  });

  it('R2.7 half a history is none: pages without end, and a page that fails after others', async () => {
    const more = { data: [inHistory], next: '2026-11-20T09:00:00.123000' };
    expect(await historyWhere(json(more))).toEqual({ kind: 'unread', reason: 'too-many-pages' });
    expect(requests).toHaveLength(10);
    requests.length = 0;
    const failing = await historyWhere((response, request) =>
      (requests.length === 1 ? json(more) : answering(500, ''))(response, request),
    );
    expect(failing).toEqual({ kind: 'unread', reason: 'http-500' });
  });

  it.each([201, 204, 307, 400, 401, 403, 404, 429, 500, 503])(
    'R2.7 %i is no history and not an empty one',
    async (status) => {
      const body = status === 204 ? '' : JSON.stringify({ data: [] });
      expect(await historyWhere(answering(status, body))).toEqual({
        kind: 'unread',
        reason: `http-${status}`,
      });
    },
  );

  it.each<[string, Behaviour]>([
    ['an HTML page', answering(200, '<!doctype html>', 'text/html')],
    ['an empty body', answering(200, '')],
    ['null', json(null)],
    ['a list', json([inHistory])],
    ['no data', json({})],
    ['data that are no list', json({ data: inHistory })],
    [
      'more than was asked for',
      json({ data: Array.from({ length: 101 }, (_, index) => ({ ...inHistory, id: idOf(index) })) }),
    ],
    ['a next page that is no text', json({ data: [], next: 7 })],
  ])('R2.7 a 200 with %s is no history and not an empty one', async (_, serverDoes) => {
    expect(await historyWhere(serverDoes)).toEqual({ kind: 'unread', reason: 'answer-odd' });
  });

  it('R2.7 reads no more of it than it can need', async () => {
    const history = await historyWhere(json({ data: [], filler: ' '.repeat(600_000) }));
    expect(history).toEqual({ kind: 'unread', reason: 'answer-too-large' });
  });

  it('R2.7 the time-out is for all pages together', async () => {
    expect(await historyWhere(() => undefined, 100)).toEqual({ kind: 'unread', reason: 'time-out' });
    const slowly: Behaviour = (response, request) =>
      void setTimeout(() => json({ data: [], next: 'x' })(response, request), 200);
    expect(await historyWhere(slowly, 500)).toEqual({ kind: 'unread', reason: 'time-out' });
    expect(requests.length).toBeLessThan(6);
  });

  it('R2.7 a connection that is refused or lost is no history', async () => {
    const cut = await historyWhere((response) => {
      response.writeHead(200, { 'content-length': '400' });
      response.write('{"data":[]', () => response.destroy());
    });
    expect(cut).toEqual({ kind: 'unread', reason: 'connection-closed' });
    expect(await historyAt('http://nowhere.invalid/a1')).toEqual({
      kind: 'unread',
      reason: 'name-lookup-failed',
    });
  });
});

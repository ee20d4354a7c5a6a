import express from 'express';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FAILING_NUMBER } from '../../local/outbox/delivery-reports';
import { listen, type Listening } from '../../local/listen';
import { createElksRouter } from '../../local/outbox/elks-server';
import { createOutboxPages } from '../../local/outbox/page';
import { openOutboxStore, type OutboxMessage, type OutboxStore } from '../../local/outbox/store';
import type { SendResult } from '../../rules/send-result';
import { parseDeliveryReport } from '../../integrations/sms/delivery-report';
import { createElksClient } from '../../integrations/sms/elks';

const to = '+46701740605';
const servers: Listening[] = [];
let folder: string;
let file: string;
let store: OutboxStore;

async function serve(listener: RequestListener): Promise<string> {
  const listening = await listen(createServer(listener));
  servers.push(listening);
  return listening.url;
}

async function startOutbox(): Promise<string> {
  const app = express();
  let clock = Date.parse('2026-11-20T09:00Z');
  const now = () => new Date(clock++);
  app.use('/46elks/a1', createElksRouter({ store, username: 'u1', password: 'p1', now }));
  app.use('/outbox', createOutboxPages({ store }));
  return serve(app);
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'outbox-'));
  file = join(folder, 'sms', 'outbox.jsonl');
  store = openOutboxStore({ file });
});
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
  store.close();
  rmSync(folder, { recursive: true });
});

const clientOf = (url: string, password = 'p1') =>
  createElksClient({ baseUrl: `${url}/46elks/a1`, username: 'u1', password, timeoutMs: 5_000 });
const sms = { from: 'Vardmote', to, message: 'Hej!', reportUrl: 'http://127.0.0.1:1/report' };
const idOf = (result: SendResult) => (result.kind === 'accepted' ? result.providerId : result.reason);
const authorization = `Basic ${Buffer.from('u1:p1').toString('base64')}`;

describe('the stand-in of 46elks', () => {
  it('accepts an SMS of our client and keeps it', async () => {
    const url = await startOutbox();
    const result = await clientOf(url).send({ ...sms, message: 'a'.repeat(161) });
    const [kept, ...others] = store.messages();
    expect(result).toEqual({
      kind: 'accepted',
      providerId: kept?.id,
      status: 'created',
      parts: 2,
      costTenThousandths: 7_000,
    });
    expect(kept).toMatchObject({ to, from: 'Vardmote', reportUrl: sms.reportUrl, dontlog: true });
    expect(others).toEqual([]);
  });

  it('answers 401 without the right password', async () => {
    const url = await startOutbox();
    const result = await clientOf(url, 'wrong').send(sms);
    expect(result).toEqual({ kind: 'not-sent', reason: 'http-401', retryable: true });
    expect(store.messages()).toEqual([]);
  });

  it.each([
    ['an empty message', { message: '' }],
    ['a sender that starts with a digit', { from: '1Vardmote' }],
    ['a sender of two letters', { from: 'Va' }],
    ['a number that is not E.164', { to: '070-174 06 05' }],
    ['several numbers', { to: `${to},${to}` }],
    ['a missing number', { to: null }],
  ])('answers %s with 403 and one line of text', async (_, wrong) => {
    const url = await startOutbox();
    const form = Object.entries({ from: 'Vardmote', to, message: 'Hej!', ...wrong });
    const response = await fetch(`${url}/46elks/a1/sms`, {
      method: 'POST',
      headers: { authorization },
      body: new URLSearchParams(form.flatMap(([name, value]) => (value === null ? [] : [[name, value]]))),
    });
    expect(response.status).toBe(403);
    expect(response.headers.get('content-type')).toMatch(/^text\/plain/);
    expect(await response.text()).toMatch(/^[^\n{]+$/);
    expect(store.messages()).toEqual([]);
  });

  it('estimates the cost in a dry run, and sends nothing', async () => {
    const url = await startOutbox();
    const response = await fetch(`${url}/46elks/a1/sms`, {
      method: 'POST',
      headers: { authorization },
      body: new URLSearchParams({ from: 'Vardmote', to, message: 'Hej!', dryrun: 'yes' }),
    });
    const answer: unknown = await response.json();
    expect(answer).toMatchObject({ estimated_cost: 3_500, parts: 1 });
    expect(answer).not.toHaveProperty('id');
    expect(store.messages()).toEqual([]);
  });

  it('gives the history of a number, newest first, page by page, without text that was not to be logged', async () => {
    const url = await startOutbox();
    const client = clientOf(url);
    const ids: string[] = [];
    for (const message of ['1', '2', '3']) ids.push(idOf(await client.send({ ...sms, message })));
    await client.send({ ...sms, to: '+46701740606' });
    const history = async (query: Record<string, string>) => {
      const search = new URLSearchParams({ to, ...query }).toString();
      const response = await fetch(`${url}/46elks/a1/sms?${search}`, { headers: { authorization } });
      return (await response.json()) as { data: { id: string; created: string }[]; next?: string };
    };
    const first = await history({ limit: '2' });
    expect(first.data.map(({ id }) => id)).toEqual([ids[2], ids[1]]);
    expect(first.data[0]).not.toHaveProperty('message');
    const second = await history({ limit: '2', start: first.next! });
    expect(second.data.map(({ id }) => id)).toEqual([ids[0]]);
    expect(second).not.toHaveProperty('next');
    const since = await history({ end: second.data[0]!.created });
    expect(since.data.map(({ id }) => id)).toEqual([ids[2], ids[1]]);
  });

  it('reports the delivery, again when the report is answered 500', async () => {
    const reports: string[] = [];
    let taken: () => void;
    const isTaken = new Promise<void>((resolve) => (taken = resolve));
    const reportUrl = await serve((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        reports.push(body);
        response.writeHead(reports.length === 1 ? 500 : 204).end();
        if (reports.length === 2) taken();
      });
    });
    const url = await startOutbox();
    const result = await clientOf(url).send({ ...sms, reportUrl: `${reportUrl}/t0k3n` });
    await isTaken;
    expect(reports[0]).toBe(reports[1]);
    expect(parseDeliveryReport(Object.fromEntries(new URLSearchParams(reports[1])))).toEqual({
      providerId: idOf(result),
      status: 'delivered',
      deliveredAt: new Date('2026-11-20T09:00:00.001Z'),
    });
    expect(store.messages()[0]?.status).toBe('delivered');
  });

  it('lets every SMS to the failing number fail', async () => {
    const changed = new Promise<OutboxMessage>((resolve) => {
      store.subscribe((message) => message.status !== 'created' && resolve(message));
    });
    const url = await startOutbox();
    await clientOf(url).send({ ...sms, to: FAILING_NUMBER });
    expect((await changed).status).toBe('failed');
  });
});

describe('the store', () => {
  const row = (message: string) => ({
    from: 'Vardmote',
    to,
    message,
    createdAt: '2026-11-20T09:00:00.000Z',
    reportUrl: null,
    dontlog: false,
  });

  it('keeps messages and their states over a restart', () => {
    const { id } = store.accept(row('first'));
    store.accept(row('second'));
    store.setStatus(id, 'delivered');
    const before = store.messages();
    expect(before.map(({ message, status }) => [message, status])).toEqual([
      ['first', 'delivered'],
      ['second', 'created'],
    ]);
    expect(openOutboxStore({ file }).messages()).toEqual(before);
  });

  it('reads past a line that was torn, and writes after it', () => {
    store.accept(row('first'));
    appendFileSync(file, '{"id":"s0","from":"Vard');
    openOutboxStore({ file }).accept(row('second'));
    const messages = openOutboxStore({ file }).messages();
    expect(messages.map(({ message }) => message)).toEqual(['first', 'second']);
  });

  it('keeps the newest, in memory and after a restart in the file', () => {
    const small = openOutboxStore({ file, capacity: 2 });
    for (const message of ['1', '2', '3']) small.accept(row(message));
    expect(small.messages().map(({ message }) => message)).toEqual(['2', '3']);
    openOutboxStore({ file, capacity: 2 });
    expect(readFileSync(file, 'utf8').trim().split('\n')).toHaveLength(2);
  });

  it('starts from an unreadable file with nothing', () => {
    writeFileSync(file, '\u0000\n[]\n{"id":1}\n');
    expect(openOutboxStore({ file }).messages()).toEqual([]);
  });
});

describe('the pages', () => {
  it('shows each phone with its SMS, escaped, with links and the Stockholm time', async () => {
    const url = await startOutbox();
    const client = clientOf(url);
    const message =
      '<script>alert("1")</script> Läs mer: https://moten.example.se/m/a?b=1&c=2. javascript:alert(1)';
    await client.send({ ...sms, message });
    await client.send({ ...sms, to: '+46701740606', message: 'Hello' });
    const response = await fetch(`${url}/outbox`);
    const page = await response.text();
    expect(response.headers.get('content-type')).toMatch(/^text\/html/);
    expect(page).not.toContain('<script>alert');
    expect(page).toContain('&lt;script>alert(');
    expect(page).toContain('<a href="https://moten.example.se/m/a?b=1&amp;c=2" rel="noreferrer">');
    expect(page).not.toContain('href="javascript');
    expect(page).toContain('Fri 20 Nov 10:00');
    // The phone with the newest SMS first.
    expect(page.indexOf('>+46701740606<')).toBeLessThan(page.indexOf(`>${to}<`));
  });

  it('has no inline script or style, and serves its own', async () => {
    const url = await startOutbox();
    const page = await (await fetch(`${url}/outbox`)).text();
    expect(page).not.toMatch(/<style|style=|\son\w+=|<script(?![^>]*\ssrc=)/);
    for (const asset of ['outbox.css', 'outbox.js']) {
      expect(page).toContain(`"/outbox/${asset}"`);
      expect((await fetch(`${url}/outbox/${asset}`)).status).toBe(200);
    }
  });

  it('gives the messages as data, of one number where asked', async () => {
    const url = await startOutbox();
    await clientOf(url).send(sms);
    await clientOf(url).send({ ...sms, to: '+46701740606' });
    const get = async (query: string) => {
      const response = await fetch(`${url}/outbox/messages.json${query}`);
      return (await response.json()) as { to: string }[];
    };
    expect(await get('')).toHaveLength(2);
    for (const number of [to, encodeURIComponent(to)]) {
      expect(await get(`?to=${number}`)).toEqual([
        expect.objectContaining({ to, message: 'Hej!', status: 'created', parts: 1 }),
      ]);
    }
  });

  it('tells a listening page that there is something new, and forgets it when it goes', async () => {
    const url = await startOutbox();
    const leave = new AbortController();
    const response = await fetch(`${url}/outbox/events`, { signal: leave.signal });
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
    expect((await reader.read()).value).toContain('listening');
    await clientOf(url).send(sms);
    expect((await reader.read()).value).toBe('data: changed\n\n');
    leave.abort();
    await expect(reader.read()).rejects.toThrow(/abort/i);
  });
});

import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import express from 'express';
import { listen, type Listening } from '../../local/listen';
import { createElksRouter } from '../../local/outbox/elks-server';
import { createFaultSwitch, type FaultSwitch } from '../../local/outbox/fault-switch';
import { createOutboxPages } from '../../local/outbox/page';
import { openOutboxStore, type OutboxStore } from '../../local/outbox/store';
import type { SendResult } from '../../rules/send-result';
import { createElksClient } from '../../integrations/sms/elks';
import { waitUntil } from '../support/wait-until';

/**
 * The stand-in of 46elks as it misbehaves, over real sockets: what our client makes of it, and what the
 * record says.
 */
const to = '+46701740605';
const other = '+46701740606';
const authorization = `Basic ${Buffer.from('u1:p1').toString('base64')}`;
/** Long enough for every answer that comes; what hangs is waited for as long. */
const TIMEOUT_MS = 1_000;

const servers: Listening[] = [];
let folder: string;
let store: OutboxStore;
let faults: FaultSwitch;
let url: string;

async function serve(listener: RequestListener): Promise<string> {
  const listening = await listen(createServer(listener));
  servers.push(listening);
  return listening.url;
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'outbox-'));
  store = openOutboxStore({ file: join(folder, 'outbox.jsonl') });
  faults = createFaultSwitch();
  const app = express();
  const elks = { username: 'u1', password: 'p1', now: () => new Date() };
  app.use('/46elks/a1', createElksRouter({ store, faults, ...elks }));
  app.use('/outbox', createOutboxPages({ store, faults }));
  url = await serve(app);
});
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
  store.close();
  rmSync(folder, { recursive: true });
});

const send = (sms: { to?: string; reportUrl?: string } = {}, timeoutMs = TIMEOUT_MS): Promise<SendResult> =>
  createElksClient({ baseUrl: `${url}/46elks/a1`, username: 'u1', password: 'p1', timeoutMs }).send({
    from: 'Vardmote',
    to,
    message: 'Hej!',
    reportUrl: 'http://127.0.0.1:1/report',
    ...sms,
  });
const history = (query = '', timeoutMs = 5_000): Promise<Response> =>
  fetch(`${url}/46elks/a1/sms${query}`, {
    headers: { authorization },
    signal: AbortSignal.timeout(timeoutMs),
  });
const idsInHistory = async (): Promise<string[]> =>
  ((await (await history()).json()) as { data: { id: string }[] }).data.map(({ id }) => id);

describe('the answer to an SMS', () => {
  it.each([
    ['hang-before-accepting', 0, { kind: 'uncertain', reason: 'time-out' }],
    ['hang-after-accepting', 1, { kind: 'uncertain', reason: 'time-out' }],
    ['error-before-accepting', 0, { kind: 'uncertain', reason: 'http-500' }],
    ['error-after-accepting', 1, { kind: 'uncertain', reason: 'http-500' }],
    ['refusal', 0, { kind: 'not-sent', reason: 'http-403', retryable: false }],
    ['too-many', 0, { kind: 'not-sent', reason: 'http-429', retryable: true }],
    ['cut-before-accepting', 0, { kind: 'uncertain', reason: 'connection-closed' }],
    ['cut-after-accepting', 1, { kind: 'uncertain', reason: 'connection-closed' }],
    ['odd-body', 1, { kind: 'uncertain', reason: 'answer-odd' }],
  ] as const)(
    '%s: the record has %i, and the next one goes as it should',
    async (fault, accepted, result) => {
      faults.set([{ fault, count: 1 }]);
      expect(await send()).toEqual(result);
      expect(store.messages()).toHaveLength(accepted);
      expect((await send()).kind).toBe('accepted');
      expect(store.messages()).toHaveLength(accepted + 1);
    },
  );

  it('says a refusal as 46elks does: one line of plain text', async () => {
    faults.set([{ fault: 'refusal' }]);
    const response = await fetch(`${url}/46elks/a1/sms`, {
      method: 'POST',
      headers: { authorization },
      body: new URLSearchParams({ from: 'Vardmote', to, message: 'Hej!' }),
    });
    expect(response.status).toBe(403);
    expect(response.headers.get('content-type')).toMatch(/^text\/plain/);
    expect(await response.text()).toMatch(/^[^\n{<]+$/);
  });

  it('cut at any byte leaves our client uncertain, and never sure that nothing was sent', async () => {
    const results: { atByte: number; result: SendResult }[] = [];
    for (let atByte = 0; atByte <= 480; atByte += 5) {
      faults.set([{ fault: 'cut-in-the-answer', atByte }]);
      results.push({ atByte, result: await send({}, 10_000) });
    }
    // After its last byte an answer is whole.
    const whole = results.findIndex(({ result }) => result.kind === 'accepted');
    expect(whole).toBeGreaterThan(50);
    const cut = results.slice(0, whole);
    expect(cut.filter(({ result }) => result.kind !== 'uncertain')).toEqual([]);
    expect(results.slice(whole).filter(({ result }) => result.kind !== 'accepted')).toEqual([]);
    expect(store.messages()).toHaveLength(results.length);
  });

  it('slow: it is accepted before it is answered', async () => {
    faults.set([{ fault: 'slow-answer', delayMs: TIMEOUT_MS * 2 }]);
    expect(await send()).toEqual({ kind: 'uncertain', reason: 'time-out' });
    expect(store.messages()).toHaveLength(1);
    expect((await send({}, TIMEOUT_MS * 10)).kind).toBe('accepted');
  });

  it('is wrong for the number that the rule names, and right for others', async () => {
    faults.set([{ fault: 'too-many', to: other }]);
    expect((await send({ to: other })).kind).toBe('not-sent');
    expect((await send()).kind).toBe('accepted');
  });
});

describe('the delivery reports', () => {
  /** What came to the report's address, and whether the SMS had been answered by then. */
  interface Heard {
    status: string | null;
    answered: boolean;
  }
  let answered: boolean;

  async function reports(rule: Parameters<FaultSwitch['set']>[0][number]) {
    const heard: Heard[] = [];
    answered = false;
    const reportUrl = await serve((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        heard.push({ status: new URLSearchParams(body).get('status'), answered });
        response.writeHead(204).end();
      });
    });
    faults.set([{ ...rule, count: 1 }]);
    const result = await send({ reportUrl }, 10_000);
    answered = true;
    expect(result.kind).toBe('accepted');
    return heard;
  }
  const statuses = (heard: Heard[]) => heard.map(({ status }) => status);
  const untilThereAre = (heard: Heard[], count: number) =>
    waitUntil(
      () => heard.length,
      (length) => length >= count,
    );

  it('come repeatedly', async () => {
    const heard = await reports({ fault: 'report-repeated', times: 3 });
    await untilThereAre(heard, 3);
    expect(statuses(heard)).toEqual(['delivered', 'delivered', 'delivered']);
  });

  it('come out of order', async () => {
    const heard = await reports({ fault: 'report-out-of-order' });
    await untilThereAre(heard, 2);
    expect(statuses(heard)).toEqual(['delivered', 'sent']);
  });

  it('come before the answer', async () => {
    const heard = await reports({ fault: 'report-before-answer' });
    expect(heard).toEqual([{ status: 'delivered', answered: false }]);
  });

  it('say that it failed, as the record does', async () => {
    const heard = await reports({ fault: 'report-failed' });
    await untilThereAre(heard, 1);
    expect(statuses(heard)).toEqual(['failed']);
    expect(store.messages()[0]?.status).toBe('failed');
  });

  it('are late, or lost altogether: only that of another SMS has come by then', async () => {
    const late = await reports({ fault: 'report-late', delayMs: 60 * 60_000 });
    const lost = await reports({ fault: 'report-lost' });
    const usual = await reports({ fault: 'report-repeated', times: 2 });
    await untilThereAre(usual, 2);
    expect([late, lost]).toEqual([[], []]);
    // It arrived all the same, whoever was told.
    expect(store.messages().map(({ status }) => status)).toEqual(['created', 'delivered', 'delivered']);
  });
});

describe('the history', () => {
  it('hides an SMS for a while, which the record has', async () => {
    faults.set([{ fault: 'hidden-from-history', forMs: 60 * 60_000, count: 1 }]);
    await send();
    await send();
    expect(await idsInHistory()).toEqual([store.messages()[1]?.id]);
  });

  it('shows it when the while is over', async () => {
    faults.set([{ fault: 'hidden-from-history', forMs: 300, count: 1 }]);
    await send();
    await waitUntil(idsInHistory, (ids) => ids.length === 1);
    expect(await idsInHistory()).toEqual([store.messages()[0]?.id]);
  });

  it('answers 500, or never', async () => {
    faults.set([{ fault: 'history-error', count: 1 }]);
    expect((await history()).status).toBe(500);
    faults.set([{ fault: 'history-hang', count: 1 }]);
    await expect(history('', 300)).rejects.toThrow(/timeout/);
    expect((await history()).status).toBe(200);
  });

  it('is wrong for the number that the rule names', async () => {
    faults.set([{ fault: 'history-error', to }]);
    expect((await history(`?to=${encodeURIComponent(other)}`)).status).toBe(200);
    expect((await history(`?to=${encodeURIComponent(to)}`)).status).toBe(500);
  });
});

describe('the faults', () => {
  const put = (body: unknown) =>
    fetch(`${url}/outbox/faults`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });

  it('are set, read and taken away over HTTP', async () => {
    const rules = [{ fault: 'too-many', to, count: 1, probability: 1 }];
    expect(await (await put({ seed: 3, rules })).json()).toEqual({ rules });
    expect((await send()).kind).toBe('not-sent');
    expect(await (await fetch(`${url}/outbox/faults`)).json()).toEqual({ rules: [] });
    await put({ rules });
    await fetch(`${url}/outbox/faults`, { method: 'DELETE' });
    expect((await send()).kind).toBe('accepted');
  });

  it.each([
    ['an unknown fault', { rules: [{ fault: 'sleepy' }] }],
    ['a missing measure', { rules: [{ fault: 'slow-answer' }] }],
    ['a measure of another fault', { rules: [{ fault: 'refusal', delayMs: 5 }] }],
    ['a probability above 1', { rules: [{ fault: 'refusal', probability: 2 }] }],
    ['no rules', {}],
  ])('are refused with %s, and stay as they were', async (_, body) => {
    faults.set([{ fault: 'report-lost' }]);
    const response = await put(body);
    expect(response.status).toBe(422);
    expect(((await response.json()) as { problems: string[] }).problems).not.toEqual([]);
    expect(faults.rules()).toEqual([{ fault: 'report-lost' }]);
  });

  it('are shown on the page, and switched by its buttons', async () => {
    const page = async () => (await fetch(`${url}/outbox`)).text();
    expect(await page()).toContain('The provider works as it should.');
    const press = (what: string) =>
      fetch(`${url}/outbox/faults/${what}`, { method: 'POST', redirect: 'manual' });
    const pressed = await press('toggle/too-many');
    expect([pressed.status, pressed.headers.get('location')]).toEqual([303, '/outbox']);
    expect(await page()).toMatch(/The provider misbehaves:<\/strong> answers 429\./);
    expect(await page()).not.toMatch(/style=|\son\w+=/);
    await press('toggle/too-many');
    expect(faults.rules()).toEqual([]);
    await press('toggle/report-lost');
    await press('off');
    expect(faults.rules()).toEqual([]);
  });
});

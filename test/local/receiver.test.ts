import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, appendFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import express from 'express';
import { listen, type Listening } from '../../local/listen';
import { createEventReceiver } from '../../local/receiver/receive';
import { createReceiverRoutes } from '../../local/receiver/routes';
import { openReceiverStore, type ReceivedEvent } from '../../local/receiver/store';
import { webhookBody } from '../../integrations/pas/webhook-body';
import { createWebhookSender, type WebhookResult } from '../../integrations/pas/webhook-sender';
import { meetingEvent } from '../support/events';

/** The PAS of `npm start`: it believes what the library's verifier believes, and shows everything. */
const secret = `whsec_${randomBytes(32).toString('base64')}`;
let folder: string;
let server: Listening;
let url: string;

async function start(): Promise<void> {
  const store = openReceiverStore({ file: path.join(folder, 'pas', 'events.jsonl') });
  const receiver = createEventReceiver({
    store,
    secrets: () => Promise.resolve([secret]),
    now: () => new Date(),
    slowMs: 300,
  });
  const app = express().use('/receiver', createReceiverRoutes({ store, receiver }));
  server = await listen(createServer(app));
  url = `${server.url}/receiver`;
}
beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'receiver-'));
  await start();
});
afterEach(() => {
  server.close();
  rmSync(folder, { recursive: true });
});

const send = (subject: string, number: number, by = secret, timeoutMs = 5_000): Promise<WebhookResult> => {
  const event = { ...meetingEvent(subject, number, new Date()), clinicId: 'c', subject, sequence: number };
  return createWebhookSender({ toPrivateAddresses: true, timeoutMs }).send({
    url: `${url}/events`,
    secrets: [by],
    eventId: event.eventId,
    body: webhookBody(event),
    at: new Date(),
  });
};
const events = async (): Promise<ReceivedEvent[]> =>
  (await (await fetch(`${url}/events.json`)).json()) as ReceivedEvent[];
const page = async (): Promise<string> => (await fetch(url)).text();
const press = (button: string) => fetch(`${url}/${button}`, { method: 'POST', redirect: 'manual' });

it('takes an event whose signature holds, once however often it comes', async () => {
  expect(await send('m1', 1)).toEqual({ kind: 'taken' });
  expect(await send('m1', 1)).toEqual({ kind: 'taken' });
  expect(await events()).toMatchObject([{ signature: 'holds', times: 2, answered: 204 }]);
  expect(await page()).toMatch(/signature holds<\/span> · came 2 times/);
});

it('refuses one that is signed with another secret, and one that is not signed, in the library’s own words', async () => {
  expect(await send('m1', 1, `whsec_${randomBytes(32).toString('base64')}`)).toMatchObject({
    reason: 'http-401',
  });
  const unsigned = await fetch(`${url}/events`, { method: 'POST', body: '<script>alert(1)</script>' });
  expect(unsigned.status).toBe(401);
  expect((await events()).map(({ signature }) => signature)).toEqual([
    'No matching signature found',
    'Missing required headers',
  ]);
  const shown = await page();
  expect(shown).toContain('signature refused: No matching signature found');
  expect(shown).not.toContain('<script>alert');
});

it('shows that the newest one, tampered with, is refused, and keeps the right one beside it', async () => {
  await press('tamper');
  expect(await events()).toEqual([]);
  await send('m1', 1);
  expect((await press('tamper')).headers.get('location')).toBe('/receiver');
  expect(await events()).toMatchObject([
    { id: 'm1:rebooked:1', signature: 'holds' },
    { eventId: 'm1:rebooked:1', signature: 'No matching signature found', answered: 401 },
  ]);
  expect(await page()).toContain('>999<');
});

it('refuses and is slow on demand', async () => {
  await press('mood/refuses');
  expect(await send('m1', 1)).toMatchObject({ reason: 'http-500' });
  expect(await page()).toContain('answered 500');
  await press('mood/slow');
  expect(await send('m1', 1, secret, 100)).toMatchObject({ reason: 'time-out' });
  expect(await page()).toContain('taking its time');
  await press('mood/constructor');
  expect(await send('m1', 1)).toEqual({ kind: 'taken' });
  await press('mood/takes');
  expect(await page()).not.toMatch(/answered 500|taking its time/);
});

it('shows the events by meeting, the one heard of last first, and says live that something has come', async () => {
  const live = await fetch(`${url}/live`);
  const reader = live.body!.getReader();
  const next = async (): Promise<string> => Buffer.from((await reader.read()).value ?? []).toString();
  expect(await next()).toContain('listening');
  await send('m1', 1);
  expect(await next()).toContain('data: changed');
  await reader.cancel();
  await send('m2', 1);
  const order = async (): Promise<string[]> =>
    [...(await page()).matchAll(/<section id="meeting-(\w+)"/g)].map((match) => match[1]!);
  expect(await order()).toEqual(['m2', 'm1']);
  await send('m1', 2);
  expect(await order()).toEqual(['m1', 'm2']);
});

it('keeps what came over a restart, but for a torn line', async () => {
  await send('m1', 1);
  server.close();
  appendFileSync(path.join(folder, 'pas', 'events.jsonl'), '{"id": "torn');
  await start();
  expect(await events()).toMatchObject([{ id: 'm1:rebooked:1', times: 1 }]);
  await send('m1', 1);
  expect(await events()).toMatchObject([{ times: 2 }]);
});

import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { defaultPayloadConverter, type Payload, type WorkflowSerializationContext } from '@temporalio/common';
import { temporal } from '@temporalio/proto';
import { createCodecApp } from '../../codec/app';
import type { Reader } from '../../codec/decode';
import { parseKeyRing } from '../../platform/keys/key-ring';
import type { Decode } from '../../records/decodes';
import { createPayloadCodec } from '../../temporal/codec';
import { testKeys } from '../support/keys';

const { Payloads } = temporal.api.common.v1;
const ui = 'http://localhost:8233';
const context: WorkflowSerializationContext = {
  type: 'workflow',
  namespace: 'test',
  workflowId: 'meeting-1',
};
const secret = { said: 'nothing that the network may see' };
const plain = defaultPayloadConverter.toPayload(secret);
const at = new Date('2026-11-23T08:00:00Z');

let server: Server;
let url: string;
let reader: Reader;
let notes: Decode[];
let canNote: boolean;

/** A codec server of its own: refusals are counted by each. */
beforeEach(async () => {
  const app = createCodecApp({
    payloadKeys: testKeys.payloadKeys,
    origins: [ui],
    readerOf: () => Promise.resolve(reader),
    note: (decode) => {
      if (!canNote) return Promise.reject(new Error('the database is away'));
      notes.push(decode);
      return Promise.resolve();
    },
    now: () => at,
    trustedProxies: 0,
  });
  server = createServer(app).listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  reader = { who: 'administrator-1' };
  notes = [];
  canNote = true;
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

const ask = (
  path: string,
  { method = 'POST', origin = ui, body }: { method?: string; origin?: string | null; body?: unknown },
): Promise<Response> =>
  fetch(`${url}${path}`, {
    method,
    headers: {
      'content-type': 'application/json',
      'x-namespace': 'test',
      ...(origin === null ? {} : { origin }),
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });

/** As the Web UI has them: protobuf's JSON. */
const jsonOf = (payloads: Payload[]) => Payloads.fromObject({ payloads }).toJSON() as { payloads: unknown[] };

async function encrypted(workflowId = 'meeting-1', ring = testKeys.payloadKeys): Promise<Payload> {
  const [payload] = await createPayloadCodec(ring).encode([plain], { ...context, workflowId });
  return payload!;
}

describe('the codec server of the Web UI', () => {
  it('R8.3 decodes what the service encrypted', async () => {
    const response = await ask('/decode', { body: jsonOf([await encrypted(), await encrypted()]) });
    expect(response.status).toBe(200);
    expect(response.headers.get('access-control-allow-origin')).toBe(ui);
    expect(response.headers.get('access-control-allow-credentials')).toBeNull();
    expect(response.headers.get('vary')).toBe('Origin');
    expect(response.headers.get('cache-control')).toBe('no-store');
    const { payloads } = Payloads.fromObject((await response.json()) as object);
    expect(payloads.map((payload) => defaultPayloadConverter.fromPayload(payload))).toEqual([secret, secret]);
  });

  it('R8.2 notes each decode before it answers: who, when, which workflows and how many, and nothing of the content', async () => {
    await ask('/decode', {
      body: jsonOf([
        await encrypted('meeting-1'),
        await encrypted('meeting-2'),
        await encrypted('meeting-1'),
        plain,
      ]),
    });
    expect(notes).toEqual([
      {
        at,
        who: 'administrator-1',
        namespace: 'test',
        workflowIds: ['meeting-1', 'meeting-2'],
        payloads: 4,
        refused: null,
      },
    ]);
    expect(JSON.stringify(notes)).not.toContain(secret.said);
  });

  it('R8.2 decodes nothing that it cannot note', async () => {
    canNote = false;
    const response = await ask('/decode', { body: jsonOf([await encrypted()]) });
    expect(response.status).toBe(503);
    expect(response.headers.get('retry-after')).toBe('2');
    expect(await response.json()).toEqual({ error: 'not-available' });
  });

  it('answers the preflight of exactly that UI, which may pass a token', async () => {
    const response = await ask('/decode', { method: 'OPTIONS' });
    expect(response.status).toBe(204);
    expect(response.headers.get('access-control-allow-origin')).toBe(ui);
    expect(response.headers.get('access-control-allow-headers')).toBe(
      'authorization,content-type,x-namespace,authorization-extras',
    );
    expect(response.headers.get('access-control-allow-methods')).toBe('POST');
  });

  it.each([
    ['none', null],
    ['another site', 'https://evil.example'],
    ['another port', 'http://localhost:8234'],
    ['another scheme', 'https://localhost:8233'],
    ['one that begins alike', 'http://localhost:8233.evil.example'],
    ['null, as of a sandboxed frame', 'null'],
  ])('refuses an origin that is %s', async (_, origin) => {
    for (const method of ['POST', 'OPTIONS']) {
      const body = method === 'POST' ? jsonOf([await encrypted()]) : undefined;
      const response = await ask('/decode', { method, origin, body });
      expect(response.status).toBe(403);
      expect(response.headers.get('access-control-allow-origin')).toBeNull();
      expect(await response.json()).toEqual({ error: 'wrong-origin' });
    }
    const note = { at, who: null, namespace: 'test', workflowIds: [], payloads: 0, refused: 'wrong-origin' };
    expect(notes).toEqual([note, note]);
  });

  it.each([
    ['login-required', 401, null],
    ['not-entitled', 403, 'clerk-1'],
    ['login-unavailable', 503, null],
  ] as const)('refuses one who is %s, whatever they send, and notes it', async (refused, status, who) => {
    reader = { refused, who };
    for (const body of [jsonOf([await encrypted()]), '{"payloads": [do-not-repeat-me']) {
      const response = await ask('/decode', { body });
      expect(response.status).toBe(status);
      expect(await response.json()).toEqual({ error: refused });
    }
    const note = { at, who, namespace: 'test', workflowIds: [], payloads: 0, refused };
    expect(notes).toEqual([note, note]);
  });

  it('refuses what is not ours, without a word of it', async () => {
    const own = await encrypted();
    const named = (payload: Payload, name: string, value: string): Payload => ({
      ...payload,
      metadata: { ...payload.metadata, [name]: new TextEncoder().encode(value) },
    });
    const foreign = await encrypted(
      'meeting-1',
      parseKeyRing(`other-9:${Buffer.alloc(32, 'x').toString('base64')}`),
    );
    const bodies: unknown[] = [
      jsonOf([own, named(own, 'workflow-id', 'meeting-2')]),
      jsonOf([named(own, 'workflow-id', 'meeting-2')]),
      jsonOf([foreign]),
      { payloads: 'none' },
      { payloads: [7] },
      '{"payloads": [do-not-repeat-me',
      `{"payloads": "${'do-not-repeat-me'.repeat(400_000)}"}`,
    ];
    for (const body of bodies) {
      const response = await ask('/decode', { body });
      expect(response.status).toBe(400);
      expect(await response.json()).toEqual({ error: 'not-ours' });
    }
    expect(notes.map(({ who, refused }) => [who, refused])).toEqual(
      Array(7).fill(['administrator-1', 'not-ours']),
    );
    // An id that is none of ours could be any text, and is not kept.
    await ask('/decode', { body: jsonOf([named(own, 'workflow-id', 'Tolvan Testperson')]) });
    expect(JSON.stringify(notes)).not.toMatch(/Tolvan|repeat/);
  });

  it('gives back as it is what was never encrypted, such as the SDK’s notes on a local activity', async () => {
    const response = await ask('/decode', { body: jsonOf([await encrypted(), plain]) });
    expect(response.status).toBe(200);
    const { payloads } = (await response.json()) as { payloads: unknown[] };
    expect(payloads).toHaveLength(2);
    expect(payloads[1]).toEqual(jsonOf([plain]).payloads[0]);
    expect(payloads[0]).not.toEqual(jsonOf([await encrypted()]).payloads[0]);
  });

  it('notes no more than some hundred refusals of one address in a minute, and answers no more of them', async () => {
    const statuses: number[] = [];
    for (let count = 0; count < 320; count += 1)
      statuses.push((await ask('/decode', { origin: 'https://evil.example' })).status);
    expect(new Set(statuses)).toEqual(new Set([403, 429]));
    expect(notes).toHaveLength(300);
  });

  it('decodes more than that for one who may', async () => {
    const body = jsonOf([plain]);
    for (let count = 0; count < 320; count += 1) expect((await ask('/decode', { body })).status).toBe(200);
    expect(notes).toHaveLength(320);
  });

  it('D13 has no way to encode, and none to read by GET', async () => {
    expect((await ask('/encode', { body: jsonOf([plain]) })).status).toBe(404);
    const read = await ask('/decode', { method: 'GET' });
    expect([read.status, read.headers.get('allow')]).toEqual([405, 'POST, OPTIONS']);
  });
});

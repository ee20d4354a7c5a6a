import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { defaultPayloadConverter, type Payload, type WorkflowSerializationContext } from '@temporalio/common';
import { temporal } from '@temporalio/proto';
import express from 'express';
import { createCodecEndpoint } from '../../local/codec-endpoint';
import { createPayloadCodec } from '../../temporal/codec';
import { parseKeyRing } from '../../keys/key-ring';
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

let server: Server;
let url: string;

beforeAll(async () => {
  const app = express().use('/codec', createCodecEndpoint(testKeys.payloadKeys, [ui]));
  server = createServer(app).listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/codec`;
});
afterAll(() => {
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

async function encrypted(ring = testKeys.payloadKeys): Promise<Payload> {
  const [payload] = await createPayloadCodec(ring).encode([plain], context);
  return payload!;
}

describe('the decode endpoint of the local Web UI', () => {
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

  it('answers the preflight of exactly that UI', async () => {
    const response = await ask('/decode', { method: 'OPTIONS' });
    expect(response.status).toBe(204);
    expect(response.headers.get('access-control-allow-origin')).toBe(ui);
    expect(response.headers.get('access-control-allow-headers')).toBe('content-type,x-namespace');
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
      expect(await response.text()).not.toContain(Buffer.from(plain.data!).toString('base64'));
    }
  });

  it('refuses what is not ours, without a word of it', async () => {
    const own = await encrypted();
    const moved = {
      ...own,
      metadata: { ...own.metadata, 'workflow-id': new TextEncoder().encode('meeting-2') },
    };
    const foreign = await encrypted(parseKeyRing(`other-9:${Buffer.alloc(32, 'x').toString('base64')}`));
    const bodies: unknown[] = [
      jsonOf([own, moved]),
      jsonOf([moved]),
      jsonOf([foreign]),
      { payloads: 'none' },
      { payloads: [7] },
      '{"payloads": [do-not-repeat-me',
      `{"payloads": "${'do-not-repeat-me'.repeat(400_000)}"}`,
    ];
    for (const body of bodies) {
      const response = await ask('/decode', { body });
      expect(response.status).toBe(400);
      expect(await response.json()).toEqual({
        error: 'not payloads of this service, or made with another key',
      });
    }
  });

  it('gives back as it is what was never encrypted, such as the SDK’s notes on a local activity', async () => {
    const response = await ask('/decode', { body: jsonOf([await encrypted(), plain]) });
    expect(response.status).toBe(200);
    const { payloads } = (await response.json()) as { payloads: unknown[] };
    expect(payloads).toHaveLength(2);
    expect(payloads[1]).toEqual(jsonOf([plain]).payloads[0]);
    expect(payloads[0]).not.toEqual(jsonOf([await encrypted()]).payloads[0]);
  });

  it('has no way to encode, and none to read by GET', async () => {
    expect((await ask('/encode', { body: jsonOf([plain]) })).status).toBe(404);
    expect((await ask('/decode', { method: 'GET' })).status).toBe(404);
  });
});

import { once } from 'node:events';
import { createServer as createTlsServer } from 'node:https';
import { createRequire } from 'node:module';
import type { AddressInfo, Socket } from 'node:net';
import { createCallFetch } from '../../../platform/calls/call-fetch';
import { httpCall, type HttpResult } from '../../../platform/calls/http-call';
import { misbehaviours, startBlackHole, startPeer, type Misbehaviour, type Peer } from '../../support/peers';

/**
 * B12, A3: every call outside has an end whatever the peer does, and tells whether anything of it was
 * written.
 */
const TIMEOUT_MS = 700;
/** Longer than the queue of the system takes from us. */
const LONG_BODY = 'x'.repeat(8_000_000);

async function callTo(port: number, part: { body?: string; url?: string; maxBodyBytes?: number } = {}) {
  const begun = performance.now();
  const result = await httpCall({
    url: part.url ?? `http://127.0.0.1:${port}/`,
    method: 'POST',
    headers: {},
    body: part.body ?? '{}',
    timeoutMs: TIMEOUT_MS,
    maxBodyBytes: part.maxBodyBytes ?? 1_000,
  });
  expect(performance.now() - begun).toBeLessThan(TIMEOUT_MS + 2_000);
  return result;
}

/** What the package gives to servers that have no certificate: one that nobody accepts. */
const selfSigned = (): { key: string; cert: string } => {
  const load = createRequire(__filename);
  const getTlsOptions = load('smtp-server/lib/tls-options') as () => { key: string; cert: string };
  return getTlsOptions();
};

const failed = (reason: string, written: boolean): Partial<HttpResult> =>
  ({ kind: 'failed', reason, written }) as object;

describe('B12 a peer that', () => {
  let peer: Peer;
  afterEach(() => peer.close());

  it.each<[Misbehaviour, object]>([
    ['switching protocols', { kind: 'answered', status: 101 }],
    ['headers that never end', failed('time-out', true)],
    ['a body that never ends', failed('time-out', true)],
    ['never reads', failed('time-out', true)],
    ['drops', failed('connection-closed', true)],
    ['goes on without end', failed('time-out', true)],
  ])('%s does not hold the call', async (misbehaviour, expected) => {
    peer = await startPeer(misbehaviours[misbehaviour]);
    expect(await callTo(peer.port, { body: LONG_BODY })).toMatchObject(expected);
    expect(peer.connections()).toBe(1);
  });

  it('answers with more than is read is cut, and by its status alone where that is all we want', async () => {
    peer = await startPeer(misbehaviours['a body that never ends']);
    expect(await callTo(peer.port, { maxBodyBytes: 5 })).toMatchObject({ status: 200, body: null });
    expect(await callTo(peer.port, { maxBodyBytes: 0 })).toMatchObject({ status: 200, body: '' });
  });

  it.each<Misbehaviour>(['switching protocols', 'a body that never ends', 'drops'])(
    '%s is an error to who wants a fetch',
    async (misbehaviour) => {
      peer = await startPeer(misbehaviours[misbehaviour]);
      const fetching = createCallFetch(TIMEOUT_MS)(`http://127.0.0.1:${peer.port}/`, {});
      await expect(fetching).rejects.toMatchObject({ name: 'TypeError', cause: expect.any(Error) });
    },
  );
});

describe('A3 nothing was written', () => {
  it('where packets are dropped: known before the whole time is over', async () => {
    const hole = await startBlackHole();
    const begun = performance.now();
    const result = await httpCall({
      url: `http://127.0.0.1:${hole.port}/`,
      method: 'POST',
      headers: {},
      body: '{}',
      timeoutMs: 4_000,
      maxBodyBytes: 0,
    });
    expect(result).toMatchObject(failed('connect-time-out', false));
    expect(performance.now() - begun).toBeLessThan(3_000);
    await hole.close();
  });

  it('where the whole time is shorter than that', async () => {
    const hole = await startBlackHole();
    expect(await callTo(hole.port)).toMatchObject(failed('time-out', false));
    await hole.close();
  });

  it('to a closed port, and to a name that is not there', async () => {
    expect(await callTo(1)).toMatchObject(failed('connection-refused', false));
    expect(await callTo(1, { url: 'http://nowhere.invalid/' })).toMatchObject(
      failed('name-lookup-failed', false),
    );
  });

  it('where TLS fails: no TLS at all, a handshake that hangs, and a connection that is dropped in it', async () => {
    const behaviours: [(socket: Socket) => unknown, string][] = [
      [(socket) => socket.once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')), 'tls-failed'],
      [() => undefined, 'time-out'],
      [(socket) => socket.once('data', () => socket.resetAndDestroy()), 'connection-closed'],
    ];
    for (const [behave, reason] of behaviours) {
      const peer = await startPeer(behave);
      const result = await callTo(peer.port, { url: `https://127.0.0.1:${peer.port}/` });
      expect(result).toMatchObject(failed(reason, false));
      await peer.close();
    }
  });

  it('to a peer whose certificate is not accepted: it never sees the request', async () => {
    let requests = 0;
    const server = createTlsServer(selfSigned(), () => (requests += 1));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const result = await callTo(port, { url: `https://127.0.0.1:${port}/` });
    expect(result).toMatchObject(failed('certificate-refused', false));
    expect(requests).toBe(0);
    server.close();
  });
});

import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SignJWT, UnsecuredJWT, type JWTPayload } from 'jose';
import express from 'express';
import { roomEntry } from '../../jitsi/room-token';
import { createStandInRoom, type StandInRoom } from '../../local/room/rooms';
import { createRoomRoutes } from '../../local/room/routes';
import type { TokenFault } from '../../local/room/token';
import { waitUntil } from '../support/wait-until';

interface Event {
  path: string | undefined;
  authorization: string | undefined;
  body: Record<string, unknown> & { occupant: Record<string, unknown> };
}

const settings = {
  appId: 'vardmote',
  appSecret: 'a-secret-of-the-test-that-opens-nothing',
  xmppDomain: 'meet.jitsi',
  eventsSecret: 'events-secret-of-the-test',
};
const room = 'm-abc';
let server: Server;
let events: Event[];
let refusals: number;
let standIn: StandInRoom;

beforeEach(async () => {
  events = [];
  refusals = 0;
  server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => (text += chunk.toString()));
    request.on('end', () => {
      if (refusals > 0) {
        refusals -= 1;
        response.writeHead(503).end();
        return;
      }
      const { url: path, headers } = request;
      events.push({ path, authorization: headers.authorization, body: JSON.parse(text) as Event['body'] });
      response.writeHead(204).end();
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  standIn = createStandInRoom({
    ...settings,
    eventsUrl: `http://127.0.0.1:${port}/hooks/jitsi`,
    reconnectMs: 200,
  });
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

/** As the service makes it. @param shownName of a member of staff */
const goodToken = async (participantId = 'p-1', shownName: string | null = null): Promise<string> => {
  const { token } = await roomEntry(
    { ...settings, url: 'https://jitsi.test' },
    {
      room,
      participantId,
      role: shownName === null ? 'patient' : 'staff',
      shownName,
      now: new Date(),
      doorClosesAt: new Date(Date.now() + 3_600_000),
    },
  );
  return token;
};

const seconds = (fromNow = 0): number => Math.floor(Date.now() / 1000) + fromNow;
const claims = (): JWTPayload => ({
  room,
  iss: settings.appId,
  aud: settings.appId,
  sub: settings.xmppDomain,
  nbf: seconds(-30),
  exp: seconds(600),
  context: { user: { id: 'p-1' }, features: switchedOff },
});
const switchedOff = {
  recording: false,
  livestreaming: false,
  transcription: false,
  'outbound-call': false,
  'file-upload': false,
  'send-groupchat': false,
};
const cameIn = { key: expect.stringMatching(/^[\w-]{43}$/) as string };
function sign(payload: JWTPayload, header: object = {}, secret = settings.appSecret): Promise<string> {
  return new SignJWT(payload)
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT', ...header })
    .sign(new TextEncoder().encode(secret));
}

describe('the stand-in for the video room', () => {
  it('takes a token of the service, and tells as event_sync does who came and left', async () => {
    expect(await standIn.join(room, await goodToken())).toEqual(cameIn);
    expect(standIn.isIn(room, 'p-1')).toBe(true);
    await standIn.leave(room, 'p-1');
    expect(standIn.isIn(room, 'p-1')).toBe(false);
    await standIn.leave(room, 'p-1');

    expect(events.map(({ path }) => path)).toEqual([
      '/hooks/jitsi/events/room/created',
      '/hooks/jitsi/events/occupant/joined',
      '/hooks/jitsi/events/occupant/left',
      '/hooks/jitsi/events/room/destroyed',
    ]);
    const [created, joined, left, destroyed] = events;
    for (const event of events) expect(event.authorization).toBe(`Bearer ${settings.eventsSecret}`);
    expect(joined?.body).toEqual({
      event_name: 'muc-occupant-joined',
      room_name: room,
      room_jid: 'm-abc@conference.meet.jitsi',
      is_breakout: false,
      active_occupants_count: 1,
      occupant: {
        id: 'p-1',
        occupant_jid: expect.stringMatching(/^m-abc@conference\.meet\.jitsi\/[0-9a-f]{8}$/) as string,
        joined_at: expect.closeTo(seconds(), -1) as number,
      },
    });
    expect(left?.body).toMatchObject({
      event_name: 'muc-occupant-left',
      active_occupants_count: 0,
      occupant: { ...joined?.body.occupant, left_at: expect.closeTo(seconds(), -1) as number },
    });
    expect(created?.body).toMatchObject({ created_at: joined?.body.occupant.joined_at });
    // A7: the plugin tells everybody's times once more.
    expect(destroyed?.body).toMatchObject({
      event_name: 'muc-room-destroyed',
      room_name: room,
      is_breakout: false,
      created_at: created?.body.created_at,
      destroyed_at: left?.body.occupant.left_at,
      all_occupants: [left?.body.occupant],
    });
  });

  it('takes the hand-made token that the refused ones differ from', async () => {
    expect(await standIn.join(room, await sign(claims()))).toEqual(cameIn);
  });

  const context = { user: { id: 'p-1' }, features: switchedOff };
  it.each<[string, TokenFault, () => Promise<string> | string]>([
    ['is past', 'expired', () => sign({ ...claims(), exp: seconds(-1) })],
    ['has no end', 'no-expiry', () => sign({ ...claims(), exp: undefined })],
    [
      'ends at a text',
      'no-expiry',
      () => sign({ ...claims(), exp: String(seconds(600)) as unknown as number }),
    ],
    ['begins in the future', 'not-valid-yet', () => sign({ ...claims(), nbf: seconds(60) })],
    ['is for another room', 'other-room', () => sign({ ...claims(), room: 'm-other' })],
    ['is for every room', 'any-room', () => sign({ ...claims(), room: '*' })],
    [
      'is for rooms by a pattern',
      'any-room',
      () => sign({ ...claims(), context: { ...context, room: { regex: true } } }),
    ],
    ['is for no room', 'any-room', () => sign({ ...claims(), room: undefined })],
    [
      'has another secret',
      'wrong-signature',
      () => sign(claims(), {}, 'another-secret-of-the-same-length-or-so'),
    ],
    ['has no typ', 'no-typ', () => sign(claims(), { typ: undefined })],
    ['has another alg', 'wrong-alg', () => sign(claims(), { alg: 'HS512' }, settings.appSecret.repeat(2))],
    ['has alg none', 'no-typ', () => new UnsecuredJWT(claims()).encode()],
    ['is of another issuer', 'wrong-issuer', () => sign({ ...claims(), iss: 'other' })],
    ['is for another audience', 'wrong-audience', () => sign({ ...claims(), aud: 'other' })],
    ['has a list of audiences', 'wrong-audience', () => sign({ ...claims(), aud: [settings.appId] })],
    ['is of another domain', 'wrong-domain', () => sign({ ...claims(), sub: 'other.domain' })],
    ['is nobody’s', 'nobody', () => sign({ ...claims(), context: { features: switchedOff } })],
    [
      'says nothing of recording',
      'may-record',
      () => sign({ ...claims(), context: { user: { id: 'p-1' } } }),
    ],
    [
      'allows recording',
      'may-record',
      () => sign({ ...claims(), context: { ...context, features: { ...switchedOff, recording: true } } }),
    ],
    ['is none', 'no-token', () => 'no-token'],
  ])('R4.1, R4.3 refuses a token that %s, and says so: %s', async (_, fault, token) => {
    expect(await standIn.join(room, await token())).toEqual({ refused: fault });
    expect(events).toEqual([]);
    expect(standIn.isIn(room, 'p-1')).toBe(false);
  });

  it('lets who comes in again be a new occupant, and the old one leave', async () => {
    await standIn.join(room, await goodToken());
    await standIn.join(room, await goodToken());
    expect(events.map(({ body }) => body.event_name)).toEqual([
      'muc-room-created',
      'muc-occupant-joined',
      'muc-occupant-joined',
      'muc-occupant-left',
    ]);
    const [first, second, left] = events.slice(1).map(({ body }) => body.occupant.occupant_jid);
    expect(second).not.toBe(first);
    expect(left).toBe(first);
    expect(standIn.isIn(room, 'p-1')).toBe(true);
  });

  it('tells again while nobody takes it, and lets people in all the same', async () => {
    refusals = 2;
    expect(await standIn.join(room, await goodToken())).toEqual(cameIn);
    expect(events).toHaveLength(2);
    refusals = 9;
    expect(await standIn.join(room, await goodToken('p-2'))).toEqual(cameIn);
    expect(refusals).toBe(5);
    server.closeAllConnections();
    server.close();
    await standIn.leave(room, 'p-1');
    expect(standIn.isIn(room, 'p-1')).toBe(false);
  });
});

describe('its pages', () => {
  let pages: Server;
  let url: string;

  beforeEach(async () => {
    const routes = createRoomRoutes({ room: standIn, embeddedBy: ['http://localhost:3000'] });
    pages = createServer(express().use('/room', routes)).listen(0, '127.0.0.1');
    await once(pages, 'listening');
    url = `http://127.0.0.1:${(pages.address() as AddressInfo).port}/room`;
  });
  afterEach(() => {
    pages.closeAllConnections();
    pages.close();
  });

  async function comeIn(participantId: string, shownName?: string): Promise<string> {
    const response = await post('join', { token: await goodToken(participantId, shownName) });
    return ((await response.json()) as { key: string }).key;
  }
  const post = (path: string, body: object): Promise<Response> =>
    fetch(`${url}/${room}/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  /** Everything that a page hears, for as long as it stays connected. */
  async function connect(key: string): Promise<{ heard: () => string; hangUp: () => void }> {
    const connection = new AbortController();
    const response = await fetch(`${url}/${room}/events?key=${key}`, { signal: connection.signal });
    let text = '';
    const decoder = new TextDecoder();
    const reading = (async () => {
      for await (const chunk of response.body!) text += decoder.decode(chunk);
    })();
    reading.catch(() => undefined);
    return { heard: () => text, hangUp: () => connection.abort() };
  }
  const nothing = { picture: false, sound: false };
  const offer = { type: 'offer', sdp: 'v=0 of a test' };
  const told = (): string[] =>
    events
      .filter(({ path }) => path?.includes('/occupant/'))
      .map(({ body }) => `${String(body.occupant.id)} ${String(body.event_name)}`);

  it('stand at the address form of Jitsi, framed by the API’s pages only, with the camera for themselves', async () => {
    const page = await fetch(`${url}/${room}?lang=en`);
    expect(page.headers.get('content-security-policy')).toMatch(
      /frame-ancestors http:\/\/localhost:3000(;|$)/,
    );
    expect(page.headers.get('permissions-policy')).toBe('camera=(self), microphone=(self)');
    expect(page.headers.get('x-frame-options')).toBeNull();
    const html = await page.text();
    expect(html).toMatch(/<html lang="en">/);
    expect(html).toMatch(/src="\/room\/files\/room\.js"/);
    expect((await fetch(`${url}/${room}`)).status).toBe(200);
  });

  it('say what is wrong with a token', async () => {
    const response = await post('join', { token: await sign({ ...claims(), exp: seconds(-1) }) });
    expect(await response.json()).toEqual({ refused: 'expired' });
    expect(await (await post('join', {})).json()).toEqual({ refused: 'no-token' });
    expect(events).toEqual([]);
  });

  it('show who else is in, by the names that their own pages set', async () => {
    const first = await connect(await comeIn('p-1'));
    await waitUntil(first.heard, (text) => text.includes('"self":true'));
    const second = await comeIn('p-2');
    await post('name', { key: second, name: 'Doktor Test' });
    const heard = await waitUntil(first.heard, (text) => text.includes('Doktor Test'));
    expect(heard.match(/^data: .*$/gm)?.at(-1)).toBe(
      `data: ${JSON.stringify([
        { participantId: 'p-1', seat: 1, moderator: false, name: null, sends: nothing, self: true },
        {
          participantId: 'p-2',
          seat: 2,
          moderator: false,
          name: 'Doktor Test',
          sends: nothing,
          self: false,
        },
      ])}`,
    );
    await post('name', { key: 'of-nobody', name: 'Ingen' });
    await post('leave', { key: second });
    await waitUntil(first.heard, (text) => text.match(/^data: /gm)?.length === 4);
    expect(first.heard()).not.toMatch(/Ingen/);
    first.hangUp();
  });

  it('R8.7 call staff as their token does, whatever their page says, and tell whose camera or microphone is off', async () => {
    const key = await comeIn('p-1');
    const first = await connect(key);
    const staff = await comeIn('p-2', 'Anna Ek, sjuksköterska');
    await post('name', { key: staff, name: 'Någon annan' });
    await post('sends', { key: staff, picture: false, sound: true });
    const heard = await waitUntil(first.heard, (text) => text.includes('"sound":true'));
    expect(heard).toContain(
      '"moderator":true,"name":"Anna Ek, sjuksköterska","sends":{"picture":false,"sound":true}',
    );
    expect(heard).not.toContain('Någon annan');
    await post('leave', { key });
  });

  it('R4.1 pass what two pages connect by to that one page, of the same room and a key that is somebody’s', async () => {
    const key = await comeIn('p-1');
    const first = await connect(key);
    const second = await comeIn('p-2');
    const other = (await standIn.join('m-other', await sign({ ...claims(), room: 'm-other' }))) as {
      key: string;
    };
    await post('signal', { key: second, to: 1, signal: offer });
    await waitUntil(first.heard, (text) => text.includes(`event: signal\ndata: {"from":2,`));
    // Of nobody, of another room by either's address, and what is no signal.
    await post('signal', { key: 'of-nobody', to: 1, signal: { ...offer, sdp: 'wrong' } });
    await post('signal', { key: other.key, to: 1, signal: { ...offer, sdp: 'wrong' } });
    await fetch(`${url}/m-other/signal`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ key: other.key, to: 1, signal: { ...offer, sdp: 'wrong' } }),
    });
    await post('signal', { key: second, to: 1, signal: { type: 'pranswer', sdp: 'wrong' } });

    // Who is on the way back hears it then, once; who has left, never.
    await post('signal', { key, to: 2, signal: { ...offer, sdp: 'v=0 that waited' } });
    const late = await connect(second);
    await waitUntil(late.heard, (text) => text.includes('v=0 that waited'));
    const again = await connect(second);
    await waitUntil(again.heard, (text) => text.includes('"self":true'));
    expect(again.heard()).not.toContain('v=0 that waited');
    await post('leave', { key: second });
    await post('signal', { key: second, to: 1, signal: { ...offer, sdp: 'wrong' } });
    expect(first.heard()).not.toContain('wrong');
    await post('leave', { key });
  });

  it('tell that somebody has left when a tab goes away, and not when it only reconnects', async () => {
    const key = await comeIn('p-1');
    const before = await connect(key);
    await waitUntil(before.heard, (text) => text.includes('"self":true'));
    const after = await connect(key);
    await waitUntil(after.heard, (text) => text.includes('"self":true'));
    before.hangUp();
    await post('leave', { key: 'of-nobody' });
    expect(standIn.isIn(room, 'p-1')).toBe(true);
    after.hangUp();
    await waitUntil(told, (all) => all.length === 2);
    expect(told()).toEqual(['p-1 muc-occupant-joined', 'p-1 muc-occupant-left']);
    expect(standIn.isIn(room, 'p-1')).toBe(false);
    expect((await fetch(`${url}/${room}/events?key=${key}`)).status).toBe(204);
  });

  it('end in one tab where the same participant comes in from another', async () => {
    const first = await connect(await comeIn('p-1'));
    await waitUntil(first.heard, (text) => text.includes('"self":true'));
    await comeIn('p-1');
    await waitUntil(first.heard, (text) => text.includes('event: ended\ndata: {"why":"elsewhere"}'));
    await waitUntil(told, (all) => all.length === 3);
    expect(standIn.isIn(room, 'p-1')).toBe(true);
  });
});

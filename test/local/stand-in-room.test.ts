import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SignJWT, UnsecuredJWT, type JWTPayload } from 'jose';
import { roomEntry } from '../../jitsi/room-token';
import { createStandInRoom, type StandInRoom } from '../../local/stand-in-room';

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
  standIn = createStandInRoom({ ...settings, eventsUrl: `http://127.0.0.1:${port}/hooks/jitsi` });
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

/** As the service makes it. */
const goodToken = async (participantId = 'p-1'): Promise<string> => {
  const { token } = await roomEntry(
    { ...settings, url: 'https://jitsi.test' },
    {
      room,
      participantId,
      role: 'patient',
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
  context: { user: { id: 'p-1' } },
});
function sign(payload: JWTPayload, header: object = {}, secret = settings.appSecret): Promise<string> {
  return new SignJWT(payload)
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT', ...header })
    .sign(new TextEncoder().encode(secret));
}

describe('the stand-in for the video room', () => {
  it('takes a token of the service, and tells as event_sync does who came and left', async () => {
    expect(await standIn.join(room, await goodToken())).toBe('joined');
    expect(standIn.isIn(room, 'p-1')).toBe(true);
    await standIn.leave(room, 'p-1');
    expect(standIn.isIn(room, 'p-1')).toBe(false);
    await standIn.leave(room, 'p-1');

    expect(events.map(({ path }) => path)).toEqual([
      '/hooks/jitsi/events/occupant/joined',
      '/hooks/jitsi/events/occupant/left',
    ]);
    const [joined, left] = events;
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
  });

  it('takes the hand-made token that the refused ones differ from', async () => {
    expect(await standIn.join(room, await sign(claims()))).toBe('joined');
  });

  it.each<[string, () => Promise<string> | string]>([
    ['is past', () => sign({ ...claims(), exp: seconds(-1) })],
    ['has no end', () => sign({ ...claims(), exp: undefined })],
    ['ends at a text', () => sign({ ...claims(), exp: String(seconds(600)) as unknown as number })],
    ['begins in the future', () => sign({ ...claims(), nbf: seconds(60) })],
    ['is for another room', () => sign({ ...claims(), room: 'm-other' })],
    ['is for every room', () => sign({ ...claims(), room: '*' })],
    ['is for no room', () => sign({ ...claims(), room: undefined })],
    ['has another secret', () => sign(claims(), {}, 'another-secret-of-the-same-length-or-so')],
    ['has no typ', () => sign(claims(), { typ: undefined })],
    ['has another alg', () => sign(claims(), { alg: 'HS512' }, settings.appSecret.repeat(2))],
    ['has alg none', () => new UnsecuredJWT(claims()).encode()],
    ['is of another issuer', () => sign({ ...claims(), iss: 'other' })],
    ['is for another audience', () => sign({ ...claims(), aud: 'other' })],
    ['has a list of audiences', () => sign({ ...claims(), aud: [settings.appId] })],
    ['is of another domain', () => sign({ ...claims(), sub: 'other.domain' })],
    ['is nobody’s', () => sign({ ...claims(), context: {} })],
    ['is none', () => 'no-token'],
  ])('R4.1 refuses a token that %s', async (_, token) => {
    expect(await standIn.join(room, await token())).toBe('token-refused');
    expect(events).toEqual([]);
    expect(standIn.isIn(room, 'p-1')).toBe(false);
  });

  it('lets who comes in again be a new occupant, and the old one leave', async () => {
    await standIn.join(room, await goodToken());
    await standIn.join(room, await goodToken());
    expect(events.map(({ body }) => body.event_name)).toEqual([
      'muc-occupant-joined',
      'muc-occupant-joined',
      'muc-occupant-left',
    ]);
    const [first, second, left] = events.map(({ body }) => body.occupant.occupant_jid);
    expect(second).not.toBe(first);
    expect(left).toBe(first);
    expect(standIn.isIn(room, 'p-1')).toBe(true);
  });

  it('tells again while nobody takes it, and lets people in all the same', async () => {
    refusals = 2;
    expect(await standIn.join(room, await goodToken())).toBe('joined');
    expect(events).toHaveLength(1);
    refusals = 9;
    expect(await standIn.join(room, await goodToken('p-2'))).toBe('joined');
    expect(refusals).toBe(5);
    server.closeAllConnections();
    server.close();
    await standIn.leave(room, 'p-1');
    expect(standIn.isIn(room, 'p-1')).toBe(false);
  });
});

import { decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose';
import { roomName } from '../../jitsi/room-name';
import { roomEntry, type JitsiSettings } from '../../jitsi/room-token';
import { participantRoles, type ParticipantRole } from '../../rules/meeting';

const settings: JitsiSettings = {
  url: 'https://moten.example.se',
  appId: 'vardmote',
  appSecret: 'a-secret-of-the-test-that-opens-nothing',
  xmppDomain: 'meet.jitsi',
};
const secret = new TextEncoder().encode(settings.appSecret);
const now = new Date('2026-11-23T09:00:00.750Z');
const room = roomName(Buffer.alloc(32, 7), 'meeting-1', 1);

const entry = (role: ParticipantRole = 'patient', doorClosesAt = new Date('2026-11-23T10:00Z')) =>
  roomEntry(settings, { room, participantId: 'p-Zk3vQ0c9', role, now, doorClosesAt });

describe('roomEntry', () => {
  it('R4.1 has the header and the claims that Prosody asks for, and no others', async () => {
    const { token } = await entry();
    expect(decodeProtectedHeader(token)).toEqual({ alg: 'HS256', typ: 'JWT' });
    const seconds = Math.floor(now.getTime() / 1000);
    expect(decodeJwt(token)).toEqual({
      iss: 'vardmote',
      aud: 'vardmote',
      sub: 'meet.jitsi',
      room,
      nbf: seconds - 30,
      iat: seconds,
      exp: seconds + 600,
      context: {
        user: { id: 'p-Zk3vQ0c9', name: 'patient', affiliation: 'member', moderator: false },
        features: {
          recording: false,
          livestreaming: false,
          transcription: false,
          'outbound-call': false,
          'file-upload': false,
          'send-groupchat': false,
        },
      },
    });
  });

  it('R4.1 verifies with the secret and at once, and with no other secret', async () => {
    const { token } = await entry();
    const asked = {
      issuer: 'vardmote',
      audience: 'vardmote',
      algorithms: ['HS256'],
      typ: 'JWT',
      clockTolerance: 0,
    };
    await expect(jwtVerify(token, secret, { ...asked, currentDate: now })).resolves.toBeDefined();
    const other = new TextEncoder().encode(`${settings.appSecret}!`);
    await expect(jwtVerify(token, other, { ...asked, currentDate: now })).rejects.toThrow('signature');
    const behind = new Date(now.getTime() - 30_000);
    await expect(jwtVerify(token, secret, { ...asked, currentDate: behind })).resolves.toBeDefined();
    const afterwards = new Date(now.getTime() + 600_000);
    await expect(jwtVerify(token, secret, { ...asked, currentDate: afterwards })).rejects.toThrow('exp');
  });

  it('R4.1 opens this room only', async () => {
    const { token, url, room: opened } = await entry();
    const claims = decodeJwt(token);
    expect(claims.room).toBe(room);
    expect(claims.room).toBe(String(claims.room).toLowerCase());
    expect(claims.context).not.toHaveProperty('room');
    expect(opened).toBe(room);
    expect(url).toBe(`https://moten.example.se/${room}`);
    expect(url).not.toContain(token);
  });

  it('R4.1 staff moderate, nobody else does', async () => {
    for (const role of participantRoles) {
      const { context } = decodeJwt<{ context: { user: Record<string, unknown> } }>(
        (await entry(role)).token,
      );
      const isStaff = role === 'staff';
      expect(context.user).toMatchObject({ moderator: isStaff, affiliation: isStaff ? 'owner' : 'member' });
    }
  });

  it('R4.3 every recording is off for everybody, staff too', async () => {
    for (const role of participantRoles) {
      const { context } = decodeJwt<{ context: { features: Record<string, unknown> } }>(
        (await entry(role)).token,
      );
      expect(Object.keys(context.features)).toHaveLength(6);
      expect(new Set(Object.values(context.features))).toEqual(new Set([false]));
    }
  });

  it('R7.5 R8.3 says nothing of a person but an opaque id and a role word', async () => {
    for (const role of participantRoles) {
      const { context } = decodeJwt<{ context: { user: Record<string, unknown> } }>(
        (await entry(role)).token,
      );
      expect(Object.keys(context).sort()).toEqual(['features', 'user']);
      expect(Object.keys(context.user).sort()).toEqual(['affiliation', 'id', 'moderator', 'name']);
      expect(context.user).toMatchObject({ id: 'p-Zk3vQ0c9', name: role });
    }
  });

  it('R8.7 carries the shown name of staff, and of nobody else whatever is handed in', async () => {
    const given = { room, participantId: 'p-Zk3vQ0c9', now, doorClosesAt: new Date('2026-11-23T10:00Z') };
    for (const role of participantRoles) {
      const { token } = await roomEntry(settings, { ...given, role, shownName: 'Anna Ek, sjuksköterska' });
      expect(decodeJwt(token)).toMatchObject({
        context: { user: { name: role === 'staff' ? 'Anna Ek, sjuksköterska' : role } },
      });
    }
  });

  it.each([
    ['lives ten minutes', '2026-11-23T09:10:00.750Z', '2026-11-23T09:10:00.750Z'],
    ['ends when the door closes', '2026-11-23T09:10:00.749Z', '2026-11-23T09:10:00.749Z'],
    ['ends when the door closes soon', '2026-11-23T09:01:00.000Z', '2026-11-23T09:01:00.000Z'],
    ['does not live until a door that closes late', '2026-11-23T19:00:00.000Z', '2026-11-23T09:10:00.750Z'],
  ])('R3.3 R4.1 %s', async (_, doorClosesAt, expected) => {
    const { token, expiresAt } = await entry('patient', new Date(doorClosesAt));
    expect(expiresAt.toISOString()).toBe(expected);
    expect(decodeJwt(token).exp).toBe(Math.floor(Date.parse(expected) / 1000));
  });

  it('R3.3 a door that has closed gives a token that opens nothing', async () => {
    const { token } = await entry('patient', new Date('2026-11-23T08:59:00Z'));
    await expect(jwtVerify(token, secret, { currentDate: now })).rejects.toThrow('exp');
  });
});

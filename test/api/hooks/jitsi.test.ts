import { randomUUID } from 'node:crypto';
import { roomName } from '../../../jitsi/room-name';
import { registry } from '../../../platform/metrics';
import { createClinic, nextMobile, type TestClinic, type TestMeeting } from '../../support/clinic';
import { testKeys } from '../../support/keys';
import { startService, type Service } from '../../support/service';
import { waitUntil } from '../../support/wait-until';
import { MINUTE, inMs } from '../helpers';

/**
 * What Jitsi and 46elks tell: known by secret and token, repeated, out of order, and never more than they may
 * say.
 */
let service: Service;
let clinic: TestClinic;

beforeAll(async () => {
  service = await startService();
  clinic = await createClinic(service);
});
afterAll(() => service.close());

interface Timeline {
  happenings: { at: string; what: string; detail: string | null; startVersion: number }[];
  deliveries: { kind: string; state: string; history: { state: string }[] }[];
}
const timeline = async ({ path }: TestMeeting): Promise<Timeline> =>
  (await clinic.call('GET', `${path}/timeline`)).body as Timeline;
const stateOf = async ({ path }: TestMeeting): Promise<string> =>
  ((await clinic.call('GET', path)).body as { state: string }).state;

async function meetingSoon(): Promise<TestMeeting> {
  const patientId = await clinic.addPatient();
  await clinic.call('PUT', `/clinic/people/${patientId}/care-history-consent`, {
    body: { given: true, givenBy: 'person' },
  });
  const meeting = await clinic.book({ patientId, startAt: inMs(5 * MINUTE) });
  await waitUntil(
    () => stateOf(meeting),
    (state) => state === 'door-open',
  );
  return meeting;
}

describe('Jitsi’s events', () => {
  const seconds = (at: Date): number => Math.floor(at.getTime() / 1000);
  const roomOf = async ({ meetingId }: TestMeeting, startVersion = 1): Promise<string> => {
    const { times } = await service.records.meetings.get(meetingId);
    return times.find((time) => time.startVersion === startVersion)!.roomName;
  };

  const post = async (
    event: string,
    body: unknown,
    authorization: string | null = `Bearer ${testKeys.jitsiEventsSecret}`,
  ): Promise<number> => {
    const { status } = await fetch(`${service.apiUrl}/hooks/jitsi/events/${event}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(authorization ? { authorization } : {}) },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
    return status;
  };
  const event = async (meeting: TestMeeting, participantId: string, occupant: object, more: object = {}) => {
    const room = await roomOf(meeting);
    return {
      event_name: 'muc-occupant',
      room_name: room,
      room_jid: `${room}@conference.meet.jitsi`,
      is_breakout: false,
      active_occupants_count: 1,
      occupant: {
        id: participantId,
        name: 'patient',
        email: null,
        occupant_jid: `${participantId}@jid/1`,
        ...occupant,
      },
      ...more,
    };
  };
  const presence = async (meeting: TestMeeting): Promise<[string, string | null, string][]> =>
    (await timeline(meeting)).happenings
      .filter(({ what }) => what.endsWith('-room'))
      .map(({ what, detail, at }) => [what, detail, at]);

  it('are taken with the shared secret only', async () => {
    const meeting = await meetingSoon();
    const joined = await event(meeting, meeting.patientParticipantId, { joined_at: seconds(new Date()) });
    const secret = testKeys.jitsiEventsSecret;
    const wrong = [
      null,
      'Bearer ',
      secret,
      `Bearer ${secret}x`,
      `Bearer ${secret.slice(1)}`,
      `Basic ${secret}`,
      `Bearer ${'x'.repeat(secret.length)}`,
    ];
    for (const name of ['occupant/joined', 'occupant/left', 'room/created', 'room/destroyed']) {
      for (const authorization of wrong) expect(await post(name, joined, authorization)).toBe(401);
    }
    expect(await presence(meeting)).toEqual([]);
  });

  it('become presence, under way when clinic and patient have met, and stand in the timeline', async () => {
    const meeting = await meetingSoon();
    const [t1, t2] = [new Date(Date.now() - 20_000), new Date(Date.now() - 10_000)];
    expect(await post('room/created', { room_name: await roomOf(meeting) })).toBe(204);
    const patient = await event(meeting, meeting.patientParticipantId, { joined_at: seconds(t1) });
    expect(await post('occupant/joined', patient)).toBe(204);
    expect(await stateOf(meeting)).toBe('door-open');
    const staff = await event(meeting, meeting.staffParticipantId, { joined_at: seconds(t2) });
    expect(await post('occupant/joined', staff)).toBe(204);
    await waitUntil(
      () => stateOf(meeting),
      (state) => state === 'under-way',
    );
    const at = (date: Date): string => new Date(seconds(date) * 1000).toISOString();
    const expected = [
      ['joined-room', 'patient', at(t1)],
      ['joined-room', 'staff', at(t2)],
    ];
    expect(await presence(meeting)).toEqual(expected);
    // Repeated, with the same time or a later one: nothing new.
    const later = await event(meeting, meeting.patientParticipantId, { joined_at: seconds(t2) });
    expect([await post('occupant/joined', patient), await post('occupant/joined', later)]).toEqual([
      204, 204,
    ]);
    expect(await presence(meeting)).toEqual(expected);

    const cancelled = await clinic.call('POST', `${meeting.path}/cancel`, { body: { by: 'patient' } });
    expect([cancelled.status, (cancelled.body as { title: string }).title]).toEqual([409, 'under-way']);
  });

  it('left before joined is one stay; a reconnection is a second one', async () => {
    const meeting = await meetingSoon();
    const t = [50_000, 40_000, 30_000, 20_000].map(
      (ms) => new Date(Math.floor((Date.now() - ms) / 1000) * 1000),
    );
    const id = meeting.patientParticipantId;
    const send = async (what: 'joined' | 'left', at: Date, occupant: string) =>
      post(
        `occupant/${what}`,
        await event(meeting, id, { [`${what}_at`]: seconds(at), occupant_jid: occupant }),
      );
    expect(await send('left', t[1]!, 'a')).toBe(204);
    expect(await send('joined', t[0]!, 'a')).toBe(204);
    expect(await send('joined', t[2]!, 'b')).toBe(204);
    expect(await send('left', t[3]!, 'b')).toBe(204);
    expect(await send('left', t[3]!, 'a')).toBe(204);
    expect(await presence(meeting)).toEqual(
      t.map((date, index) => [index % 2 === 0 ? 'joined-room' : 'left-room', 'patient', date.toISOString()]),
    );
  });

  it('the same report twice at the same instant is one stay', async () => {
    const meeting = await meetingSoon();
    const joined = await event(meeting, meeting.patientParticipantId, { joined_at: seconds(new Date()) });
    const left = await event(meeting, meeting.patientParticipantId, { left_at: seconds(new Date()) });
    const statuses = await Promise.all(
      [joined, left, joined, left].map((body, index) =>
        post(`occupant/${index % 2 ? 'left' : 'joined'}`, body),
      ),
    );
    expect(statuses).toEqual([204, 204, 204, 204]);
    expect((await presence(meeting)).map(([what]) => what).sort()).toEqual(['joined-room', 'left-room']);
  });

  it('a destroyed room: everybody has left; who had left before keeps the time', async () => {
    const meeting = await meetingSoon();
    const t = [30_000, 20_000, 10_000].map((ms) => new Date(Math.floor((Date.now() - ms) / 1000) * 1000));
    const [patient, staff] = [meeting.patientParticipantId, meeting.staffParticipantId];
    await post('occupant/joined', await event(meeting, patient, { joined_at: seconds(t[0]!) }));
    await post('occupant/joined', await event(meeting, staff, { joined_at: seconds(t[0]!) }));
    await post('occupant/left', await event(meeting, patient, { left_at: seconds(t[1]!) }));
    const destroyed = { room_name: await roomOf(meeting), destroyed_at: seconds(t[2]!) };
    expect([await post('room/destroyed', destroyed), await post('room/destroyed', destroyed)]).toEqual([
      204, 204,
    ]);
    const left = (await presence(meeting)).filter(([what]) => what === 'left-room');
    expect(left).toEqual([
      ['left-room', 'patient', t[1]!.toISOString()],
      ['left-room', 'staff', t[2]!.toISOString()],
    ]);
  });

  it('A7 what was lost comes with the report of leaving, and with that of the room’s end; late reports end nothing', async () => {
    const meeting = await meetingSoon();
    const [patient, staff] = [meeting.patientParticipantId, meeting.staffParticipantId];
    const now = seconds(new Date());
    const t = (ago: number): number => now - ago;
    const at = (ago: number): string => new Date(t(ago) * 1000).toISOString();
    const room = await roomOf(meeting);
    // Of another opening of the room, before both came.
    const late = { room_name: room, created_at: t(60), destroyed_at: t(50), all_occupants: [] };
    const left = await event(meeting, patient, { occupant_jid: 'p', joined_at: t(40), left_at: t(20) });
    expect([await post('occupant/left', left), await post('room/destroyed', late)]).toEqual([204, 204]);
    expect(await presence(meeting)).toEqual([
      ['joined-room', 'patient', at(40)],
      ['left-room', 'patient', at(20)],
    ]);
    // All that was told of the staff was lost, but for what the end of the room lists.
    const end = {
      room_name: room,
      is_breakout: false,
      created_at: t(45),
      destroyed_at: t(10),
      all_occupants: [
        { id: staff, occupant_jid: 's', joined_at: t(45), left_at: t(10) },
        { id: patient, occupant_jid: 'p', joined_at: t(40), left_at: t(20) },
        { occupant_jid: 'without-a-token', joined_at: t(44) },
      ],
    };
    expect([await post('room/destroyed', end), await post('room/destroyed', end)]).toEqual([204, 204]);
    expect(await presence(meeting)).toEqual([
      ['joined-room', 'staff', at(45)],
      ['joined-room', 'patient', at(40)],
      ['left-room', 'patient', at(20)],
      ['left-room', 'staff', at(10)],
    ]);
    await waitUntil(
      () => stateOf(meeting),
      (state) => state === 'under-way',
    );
  });

  it('A7 a side room that is closed ends nobody’s stay, and a time in the future is 400', async () => {
    const meeting = await meetingSoon();
    const id = meeting.patientParticipantId;
    const now = seconds(new Date());
    const in2099 = 4_070_908_800;
    const room_name = await roomOf(meeting);
    for (const [what, body] of [
      ['occupant/joined', await event(meeting, id, { joined_at: in2099 })],
      ['occupant/left', await event(meeting, id, { left_at: in2099 })],
      ['occupant/left', await event(meeting, id, { joined_at: in2099, left_at: now })],
      ['room/destroyed', { room_name, destroyed_at: in2099 }],
      [
        'room/destroyed',
        { room_name, destroyed_at: now, all_occupants: [{ id, occupant_jid: 'a', joined_at: in2099 }] },
      ],
    ] as const)
      expect(await post(what, body)).toBe(400);
    expect(await presence(meeting)).toEqual([]);
    expect(await post('occupant/joined', await event(meeting, id, { joined_at: now - 5 }))).toBe(204);
    const side = { room_name, is_breakout: true, destroyed_at: now };
    expect(await post('room/destroyed', side)).toBe(204);
    expect((await presence(meeting)).map(([what]) => what)).toEqual(['joined-room']);
  });

  it('C9 with a wrong secret are counted, warned of once, and a gap of the meeting whose room they name', async () => {
    const [meeting, another] = [await meetingSoon(), await meetingSoon()];
    const counted = async (): Promise<number> =>
      Number(/^vardmote_jitsi_reports_refused_total (\d+)$/m.exec(await registry.metrics())?.[1] ?? 0);
    const before = await counted();
    const joined = await event(meeting, meeting.patientParticipantId, { joined_at: seconds(new Date()) });
    for (const body of [joined, joined, '{"room_name":', { room_name: 'nothing' }])
      expect(await post('occupant/joined', body, 'Bearer wrong')).toBe(401);
    expect(await counted()).toBe(before + 4);
    const gaps = await waitUntil(
      () => service.records.gaps.ofMeeting(meeting.meetingId),
      (all) => all.length > 0,
    );
    expect(gaps).toMatchObject([{ kind: 'reports-refused' }]);
    expect(await service.records.gaps.ofMeeting(another.meetingId)).toEqual([]);
    expect(await presence(meeting)).toEqual([]);
    const warned = service.logLines.filter((line) => line.includes('JITSI_EVENTS_SECRET'));
    expect(warned).toHaveLength(1);
    expect(service.logLines.join()).not.toContain('Bearer wrong');
  });

  it('of an unknown room or participant are 404, of a breakout room ignored', async () => {
    const [meeting, another] = [await meetingSoon(), await meetingSoon()];
    const now = seconds(new Date());
    const id = meeting.patientParticipantId;
    const unknownRoom = await event(meeting, id, { joined_at: now }, { room_name: 'nothing' });
    expect(await post('occupant/joined', unknownRoom)).toBe(404);
    expect(await post('room/destroyed', { room_name: 'nothing' })).toBe(404);
    expect(await post('occupant/joined', await event(meeting, 'nobody', { joined_at: now }))).toBe(404);
    // One who takes part in another meeting is nobody here.
    expect(
      await post('occupant/joined', await event(meeting, another.patientParticipantId, { joined_at: now })),
    ).toBe(404);
    const breakout = await event(meeting, id, { joined_at: now }, { is_breakout: true });
    expect(await post('occupant/joined', breakout)).toBeLessThan(500);
    expect([await presence(meeting), await presence(another)]).toEqual([[], []]);
  });

  it.each([
    ['no room', { room_name: undefined }],
    ['an operator for a room', { room_name: { $gt: '' } }],
    ['no occupant', { occupant: undefined }],
    ['an operator for an occupant', { occupant: { id: { $gt: '' }, occupant_jid: 'a', joined_at: 1 } }],
    ['no time', { occupant: { id: 'a', occupant_jid: 'a' } }],
    ['a time in words', { occupant: { id: 'a', occupant_jid: 'a', joined_at: 'now' } }],
    ['a time before all times', { occupant: { id: 'a', occupant_jid: 'a', joined_at: -1 } }],
    ['a list', []],
  ])('with %s are 400 or 404, and nothing follows', async (_name, more) => {
    const meeting = await meetingSoon();
    const right = await event(meeting, meeting.patientParticipantId, { joined_at: seconds(new Date()) });
    const status = await post('occupant/joined', Array.isArray(more) ? more : { ...right, ...more });
    expect([400, 404]).toContain(status);
    expect(await presence(meeting)).toEqual([]);
  });

  it('with a time that no calendar has are 400', async () => {
    const meeting = await meetingSoon();
    const joined = await event(meeting, meeting.patientParticipantId, { joined_at: 1e18 });
    expect(await post('occupant/joined', joined)).toBe(400);
    expect(await presence(meeting)).toEqual([]);
  });

  it('malformed JSON is 400', async () => {
    expect(await post('occupant/joined', '{"room_name":')).toBe(400);
    expect(await post('room/destroyed', 'x')).toBe(400);
  });

  it('of the old room of a moved meeting belong to the old time', async () => {
    const meeting = await meetingSoon();
    const joined = await event(meeting, meeting.patientParticipantId, { joined_at: seconds(new Date()) });
    const moved = await clinic.call('POST', `${meeting.path}/rebook`, {
      body: { by: 'clinic', startAt: inMs(10 * MINUTE) },
    });
    expect(moved.status).toBe(200);
    expect(joined.room_name).toBe(roomName(testKeys.roomKey, meeting.meetingId, 1));
    expect(await roomOf(meeting, 2)).not.toBe(joined.room_name);
    expect(await post('occupant/joined', joined)).toBe(204);
    const { happenings } = await timeline(meeting);
    expect(happenings.filter(({ what }) => what === 'joined-room')).toMatchObject([{ startVersion: 1 }]);
  });
});

describe('46elks’ delivery reports', () => {
  /** A booking message that the stand-in provider has, and whose own report has come. */
  async function sent(to = nextMobile()) {
    const patientId = await clinic.addPatient({ mobile: to });
    const meeting = await clinic.book({ patientId, startAt: inMs(5 * MINUTE) });
    const [message] = await waitUntil(
      () => service.sentTo(to),
      (messages) => messages.length > 0,
    );
    return { meeting, message: message!, reportUrl: message!.reportUrl! };
  }
  const report = async (url: string, form: Record<string, string>): Promise<number> =>
    (await fetch(url, { method: 'POST', body: new URLSearchParams(form) })).status;
  const booking = async (meeting: TestMeeting) =>
    (await timeline(meeting)).deliveries.find(({ kind }) => kind === 'booking')!;

  it('raise the state: sent, failed, delivered; repeated or out of order they change nothing', async () => {
    const { meeting, message, reportUrl } = await sent();
    const { id } = message;
    await waitUntil(
      () => booking(meeting),
      (sms) => sms.state === 'delivered' || sms.state === 'sent',
    );
    for (const status of ['delivered', 'delivered', 'sent', 'failed', 'sent']) {
      expect(await report(reportUrl, { id, status })).toBe(204);
      expect((await booking(meeting)).state).toBe('delivered');
    }
    const states = (await booking(meeting)).history.map(({ state }) => state);
    expect(states.filter((state) => state === 'delivered')).toHaveLength(1);
    expect(states).not.toContain('failed');
  });

  it('failed, and then delivered after all, is delivered; never the other way', async () => {
    // The fictitious number to which every SMS fails.
    const { meeting, message, reportUrl } = await sent('+46701740699');
    await waitUntil(
      () => booking(meeting),
      (sms) => sms.state === 'failed',
    );
    const { id } = message;
    expect(await report(reportUrl, { id, status: 'sent' })).toBe(204);
    expect((await booking(meeting)).state).toBe('failed');
    expect(
      await report(reportUrl, { id, status: 'delivered', delivered: '2026-11-22T10:00:00.000000' }),
    ).toBe(204);
    expect((await booking(meeting)).state).toBe('delivered');
    expect(await report(reportUrl, { id, status: 'failed' })).toBe(204);
    expect((await booking(meeting)).state).toBe('delivered');
  });

  it('with a forged token are 404 and change nothing', async () => {
    const { meeting, message, reportUrl } = await sent();
    const state = await waitUntil(
      () => booking(meeting),
      (sms) => sms.state === 'delivered',
    );
    const base = reportUrl.slice(0, reportUrl.lastIndexOf('/'));
    const token = reportUrl.slice(base.length + 1);
    for (const forged of [
      randomUUID(),
      token.slice(0, -1),
      `${token}x`,
      token.toUpperCase(),
      '$gt',
      message.id,
    ]) {
      expect(await report(`${base}/${forged}`, { id: message.id, status: 'failed' })).toBe(404);
    }
    expect(await booking(meeting)).toEqual(state);
  });

  it.each([
    ['without a status', { id: 's70df59406a1b' }],
    ['with another status', { id: 's70df59406a1b', status: 'lost' }],
    ['without an id', { status: 'failed' }],
    ['with a long id', { id: 's'.repeat(101), status: 'failed' }],
    ['with operators', { 'id[$gt]': '', 'status[$ne]': 'sent' }],
    ['without anything', {}],
  ])('%s are 400 and change nothing', async (_name, form) => {
    const { meeting, reportUrl } = await sent();
    const before = await waitUntil(
      () => booking(meeting),
      (sms) => sms.state === 'delivered',
    );
    expect(await report(reportUrl, form as Record<string, string>)).toBe(400);
    const json = {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"id":"s1","status":"failed"}',
    };
    expect((await fetch(reportUrl, json)).status).toBe(400);
    expect(await booking(meeting)).toEqual(before);
  });
});

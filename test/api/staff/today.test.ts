import { meetingNow } from '../../../api/staff/today/meeting-now';
import { randomId } from '../../../platform/keys/random-id';
import { createClinic, type TestClinic, type TestMeeting } from '../../support/clinic';
import { watchCosts } from '../../support/costs';
import { loggedIn, testPeople, type Shown, type Visitor } from '../../support/patient';
import { roomOf } from '../../support/room';
import { startService, type Service } from '../../support/service';
import { addStaff, staffVisitor } from '../../support/staff';
import { waitUntil } from '../../support/wait-until';
import { DAY, dayInStockholm, inMs, MINUTE, openDatabase, type RawDatabase } from '../helpers';

/** The day's meetings at the desk, as they go on. */
let service: Service;
let clinic: TestClinic;
let raw: RawDatabase;
let desk: Visitor;
beforeAll(async () => {
  service = await startService({ staffProvider: () => Promise.resolve('http://127.0.0.1:9') });
  clinic = await createClinic(service, { doorOpensMinutesBefore: 60 });
  raw = await openDatabase(service);
  desk = await staffVisitor(service, await addStaff(service, clinic, { id: 'S001' }));
});
afterAll(async () => {
  await raw.close();
  await service.close();
});

const json = { accept: 'application/json' };
interface Live {
  key: string;
  rows: { meetingId: string; state: string; now: string; waits: boolean }[];
}
const liveOf = (shown: Shown) => JSON.parse(shown.text) as Live;

async function book(
  startAt: string,
  { person = {}, staffId = 'staff-S001' }: { person?: object; staffId?: string } = {},
): Promise<TestMeeting & { day: string }> {
  const patientId = await clinic.addPatient({ mobile: undefined, ...person }, false);
  const meeting = await clinic.book({ patientId, startAt, participants: [{ role: 'staff', staffId }] });
  return { ...meeting, day: dayInStockholm(startAt) };
}

it('tells who waits since when and who is in the room, what is wrong and what helps; its script hears no names', async () => {
  const startAt = inMs(10 * MINUTE);
  const meeting = await book(startAt, {
    person: { personalNumber: testPeople.patient, birthDate: undefined, name: 'Lo Testsson' },
  });
  const query = `?day=${meeting.day}&show=mine`;
  const page = await desk.get(`/desk/today${query}`);
  expect(page.text).toContain('Lo Testsson');
  expect(page.text).toMatch(/Samtycke saknas\.[^]*consent">Fråga patienten/);
  expect(page.text).toMatch(/Rummet är inte bekräftat\.[^]*readiness">Bekräfta det/);
  expect(page.text).not.toContain('väntar sedan');
  expect(page.text).toContain(`href="/desk/meetings/${meeting.meetingId}/room"`);

  const patient = await loggedIn(service, testPeople.patient);
  await patient.get(`/my/meetings/${meeting.patientParticipantId}/room/status`, json);
  const waiting = await desk.get(`/desk/today${query}`);
  expect(waiting.text).toMatch(/Patient väntar sedan[^]*<span data-minutes-since="[^"]*">0<\/span> min/);
  const live = await desk.get(`/desk/today/live${query}`, json);
  expect(live.text).not.toContain('Lo Testsson');
  const [row] = liveOf(live).rows.filter(({ meetingId }) => meetingId === meeting.meetingId);
  expect(row).toMatchObject({ waits: true, now: expect.stringContaining('väntar sedan') as string });

  const room = await roomOf(service, meeting.meetingId);
  await room.joined(meeting.patientParticipantId, new Date());
  const inside = await desk.get(`/desk/today${query}`);
  expect(inside.text).toContain('I rummet: patient');
  expect(inside.text).not.toContain('väntar sedan');
});

it('shows what one looks for: one’s own, those that need something, those to come; other days', async () => {
  const day = dayInStockholm(inMs(9 * DAY));
  const at = (clock: string): string => new Date(`${day}T${clock}:00Z`).toISOString();
  const own = await book(at('09:00'));
  const others = await book(at('10:00'), { staffId: 'staff-other' });
  const shows = async (query: string): Promise<string[]> => {
    const { text } = await desk.get(`/desk/today?day=${day}${query}`);
    return [own, others]
      .filter(({ meetingId }) => text.includes(meetingId))
      .map(({ meetingId }) => meetingId);
  };
  expect(await shows('')).toEqual([own.meetingId]);
  expect(await shows('&show=all')).toEqual([own.meetingId, others.meetingId]);
  expect(await shows('&show=all&state=ahead')).toEqual([own.meetingId, others.meetingId]);
  expect(await shows('&show=all&state=over')).toEqual([]);
  expect(await shows('&show=all&state=trouble')).toEqual([]);
  expect(await shows('&show=all&state=constructor&page=99')).toEqual([own.meetingId, others.meetingId]);
  await clinic.call('POST', `${others.path}/cancel`, { body: { by: 'clinic' } });
  expect(await shows('&show=all&state=over')).toEqual([others.meetingId]);
  expect((await desk.get(`/desk/today?day=${day}&show=all&state=now`)).text).toContain(
    'Inga möten av det slaget.',
  );
});

it('what is read of one meeting says what somebody should see to', async () => {
  const { meetingId } = await book(inMs(3 * DAY));
  const meeting = await service.records.meetings.get(meetingId);
  const { course } = meeting;
  const troubles = (change: object, at: string, facts = {}): string[] =>
    meetingNow(
      { ...meeting, course: { ...course, ...change }, facts },
      { waits: [], stays: [] },
      new Date(at),
    ).troubles;
  const { startAt, startVersion } = course.time;
  const before = (minutes: number): string => inMs(-minutes * MINUTE, new Date(startAt));
  expect(troubles({}, before(120))).toEqual([]);
  expect(troubles({}, before(59))).toEqual(['clinic-not-ready', 'consent-missing']);
  const ready = { clinicReady: true, gates: { consentGiven: true, formsMissing: [] } };
  expect(troubles(ready, before(5))).toEqual([]);
  expect(troubles({ ...ready, gates: { consentGiven: true, formsMissing: ['f'] } }, before(5))).toEqual([
    'form-missing',
  ]);
  const no = { consentGiven: false, consentRefused: true as const, formsMissing: [] };
  expect(troubles({ ...ready, gates: no }, before(600))).toEqual(['consent-refused']);
  const said = (lastAt: string) => ({
    refusals: {
      kind: 'refusals',
      number: 1,
      at: lastAt,
      refused: [{ startVersion, role: 'patient', reasons: ['said-so'], times: 1, lastAt }],
    },
  });
  expect(troubles(ready, before(5), said(before(6)))).toEqual(['cannot-get-in']);
  expect(troubles(ready, before(5), said(before(40)))).toEqual([]);
  const lost = {
    deliveries: {
      kind: 'deliveries',
      number: 1,
      at: startAt,
      deliveries: [
        {
          startVersion,
          kind: 'booking',
          recipient: 1,
          channel: 'sms',
          state: 'failed',
          reason: 'x',
          at: startAt,
        },
      ],
    },
  };
  expect(troubles(ready, before(5), lost)).toEqual(['not-reached']);
  const ended = { state: 'ended', registration: { state: 'waiting', remindAt: [], reminders: 0 } };
  expect(troubles({ ...ended, outcome: { outcome: 'completed' } }, before(-60))).toEqual(['not-registered']);
  expect(
    troubles({ state: 'ended', outcome: { outcome: 'unclear' }, registration: null }, before(-60)),
  ).toEqual(['unclear']);
});

it('a day of 300 meetings is shown in pages of less than 60 KB; R8.2 only those on the page are read', async () => {
  const startAt = inMs(20 * DAY);
  const first = await book(startAt);
  const rows = raw.db.collection<{ _id: string }>('meetings');
  // Without what the worker's loops look for: nobody has booked these.
  const { noticeBy, tellAt, untold, ...pattern } = (await rows.findOne({ _id: first.meetingId }))! as {
    _id: string;
    patientId: string;
    [name: string]: unknown;
  };
  const readOf = async (): Promise<number> =>
    (await raw.audit({ operation: 'meeting.list', personId: pattern.patientId })).length;
  await rows.insertMany(
    Array.from({ length: 299 }, () => ({ ...pattern, _id: randomId(), roomNames: [randomId()] })),
  );
  const seen = new Set<string>();
  for (let page = 1; page <= 6; page += 1) {
    const before = await readOf();
    const shown = await desk.get(`/desk/today?day=${first.day}&show=all&page=${page}`);
    expect(Buffer.byteLength(shown.text)).toBeLessThan(60_000);
    for (const [, meetingId] of shown.text.matchAll(/<a href="\/desk\/meetings\/([\w-]{22})"/g))
      seen.add(meetingId!);
    expect(seen.size).toBe(page * 50);
    expect(await readOf()).toBe(before + 1);
  }
  // A look of a page that lies open asks for nothing that another has asked for, and leaves no row.
  const query = `?day=${first.day}&show=all`;
  await desk.get(`/desk/today/live${query}`, json);
  const cost = await watchCosts(service.database).ofRequests(() =>
    desk.get(`/desk/today/live${query}`, json),
  );
  expect(cost.commands.filter((command) => !/^find (staffSessions|staff|clinics)$/.test(command))).toEqual(
    [],
  );
});

it('tells the page as it comes that something has changed, and nobody without a login', async () => {
  const meeting = await book(inMs(15 * MINUTE));
  const query = `?day=${meeting.day}`;
  const cookie = `vardmote-desk=${desk.cookies.get('vardmote-desk')!}`;
  const stranger = await fetch(`${service.apiUrl}/desk/today/events${query}`);
  expect(stranger.status).toBe(401);
  await stranger.body?.cancel();
  const end = new AbortController();
  const stream = await fetch(`${service.apiUrl}/desk/today/events${query}`, {
    headers: { cookie, accept: 'text/event-stream' },
    signal: end.signal,
  });
  expect(stream.headers.get('content-type')).toMatch(/^text\/event-stream/);
  let heard = '';
  const reading = (async () => {
    for await (const chunk of stream.body!) heard += Buffer.from(chunk as Uint8Array).toString();
  })().catch(() => undefined);
  await waitUntil(
    () => Promise.resolve(heard),
    (text) => /^data: \S+\n\n$/m.test(text),
  );
  const { key } = liveOf(await desk.get(`/desk/today/live${query}`, json));
  expect(heard).toBe(`data: ${key}\n\n`);
  end.abort();
  await reading;
});

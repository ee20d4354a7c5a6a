import { looksLikeToken } from '../../support/looks-like-token';
import { createClinic, nextMobile, suitable, type TestClinic, type TestMeeting } from '../../support/clinic';
import { formIn, loggedIn, testPeople, type Shown, type Visitor } from '../../support/patient';
import { roomOf } from '../../support/room';
import { startService, type Service } from '../../support/service';
import { addStaff, logInAsStaff, staffVisitor, testStaffProvider } from '../../support/staff';
import { waitUntil } from '../../support/wait-until';
import { bornYearsAgo, DAY, inMs, MINUTE, openDatabase, type RawDatabase } from '../helpers';

/** The room at the desk, and the lock of a desk that nobody uses (R4.1, R4.7, R4.8, R8.8). */
const provider = testStaffProvider();
let service: Service;
let clinic: TestClinic;
let raw: RawDatabase;
let desk: Visitor;
beforeAll(async () => {
  service = await startService({ staffProvider: provider.startFor });
  clinic = await createClinic(service, { doorOpensMinutesBefore: 60 });
  raw = await openDatabase(service);
  const member = await addStaff(service, clinic, { id: 'S001', name: 'Anna Ek', shownName: 'Anna' });
  desk = await staffVisitor(service, member);
});
afterAll(async () => {
  await raw.close();
  await service.close();
  provider.close();
});

interface Booked extends TestMeeting {
  patientId: string;
  room: string;
}
const json = { accept: 'application/json' };

async function book({
  person = {},
  startAt = inMs(10 * MINUTE),
  child = false,
}: { person?: object; startAt?: string; child?: boolean } = {}): Promise<Booked> {
  const patientId = await clinic.addPatient({ mobile: undefined, ...person }, false);
  await clinic.call('PUT', `/clinic/people/${patientId}/care-history-consent`, {
    body: { given: true, givenBy: 'person' },
  });
  const meeting = await clinic.book({
    patientId,
    startAt,
    participants: [{ role: 'staff', staffId: 'staff-S001' }],
    suitability: suitable({ child }),
  });
  return { ...meeting, patientId, room: `/desk/meetings/${meeting.meetingId}/room` };
}
const auditOf = async (operation: string, subjectId: string) =>
  (await raw.audit({ operation, subjectId })).at(-1);
const data = (shown: Shown) => JSON.parse(shown.text) as Record<string, unknown>;
const csrfOf = (page: Shown): string => formIn(page, '/desk/logout').csrf!;
const confirmations = ({ meetingId }: Booked) => service.records.evidence.confirmations(meetingId);
const post = (browser: Visitor, page: Shown, path: string, fields: Record<string, string> = {}) =>
  browser.submit(page, path, fields);

it('R4.1, R5.6 to open the page joins nobody; one press gives the personal token of a moderator', async () => {
  const meeting = await book({ person: { name: 'Kim Testsson', birthDate: '1980-05-17' } });
  const page = await desk.get(meeting.room);
  expect(page.status).toBe(200);
  expect(page.text).toMatch(/<title>Möte \d\d\.\d\d – /);
  expect(page.text).toMatch(/Kim Testsson<\/strong>, född 17 maj 1980/);
  expect(looksLikeToken(page.text)).toBe(false);
  const { course } = await service.records.meetings.get(meeting.meetingId);
  expect(course.happenings.map(({ what }) => what)).not.toContain('entered');
  expect(await service.records.evidence.stays(meeting.meetingId, 1)).toEqual([]);
  expect(await auditOf('meeting.read-room', meeting.meetingId)).toMatchObject({
    personId: meeting.patientId,
    staffId: 'staff-S001',
    loggedIn: true,
  });

  const entry = await desk.post(`${meeting.room}/entry`, { csrf: csrfOf(page) }, json);
  const { url, token, displayName } = data(entry) as { url: string; token: string; displayName: string };
  expect([entry.status, displayName]).toEqual([200, 'Anna, sjuksköterska']);
  const claims = JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString()) as {
    room: string;
    context: { user: object };
  };
  expect(url.endsWith(`/${claims.room}`)).toBe(true);
  expect(claims.context.user).toMatchObject({ id: meeting.staffParticipantId, moderator: true });
  expect(await auditOf('meeting.enter', meeting.meetingId)).toMatchObject({ allowed: true });

  const byForm = await post(desk, page, meeting.room);
  expect([byForm.status, byForm.location]).toEqual([303, expect.stringMatching(/\?lang=sv#jwt=/)]);
  // What is no page of ours lets nobody in.
  const forged = await desk.post(`${meeting.room}/entry`, { csrf: 'x'.repeat(43) }, json);
  expect(forged.status).toBe(403);
});

it('R8.1 only the staff who take part go there; others are refused and logged, another clinic’s is unknown', async () => {
  const meeting = await book();
  const booker = await staffVisitor(
    service,
    await addStaff(service, clinic, { id: 'R001', roles: ['booker'] }),
  );
  const other = await staffVisitor(service, await addStaff(service, clinic, { id: 'S002' }));
  const elsewhere = await createClinic(service);
  const stranger = await staffVisitor(service, await addStaff(service, elsewhere, { id: 'L001' }));
  for (const [browser, status] of [
    [booker, 403],
    [other, 403],
    [stranger, 404],
  ] as const) {
    for (const path of ['', '/status', '/in-call', '/name', '/chat']) {
      const shown = await browser.get(`${meeting.room}${path}`);
      expect([path, shown.status]).toEqual([path, status]);
      expect(shown.text).not.toContain('Tolvan');
    }
    const csrf = csrfOf(await browser.get('/desk/today'));
    for (const path of ['/entry', '/let-in', '/entitled', '/whereabouts', '/chat', '']) {
      const fields = { csrf, place: 'Hemma', number: '070-174 06 05', text: 'Hej' };
      expect((await browser.post(`${meeting.room}${path}`, fields)).status).toBe(status);
    }
  }
  expect(await auditOf('meeting.room-status', meeting.meetingId)).toMatchObject({ allowed: false });
  expect(await confirmations(meeting)).toEqual([]);
  expect(await raw.db.collection('whereabouts').countDocuments({ _id: meeting.meetingId as never })).toBe(0);

  // The operations manager looks for a reason that is stated, and still gets no token.
  const manager = await staffVisitor(
    service,
    await addStaff(service, clinic, { id: 'V001', roles: ['operations-manager'] }),
  );
  const asks = await manager.get(meeting.room);
  expect([asks.status, asks.text.includes('Tolvan')]).toEqual([403, false]);
  await manager.submit(asks, '/desk/reason', { reason: 'Klagomål från patienten' });
  const looked = await manager.get(meeting.room);
  expect([looked.status, looked.text.includes('Du deltar inte i mötet')]).toEqual([200, true]);
  expect(await auditOf('meeting.read-room', meeting.meetingId)).toMatchObject({
    reason: 'Klagomål från patienten',
  });
  const entry = await manager.post(`${meeting.room}/entry`, { csrf: csrfOf(looked) }, json);
  expect(data(entry)).toEqual({ refused: ['not-entitled'] });
});

it('R4.7 staff see who waits, let them in, and confirm at the start that all may take part', async () => {
  const meeting = await book({ person: { personalNumber: testPeople.patient, birthDate: undefined } });
  const patient = await loggedIn(service, testPeople.patient);
  const door = `/my/meetings/${meeting.patientParticipantId}/room`;
  const before = data(await desk.get(`${meeting.room}/status`, json));
  expect(data(await patient.get(`${door}/status`, json)).state).toBe('clinic-not-ready');
  const waiting = data(await desk.get(`${meeting.room}/status`, json));
  expect(waiting.key).not.toBe(before.key);
  const page = await desk.get(meeting.room);
  expect(page.text).toMatch(/Patient<\/strong>[^]*Väntar sedan kl\. \d\d\.\d\d/);
  // To stand at the door is no refused try.
  expect(await service.records.evidence.refusedEntries(meeting.meetingId)).toEqual([]);

  for (let times = 0; times < 2; times += 1) {
    const letIn = await post(desk, page, `${meeting.room}/let-in`);
    expect([letIn.status, letIn.location]).toEqual([303, `${meeting.room}?said=let-in`]);
  }
  expect(data(await patient.get(`${door}/status`, json)).state).toBe('open');
  expect(await confirmations(meeting)).toMatchObject([{ moment: 'before-opening', by: 'staff-S001' }]);

  const room = await roomOf(service, meeting.meetingId);
  await room.joined(meeting.patientParticipantId, new Date());
  const inside = await desk.get(`${meeting.room}?said=let-in`);
  expect(inside.text).toMatch(/Patient<\/strong>[^]*I rummet/);
  expect(inside.text).toMatch(/id="said"[^>]*>Patienten släpps in\./);
  const stale = await desk.post(`${meeting.room}/entitled`, { csrf: csrfOf(inside).replace(/^./, '!') });
  expect(stale.status).toBe(403);
  expect(await confirmations(meeting)).toHaveLength(1);
  await post(desk, inside, `${meeting.room}/entitled`);
  expect(await confirmations(meeting)).toMatchObject([{}, { moment: 'at-start', by: 'staff-S001' }]);
  expect((await desk.get(meeting.room)).text).toContain(
    'Alla som är med har rätt att vara med. Bekräftat kl.',
  );
  // Words that the desk has not are said by nobody.
  expect((await desk.get(`${meeting.room}?said=constructor&refused=toString`)).text).toContain(
    'Det gick inte.',
  );
});

it('A9, R4.7 what is confirmed on a page of another time of the meeting is not confirmed for this one', async () => {
  const meeting = await book();
  const page = await desk.get(meeting.room);
  const moved = { startAt: inMs(12 * MINUTE), by: 'clinic', agreed: true };
  expect((await clinic.call('POST', `${meeting.path}/rebook`, { body: moved })).status).toBe(200);
  for (const form of ['let-in', 'entitled']) {
    const { status, location } = await post(desk, page, `${meeting.room}/${form}`);
    expect([status, location]).toEqual([303, `${meeting.room}?refused=moved-meanwhile`]);
  }
  expect(await confirmations(meeting)).toEqual([]);
  const now = await desk.get(meeting.room);
  expect((await post(desk, now, `${meeting.room}/let-in`)).location).toBe(`${meeting.room}?said=let-in`);
  expect(await confirmations(meeting)).toMatchObject([{ moment: 'before-opening', startVersion: 2 }]);
});

it('R4.8 where the patient is and the number are kept sealed during the meeting, and erased when it ends', async () => {
  const stored = ({ meetingId }: Booked) =>
    raw.db.collection('whereabouts').countDocuments({ _id: meetingId as never });
  const early = await book({ startAt: inMs(2 * DAY) });
  const tooEarly = await desk.post(`${early.room}/whereabouts`, {
    csrf: csrfOf(await desk.get(early.room)),
    place: 'Hemma',
    number: '070-174 06 05',
  });
  expect(tooEarly.location).toBe(`${early.room}?refused=too-early`);
  expect(await stored(early)).toBe(0);

  const meeting = await book({ person: { mobile: nextMobile() } });
  const page = await desk.get(meeting.room);
  expect(page.text).toContain('href="tel:112"');
  const wrong = await post(desk, page, `${meeting.room}/whereabouts`, { place: ' ', number: 'vet inte' });
  expect(wrong.status).toBe(422);
  expect(wrong.text).toContain('value="vet inte"');
  expect(wrong.text).toMatch(/href="#place"[^]*href="#number"/);
  expect(await stored(meeting)).toBe(0);

  const fields = { place: 'Provvägen 3, Testköping', number: '070-174 06 05' };
  const saved = await post(desk, wrong, `${meeting.room}/whereabouts`, fields);
  expect(saved.location).toBe(`${meeting.room}?said=whereabouts`);
  const shown = await desk.get(meeting.room);
  expect(shown.text).toContain('Provvägen 3, Testköping');
  expect(JSON.stringify(await raw.db.collection('whereabouts').find().toArray())).not.toContain('Provvägen');
  expect(JSON.stringify(await raw.db.collection('commands').find().toArray())).not.toContain('Provvägen');

  const ended = await clinic.call('POST', `${meeting.path}/outcome`, {
    staffId: 'staff-S001',
    body: { outcome: 'back-up-routine', way: 'telephone' },
  });
  expect(ended.status).toBe(200);
  expect(await stored(meeting)).toBe(0);
  const after = await desk.get(meeting.room);
  expect(after.text).not.toContain('Provvägen');
  expect(after.text).toContain('Ring patienten.');
  const late = await post(desk, page, `${meeting.room}/whereabouts`, fields);
  expect([late.status, await stored(meeting)]).toEqual([303, 0]);
});

it('R4.4 staff read and write the chat beside the video; the same form twice writes once', async () => {
  const meeting = await book({ person: { personalNumber: testPeople.relative, birthDate: undefined } });
  const messages = () => service.records.messages.list(meeting.meetingId, 0, 10);
  const page = await desk.get(meeting.room);
  const chat = `${meeting.room}/chat`;
  const { chatKey } = data(await desk.get(`${meeting.room}/status`, json));
  const empty = await post(desk, page, chat, { text: ' \n' });
  expect([
    empty.status,
    empty.text.includes('Skriv något, eller lägg till en bild.'),
    await messages(),
  ]).toEqual([422, true, []]);
  for (let times = 0; times < 2; times += 1) {
    const sent = await post(desk, page, chat, { text: 'Välkommen' });
    expect(sent.location).toBe(`${chat}/sent`);
  }
  expect(await messages()).toMatchObject([{ author: 'staff', writtenBy: 'staff-S001', text: 'Välkommen' }]);
  expect(data(await desk.get(`${meeting.room}/status`, json)).chatKey).not.toBe(chatKey);
  expect((await desk.get(`${chat}/news`)).text).toContain('Välkommen');
  const patient = await loggedIn(service, testPeople.relative);
  const read = await patient.get(`/my/meetings/${meeting.patientParticipantId}/chat`);
  expect(read.text).toContain('Välkommen');
});

it('R8.8 of one with protected data the page shows no name; it is one logged press away, and nobody goes in', async () => {
  const meeting = await book({ person: { name: 'Hemlig Testsson', protectedIdentity: true } });
  const page = await desk.get(meeting.room);
  expect(page.status).toBe(200);
  expect(page.text).toContain('Skyddade personuppgifter');
  expect(page.text).not.toContain('Hemlig');
  expect(page.text).not.toMatch(/id="enter"/);
  const named = await desk.get(`${meeting.room}/name`);
  expect(named.text).toContain('Hemlig Testsson');
  expect(named.text).toMatch(/<title>Möte \d\d\.\d\d – /);
  expect(await auditOf('person.read-protected-name', meeting.meetingId)).toMatchObject({
    personId: meeting.patientId,
  });
  const entry = await desk.post(`${meeting.room}/entry`, { csrf: csrfOf(page) }, json);
  expect(data(entry)).toEqual({ refused: ['not-entitled'] });
});

it('R7.6 where the patient is under 18 the page says what one never asks', async () => {
  const child = await book({ person: { birthDate: bornYearsAgo(15) }, child: true });
  expect((await desk.get(child.room)).text).toContain('Fråga aldrig barn och unga');
  const adult = await book({ person: { birthDate: bornYearsAgo(30) } });
  expect((await desk.get(adult.room)).text).not.toContain('Fråga aldrig barn och unga');
});

it('a call keeps the login alive; a page that only lies open does not, and leaves no rows in the log', async () => {
  const meeting = await book();
  const browser = await logged('S001');
  const login = 'SE0000000000-S001';
  const sessions = raw.db.collection<{ expiresAt: Date; login: string }>('staffSessions');
  const soon = new Date(Date.now() + 60_000);
  await sessions.updateMany({ login }, { $set: { expiresAt: soon } });
  // Of the sessions of this login the one that was used last.
  const expiry = async () =>
    Math.max(...(await sessions.find({ login }).toArray()).map(({ expiresAt }) => expiresAt.getTime()));
  const rows = async () =>
    (await raw.audit({ operation: 'meeting.room-status', subjectId: meeting.meetingId })).length;
  expect((await browser.get(`${meeting.room}/status`, json)).status).toBe(200);
  expect(await expiry()).toBe(soon.getTime());
  expect((await browser.get(`${meeting.room}/in-call`, json)).status).toBe(200);
  expect(await expiry()).toBeGreaterThan(soon.getTime() + 10 * MINUTE);
  expect(await rows()).toBe(0);
});

it('R8.8 a desk that has locked itself shows nothing until a new login; a call goes on, without names', async () => {
  const meeting = await book({ person: { name: 'Lova Testsson' } });
  const browser = await logged('S001');
  const page = await browser.get(meeting.room);
  expect(page.text).toMatch(/<section id="lock"[^>]* hidden/);
  const csrf = csrfOf(page);
  expect((await browser.post('/desk/lock', { csrf: 'x'.repeat(43) }, json)).status).toBe(403);
  expect((await browser.get(meeting.room)).status).toBe(200);
  expect(data(await browser.post('/desk/lock', { csrf }, json))).toEqual({ locked: true });

  for (const path of [meeting.room, '/desk/today', '/desk/unlocked', `${meeting.room}/chat`]) {
    const shown = await browser.get(path);
    expect([path, shown.status, shown.text.includes('Lova')]).toEqual([path, 401, false]);
    expect(shown.text).toContain('Arbetsbordet har låst sig.');
  }
  expect(data(await browser.get(`${meeting.room}/status`, json))).toEqual({ refused: 'locked' });
  expect((await browser.post(`${meeting.room}/entry`, { csrf }, json)).status).toBe(401);
  const alive = await browser.get(`${meeting.room}/in-call`, json);
  expect([alive.status, alive.text.includes('Lova')]).toEqual([200, false]);
  expect(data(await browser.get('/desk/lock', json))).toMatchObject({ locked: true });

  const entered = await logInAsStaff(browser, 'S001', '/desk/unlocked');
  expect(entered.location).toBe('/desk/unlocked');
  expect((await browser.get('/desk/unlocked')).status).toBe(200);
  const open = data(await browser.get('/desk/lock', json));
  expect(open.locked).toBe(false);
  expect(open.csrf).not.toBe(csrf);
  expect((await browser.get(meeting.room)).text).toContain('Lova Testsson');
});

async function logged(id: string): Promise<Visitor> {
  const known = await service.records.staff.byStaffIds(clinic.clinicId, [`staff-${id}`]);
  return staffVisitor(service, known.get(`staff-${id}`)!);
}

it('what happened before this page is read as it is now: a meeting that has ended lets nobody in', async () => {
  const meeting = await book();
  const page = await desk.get(meeting.room);
  await clinic.call('POST', `${meeting.path}/cancel`, { body: { by: 'clinic' } });
  const entry = await waitUntil(
    async () => data(await desk.post(`${meeting.room}/entry`, { csrf: csrfOf(page) }, json)),
    (answer) => 'refused' in answer,
  );
  expect(entry).toEqual({ refused: ['cancelled'] });
  const letIn = await post(desk, page, `${meeting.room}/let-in`);
  expect(letIn.location).toBe(`${meeting.room}?refused=ended`);
  expect((await desk.get(letIn.location!)).text).toContain('Mötet är slut. Inget har ändrats.');
  expect(await confirmations(meeting)).toEqual([]);
});

import { DAY, HOUR, inMs, MINUTE, openDatabase, testClock, type RawDatabase } from '../api/helpers';
import {
  createClinic,
  suitable,
  type CallAnswer,
  type TestClinic,
  type TestMeeting,
} from '../support/clinic';
import { formIn, loggedIn, testPeople, visitor, type Visitor } from '../support/patient';
import { startService, type Service } from '../support/service';
import { waitUntil } from '../support/wait-until';

/** What patients and guardians see and do, as a browser without scripts does it. */
const clock = testClock();
let service: Service;
let clinic: TestClinic;
let raw: RawDatabase;
let patientId: string;
let browser: Visitor;

beforeAll(async () => {
  service = await startService({ clock });
  clinic = await createClinic(service);
  raw = await openDatabase(service);
  patientId = await clinic.addPatient({ personalNumber: testPeople.patient, birthDate: undefined });
});
beforeEach(async () => {
  browser = await loggedIn(service, testPeople.patient);
});
afterEach(() => clock.release());
afterAll(async () => {
  await raw.close();
  await service.close();
});

const bookAt = (startAt: string, more: object = {}): Promise<TestMeeting> =>
  clinic.book({ patientId, startAt, ...more });
const pageOf = ({ patientParticipantId }: TestMeeting, page = ''): string =>
  `/my/meetings/${patientParticipantId}${page}`;
// What it is, each test says.

const read = async ({ path }: TestMeeting): Promise<CallAnswer['body']> =>
  (await clinic.call('GET', path)).body;

describe('my meeting', () => {
  it('R3.5 shows clinic, time, what is left to do and both telephone numbers', async () => {
    const meeting = await bookAt(inMs(3 * DAY), { formIds: [await clinic.addForm()] });
    const shown = await browser.get(pageOf(meeting));
    expect(shown.status).toBe(200);
    for (const text of [
      'Testmottagningen',
      '010-000 00 11',
      '010-000 00 12',
      '/consent',
      '/forms/',
      '/change',
    ])
      expect(shown.text).toContain(text);
    expect(formIn(shown, '/logout').csrf).toMatch(/^[\w-]{43}$/);
    const policy = shown.headers.get('content-security-policy');
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toContain('unsafe');
    expect(shown.headers.get('permissions-policy')).toContain('camera=(), microphone=()');
  });

  it('is in the person’s language, and in the other one without losing the place', async () => {
    const meeting = await bookAt(inMs(3 * DAY));
    const swedish = await browser.get(pageOf(meeting, '/consent'));
    expect(swedish.text).toContain('<html lang="sv">');
    const switched = await browser.get(`${pageOf(meeting, '/consent')}?language=en`);
    expect(switched.location).toBe(pageOf(meeting, '/consent'));
    expect((await browser.get(pageOf(meeting, '/consent'))).text).toContain('May the clinic see');
  });
});

describe('R3.2 consent', () => {
  it('yes, withdrawn, and yes again: each is the person’s own, and a double click is one', async () => {
    const meeting = await bookAt(inMs(3 * DAY));
    const page = await browser.get(pageOf(meeting, '/consent'));
    expect(page.text).toContain('Ett nej kostar aldrig något');
    const form = formIn(page, page.path);
    const answers = await Promise.all([1, 2].map(() => browser.post(page.path, { ...form, given: 'yes' })));
    expect(answers.map(({ status }) => status).sort()).toContain(303);
    const stored = await raw.db
      .collection('commands')
      .countDocuments({ operation: 'person.record-care-history-consent' });
    expect(stored).toBe(1);
    const person = (await clinic.call('GET', `/clinic/people/${patientId}`)).body;
    expect(person.careHistoryConsent).toMatchObject({
      given: true,
      givenBy: 'person',
      recordedBy: `patient/${patientId}`,
    });
    expect((await read(meeting)).gates.consentGiven).toBeDefined();

    const given = await browser.get(page.path);
    expect(given.text).toContain('Du har sagt ja');
    await browser.submit(given, page.path, { given: 'no' });
    expect((await browser.get(page.path)).text).toContain('Du har sagt nej');
    const tasks = await waitUntil(
      async () => (await clinic.call('GET', `${meeting.path}/tasks`)).body.items as { kind: string }[],
      (all) => all.some(({ kind }) => kind === 'consent-refused'),
    );
    expect(tasks.map(({ kind }) => kind)).toContain('consent-refused');
    await browser.submit(await browser.get(page.path), page.path, { given: 'yes' });
    expect((await browser.get(page.path)).text).toContain('Du har sagt ja');
  });

  it('is given by no form that is not this session’s own', async () => {
    const meeting = await bookAt(inMs(3 * DAY));
    const path = pageOf(meeting, '/consent');
    const { csrf = '', formKey = '' } = formIn(await browser.get(path), path);
    const other = formIn(await (await loggedIn(service, testPeople.patient)).get(path), path).csrf ?? '';
    const before = await raw.db.collection('commands').countDocuments();
    expect((await browser.post(path, { formKey, given: 'no' })).status).toBe(403);
    expect((await browser.post(path, { csrf: other, formKey, given: 'no' })).status).toBe(403);
    for (const site of ['cross-site', 'same-site', 'none'])
      expect((await browser.post(path, { csrf, given: 'no' }, { 'sec-fetch-site': site })).status).toBe(403);
    expect((await browser.post(path, { csrf, formKey, given: 'perhaps' })).status).toBe(403);
    expect(await raw.db.collection('commands').countDocuments()).toBe(before);
  });
});

describe('rebook or cancel', () => {
  it('R5.3 says before the click that it costs nothing in time, and what it costs inside the notice', async () => {
    const early = await browser.get(pageOf(await bookAt(inMs(3 * DAY)), '/change'));
    expect(early.text).toContain('Det kostar inget.');
    expect(early.text).not.toContain('400 kr');
    const meeting = await bookAt(inMs(2 * DAY));
    clock.passMs(DAY + HOUR);
    browser = await loggedIn(service, testPeople.patient);
    const late = await browser.get(pageOf(meeting, '/change'));
    expect(late.text).toContain('Det kostar 400 kr.');
    expect(late.text).toContain('senare än kallelsen säger');
  });

  it('R1.5 cancels once, as the patient’s, and the page says so', async () => {
    const meeting = await bookAt(inMs(3 * DAY));
    const page = await browser.get(pageOf(meeting, '/change'));
    const form = formIn(page, pageOf(meeting, '/change/cancel'));
    const post = () => browser.post(pageOf(meeting, '/change/cancel'), form);
    expect((await post()).location).toBe(pageOf(meeting));
    // A reload, or the back button and another click: the first answer again.
    expect((await post()).location).toBe(pageOf(meeting));
    expect((await read(meeting)).outcome).toMatchObject({ outcome: 'cancelled-in-time' });
    expect((await browser.get(pageOf(meeting))).text).toContain('Mötet är avbokat');
    const audit = await raw.audit({ operation: 'my.cancel', subjectId: meeting.meetingId });
    expect(audit).toMatchObject([
      { actor: 'patient', actorId: patientId, staffId: null, personId: patientId, allowed: true },
      { actor: 'patient' },
    ]);
    // From another page, it is refused with what to do.
    const fresh = await browser.submit(page, pageOf(meeting, '/change/cancel'), { formKey: 'x'.repeat(22) });
    expect([fresh.status, fresh.text]).toEqual([409, expect.stringContaining('Ring mottagningen')]);
  });

  it('R1.6 moves to a time that the clinic offers, and to no other; without any it says whom to call', async () => {
    const meeting = await bookAt(inMs(3 * DAY));
    const action = pageOf(meeting, '/change/time');
    const before = await browser.get(pageOf(meeting, '/change'));
    expect(before.text).toContain('Ring mottagningen så hittar ni en ny tid');
    const [one, two] = [inMs(5 * DAY), inMs(6 * DAY)];
    const offer = await clinic.call('PUT', `${meeting.path}/offered-times`, {
      body: { startAts: [one, two] },
    });
    expect(offer.status).toBe(200);
    const page = await browser.get(pageOf(meeting, '/change'));
    const refused = await browser.submit(page, action, { startAt: inMs(7 * DAY) });
    expect(refused.status).toBe(409);
    expect((await read(meeting)).startVersion).toBe(1);

    const chosen = await browser.submit(await browser.get(page.path), action, { startAt: two });
    expect(chosen.location).toBe(pageOf(meeting));
    expect(await read(meeting)).toMatchObject({ startVersion: 2, startAt: two });
    // The others are the clinic's again: the patient asks for new ones.
    expect((await browser.get(page.path)).text).not.toContain('type="radio"');
    const again = await browser.submit(page, action, { startAt: one, formKey: 'y'.repeat(22) });
    expect(again.status).toBe(409);
    expect(await read(meeting)).toMatchObject({ startVersion: 2, startAt: two });
  });
});

describe('R5.6 I can’t get in', () => {
  it('tells the clinic once, as evidence that the patient tried', async () => {
    const meeting = await bookAt(inMs(10 * MINUTE));
    const page = await browser.get(pageOf(meeting, '/no-entry'));
    const told = await browser.submit(page, pageOf(meeting, '/no-entry'));
    expect(told.location).toBe(pageOf(meeting, '/no-entry/told'));
    await browser.submit(page, pageOf(meeting, '/no-entry'));
    expect((await browser.get(told.location ?? '')).text).toContain('har fått veta');
    expect(await service.records.evidence.refusedEntries(meeting.meetingId)).toMatchObject([
      { reasons: ['said-so'], participantId: meeting.patientParticipantId },
    ]);
  });
});

describe('R2.2 R2.11 my notices', () => {
  it('gives and withdraws consent to SMS, and changes number, address and language', async () => {
    const meeting = await bookAt(inMs(3 * DAY));
    const action = pageOf(meeting, '/notices');
    const post = async (fields: Record<string, string>) =>
      browser.submit(await browser.get(action), action, {
        mobile: '070-174 06 97',
        email: '',
        noticesBy: 'sms',
        language: 'sv',
        ...fields,
      });
    const person = async () => (await clinic.call('GET', `/clinic/people/${patientId}`)).body as object;
    expect((await post({ sms: 'yes', email: 'patient@example.org', language: 'en' })).location).toBe(
      pageOf(meeting, '/notices/kept'),
    );
    expect(await person()).toMatchObject({
      mobile: '+46701740697',
      email: 'patient@example.org',
      language: 'en',
      smsConsent: { given: true, recordedBy: `patient/${patientId}` },
    });
    await post({});
    expect(await person()).toMatchObject({ email: null, language: 'sv', smsConsent: { given: false } });
  });

  it('says what is wrong, and keeps nothing of it', async () => {
    const meeting = await bookAt(inMs(3 * DAY));
    const action = pageOf(meeting, '/notices');
    const before = (await clinic.call('GET', `/clinic/people/${patientId}`)).body;
    const wrong = await browser.submit(await browser.get(action), action, {
      sms: 'yes',
      mobile: '12',
      email: 'not-an-address',
      noticesBy: 'sms',
      language: 'sv',
    });
    expect(wrong.status).toBe(422);
    expect(wrong.text).toContain('Mobilnumret går inte att läsa');
    expect(wrong.text).toContain('E-postadressen går inte att läsa');
    const foreign = await browser.submit(await browser.get(action), action, {
      mobile: '+4791234567',
      email: '',
      noticesBy: 'sms',
      language: 'sv',
    });
    expect([foreign.status, foreign.text]).toEqual([422, expect.stringContaining('svenska mobilnummer')]);
    expect((await clinic.call('GET', `/clinic/people/${patientId}`)).body).toEqual(before);
  });
});

describe('R5.7 afterwards', () => {
  it('shows what is proposed and why, and objects once', async () => {
    const meeting = await bookAt(inMs(2 * DAY));
    clock.passMs(DAY + HOUR);
    browser = await loggedIn(service, testPeople.patient);
    await browser.submit(await browser.get(pageOf(meeting, '/change')), pageOf(meeting, '/change/cancel'));
    const path = pageOf(meeting, '/afterwards');
    const shown = await waitUntil(
      () => browser.get(path),
      ({ text }) => text.includes('Avgift för missat möte'),
    );
    expect(shown.text).toContain('400 kr');
    expect(shown.text).toContain('Du avbokade senare');
    const objected = await browser.submit(shown, `${path}/object`);
    expect(objected.location).toBe(path);
    const after = await browser.get(path);
    expect(after.text).toContain('Du har sagt att det inte stämmer');
    expect(after.text).not.toContain(`${path}/object`);
    const { items } = (await clinic.call('GET', `${meeting.path}/invoices`)).body as {
      items: { objected: boolean; steps: { what: string; by: string | null }[] }[];
    };
    expect(items[0]).toMatchObject({ objected: true });
    expect(items[0]!.steps.find(({ what }) => what === 'objected')?.by).toBe(`patient/${patientId}`);
  });

  it('says before the meeting what it costs to come, and not to', async () => {
    const meeting = await bookAt(inMs(3 * DAY));
    const { text } = await browser.get(pageOf(meeting, '/afterwards'));
    expect(text).toMatch(/Kommer du till mötet:.*300 kr/s);
    expect(text).toMatch(/Kommer du inte.*400 kr/s);
  });
});

describe('my meetings', () => {
  it('shows all of mine over clinics, without a link, and nobody else’s', async () => {
    const other = await createClinic(service, { name: 'Andra mottagningen' });
    const there = await other.addPatient({ personalNumber: testPeople.patient, birthDate: undefined });
    const elsewhere = await other.book({ patientId: there, startAt: inMs(8 * DAY) });
    const mine = await bookAt(inMs(9 * DAY));
    const strangerId = await clinic.addPatient({ personalNumber: testPeople.stranger, birthDate: undefined });
    const strangers = await clinic.book({ patientId: strangerId, startAt: inMs(8 * DAY) });
    const { text } = await browser.get('/my');
    expect(text).toContain(pageOf(elsewhere));
    expect(text).toContain('Andra mottagningen');
    expect(text).toContain(pageOf(mine));
    expect(text).not.toContain(strangers.patientParticipantId);
    expect(await raw.audit({ operation: 'my.meetings', clinicId: other.clinicId })).toMatchObject([
      { actor: 'patient', actorId: there, personId: there, subjectId: elsewhere.meetingId },
    ]);
    const none = await (await loggedIn(service, testPeople.relative)).get('/my');
    expect(none.text).toContain('Du har inga digitala möten');
  });
});

describe('R7.1 R7.2 guardians', () => {
  it('act for a child of at most 12, and see nothing from the midnight of the 13th birthday', async () => {
    const childId = await clinic.addPatient({ personalNumber: testPeople.child, birthDate: undefined });
    const guardianId = await clinic.addPatient({ personalNumber: testPeople.guardian, birthDate: undefined });
    const body = await clinic.book({
      patientId: childId,
      startAt: inMs(3 * DAY),
      participants: [
        { role: 'staff', staffId: 'clinician-1' },
        { role: 'guardian', personId: guardianId },
      ],
      suitability: suitable({ child: true }),
    });
    const { participants } = await read(body);
    const guardian = (participants as { role: string; participantId: string }[]).find(
      ({ role }) => role === 'guardian',
    )!;
    const path = `/my/meetings/${guardian.participantId}`;
    const parent = await loggedIn(service, testPeople.guardian);
    expect((await parent.get(path)).text).toContain('Mötet gäller');
    await parent.submit(await parent.get(`${path}/consent`), `${path}/consent`, { given: 'yes' });
    expect((await clinic.call('GET', `/clinic/people/${childId}`)).body.careHistoryConsent).toMatchObject({
      given: true,
      givenBy: 'guardian',
      recordedBy: `guardian/${guardianId}`,
    });

    clock.holdAt(new Date('2029-12-31T22:59:00Z'));
    const before = await loggedIn(service, testPeople.guardian);
    expect((await before.get(path)).status).toBe(200);
    clock.holdAt(new Date('2029-12-31T23:00:00Z'));
    const after = await before.get(path);
    expect(after.status).toBe(403);
    expect(after.text).toContain('Barnet sköter nu sina möten självt');
    expect(after.text).not.toContain('Testmottagningen');
    expect((await before.get('/my')).text).not.toContain(guardian.participantId);
  });
});

describe('when something is away', () => {
  it('a command is kept and said to be, and done when Temporal is there again', async () => {
    const meeting = await bookAt(inMs(3 * DAY));
    const page = await browser.get(pageOf(meeting, '/change'));
    await service.stopWorkers();
    const shown = await browser.submit(page, pageOf(meeting, '/change/cancel'));
    expect([shown.status, shown.text]).toEqual([503, expect.stringContaining('Vi har tagit emot det')]);
    await service.startWorkers();
    await waitUntil(
      () => read(meeting),
      ({ outcome }) => outcome?.outcome === 'cancelled-in-time',
    );
    const again = await waitUntil(
      () => browser.submit(page, pageOf(meeting, '/change/cancel')),
      ({ status }) => status !== 409,
    );
    expect(again.location).toBe(pageOf(meeting));
  });

  it('an address that no page has is a page too', async () => {
    const shown = await visitor(service.apiUrl).get('/my/nothing/here');
    expect([shown.status, shown.text]).toEqual([404, expect.stringContaining('Sidan finns inte')]);
  });
});

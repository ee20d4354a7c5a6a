import { DAY, HOUR, inMs, MINUTE, testClock, type RawDatabase } from '../helpers';
import { SESSION_IDLE_MINUTES } from '../../../records/sessions';
import { createClinic, suitable, type TestClinic, type TestMeeting } from '../../support/clinic';
import { createSettleOutcome } from '../../../activities/meeting/settle-outcome';
import { linkCode } from '../../../integrations/sms/link';
import { testKeys } from '../../support/keys';
import { formIn, loggedIn, testPeople, visitor, type Visitor } from '../../support/patient';
import { readOf } from '../../support/desk-forms';
import { roomOf } from '../../support/room';
import type { Service } from '../../support/service';
import { waitUntil } from '../../support/wait-until';
import { pageOf, read, startForPatient, sure } from './my-pages';

/** What patients and guardians see and do, as a browser without scripts does it. */
const clock = testClock();
let service: Service;
let clinic: TestClinic;
let raw: RawDatabase;
let patientId: string;
let browser: Visitor;

beforeAll(async () => {
  ({ service, clinic, raw, patientId } = await startForPatient(clock));
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
      '0 av 3 klara',
      'Kan inte börja än',
      '300 kr',
      'Vårdpersonal på Testmottagningen',
      'Du kan gå in från',
    ])
      expect(shown.text).toContain(text);
    expect(formIn(shown, '/logout').csrf).toMatch(/^[\w-]{43}$/);
  });

  it('each page may load our own files only, and has the camera where it is tested and used', async () => {
    const meeting = await bookAt(inMs(5 * MINUTE));
    const room = 'https://jitsi.test';
    const closed = 'camera=(), microphone=()';
    const cameras: Record<string, string> = {
      '/device': 'camera=(self), microphone=(self)',
      '/room': `camera=(self "${room}"), microphone=(self "${room}")`,
    };
    for (const page of [
      '',
      '/consent',
      '/consent/unanswered',
      '/change',
      '/change/cancel',
      '/change/move',
      '/notices',
      '/no-entry',
      '/preparation',
      '/afterwards',
      '/device',
      '/room',
    ]) {
      const { headers } = await browser.get(pageOf(meeting, page));
      const policy = headers.get('content-security-policy') ?? '';
      expect([page, policy]).toEqual([page, expect.stringMatching(/^default-src 'none'; script-src 'self'/)]);
      expect([page, /unsafe|\*/.test(policy)]).toEqual([page, false]);
      const others = new Set(policy.match(/https?:[^ ;]+/g));
      expect([page, [...others]]).toEqual([page, page === '/room' ? [room] : []]);
      const allowed = headers.get('permissions-policy') ?? '';
      expect([page, allowed]).toEqual([page, expect.stringContaining(cameras[page] ?? closed)]);
      const kept = ['referrer-policy', 'cache-control', 'x-robots-tag'].map((name) => headers.get(name));
      expect([page, ...kept]).toEqual([page, 'no-referrer', 'no-store', 'noindex']);
    }
  });

  it('R4.6 tells that the back-up routine has taken over, and leads to how', async () => {
    const meeting = await bookAt(inMs(5 * MINUTE));
    expect((await browser.get(pageOf(meeting))).text).not.toContain('Mötet hålls på ett annat sätt');
    const body = { outcome: 'back-up-routine', way: 'telephone' };
    expect((await clinic.call('POST', `${meeting.path}/outcome`, { body })).status).toBe(200);
    const shown = await browser.get(pageOf(meeting));
    expect(shown.text).toContain('Mötet hålls på ett annat sätt');
    expect(shown.text).toContain(`href="${pageOf(meeting, '/room')}"`);
    expect(shown.text).not.toMatch(/Mötet är slut|\/change/);
    expect((await browser.get(pageOf(meeting, '/room'))).text).toContain('Mottagningen ringer dig');
  });

  it('is in the person’s language, and in the other one without losing the place', async () => {
    const meeting = await bookAt(inMs(3 * DAY));
    const swedish = await browser.get(pageOf(meeting, '/consent'));
    expect(swedish.text).toContain('<html lang="sv">');
    const switched = await browser.get(`${pageOf(meeting, '/consent')}?language=en`);
    expect(switched.location).toBe(pageOf(meeting, '/consent'));
    expect((await browser.get(pageOf(meeting, '/consent'))).text).toContain('May the clinic see');
    // What else stands in the address stays, in the link and after it.
    const asked = await browser.get(`${pageOf(meeting, '/consent')}?from=a%26b&n=2`);
    const [, link = ''] = /href="(\?[^"]*language=sv)"/.exec(asked.text) ?? [];
    expect(link.replaceAll('&amp;', '&')).toBe('?from=a%26b&n=2&language=sv');
    const back = await browser.get(`${pageOf(meeting, '/consent')}${link.replaceAll('&amp;', '&')}`);
    expect(back.location).toBe(`${pageOf(meeting, '/consent')}?from=a%26b&n=2`);
  });
});

describe('D1 a form with an answer that is far too long', () => {
  it('is told so at its question, saved meanwhile, and nothing of it is lost', async () => {
    const text = { questionId: 'why', label: 'Vad vill du ta upp?', required: false, type: 'text' };
    const made = await clinic.call('POST', '/clinic/forms', {
      body: { title: 'Inför mötet', questions: [text] },
    });
    const { formId } = made.body as { formId: string };
    const meeting = await bookAt(inMs(3 * DAY), { formIds: [formId] });
    const path = pageOf(meeting, `/forms/${formId}`);
    const browser = await loggedIn(service, testPeople.patient);
    const page = await browser.get(path);
    for (const length of [20_001, 300_000]) {
      const long = 'å'.repeat(length);
      const { csrf = '' } = formIn(page, path);
      const kept = await browser.post(
        `${path}/draft`,
        { csrf, [`q.${text.questionId}`]: long },
        { accept: 'application/json' },
      );
      expect([kept.status, JSON.parse(kept.text)]).toEqual([
        200,
        { kept: true, savedAt: expect.stringMatching(/^\d\d\.\d\d$/) },
      ]);
      const sent = await browser.submit(page, path, { [`q.${text.questionId}`]: long, do: 'check' });
      expect([sent.status, sent.location]).toEqual([303, `${path}/problems`]);
      const told = await browser.get(`${path}/problems`);
      expect([told.status, told.text.includes('Skriv kortare, högst')]).toEqual([200, true]);
      expect(told.text).toContain(long);
    }
    // What is beyond all forms is told as what it is, to a person and to a script.
    const huge = { [`q.${text.questionId}`]: 'a'.repeat(7_000_000), csrf: 'x' };
    const refused = await browser.post(path, huge);
    expect([refused.status, refused.text.includes('för mycket text')]).toEqual([413, true]);
    const draft = await browser.post(`${path}/draft`, huge, { accept: 'application/json' });
    expect([draft.status, JSON.parse(draft.text)]).toEqual([413, { refused: 'too-much-in-form' }]);
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
    // The read model follows the workflow, which is told.
    await waitUntil(
      async () => (await read(clinic, meeting)).gates as { consentGiven: boolean },
      ({ consentGiven }) => consentGiven,
    );

    const given = await browser.get(page.path);
    expect(given.text).toContain('Du har svarat ja');
    // Taking it back is asked once more, on a page of its own.
    expect(() => formIn(given, page.path)).toThrow();
    const withdraw = await browser.get(`${page.path}/withdraw`);
    expect(given.text).toContain(`href="${withdraw.path}"`);
    await browser.submit(withdraw, page.path, { given: 'no' });
    expect((await browser.get(page.path)).text).toContain('Du har svarat nej');
    const tasks = await waitUntil(
      async () => (await clinic.call('GET', `${meeting.path}/tasks`)).body.items as { kind: string }[],
      (all) => all.some(({ kind }) => kind === 'consent-refused'),
    );
    expect(tasks.map(({ kind }) => kind)).toContain('consent-refused');
    await browser.submit(await browser.get(page.path), page.path, { given: 'yes' });
    expect((await browser.get(page.path)).text).toContain('Du har svarat ja');
  });

  it('R3.2 answers with a receipt that has the next task; no answer is told, and changes nothing', async () => {
    const other = await createClinic(service);
    const personId = await other.addPatient({ personalNumber: testPeople.guardian, birthDate: undefined });
    const formIds = [await other.addForm()];
    const meeting = await other.book({ patientId: personId, startAt: inMs(3 * DAY), formIds });
    const one = await loggedIn(service, testPeople.guardian);
    const path = pageOf(meeting, '/consent');
    const page = await one.get(path);
    expect(page.text).toContain('type="radio"');
    expect((await one.get(`${path}/answered`)).location).toBe(path);
    const none = await one.submit(page, path);
    expect(none.location).toBe(`${path}/unanswered`);
    const told = await one.get(none.location!);
    expect(told.text).toMatch(/role="alert"[^>]*autofocus.*href="#given">Välj ja eller nej/s);

    // E3: another tab has answered meanwhile.
    const stale = await one.get(path);
    const answered = await one.submit(told, path, { given: 'yes' });
    expect(answered.location).toBe(`${path}/answered`);
    const receipt = (await one.get(answered.location!)).text;
    expect(receipt).toMatch(
      /Tack, ditt svar är sparat.*href="[^"]*\/forms\/[\w-]{22}"[^>]*>Fyll i formuläret/s,
    );
    const over = await one.submit(stale, path, { given: 'no' });
    expect(over.location).toBe(`${path}/changed`);
    expect((await one.get(over.location!)).text).toContain('Svaret har ändrats på en annan sida');
    const known = await service.records.people.find(other.clinicId, personId);
    expect(known?.careHistoryConsent).toMatchObject({ given: true });
    expect((await one.get(pageOf(meeting))).text).toContain('1 av 3 klara');
  });

  it('is given by no form that is not this session’s own', async () => {
    const meeting = await bookAt(inMs(3 * DAY));
    const path = pageOf(meeting, '/consent');
    const from = `${path}/withdraw`;
    const { csrf = '', formKey = '', seen = '' } = formIn(await browser.get(from), path);
    const other = formIn(await (await loggedIn(service, testPeople.patient)).get(from), path).csrf ?? '';
    const before = await raw.db.collection('commands').countDocuments();
    expect((await browser.post(path, { formKey, seen, given: 'no' })).status).toBe(403);
    expect((await browser.post(path, { csrf: other, formKey, seen, given: 'no' })).status).toBe(403);
    for (const site of ['cross-site', 'same-site', 'none'])
      expect((await browser.post(path, { csrf, seen, given: 'no' }, { 'sec-fetch-site': site })).status).toBe(
        403,
      );
    expect((await browser.post(path, { csrf, formKey, seen, given: 'perhaps' })).status).toBe(403);
    expect(await raw.db.collection('commands').countDocuments()).toBe(before);
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

describe('R5.6 signs that the patient tried', () => {
  it('before a move count for a new time that is near, and not for one days later', async () => {
    const settle = createSettleOutcome(service);
    const doubts = async (startAt: string): Promise<string[]> => {
      const meeting = await bookAt(inMs(20 * MINUTE));
      await browser.submit(await browser.get(pageOf(meeting, '/no-entry')), pageOf(meeting, '/no-entry'));
      await clinic.call('POST', `${meeting.path}/rebook`, { body: { by: 'clinic', startAt } });
      const { meetingId, staffParticipantId: participantId } = meeting;
      const { time } = (await service.records.meetings.get(meetingId)).course;
      expect(time.startVersion).toBe(2);
      const stay = { meetingId, startVersion: 2, participantId, role: 'staff' } as const;
      await service.records.evidence.joined(stay, 'staff', time.startAt);
      await service.records.evidence.left(stay, 'staff', time.endAt);
      const body = { given: true, givenBy: 'person' };
      await clinic.call('PUT', `/clinic/people/${patientId}/care-history-consent`, { body });
      return (await settle({ meetingId, startVersion: 2, letIn: [] })).because;
    };
    expect(await doubts(inMs(HOUR))).toContain('patient-tried-to-come-in');
    expect(await doubts(inMs(5 * DAY))).not.toContain('patient-tried-to-come-in');
  });

  it('are kept where the login does not answer, for the one whose link or page it was', async () => {
    const near = await bookAt(inMs(HOUR));
    const far = await bookAt(inMs(3 * DAY));
    const linkTo = async ({ meetingId, patientParticipantId: participantId }: TestMeeting) => {
      const code = linkCode(testKeys.linkKeys, participantId);
      await service.records.links.save(code, { meetingId, participantId });
      return `/m/${code}`;
    };
    const signsOf = ({ meetingId }: TestMeeting) => service.records.evidence.refusedEntries(meetingId);
    const open = visitor(service.apiUrl);
    await open.get(await linkTo(near));
    expect(await signsOf(near)).toEqual([]);
    for (const meeting of [near, far]) {
      const shown = await open.post(await linkTo(meeting));
      expect([shown.status, shown.text]).toEqual([503, expect.stringContaining('fungerar inte')]);
    }
    expect(await signsOf(near)).toMatchObject([
      { reasons: ['technical-fault'], role: 'patient', participantId: near.patientParticipantId },
    ]);
    expect(await signsOf(far)).toEqual([]);

    const other = await bookAt(inMs(HOUR));
    await open.post('/login', { returnTo: pageOf(other, '/room') });
    expect(await signsOf(other)).toMatchObject([{ reasons: ['technical-fault'], role: 'patient' }]);
    await open.post(`/m/1${'A'.repeat(22)}`);
    await open.post('/login', { returnTo: `/my/meetings/${'B'.repeat(22)}` });
    expect(await raw.db.collection('refusedEntries').countDocuments({ reasons: 'technical-fault' })).toBe(2);
  });
});

describe('A11 a clinic that does not come', () => {
  const lateWords = ['Mottagningen är sen', 'Det är inte ditt fel', 'Blir mötet inte av kostar det inget.'];
  const roomStatusOf = async (meeting: TestMeeting) =>
    JSON.parse((await browser.get(pageOf(meeting, '/room/status'))).text) as { key: string };

  it('is said to be late at once, whose fault it is not, what it costs and how to call; not before, and not when it comes', async () => {
    await clinic.call('PUT', `/clinic/people/${patientId}/care-history-consent`, {
      body: { given: true, givenBy: 'person' },
    });
    const meeting = await bookAt(inMs(5 * MINUTE));
    const { startAt } = (await read(clinic, meeting)) as { startAt: string };
    clock.holdAt(new Date(Date.parse(startAt) - 1_000));
    const before = await browser.get(pageOf(meeting, '/room'));
    // The words stand hidden for the script; nothing says so.
    expect(before.text).not.toContain('<h2 id="state" tabindex="-1">Mottagningen är sen');
    const key = (await roomStatusOf(meeting)).key;

    clock.holdAt(new Date(startAt));
    const late = await browser.get(pageOf(meeting, '/room'));
    const live = late.text.slice(late.text.indexOf('<section id="live"'));
    for (const words of lateWords) expect(live).toContain(words);
    expect(live).toContain('href="tel:');
    expect((await roomStatusOf(meeting)).key).not.toBe(key);

    const room = await roomOf(service, meeting.meetingId);
    const { participants } = await service.records.meetings.get(meeting.meetingId);
    const staff = participants.find(({ role }) => role === 'staff')!;
    await room.joined(staff.participantId, new Date(startAt));
    const came = (await browser.get(pageOf(meeting, '/room'))).text;
    expect(came.slice(came.indexOf('<section id="live"'))).not.toContain('Mottagningen är sen');
  });

  it('is a task with a due time that stays when the meeting is over, and each page says first that it did not come', async () => {
    const meeting = await bookAt(inMs(5 * MINUTE));
    const { startAt, endAt } = (await read(clinic, meeting)) as { startAt: string; endAt: string };
    clock.holdAt(new Date(Date.parse(startAt) + 10 * MINUTE));
    await clinic.call('POST', `${meeting.path}/outcome`, { body: { outcome: 'clinic-absent' } });
    const tasks = async () =>
      (await service.records.tasks.ofMeeting(meeting.meetingId)).filter(
        ({ kind }) => kind === 'clinic-absent',
      );
    await waitUntil(tasks, (found) => found.length === 1);
    clock.passMs(3 * DAY);
    expect(await tasks()).toMatchObject([
      { state: 'open', dueAt: new Date(Date.parse(endAt) + 120 * MINUTE).toISOString() },
    ]);
    browser = await loggedIn(service, testPeople.patient);
    for (const page of ['', '/room', '/afterwards']) {
      const { text } = await browser.get(pageOf(meeting, page));
      const main = text.slice(text.indexOf('<main'));
      expect([page, main]).toEqual([page, expect.stringContaining('Mottagningen kom inte till mötet')]);
      expect([page, main]).toEqual([page, expect.not.stringContaining('Var du inte med')]);
    }
  });
});

describe('R5.7 afterwards', () => {
  it('shows what is proposed and why, and objects once', async () => {
    const meeting = await bookAt(inMs(2 * DAY));
    clock.passMs(DAY + HOUR);
    browser = await loggedIn(service, testPeople.patient);
    await browser.submit(
      await browser.get(pageOf(meeting, '/change/cancel')),
      pageOf(meeting, '/change/cancel'),
      sure,
    );
    const path = pageOf(meeting, '/afterwards');
    const shown = await waitUntil(
      () => browser.get(path),
      ({ text }) => text.includes('Uteblivet besök eller sent återbud'),
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
    expect(text).toMatch(/Om mötet hålls.*300 kr/s);
    expect(text).toMatch(/Om mötet missas.*400 kr/s);
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

describe('my meetings of one who has very many', () => {
  it('shows the nearest that is coming first, however many there are beyond it', async () => {
    const other = await createClinic(service);
    const stranger = await other.addPatient({ personalNumber: testPeople.relative, birthDate: undefined });
    const nearest = await other.book({ patientId: stranger, startAt: inMs(2 * DAY) });
    const next = await other.book({ patientId: stranger, startAt: inMs(3 * DAY) });
    const cancelled = await other.book({ patientId: stranger, startAt: inMs(4 * DAY) });
    await other.call('POST', `${cancelled.path}/cancel`, { body: { by: 'clinic' } });
    // Far more, later, than a list shows: an interpreter's year.
    const rows = raw.db.collection('meetings');
    const row = (await rows.findOne({ 'participants.participantId': next.patientParticipantId }))!;
    await rows.insertMany(
      Array.from({ length: 120 }, (_, number) => ({
        ...row,
        _id: `many-${number}` as never,
        roomNames: [`many-${number}`],
        participants: (row.participants as { role: string }[])
          .filter(({ role }) => role === 'patient')
          .map((patient) => ({ ...patient, participantId: `many-${number}`.padEnd(22, 'x') })),
        startAt: new Date(Date.now() + (10 + number) * DAY),
      })),
    );
    const { text } = await (await loggedIn(service, testPeople.relative)).get('/my');
    const shown = [...text.matchAll(/\/my\/meetings\/([\w-]{22})/g)].map(([, id]) => id);
    expect(shown.slice(0, 2)).toEqual([nearest.patientParticipantId, next.patientParticipantId]);
    expect(shown).toHaveLength(101);
    expect(shown.at(-1)).toBe(cancelled.patientParticipantId);
    expect(text.indexOf('Kommande')).toBeLessThan(text.indexOf('Tidigare och avbokade'));
    await rows.deleteMany({ roomNames: /^many-/ });
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
    const { participants } = await read(clinic, body);
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
    const strangers = await (await loggedIn(service, testPeople.stranger)).get(path);
    // R7.10: what a stranger sees, word by word.
    expect(readOf(after)).toBe(readOf(strangers));
    expect([after.status, strangers.status]).toEqual([404, 404]);
    expect(after.text).toContain('Barn som har fyllt 13 år sköter sina möten själva');
    expect(after.text).not.toContain('Testmottagningen');
    const data = { accept: 'application/json' };
    expect((await before.get(path, data)).text).toContain('not-yours');
    expect((await before.get('/my')).text).not.toContain(guardian.participantId);
  });
});

describe('a login that ended before the button was pressed', () => {
  it.each([
    // The page of the question leads on to the one that confirms.
    ['/consent/withdraw', '/consent', '/consent', { given: 'no' }],
    ['/change/cancel', '/change/cancel', '/change/cancel', sure],
    ['/no-entry', '/no-entry', '/no-entry', {}],
  ])(
    'on %s nothing is done, it says so, and one comes back to do it once',
    async (page, path, back, fields) => {
      const meeting = await bookAt(inMs(3 * DAY));
      const action = pageOf(meeting, path);
      const before = await browser.get(pageOf(meeting, page));
      clock.passMs(SESSION_IDLE_MINUTES * MINUTE + 1);
      const stored = await raw.db.collection('commands').countDocuments();
      const ended = await browser.submit(before, action, fields);
      expect([ended.status, ended.text]).toEqual([401, expect.stringContaining('blev inte gjort')]);
      expect(formIn(ended, '/login').returnTo).toBe(pageOf(meeting, back));
      expect(await raw.db.collection('commands').countDocuments()).toBe(stored);

      browser = await loggedIn(service, testPeople.patient);
      // What the old page carries is the old login's; the way on is the page and not where it posts to.
      const stale = await browser.submit(before, action, fields);
      expect([stale.status, stale.text]).toEqual([
        403,
        expect.stringContaining(`<a href="${pageOf(meeting, back)}" class="button">`),
      ]);
      expect(await raw.db.collection('commands').countDocuments()).toBe(stored);
      const fresh = await browser.get(pageOf(meeting, page));
      expect((await browser.submit(fresh, action, fields)).status).toBe(303);
    },
  );
});

describe('when something is away', () => {
  it('a command is kept and said to be, and done when Temporal is there again', async () => {
    const meeting = await bookAt(inMs(3 * DAY));
    const page = await browser.get(pageOf(meeting, '/change/cancel'));
    await service.stopWorkers();
    const shown = await browser.submit(page, pageOf(meeting, '/change/cancel'), sure);
    expect([shown.status, shown.text]).toEqual([503, expect.stringContaining('Vi har tagit emot det')]);
    await service.startWorkers();
    await waitUntil(
      () => read(clinic, meeting),
      ({ outcome }) => outcome?.outcome === 'cancelled-in-time',
    );
    const again = await waitUntil(
      () => browser.submit(page, pageOf(meeting, '/change/cancel'), sure),
      ({ status }) => status !== 409,
    );
    expect(again.location).toBe(pageOf(meeting, '/change/done'));
  });

  it('an address that no page has is a page too', async () => {
    const shown = await visitor(service.apiUrl).get('/my/nothing/here');
    expect([shown.status, shown.text]).toEqual([404, expect.stringContaining('Sidan finns inte')]);
  });
});

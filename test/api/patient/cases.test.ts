import { randomId } from '../../../platform/keys/random-id';
import { defaultCaseRules } from '../../../rules/case';
import { openCase } from '../../support/cases';
import { createClinic, type TestClinic } from '../../support/clinic';
import { TemporalUnavailable } from '../../../temporal/gateway';
import { formIn, loggedIn, testPeople, visitor, type Shown } from '../../support/patient';
import { roomOf } from '../../support/room';
import type { Service } from '../../support/service';
import { waitUntil } from '../../support/wait-until';
import { DAY, HOUR, bornYearsAgo, dayInStockholm, inMs, testClock, type RawDatabase } from '../helpers';
import { picture, threadsKept } from '../threads';
import { cookiesOf, own, ownCase, startForCases, texts, write, writeInVain } from './case-pages';

/**
 * Patients' pages of message cases and of meetings' chats, over HTTP as a browser without scripts posts
 * (R6.6–R6.8, R4.4, R7.1, R7.2).
 */
const clock = testClock();
let service: Service;
let clinic: TestClinic;
let raw: RawDatabase;
let patientId: string;

beforeAll(async () => {
  ({ service, clinic, raw, patientId } = await startForCases(clock));
});
afterEach(() => clock.release());
afterAll(async () => {
  await raw.close();
  await service.close();
});

const myCase = (body: object = {}) => ownCase(service, clinic, patientId, body);

describe('all of mine', () => {
  it('R6.2 tells where each case stands, by which day an answer comes, and what is new', async () => {
    const of = await myCase({ subject: 'Provsvar' });
    const browser = await loggedIn(service, testPeople.patient);
    const before = await browser.get('/my');
    expect(before.text).toContain('Nytt meddelande');
    expect(before.text).toContain('Provsvar');
    const page = await browser.get(of.my);
    expect(page.text).toContain('Hur går det?');
    // Written on a Friday afternoon: the second weekday after is Tuesday.
    clock.holdAt(new Date('2026-11-27T14:00:00Z'));
    const asOfThen = await loggedIn(service, testPeople.patient);
    const sent = await write(asOfThen, await asOfThen.get(of.my), of.my, { text: 'Det gör ont.' });
    expect([sent.status, sent.location]).toEqual([303, `${of.my}/sent`]);
    const shown = await asOfThen.get('/my');
    expect(shown.text).toContain('Mottagningen svarar senast tisdag 1 december.');
    expect(shown.text).not.toContain('Nytt meddelande');
    expect((await asOfThen.get(of.my)).text).toContain('Mottagningen svarar senast tisdag 1 december.');
    // One second before the midnight it is not late, then it is.
    clock.holdAt(new Date('2026-12-01T22:59:59Z'));
    const inTime = await loggedIn(service, testPeople.patient);
    expect((await inTime.get(of.my)).text).toContain('Mottagningen svarar senast tisdag 1 december.');
    clock.holdAt(new Date('2026-12-01T23:00:00Z'));
    expect((await inTime.get(of.my)).text).toContain('Svaret är försenat');
  });

  it('R6.7 lists a case that has ended, and R6.6 writes in it no more', async () => {
    const of = await myCase({ subject: 'Avslutat ärende' });
    const browser = await loggedIn(service, testPeople.patient);
    const page = await browser.get(of.my);
    expect(page.text.indexOf('tel:112')).toBeLessThan(page.text.indexOf('<textarea'));
    await clinic.call('POST', `${of.path}/close`);
    const before = await threadsKept(raw);
    // The form was on the screen before it was closed: what was written is not lost.
    const late = await writeInVain(browser, page, of.my, { text: 'Skrivet för sent' });
    expect(late.text).toContain('Skrivet för sent');
    expect(late.text).toContain('1177.se');
    expect(late.text).not.toContain('name="text"');
    expect(await threadsKept(raw)).toEqual(before);
    await clinic.call('POST', `${of.path}/documentation`, {
      body: { contactOn: dayInStockholm(inMs(0)), picturesHandled: false },
    });
    await waitUntil(
      async () => (await service.records.cases.get(of.caseId)).course.state,
      (state) => state === 'ended',
    );
    expect((await browser.get('/my')).text).toContain('Avslutat ärende');
    expect((await browser.get(of.my)).text).toContain('Hur går det?');
  });

  it('shows the last of a long thread, and what was written before a link away', async () => {
    const of = await myCase();
    const { records } = service;
    for (let number = 2; number <= 60; number += 1) {
      const message = await records.messages.seal(
        {
          messageId: randomId(),
          thread: 'case',
          threadId: of.caseId,
          clinicId: clinic.clinicId,
          patientId,
          text: `Nummer ${number}.`,
          asksForMore: false,
          fileIds: [],
          receivedAt: inMs(0),
        },
        { kind: 'patient', personId: patientId },
      );
      await records.transaction((session) => records.messages.add(message, session));
    }
    const browser = await loggedIn(service, testPeople.patient);
    const page = await browser.get(of.my);
    expect([page.text.includes('Nummer 60.'), page.text.includes('Nummer 10.')]).toEqual([true, false]);
    const [, earlier = ''] = /href="([^"]+\/before\/[\w-]{22})"/.exec(page.text) ?? [];
    const before = await browser.get(earlier);
    expect([before.text.includes('Hur går det?'), before.text.includes('Nummer 10.')]).toEqual([true, true]);
    expect([before.text.includes('Nummer 11.'), before.text.includes('<textarea')]).toEqual([false, false]);
    const other = await myCase();
    const [, messageId = ''] = /before\/([\w-]{22})/.exec(earlier) ?? [];
    expect((await browser.get(`${other.my}/before/${messageId}`)).status).toBe(404);
  });

  it('R8.2 what was seen and written stands in the audit log, under the patient whose it is', async () => {
    const of = await myCase();
    const browser = await loggedIn(service, testPeople.patient);
    await write(browser, await browser.get(of.my), of.my, { text: 'Hej' });
    const rows = await raw.audit({ subjectId: of.caseId, actor: 'patient' });
    expect(rows.map(({ operation, personId, allowed }) => [operation, personId, allowed])).toEqual([
      ['my.case', patientId, true],
      ['my.write-in-case', patientId, true],
    ]);
  });
});

describe('writing', () => {
  it('the same form posted twice, and again after going back, is one message', async () => {
    const of = await myCase();
    const browser = await loggedIn(service, testPeople.patient);
    const page = await browser.get(of.my);
    const file = await picture();
    const post = () => write(browser, page, of.my, { text: 'En gång.' }, [file]);
    const both = await Promise.all([post(), post()]);
    expect(both.map(({ location }) => location)).toEqual([`${of.my}/sent`, `${of.my}/sent`]);
    expect((await post()).location).toBe(`${of.my}/sent`);
    expect(await texts(service, of)).toEqual(['Hur går det?', 'En gång.']);
    // Something else from the same page is another message.
    await write(browser, page, of.my, { text: 'Något annat.' });
    expect(await texts(service, of)).toEqual(['Hur går det?', 'En gång.', 'Något annat.']);
    const all = await service.records.messages.list(of.caseId, 0, 10);
    expect(all.map(({ fileIds }) => fileIds.length)).toEqual([0, 1, 0]);
  });

  it.each([
    ['nothing', '', 'Skriv något'],
    ['only spaces', ' \n\t ', 'Skriv något'],
    ['too much', 'x'.repeat(100_000), 'Skriv kortare'],
    ['control characters', 'Hej\u0007 du', 'dolda tecken'],
  ])('refuses %s in words at the field, loses nothing and keeps nothing', async (_what, text, words) => {
    const of = await myCase();
    const browser = await loggedIn(service, testPeople.patient);
    const page = await browser.get(of.my);
    const before = await threadsKept(raw);
    const answer = await writeInVain(browser, page, of.my, { text });
    expect(answer.text).toContain(words);
    expect(answer.text).toContain('aria-invalid="true"');
    expect(answer.text).toContain(text.trim().replace('\u0007', ''));
    expect(await threadsKept(raw)).toEqual(before);
    expect(await texts(service, of)).toEqual(['Hur går det?']);
  });

  it('keeps a draft until it is sent, for this reader alone', async () => {
    const of = await myCase();
    const browser = await loggedIn(service, testPeople.patient);
    const page = await browser.get(of.my);
    const { csrf = '' } = formIn(page, of.my);
    const saved = await browser.post(`${of.my}/draft`, { csrf, text: 'Halvskrivet' });
    expect(saved.status).toBe(200);
    expect((await browser.get(of.my)).text).toContain('>Halvskrivet</textarea>');
    await write(browser, page, of.my, { text: 'Helskrivet' });
    expect((await browser.get(of.my)).text).not.toContain('Halvskrivet');
  });

  it('E7 what the page saved before it was sent, and comes after, is no draft; what is written next is one', async () => {
    const of = await myCase();
    const browser = await loggedIn(service, testPeople.patient);
    const page = await browser.get(of.my);
    const { csrf = '', formKey = '' } = formIn(page, of.my);
    await write(browser, page, of.my, { text: 'Skickat' });
    const next = await browser.get(of.my);
    const draftOf = (shown: Shown): string | undefined => /<textarea[^>]*>([^<]*)</.exec(shown.text)?.[1];
    // The beacon of the page that was hidden while it sent.
    const beacon = () => browser.post(`${of.my}/draft`, { csrf, formKey, text: 'Skickat' });
    expect((await beacon()).status).toBe(200);
    expect(draftOf(await browser.get(of.my))).toBe('');
    const nextForm = formIn(next, of.my);
    await browser.post(`${of.my}/draft`, { csrf, formKey: nextForm.formKey ?? '', text: 'Nästa' });
    await beacon();
    expect(draftOf(await browser.get(of.my))).toBe('Nästa');
    await write(browser, next, of.my, { text: 'Nästa' });
    await beacon();
    expect(draftOf(await browser.get(of.my))).toBe('');
    expect(await texts(service, of)).toEqual(['Hur går det?', 'Skickat', 'Nästa']);
  });

  it('is stored while Temporal is away, and told as received', async () => {
    const of = await myCase();
    const browser = await loggedIn(service, testPeople.patient);
    const page = await browser.get(of.my);
    const { patientWrites, caseRead } = service.temporal;
    Object.assign(service.temporal, {
      patientWrites: () => Promise.reject(new TemporalUnavailable(null)),
      caseRead: () => Promise.reject(new TemporalUnavailable(null)),
    });
    try {
      const answer = await write(browser, page, of.my, { text: 'Under avbrottet' });
      expect(answer.location).toBe(`${of.my}/received`);
      expect((await browser.get(`${of.my}/received`)).text).toContain('Du behöver inte skicka det igen');
    } finally {
      Object.assign(service.temporal, { patientWrites, caseRead });
    }
    await waitUntil(
      () => texts(service, of),
      (all) => all.includes('Under avbrottet'),
    );
  });

  it('takes no form of other sites, of another session, or without its token, and reads no file of it', async () => {
    const of = await myCase();
    const browser = await loggedIn(service, testPeople.patient);
    const page = await browser.get(of.my);
    const before = await threadsKept(raw);
    const without = await write(browser, page, of.my, { csrf: '', text: 'x' }, [await picture()]);
    expect(without.status).toBe(403);
    const stranger = await loggedIn(service, testPeople.stranger);
    const strange = await write(stranger, page, of.my, { text: 'x' }, [await picture()]);
    expect(strange.status).toBe(404);
    const response = await fetch(`${service.apiUrl}${of.my}`, {
      method: 'POST',
      headers: { cookie: cookiesOf(browser), 'sec-fetch-site': 'cross-site' },
      body: new URLSearchParams({ ...formIn(page, of.my), text: 'x' }),
    });
    expect(response.status).toBe(403);
    expect(await threadsKept(raw)).toEqual(before);
  });
});

describe('R7.1, R7.2 who may', () => {
  it('a guardian acts for a child of at most 12, and at midnight of the 13th birthday at no step any more', async () => {
    const now = new Date();
    const birthDate = `${now.getUTCFullYear() - 12}-${inMs(60 * DAY).slice(5, 10)}`;
    const child = await clinic.addPatient({ birthDate });
    const guardianId = await clinic.addPatient({
      personalNumber: testPeople.guardian,
      birthDate: undefined,
    });
    const made = openCase(clinic, child, { guardianIds: [guardianId] });
    const of = await own(service, made, 'guardian');
    const browser = await loggedIn(service, testPeople.guardian);
    const page = await browser.get(of.my);
    expect((await write(browser, page, of.my, { text: 'Från vårdnadshavaren' })).status).toBe(303);
    const turns13 = new Date(`${Number(birthDate.slice(0, 4)) + 13}-${birthDate.slice(5)}T00:00:00+01:00`);
    const offset = turns13.toLocaleString('sv-SE', { timeZone: 'Europe/Stockholm' }).endsWith('00:00:00')
      ? 0
      : HOUR;
    const midnight = new Date(turns13.getTime() - offset);

    clock.holdAt(new Date(midnight.getTime() - 1_000));
    const before = await loggedIn(service, testPeople.guardian);
    const lastPage = await before.get(of.my);
    expect(lastPage.status).toBe(200);
    clock.holdAt(midnight);
    const messages = await texts(service, of);
    for (const address of ['', '/sent', '/status', '/events', '/news']) {
      const shown = await before.get(`${of.my}${address}`);
      expect([address, shown.status]).toEqual([address, 404]);
      expect(shown.text).not.toContain('Hur går det?');
    }
    expect((await write(before, lastPage, of.my, { text: 'Efteråt' }, [await picture()])).status).toBe(404);
    expect((await before.get('/my')).text).not.toContain('Uppföljning');
    expect(await texts(service, of)).toEqual(messages);
  });

  it('another’s case and none at all get the same refusal, which tells nothing', async () => {
    const of = await myCase({ subject: 'Känsligt' });
    const stranger = await loggedIn(service, testPeople.stranger);
    const [others, none] = [await stranger.get(of.my), await stranger.get(`/my/cases/${'x'.repeat(22)}`)];
    const plain = ({ text }: Shown) => text.replaceAll(/value="[\w-]+"/g, '');
    expect([others.status, none.status]).toEqual([404, 404]);
    expect(plain(others)).toBe(plain(none));
    expect((await visitor(service.apiUrl).get(of.my)).status).toBe(401);
  });

  it('R6.6 opens a case of one’s own where the clinic allows it, once, and not otherwise', async () => {
    const browser = await loggedIn(service, testPeople.relative);
    const refused = await browser.get('/my/new-case');
    expect(refused.text).toContain('1177.se');
    expect(refused.text).not.toContain('<textarea');
    const allowing = await createClinic(service, {
      name: 'Öppna mottagningen',
      caseRules: { ...defaultCaseRules, patientsMayOpen: true },
    });
    const me = await allowing.addPatient({ personalNumber: testPeople.relative, birthDate: undefined });
    const other = await allowing.addPatient();
    const page = await browser.get('/my/new-case');
    expect(page.text.indexOf('tel:112')).toBeLessThan(page.text.indexOf('<textarea'));
    const before = await threadsKept(raw);
    const fields = { subject: 'En fråga', text: 'Kan jag få råd?' };
    for (const [opening, words] of [
      [`patient-${other}`, 'Välj vem'],
      [`guardian-${other}`, 'Välj vem'],
    ] as const) {
      const stolen = await browser.submit(page, '/my/new-case', { ...fields, opening });
      expect([stolen.status, stolen.location]).toEqual([303, '/my/new-case/unsent']);
      expect((await browser.get('/my/new-case/unsent')).text).toContain(words);
    }
    const empty = await browser.submit(page, '/my/new-case', { subject: '', text: 'Kvar' });
    expect([empty.status, empty.location]).toEqual([303, '/my/new-case/unsent']);
    const unsent = await browser.get('/my/new-case/unsent');
    expect(unsent.text).toContain('>Kvar</textarea>');
    expect(unsent.text).toContain('Skriv med några ord vad det gäller.');
    expect(await threadsKept(raw)).toEqual(before);
    const first = await browser.submit(page, '/my/new-case', fields);
    const again = await browser.submit(page, '/my/new-case', fields);
    expect(first.location).toMatch(/^\/my\/cases\/[\w-]{22}\/sent$/);
    expect(again.location).toBe(first.location);
    expect((await browser.get('/my/new-case/unsent')).text).not.toContain('Kvar');
    // E3: back to the form that was sent, with other words.
    const stale = await browser.submit(page, '/my/new-case', { ...fields, text: 'Något annat' });
    expect([stale.status, stale.location]).toEqual([303, '/my/new-case/sent-before']);
    expect((await browser.get(stale.location!)).text).toContain('Det här har du redan skickat');
    const shown = await browser.get(first.location!);
    expect(shown.text).toContain('Kan jag få råd?');
    expect(shown.text).toContain('Ditt meddelande är skickat.');
    const { items } = (await allowing.call('GET', '/clinic/cases')).body as { items: object[] };
    expect(items).toMatchObject([{ patientId: me, openedBy: `patient/${me}`, state: 'waiting-for-reply' }]);
  });
});

it('R6.6, R7.1 a guardian opens a case for a child whose guardian the clinic knows them as now, and for no other', async () => {
  const allowing = await createClinic(service, {
    caseRules: { ...defaultCaseRules, patientsMayOpen: true },
  });
  const number = '191212121212';
  const guardianId = await allowing.addPatient({ personalNumber: number, birthDate: undefined });
  const [child, others] = [
    await allowing.addPatient({ birthDate: bornYearsAgo(8) }),
    await allowing.addPatient({ birthDate: bornYearsAgo(8) }),
  ];
  const named = await openCase(allowing, child, { guardianIds: [guardianId] });
  const browser = await loggedIn(service, number);
  const page = await browser.get('/my/new-case');
  const offered = [...page.text.matchAll(/name="opening" value="([^"]+)"/g)].map(([, value]) => value);
  expect(offered.sort()).toEqual([`guardian-${child}`, `patient-${guardianId}`].sort());
  const fields = { subject: 'Fråga', text: 'Om barnet' };
  const before = await threadsKept(raw);
  const stolen = await browser.submit(page, '/my/new-case', { ...fields, opening: `guardian-${others}` });
  expect([stolen.status, stolen.location]).toEqual([303, '/my/new-case/unsent']);
  expect(await threadsKept(raw)).toEqual(before);
  const opened = await browser.submit(page, '/my/new-case', { ...fields, opening: `guardian-${child}` });
  expect(opened.status).toBe(303);
  expect((await browser.get(opened.location!)).text).toContain('Om barnet');
  const { items } = (await allowing.call('GET', '/clinic/cases')).body as { items: { openedBy: string }[] };
  expect(items.map(({ openedBy }) => openedBy)).toContain(`guardian/${guardianId}`);
  expect(items).toHaveLength(2);
  expect(named.patientId).toBe(child);
});

describe('R4.4 the chat of a meeting', () => {
  it('is written while the door is open, with files, and read by the patient afterwards', async () => {
    const guestId = await clinic.addPatient({ personalNumber: testPeople.stranger, birthDate: undefined });
    const meeting = await clinic.book({
      patientId,
      startAt: inMs(HOUR),
      participants: [
        { role: 'staff', staffId: 'clinician-1' },
        { role: 'guest', personId: guestId },
      ],
    });
    const { participants } = await service.records.meetings.get(meeting.meetingId);
    const guestPlace = participants.find(({ role }) => role === 'guest')!.participantId;
    const [mine, guests] = [meeting.patientParticipantId, guestPlace].map((id) => `/my/meetings/${id}/chat`);
    const early = await loggedIn(service, testPeople.patient);
    expect((await early.get(mine!)).text).toContain('när det går att gå in i mötet');
    clock.passMs(50 * 60_000);
    const patient = await loggedIn(service, testPeople.patient);
    const guest = await loggedIn(service, testPeople.stranger);
    const page = await patient.get(mine!);
    const post = () => write(patient, page, mine!, { text: 'Hör ni mig?' });
    expect([(await post()).location, (await post()).location]).toEqual([`${mine}/sent`, `${mine}/sent`]);
    const withFile = await write(patient, await patient.get(mine!), mine!, { text: '' }, [await picture()]);
    expect(withFile.status).toBe(303);
    await clinic.call('POST', `${meeting.path}/chat`, { body: { text: 'Ja, tydligt.' } });
    const shown = await patient.get(mine!);
    for (const words of ['Hör ni mig?', 'Utslag.jpg', 'Ja, tydligt.', 'Mottagningen']) {
      expect(shown.text).toContain(words);
    }
    const [, fileId = ''] = /files\/([\w-]{22})"/.exec(shown.text) ?? [];

    // A guest only while in the meeting.
    const outside = await guest.get(guests!);
    expect(outside.text).toContain('medan du är med i mötet');
    expect(outside.text).not.toContain('Hör ni mig?');
    expect((await guest.get(`${guests}/files/${fileId}`)).status).toBe(404);
    const room = await roomOf(service, meeting.meetingId);
    await room.joined(guestPlace, clock.now());
    const inside = await guest.get(guests!);
    expect(inside.text).toContain('Hör ni mig?');
    expect((await guest.get(`${guests}/files/${fileId}`)).status).toBe(200);
    await room.left(guestPlace, clock.now());
    const before = await threadsKept(raw);
    const late = await write(guest, inside, guests!, { text: 'Utanför' });
    expect(late.status).toBe(409);
    expect(late.text).not.toContain('Hör ni mig?');
    expect(await threadsKept(raw)).toEqual(before);

    clock.passMs(5 * HOUR);
    const afterwards = await loggedIn(service, testPeople.patient);
    const old = await afterwards.get(mine!);
    expect(old.text).toContain('Ja, tydligt.');
    expect(old.text).not.toContain('<textarea');
    expect((await afterwards.get(mine!.replace('/chat', ''))).text).toContain(`href="${mine}"`);
    const tooLate = await write(afterwards, { ...page, text: page.text }, mine!, {
      text: 'Efteråt',
      ...{ csrf: formIn(old, '/logout').csrf ?? '' },
    });
    expect(tooLate.status).toBe(409);
    expect(await service.records.messages.list(meeting.meetingId, 0, 10)).toHaveLength(3);
    const tasks = await service.records.tasks.ofMeeting(meeting.meetingId);
    expect(tasks.map(({ kind }) => kind)).not.toContain('reply-due');
  });
});

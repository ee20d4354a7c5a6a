import { randomUUID } from 'node:crypto';
import { standInScanner } from '../../support/scanner';
import { randomId } from '../../../platform/keys/random-id';
import { patientWrites, smallPdf, type TestCase } from '../../support/cases';
import { createClinic, testSettings, type TestClinic } from '../../support/clinic';
import { noteTexts } from '../../support/personal';
import { formIn } from '../../support/patient';
import { startService, type Service } from '../../support/service';
import { waitUntil } from '../../support/wait-until';
import { cookiesOf, texts } from '../patient/case-pages';
import {
  bornYearsAgo,
  DAY,
  dayInStockholm,
  inMs,
  openDatabase,
  testClock,
  type RawDatabase,
} from '../helpers';
import { picture, upload } from '../threads';
import { atDesk, caseWith, desk, reply, stateReason, type AtDesk } from './case-desk';

/** A message case on the desk: what was written, replies, files, whose it is, its end (rules 6). */
const clock = testClock();
let service: Service;
let clinic: TestClinic;
let raw: RawDatabase;
let nurse: AtDesk;
let doctor: AtDesk;
let manager: AtDesk;

beforeAll(async () => {
  service = await startService({ clock, scanner: standInScanner });
  // At any hour: a case ends when its last notice has gone, which else waits for the morning (R2.9).
  clinic = await createClinic(service, { noticeRules: { ...testSettings.noticeRules, quietHours: null } });
  raw = await openDatabase(service);
  nurse = await atDesk(service, clinic, { id: 'N1', name: 'Anna Ek' });
  doctor = await atDesk(service, clinic, { id: 'L1', name: 'Bo Berg', title: 'läkare' });
  manager = await atDesk(service, clinic, { id: 'V1', name: 'Vera Chef', roles: ['operations-manager'] });
});
afterEach(() => clock.release());
afterAll(async () => {
  await raw.close();
  await service.close();
});

const nursesCase = async (body: object = {}): Promise<TestCase> =>
  caseWith(clinic, await clinic.addPatient(), nurse.staffId, body);
const writes = (of: TestCase, text: string) => patientWrites(service, clock, clinic, of, text);
const read = ({ browser }: AtDesk, of: TestCase) => browser.get(desk(of, 'thread'));
const courseOf = async ({ caseId }: TestCase) => (await service.records.cases.get(caseId)).course;

describe('what was written', () => {
  it('R6.7 R8.7 stands with names and titles, whose it is at the head, and nothing personal in the title', async () => {
    const patientId = await clinic.addPatient({ name: 'Tolvan Synlig', birthDate: '1980-05-17' });
    const of = await caseWith(clinic, patientId, nurse.staffId, { subject: 'Utslag på armen' });
    await writes(of, 'Det kliar.');
    await service.records.cases.assign(of.caseId, nurse.staffId, doctor.staffId);
    const { browser } = doctor;
    await reply(browser, await read(doctor, of), of, { text: 'Jag tittar.' });
    const page = await read(nurse, of);
    expect(page.text).toContain('Tolvan Synlig, född 1980-05-17');
    expect(page.text).toMatch(/<h1[^>]*>.*Utslag på armen<\/h1>/);
    for (const who of ['Bo Berg, läkare', 'Tolvan Synlig', 'clinician-1'])
      expect(page.text).toContain(`<strong>${who}</strong>`);
    expect((await read(doctor, of)).text).toContain('<strong>Du</strong>');
    expect(/<title>([^<]*)/.exec(page.text)?.[1]).toMatch(/^Ärende –/);
    expect(page.text.length).toBeLessThan(60_000);
  });

  it.each([
    [17, true],
    [40, false],
  ])('R7.6 to somebody of %i the hint never to ask about abuse is shown: %s', async (years, isShown) => {
    const patientId = await clinic.addPatient({ birthDate: bornYearsAgo(years) });
    const of = await caseWith(clinic, patientId, nurse.staffId);
    expect((await read(nurse, of)).text.includes('Fråga aldrig barn och unga')).toBe(isShown);
  });

  it('long threads show the last messages; those before are a link away', async () => {
    const of = await nursesCase();
    for (let index = 1; index <= 32; index += 1)
      await clinic.call('POST', `${of.path}/messages`, {
        staffId: nurse.staffId,
        body: { text: `Rad ${index}.` },
      });
    const page = await read(nurse, of);
    expect(page.text).toContain('Rad 32.');
    expect(page.text).not.toContain('Rad 2.');
    const [, earlier = ''] = /href="(\/desk\/cases\/[^"]+\/before\/[\w-]+)"/.exec(page.text) ?? [];
    const before = await nurse.browser.get(earlier);
    expect(before.text).toContain('Rad 2.');
    expect(before.text).not.toContain('Rad 32.');
    expect((await nurse.browser.get(desk(of, `thread/before/${randomId()}`))).status).toBe(404);
  });
});

describe('a reply', () => {
  it('R6.3 stops the clock, and is sent once however often it is posted', async () => {
    const of = await nursesCase();
    await writes(of, 'Det gör ont.');
    const page = await read(nurse, of);
    expect(page.text).toMatch(/Svara före kl\. 16\.00/);
    const post = () => reply(nurse.browser, page, of, { text: 'Ta det lugnt.\r\nVi ses.' });
    const [one, same] = await Promise.all([post(), post()]);
    expect([one.location, same.location]).toEqual([desk(of, 'thread/sent'), desk(of, 'thread/sent')]);
    expect((await post()).location).toBe(desk(of, 'thread/sent'));
    expect(await texts(service, of)).toEqual(['Hur går det?', 'Det gör ont.', 'Ta det lugnt.\nVi ses.']);
    expect(await courseOf(of)).toMatchObject({ state: 'answered', clock: null });
    const sent = await nurse.browser.get(desk(of, 'thread/sent'));
    expect(sent.text).toContain('Ditt meddelande är skickat.');
    // Nothing of it is half written any more.
    expect(sent.text).toMatch(/<textarea[^>]*name="text"[^>]*><\/textarea>/);
    expect((await service.records.commands.doneSince(new Date(0))).at(-1)).toMatchObject({
      operation: 'case.write',
      actor: { kind: 'staff', staffId: nurse.staffId, role: 'clinician', loggedIn: true },
    });
  });

  it('R6.3 can ask for more, which the thread shows', async () => {
    const of = await nursesCase();
    await writes(of, 'Det kliar.');
    await reply(nurse.browser, await read(nurse, of), of, {
      text: 'Skicka en bild.',
      asksForMore: 'yes',
    });
    expect(
      (await service.records.messages.list(of.caseId, 0, 9)).map(({ asksForMore }) => asksForMore),
    ).toEqual([false, false, true]);
    expect((await read(nurse, of)).text).toContain('Ber patienten om svar');
    expect(await courseOf(of)).toMatchObject({ state: 'answered' });
  });

  it('to a page on which a new message does not stand yet, that is told before anything is sent', async () => {
    const of = await nursesCase();
    const page = await read(nurse, of);
    await writes(of, 'Vänta, det blev värre!');
    const text = 'Allt ser bra ut.';
    const refused = await reply(nurse.browser, page, of, { text, asksForMore: 'yes' });
    expect(refused.location).toBe(desk(of, 'thread/unsent'));
    expect(await texts(service, of)).toEqual(['Hur går det?', 'Vänta, det blev värre!']);
    const told = await nurse.browser.get(refused.location!);
    expect(told.text).toContain('Det har kommit ett nytt meddelande sedan du öppnade sidan.');
    expect(told.text).toContain('Vänta, det blev värre!');
    expect(told.text).toContain(`>${text}</textarea>`);
    expect(told.text).toMatch(/name="asksForMore"[^>]* checked/);
    const sent = await reply(nurse.browser, told, of, { text });
    expect(sent.location).toBe(desk(of, 'thread/sent'));
    expect((await texts(service, of)).at(-1)).toBe(text);
  });

  it('from a page that the back button brings is another message; refused there, it is not lost', async () => {
    const of = await nursesCase();
    const page = await read(nurse, of);
    await reply(nurse.browser, page, of, { text: 'Det första.' });
    const second = await reply(nurse.browser, page, of, { text: 'Det andra.' });
    expect(second.location).toBe(desk(of, 'thread/sent'));
    expect(await texts(service, of)).toEqual(['Hur går det?', 'Det första.', 'Det andra.']);
    await writes(of, 'Tack!');
    const refused = await reply(nurse.browser, page, of, { text: 'Det tredje.' });
    expect((await nurse.browser.get(refused.location!)).text).toContain('>Det tredje.</textarea>');
    // What was sent is not held back, whoever has written since.
    const again = await reply(nurse.browser, page, of, { text: 'Det andra.' });
    expect(again.location).toBe(desk(of, 'thread/sent'));
    expect(await texts(service, of)).toHaveLength(4);
  });

  it('of two staff at once: the second is told of the first’s, and loses nothing of their own', async () => {
    const of = await nursesCase();
    await service.records.cases.assign(of.caseId, nurse.staffId, doctor.staffId);
    await writes(of, 'Hjälp mig.');
    const [nursesPage, doctorsPage] = [await read(nurse, of), await read(doctor, of)];
    await reply(doctor.browser, doctorsPage, of, { text: 'Kom hit i dag.' });
    const second = await reply(nurse.browser, nursesPage, of, { text: 'Kom hit i morgon.' });
    expect(second.location).toBe(desk(of, 'thread/unsent'));
    const told = await nurse.browser.get(second.location!);
    expect(told.text).toContain('Kom hit i dag.');
    expect(told.text).toContain('>Kom hit i morgon.</textarea>');
    expect(await texts(service, of)).toEqual(['Hur går det?', 'Hjälp mig.', 'Kom hit i dag.']);
    // Neither sees what the other has half written.
    expect((await read(doctor, of)).text).not.toContain('Kom hit i morgon.');
  });

  it('of two staff in the very same moment: one is sent, and the other is told', async () => {
    const of = await nursesCase();
    await service.records.cases.assign(of.caseId, nurse.staffId, doctor.staffId);
    await writes(of, 'Hjälp mig.');
    const both = [
      { ...nurse, page: await read(nurse, of) },
      { ...doctor, page: await read(doctor, of) },
    ];
    const answers = await Promise.all(
      both.map(({ browser, page, staffId }) => reply(browser, page, of, { text: `Svar av ${staffId}` })),
    );
    expect(answers.map(({ location }) => location).sort()).toEqual(
      ['sent', 'unsent'].map((page) => desk(of, `thread/${page}`)),
    );
    expect(await texts(service, of)).toHaveLength(3);
  });

  it('in a case that was closed meanwhile is refused, and stands there to be copied', async () => {
    const of = await nursesCase();
    const page = await read(nurse, of);
    await clinic.call('POST', `${of.path}/close`, { staffId: doctor.staffId });
    const refused = await reply(nurse.browser, page, of, { text: 'För sent skrivet.' });
    const told = await nurse.browser.get(refused.location!);
    expect(told.text).toContain('>För sent skrivet.</textarea>');
    expect(told.text).toContain('eftersom ärendet har avslutats');
    expect(told.text).toContain(desk(of, 'document'));
    expect(await texts(service, of)).toEqual(['Hur går det?']);
  });

  it.each([
    [{ text: '  ' }, 'Skriv något'],
    [{ text: `Mycket ${'å'.repeat(10_001)}` }, 'Skriv kortare'],
    [{ text: 'Hej', attached: 'a'.repeat(22) }, 'finns inte kvar'],
  ])('that cannot be sent is told of with all that was typed', async (fields, told) => {
    const of = await nursesCase();
    const refused = await reply(nurse.browser, await read(nurse, of), of, fields);
    const shown = await nurse.browser.get(refused.location!);
    expect(shown.text).toContain(told);
    expect(shown.text).toContain(`>${fields.text}</textarea>`);
    expect(await texts(service, of)).toEqual(['Hur går det?']);
  });

  it('of one whose role was taken away while they wrote is refused and logged, with the text shown', async () => {
    const of = await nursesCase();
    const temp = await atDesk(service, clinic, { id: 'T1' });
    await service.records.cases.assign(of.caseId, nurse.staffId, temp.staffId);
    const page = await read(temp, of);
    const change = (roles: ('booker' | 'clinician')[]) =>
      service.records.staff.change({ ...temp.member, roles, changedAt: new Date().toISOString() });
    for (const roles of [['booker' as const], []]) {
      await change(roles);
      const refused = await reply(temp.browser, page, of, { text: 'Skrivet utan roll.' });
      expect([refused.status, refused.text.includes('>Skrivet utan roll.</textarea>')]).toEqual([403, true]);
      expect((await temp.browser.get(desk(of, 'thread'))).status).toBe(403);
    }
    expect((await raw.audit({ operation: 'case.write', staffId: temp.staffId })).at(-1)).toMatchObject({
      allowed: false,
      role: 'booker',
    });
    expect(await texts(service, of)).toEqual(['Hur går det?']);
  });

  it('with a stale or foreign token is refused and sends nothing', async () => {
    const of = await nursesCase();
    const page = await read(nurse, of);
    const refused = await reply(nurse.browser, page, of, { text: 'Hej', csrf: 'x'.repeat(43) });
    expect([refused.status, await texts(service, of)]).toEqual([403, ['Hur går det?']]);
    expect(refused.text).toContain('Sidan var för gammal');
  });

  it('is received while Temporal is away, and said so; nothing of it is lost', async () => {
    const of = await nursesCase();
    const page = await read(nurse, of);
    await service.stopWorkers();
    const answer = await reply(nurse.browser, page, of, { text: 'Skickat i stormen.' });
    expect(answer.location).toBe(desk(of, 'thread/received'));
    expect((await nurse.browser.get(answer.location!)).text).toContain('Vi har tagit emot ditt meddelande.');
    await service.startWorkers();
    await waitUntil(
      () => texts(service, of),
      (all) => all.includes('Skickat i stormen.'),
    );
    expect(await texts(service, of)).toEqual(['Hur går det?', 'Skickat i stormen.']);
  });

  it('half written is kept while one writes, for its writer alone, and gone when it is sent (R8.3)', async () => {
    const secret = 'Oförväxlingsbart halvt svar';
    noteTexts([secret]);
    const of = await nursesCase();
    const page = await read(nurse, of);
    const form = formIn(page, desk(of, 'thread'));
    const save = (text: string) =>
      nurse.browser.post(desk(of, 'thread/draft'), { ...form, text }, { accept: 'application/json' });
    expect(JSON.parse((await save(secret)).text)).toMatchObject({ kept: true });
    expect((await read(nurse, of)).text).toContain(`>${secret}</textarea>`);
    await reply(nurse.browser, page, of, { text: secret });
    // What was on its way comes late.
    await save(secret);
    expect((await read(nurse, of)).text).not.toContain(`>${secret}</textarea>`);
    expect(await raw.audit({ operation: 'case.keep-message' })).toEqual([]);
    const stolen = await doctor.browser.post(desk(of, 'thread/draft'), { ...form, text: 'x' });
    expect(stolen.status).toBe(403);
  });

  it('its script hears of news, of another holder too, by a key that tells nothing and is not logged', async () => {
    const of = await nursesCase();
    const ask = async () => {
      const answer = await nurse.browser.get(desk(of, 'thread/status'), { accept: 'application/json' });
      return (JSON.parse(answer.text) as { key: string }).key;
    };
    const [, key] = /data-key="([^"]+)"/.exec((await read(nurse, of)).text) ?? [];
    const before = await raw.audit({ staffId: nurse.staffId });
    expect(await ask()).toBe(key);
    await writes(of, 'Nytt.');
    const withNews = await ask();
    await service.records.cases.assign(of.caseId, nurse.staffId, doctor.staffId);
    const withOther = await ask();
    expect(new Set([key, withNews, withOther]).size).toBe(3);
    expect(await raw.audit({ staffId: nurse.staffId })).toEqual(before);
    expect((await nurse.browser.get(desk(of, 'thread/news'))).text).toContain('Nytt.');
  });
});

describe('pictures and files', () => {
  const fetchFile = ({ browser }: AtDesk, path: string) =>
    fetch(`${service.apiUrl}${path}`, { headers: { cookie: cookiesOf(browser) } });

  it('R6.7 a picture is made anew, shown small, sent, and read by those who may alone; each is logged', async () => {
    const of = await nursesCase();
    const form = { text: 'Så här ska det se ut.', do: 'attach' };
    const page = await read(nurse, of);
    const added = await reply(nurse.browser, page, of, form, [await picture()]);
    expect(added.location).toBe(`${desk(of, 'thread/unsent')}#attach`);
    expect(await texts(service, of)).toEqual(['Hur går det?']);
    const shown = await nurse.browser.get(desk(of, 'thread/unsent'));
    const [, fileId = ''] = /name="attached" value="([\w-]{22})"/.exec(shown.text) ?? [];
    expect(shown.text).toContain('>Så här ska det se ut.</textarea>');
    expect(await raw.audit({ operation: 'case.add-file', subjectId: of.caseId })).toMatchObject([
      { staffId: nurse.staffId, personId: of.patientId, allowed: true },
    ]);
    await service.records.cases.assign(of.caseId, nurse.staffId, doctor.staffId);
    const file = desk(of, `thread/files/${fileId}`);
    // Not sent yet: nobody else sees it.
    expect((await fetchFile(doctor, file)).status).toBe(404);
    expect((await fetchFile(nurse, `${file}/preview`)).headers.get('content-type')).toBe('image/jpeg');
    await reply(nurse.browser, shown, of, { text: form.text, attached: fileId });
    const answer = await fetchFile(doctor, file);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'image/jpeg',
      'content-disposition': expect.stringMatching(/^attachment; filename="?Utslag.jpg/) as string,
      'cache-control': 'no-store',
      'content-security-policy': expect.stringContaining('sandbox') as string,
    });
    expect(Buffer.from(await answer.arrayBuffer()).includes('Kameratillverkaren')).toBe(false);
    expect((await read(doctor, of)).text).toContain(file);
    expect((await raw.audit({ operation: 'case.read-file', staffId: doctor.staffId })).at(-1)).toMatchObject({
      personId: of.patientId,
      allowed: true,
    });
    const other = await nursesCase();
    expect((await fetchFile(nurse, desk(other, `thread/files/${fileId}`))).status).toBe(404);
    const stranger = await atDesk(service, clinic, { id: 'S9' });
    expect((await fetchFile(stranger, file)).status).toBe(403);
    expect((await fetchFile(stranger, `${file}/preview`)).status).toBe(403);
  });

  it.each([
    ['is malware', { name: 'a.pdf', type: 'application/pdf', content: `${smallPdf}MALWARE` }, 'virus'],
    [
      'is another thing than it says',
      { name: 'a.jpg', type: 'image/jpeg', content: smallPdf },
      'inte det som',
    ],
    ['is of no kind we take', { name: 'a.html', type: 'text/html', content: '<p>' }, 'av en sort'],
  ])('a file that %s is refused, nothing is sent, and the text stays', async (_what, file, told) => {
    const of = await nursesCase();
    const answer = await reply(nurse.browser, await read(nurse, of), of, { text: 'Se bilagan.' }, [file]);
    const shown = await nurse.browser.get(answer.location!);
    expect(shown.text).toContain(told);
    expect(shown.text).toContain('>Se bilagan.</textarea>');
    expect(await texts(service, of)).toEqual(['Hur går det?']);
    expect(await service.records.files.countUnsent(of.caseId, nurse.staffId)).toBe(0);
  });

  it('nobody’s files are kept who may not write there', async () => {
    const of = await nursesCase();
    const page = await read(nurse, of);
    const form = formIn(await doctor.browser.get('/desk/inbox'), '/desk/logout');
    const forged = await reply(doctor.browser, page, of, { text: 'x', csrf: form.csrf! }, [await picture()]);
    expect(forged.status).toBe(403);
    expect(await service.records.files.countUnsent(of.caseId, doctor.staffId)).toBe(0);
  });
});

describe('whose case it is', () => {
  const assignedTo = async ({ caseId }: TestCase) => (await service.records.cases.get(caseId)).assignedTo;

  it('R6.5 two who take what nobody has: the first has it, the second is told', async () => {
    const of = await caseWith(clinic, await clinic.addPatient(), null);
    const [one, other] = [
      await atDesk(service, clinic, { id: 'A1' }),
      await atDesk(service, clinic, { id: 'A2' }),
    ];
    const [onesPage, othersPage] = [await one.browser.get(desk(of)), await other.browser.get(desk(of))];
    expect(onesPage.text).toContain('Ta ärendet');
    const took = await one.browser.submit(onesPage, desk(of, 'assign'));
    expect(took.location).toBe(`${desk(of)}?said=taken`);
    const late = await other.browser.submit(othersPage, desk(of, 'assign'));
    expect((await other.browser.get(late.location!)).text).toContain('Någon annan har ärendet nu.');
    expect(await assignedTo(of)).toBe(one.staffId);
    // The same form again: done once.
    expect((await one.browser.submit(onesPage, desk(of, 'assign'))).location).toBe(`${desk(of)}?said=taken`);
    expect((await one.browser.get(desk(of))).location).toBe(desk(of, 'thread'));
    expect((await other.browser.get(desk(of, 'thread'))).status).toBe(403);
  });

  it('R6.5 one hands over one’s own, gives it back, and for those who are away the manager does it', async () => {
    const of = await nursesCase();
    const page = await nurse.browser.get(desk(of, 'assign'));
    expect(page.text).toContain('Bo Berg, läkare');
    const given = await nurse.browser.submit(page, desk(of, 'assign'), { staffId: doctor.staffId });
    expect(given.location).toBe(`${desk(of)}?said=assigned`);
    expect(await assignedTo(of)).toBe(doctor.staffId);
    // Whoever had it reads it still, and gives it to nobody any more.
    const again = await nurse.browser.submit(
      await nurse.browser.get(desk(of, 'assign')),
      desk(of, 'assign'),
      {
        staffId: nurse.staffId,
      },
    );
    expect(again.location).toContain('refused=not-your-case');
    const managers = await manager.browser.get(desk(of, 'assign'));
    const moved = await manager.browser.submit(managers, desk(of, 'reassign'), { staffId: nurse.staffId });
    expect(moved.location).toBe(`${desk(of)}?said=assigned`);
    expect(await assignedTo(of)).toBe(nurse.staffId);
    // As the page had it, the doctor has it: by now that is not so.
    const late = await manager.browser.post(desk(of, 'reassign'), {
      ...formIn(managers, desk(of, 'reassign')),
      formKey: randomId(),
      staffId: doctor.staffId,
    });
    expect(late.location).toContain('refused=assigned-meanwhile');
    const back = await nurse.browser.submit(await nurse.browser.get(desk(of, 'assign')), desk(of, 'assign'), {
      staffId: '',
    });
    expect(back.location).toBe(`${desk(of)}?said=given-back`);
    expect(await assignedTo(of)).toBe(null);
    expect((await nurse.browser.post(desk(of, 'reassign'), formIn(page, desk(of, 'assign')))).status).toBe(
      403,
    );
  });

  it('nobody is given one who is not at the clinic, or has left', async () => {
    const of = await nursesCase();
    const gone = await atDesk(service, clinic, { id: 'G1', name: 'Gun Gått' });
    const elsewhere = await atDesk(service, await createClinic(service), { id: 'E1' });
    const page = await nurse.browser.get(desk(of, 'assign'));
    await service.records.staff.change({
      ...gone.member,
      isActive: false,
      changedAt: new Date().toISOString(),
    });
    for (const staffId of [gone.staffId, elsewhere.staffId, 'not a reference', '198112189876']) {
      const answer = await nurse.browser.submit(page, desk(of, 'assign'), { staffId });
      expect(answer.location).toBe(`${desk(of)}?refused=no-such-colleague`);
    }
    expect((await nurse.browser.get(`${desk(of, 'thread')}?refused=no-such-colleague`)).text).toContain(
      'arbetar inte på mottagningen längre',
    );
    expect(await assignedTo(of)).toBe(nurse.staffId);
    expect((await nurse.browser.get(desk(of, 'assign'))).text).not.toContain('Gun Gått');
  });

  it('R8.7 one with several references hands over under the one that has it', async () => {
    const two = await atDesk(service, clinic, { id: 'D1', staffIds: ['ref-one', 'ref-two'] });
    const of = await caseWith(clinic, await clinic.addPatient(), 'ref-two');
    const page = await two.browser.get(desk(of, 'assign'));
    const given = await two.browser.submit(page, desk(of, 'assign'), { staffId: doctor.staffId });
    expect(given.location).toBe(`${desk(of)}?said=assigned`);
    expect(await assignedTo(of)).toBe(doctor.staffId);
  });

  it('R6.5 the manager answers for those who are away, for a stated reason', async () => {
    const of = await nursesCase();
    await writes(of, 'Är någon där?');
    const page = await stateReason(manager.browser, desk(of, 'thread'));
    const sent = await reply(manager.browser, page, of, { text: 'Ja, jag svarar i dag.' });
    expect(sent.location).toBe(desk(of, 'thread/sent'));
    expect((await raw.audit({ operation: 'case.write', subjectId: of.caseId })).at(-1)).toMatchObject({
      staffId: manager.staffId,
      reason: 'Bevakar vid frånvaro',
    });
    expect((await read(nurse, of)).text).toContain('<strong>Vera Chef, sjuksköterska</strong>');
  });
});

describe('the end of a case', () => {
  const today = (): string => dayInStockholm(inMs(0));
  const dateFields = (day: string): Record<string, string> => {
    const [year = '', month = '', date = ''] = day.split('-');
    return { 'contactOn.year': year, 'contactOn.month': month, 'contactOn.day': date };
  };

  it('R6.3 R6.4 is closed on a page of its own, and then documented; each once', async () => {
    const of = await nursesCase();
    const asks = await nurse.browser.get(desk(of, 'close'));
    expect(asks.text).toContain('Kontakten ska dokumenteras i journalen');
    const [closed, same] = [
      await nurse.browser.submit(asks, desk(of, 'close')),
      await nurse.browser.submit(asks, desk(of, 'close')),
    ];
    expect([closed.location, same.location]).toEqual([`${desk(of)}?said=closed`, `${desk(of)}?said=closed`]);
    expect(await courseOf(of)).toMatchObject({ state: 'closed' });
    const later = await nurse.browser.submit(await nurse.browser.get(desk(of, 'close')), desk(of, 'close'));
    expect(later.location).toContain('refused=closed');
    expect((await nurse.browser.get(`${desk(of, 'thread')}?said=closed`)).text).toContain(
      'Ärendet är avslutat. Dokumentera kontakten i journalen.',
    );

    const page = await nurse.browser.get(desk(of, 'document'));
    expect(page.text).not.toContain('picturesHandled');
    for (const [day, told] of [
      ['2026-02-30', 'Skriv en dag som finns'],
      ['2026-11-fjärde', 'Skriv en dag som finns'],
      [dayInStockholm(inMs(2 * DAY)), 'Dagen har inte varit än.'],
      [dayInStockholm(inMs(-2 * DAY)), 'Ärendet var inte öppet den dagen.'],
    ] as const) {
      const form = { ...formIn(page, desk(of, 'document')), formKey: randomId() };
      const wrong = await nurse.browser.post(desk(of, 'document'), { ...form, ...dateFields(day) });
      expect([wrong.status, wrong.text.includes(told)]).toEqual([422, true]);
      expect(wrong.text).toContain(`value="${dateFields(day)['contactOn.day']}"`);
    }
    expect(await courseOf(of)).toMatchObject({ state: 'closed' });
    const [done, twice] = [
      await nurse.browser.submit(page, desk(of, 'document'), dateFields(today())),
      await nurse.browser.submit(page, desk(of, 'document'), dateFields(today())),
    ];
    expect([done.location, twice.location]).toEqual([
      `${desk(of)}?said=documented`,
      `${desk(of)}?said=documented`,
    ]);
    expect(await service.records.cases.get(of.caseId)).toMatchObject({
      documented: { by: nurse.staffId, contactOn: today(), picturesHandled: null },
    });
    await waitUntil(
      () => courseOf(of),
      ({ state }) => state === 'ended',
    );
    const ended = await read(nurse, of);
    expect(ended.text).toContain('Ärendet är klart');
    expect(ended.text).not.toContain(desk(of, 'assign'));
  });

  it('R6.4 a case with pictures is documented when these were handled, and not before', async () => {
    const of = await nursesCase();
    const { body } = await upload(service, clinic, `${of.path}/files`, await picture(), {
      staffId: nurse.staffId,
      key: randomUUID(),
    });
    const { fileId } = body as { fileId: string };
    await clinic.call('POST', `${of.path}/messages`, { staffId: nurse.staffId, body: { fileIds: [fileId] } });
    await clinic.call('POST', `${of.path}/close`, { staffId: nurse.staffId });
    const page = await nurse.browser.get(desk(of, 'document'));
    const refused = await nurse.browser.submit(page, desk(of, 'document'), dateFields(today()));
    expect([refused.status, refused.text.includes('Hantera bilderna')]).toEqual([422, true]);
    const done = await nurse.browser.submit(refused, desk(of, 'document'), {
      ...dateFields(today()),
      picturesHandled: 'yes',
    });
    expect(done.location).toBe(`${desk(of)}?said=documented`);
    expect((await service.records.cases.get(of.caseId)).documented).toMatchObject({ picturesHandled: true });
  });

  it('R6.3 what waits goes on waiting, and can still be answered; a message that came meanwhile is told first', async () => {
    const of = await nursesCase();
    const asks = await nurse.browser.get(desk(of, 'close'));
    await writes(of, 'En sak till!');
    const refused = await nurse.browser.submit(asks, desk(of, 'close'));
    expect(refused.location).toBe(`${desk(of, 'close')}?refused=new-message`);
    expect(await courseOf(of)).toMatchObject({ state: 'waiting-for-reply' });
    const again = await nurse.browser.get(refused.location!);
    expect(again.text).toContain('Det har kommit ett nytt meddelande');
    expect(again.text).toContain('Patientens meddelande är inte besvarat.');
    await nurse.browser.submit(again, desk(of, 'close'));
    const page = await read(nurse, of);
    expect(page.text).toMatch(/Svara före kl\. 16\.00/);
    const sent = await reply(nurse.browser, page, of, { text: 'Här kommer svaret.' });
    expect(sent.location).toBe(desk(of, 'thread/sent'));
    expect((await courseOf(of)).clock).toBeNull();
  });

  it('R6.4 what staff are asked to do stands on the case, with the way to it', async () => {
    const of = await nursesCase();
    await writes(of, 'Hej?');
    const [task] = await service.records.tasks.ofCase(of.caseId);
    const page = await read(nurse, of);
    expect(page.text).toContain(`href="/desk/tasks/${task!.taskId}"`);
    expect(page.text).toContain('Svara på ett meddelande');
    await reply(nurse.browser, page, of, { text: 'Hej!' });
    expect((await read(nurse, of)).text).not.toContain('/desk/tasks/');
  });
});

import { clinicRoutes } from '../../../api/clinic/routes';
import { urgencyOf } from '../../../api/staff/cases/urgency';
import { caseDeskRoutes } from '../../../api/staff/cases/routes';
import type { DeskRoute } from '../../../api/staff/frame/route';
import { inboxRoutes } from '../../../api/staff/inbox/inbox';
import { randomId } from '../../../platform/keys/random-id';
import type { Case } from '../../../records/cases';
import { patientWrites, type TestCase } from '../../support/cases';
import { createClinic, type TestClinic } from '../../support/clinic';
import { testPeople, type Shown } from '../../support/patient';
import { startService, type Service } from '../../support/service';
import { staffVisitor } from '../../support/staff';
import { bornYearsAgo, DAY, openDatabase, testClock, type RawDatabase } from '../helpers';
import { threadsKept } from '../threads';
import { atDesk, caseWith, desk, stateReason, type AtDesk } from './case-desk';

/** The desk's inbox, its way to open a case, and who may do what with cases (rules 6, R8.1). */
const clock = testClock();
let service: Service;
let clinic: TestClinic;
let raw: RawDatabase;
let nurse: AtDesk;
let doctor: AtDesk;
let booker: AtDesk;
let manager: AtDesk;

beforeAll(async () => {
  service = await startService({ clock });
  clinic = await createClinic(service);
  raw = await openDatabase(service);
  nurse = await atDesk(service, clinic, { id: 'N1', name: 'Anna Ek' });
  doctor = await atDesk(service, clinic, { id: 'L1', name: 'Bo Berg', title: 'läkare' });
  booker = await atDesk(service, clinic, { id: 'R1', roles: ['booker'] });
  manager = await atDesk(service, clinic, { id: 'V1', roles: ['operations-manager'] });
});
afterEach(() => clock.release());
afterAll(async () => {
  await raw.close();
  await service.close();
});

/** Which cases a page lists, in its order. */
const listedOn = ({ text }: Shown): string[] =>
  [...text.matchAll(/href="\/desk\/cases\/([\w-]{22})(?:\/thread)?"/g)].map(([, caseId]) => caseId!);

describe('the inbox', () => {
  it('R6.5 R8.1 is in order of urgency, with clocks in words; what a case is about is for its staff alone', async () => {
    const own = await createClinic(service);
    const [anna, chef] = [
      await atDesk(service, own, { id: 'N2', name: 'Anna Alm' }),
      await atDesk(service, own, { id: 'V2', roles: ['operations-manager'] }),
    ];
    const patientId = await own.addPatient({ name: 'Tolvan Synlig' });
    const hidden = await own.addPatient({ name: 'Skyddad Person', protectedIdentity: true });
    const colleague = 'only-named';
    const quiet = await caseWith(own, patientId, anna.staffId, { subject: 'Lugnt ärende' });
    const mine = await caseWith(own, patientId, anna.staffId, { subject: 'Utslag på armen' });
    const nobodys = await caseWith(own, hidden, null, { subject: 'Ingens hemlighet' });
    const other = await caseWith(own, patientId, colleague, { subject: 'Kollegans hemlighet' });
    await patientWrites(service, clock, own, mine, 'Först.');
    clock.passMs(7 * DAY);
    for (const each of [nobodys, other]) await patientWrites(service, clock, own, each, 'Senare.');
    const [annas, chefs] = [
      await staffVisitor(service, anna.member),
      await staffVisitor(service, chef.member),
    ];

    const hers = await annas.get('/desk/inbox');
    expect(listedOn(hers)).toEqual([mine.caseId, quiet.caseId]);
    expect(hers.text).toMatch(/Försenat sedan (midnatt|[a-zåäö]+dag \d+ \w+)/);
    expect(hers.text).toContain('Utslag på armen');
    expect(hers.text).toContain('Inget väntar');
    const free = await annas.get('/desk/inbox?show=nobodys');
    expect(listedOn(free)).toEqual([nobodys.caseId]);
    expect(free.text).toMatch(/Svara före kl\. 16\.00 (i morgon|[a-zåäö]+dag \d+ \w+)/);
    expect(free.text).toContain('Skyddade personuppgifter');
    expect(free.text).not.toMatch(/Skyddad Person|Ingens hemlighet/);
    // Everybody's are for those who see to it that somebody answers.
    expect(free.text).not.toContain('show=all');
    expect(listedOn(await annas.get('/desk/inbox?show=all'))).toEqual([mine.caseId, quiet.caseId]);

    const all = await chefs.get('/desk/inbox');
    expect(listedOn(all).slice(0, 1)).toEqual([mine.caseId]);
    expect(listedOn(all).sort()).toEqual([quiet, mine, nobodys, other].map(({ caseId }) => caseId).sort());
    expect(all.text).toContain('Meddelanden som väntar på svar');
    expect(all.text).toContain(colleague);
    expect(all.text).not.toMatch(/Utslag|hemlighet|Lugnt|Skyddad Person/);
    // Each whose name was shown stands in the log, with who saw it (R8.2).
    const rows = await raw.audit({ operation: 'case.list', staffId: chef.staffId });
    expect(new Set(rows.map(({ personId }) => personId))).toEqual(new Set([null, patientId, hidden]));
    // Another clinic's inbox has none of it.
    expect(listedOn(await nurse.browser.get('/desk/inbox?show=nobodys'))).toEqual([]);
  });

  it('R8.7 whoever has several references finds the cases of all of them', async () => {
    const two = await atDesk(service, clinic, { id: 'N3', staffIds: ['first-ref', 'second-ref'] });
    const patientId = await clinic.addPatient();
    const cases = [
      await caseWith(clinic, patientId, 'first-ref'),
      await caseWith(clinic, patientId, 'second-ref', { subject: 'Den andra' }),
    ];
    const page = await two.browser.get('/desk/inbox');
    expect(listedOn(page).sort()).toEqual(cases.map(({ caseId }) => caseId).sort());
    expect(page.text).toContain('Den andra');
  });

  it('shows fifty a page, and the next ones behind them', async () => {
    const own = await createClinic(service);
    const desk1 = await atDesk(service, own, { id: 'R4', roles: ['booker'] });
    const { caseId } = await caseWith(own, await own.addPatient(), null);
    const rows = raw.db.collection('cases');
    const row = (await rows.findOne({ _id: caseId as never }))!;
    await rows.insertMany(Array.from({ length: 51 }, () => ({ ...row, _id: randomId() as never })));
    const first = await desk1.browser.get('/desk/inbox');
    expect(listedOn(first)).toHaveLength(50);
    expect(first.text.length).toBeLessThan(60_000);
    const [, next = ''] = /href="(\/desk\/inbox\?show=all&amp;cursor=[^"]+)"/.exec(first.text) ?? [];
    const second = await desk1.browser.get(next.replaceAll('&amp;', '&'));
    expect(listedOn(second)).toHaveLength(2);
    expect(listedOn(first)).not.toEqual(expect.arrayContaining(listedOn(second)));
    // What is no place in the list begins it.
    expect(listedOn(await desk1.browser.get('/desk/inbox?cursor=elsewhere'))).toHaveLength(50);
    await rows.deleteMany({ clinicId: own.clinicId, _id: { $ne: caseId as never } });
  });

  it('its script asks in a few bytes whether it would look different; nobody is logged as having read', async () => {
    const of = await caseWith(clinic, await clinic.addPatient(), nurse.staffId);
    const [, key] = /data-key="([^"]+)"/.exec((await nurse.browser.get('/desk/inbox')).text) ?? [];
    const ask = async () =>
      (
        JSON.parse(
          (await nurse.browser.get('/desk/inbox/status?show=mine', { accept: 'application/json' })).text,
        ) as { key: string }
      ).key;
    const before = await raw.audit({ staffId: nurse.staffId });
    expect(await ask()).toBe(key);
    expect(await raw.audit({ staffId: nurse.staffId })).toEqual(before);
    await patientWrites(service, clock, clinic, of, 'Nu väntar jag.');
    const changed = await ask();
    expect(changed).not.toBe(key);
    expect((await nurse.browser.get('/desk/inbox/news?show=mine')).text).toContain(`data-key="${changed}"`);
    const out = await nurse.browser.get('/desk/inbox/status', {
      accept: 'application/json',
      cookie: 'vardmote-desk=none',
    });
    expect([out.status, out.text]).toEqual([401, '{"refused":"login-required"}']);
  });

  it('R6.2 says in words what presses, by the clock in Stockholm', () => {
    const clockOf = { aimAt: '2026-11-25T15:00:00.000Z', deadlineAt: '2026-11-25T23:00:00.000Z' };
    const words = (
      now: string,
      course: object = { clock: clockOf, documentation: null },
    ): string | undefined => urgencyOf('sv', { course } as unknown as Case, new Date(now))?.text;
    expect(words('2026-11-23T10:00:00Z')).toBe('Svara före kl. 16.00 onsdag 25 november');
    expect(words('2026-11-24T10:00:00Z')).toBe('Svara före kl. 16.00 i morgon');
    // After midnight there, and before it in UTC.
    expect(words('2026-11-24T23:30:00Z')).toBe('Svara före kl. 16.00 i dag');
    expect(words('2026-11-25T15:00:00Z')).toBe('Svara före midnatt i dag');
    expect(words('2026-11-25T23:00:00Z')).toBe('Försenat sedan midnatt');
    expect(words('2026-11-27T10:00:00Z')).toBe('Försenat sedan torsdag 26 november');
    const documentation = { state: 'waiting', reminders: 0 };
    expect(words('2026-11-27T10:00:00Z', { clock: null, documentation })).toBe('Dokumentera kontakten');
    const late = { state: 'waiting', reminders: 6 };
    expect(words('2026-11-27T10:00:00Z', { clock: null, documentation: late })).toBe(
      'Dokumentera kontakten, försenat',
    );
    expect(words('2026-11-27T10:00:00Z', { clock: null, documentation: { ...late, state: 'done' } })).toBe(
      undefined,
    );
  });
});

describe('decision 10: who may', () => {
  const stub = {} as Parameters<typeof caseDeskRoutes>[0];
  const rows = [...caseDeskRoutes(stub), ...inboxRoutes(stub)];
  const table = rows.map((row) => [`${row.method} ${row.path}`, row] as const);
  const api = clinicRoutes({} as Parameters<typeof clinicRoutes>[0]);

  it.each(table)('%s is for nobody for whom the API has it not', (_name, row) => {
    const same = api.find(({ operation }) => operation === row.operation);
    // What only pages need tells nothing of anybody, or stands on a row that does.
    expect(same !== undefined || row.quiet === true).toBe(true);
    for (const role of row.roles) expect(same?.roles ?? row.roles).toContain(role);
    expect(row.content === true || !same?.content).toBe(true);
  });

  let of: TestCase;
  let patientId: string;
  let elsewhere: AtDesk;
  beforeAll(async () => {
    patientId = await clinic.addPatient({ name: 'Hemlig Patient' });
    of = await caseWith(clinic, patientId, nurse.staffId, { subject: 'Hemligt ämne', text: 'Hemlig text' });
    elsewhere = await atDesk(service, await createClinic(service), {
      id: 'X1',
      roles: ['booker', 'clinician', 'operations-manager'],
    });
  });

  const ask = async ({ method, path }: DeskRoute, { browser }: AtDesk): Promise<Shown> => {
    const address = path
      .replace('{caseId}', of.caseId)
      .replace('{personId}', patientId)
      .replaceAll(/\{\w+\}/g, 'a'.repeat(22));
    if (method === 'get') return browser.get(address);
    const [, csrf = ''] = /name="csrf" value="([^"]+)"/.exec((await browser.get('/desk/inbox')).text) ?? [];
    return browser.post(address, { csrf, formKey: randomId(), text: 'Någons text' });
  };
  const aboutSomething = table.filter(([, { subject }]) => subject !== 'clinic');

  it.each(aboutSomething)(
    'R8.1 %s of another clinic is unknown, logged, and changes nothing',
    async (_name, row) => {
      const before = await threadsKept(raw);
      const answer = await ask(row, elsewhere);
      expect(answer.status).toBe(404);
      expect(answer.text).not.toMatch(/Hemlig/);
      expect(await threadsKept(raw)).toEqual(before);
      const logged = await raw.audit({ staffId: elsewhere.staffId, operation: row.operation });
      expect(logged.at(-1)).toMatchObject({ allowed: false, personId: null });
    },
  );

  const forCarers = table.filter(([, { roles }]) => !roles.includes('booker'));
  it.each(forCarers)('R8.1 %s is refused to a booker and logged', async (_name, row) => {
    const before = await threadsKept(raw);
    const answer = await ask(row, booker);
    expect(answer.status).toBe(403);
    expect(answer.text).not.toMatch(/Hemlig/);
    expect(await threadsKept(raw)).toEqual(before);
    expect((await raw.audit({ staffId: booker.staffId, operation: row.operation })).at(-1)).toMatchObject({
      allowed: false,
      personId: patientId,
    });
  });

  const content = table.filter(([, row]) => row.content);
  it.each(content)(
    'R8.1 %s is for those who take part, and for the manager with a reason',
    async (_name, row) => {
      const before = await threadsKept(raw);
      for (const each of [doctor, manager]) {
        const answer = await ask(row, each);
        expect(answer.status).toBe(403);
        expect(answer.text).not.toMatch(/Hemlig/);
        expect(answer.text).toContain(
          each === doctor ? 'Du deltar inte i det här' : 'Varför behöver du läsa',
        );
        expect((await raw.audit({ staffId: each.staffId, operation: row.operation })).at(-1)).toMatchObject({
          allowed: false,
          personId: patientId,
        });
      }
      expect(await threadsKept(raw)).toEqual(before);
    },
  );

  it('R6.5 R8.1 the manager reads it for a reason, which stands in the log', async () => {
    const chef = await atDesk(service, clinic, { id: 'V3', roles: ['operations-manager'] });
    const status = await chef.browser.get(desk(of));
    expect(status.text).toContain('Läs ärendet');
    expect(status.text).not.toMatch(/Hemligt ämne|Hemlig text/);
    const thread = await stateReason(chef.browser, desk(of, 'thread'));
    expect(thread.text).toContain('Hemlig text');
    expect((await raw.audit({ operation: 'case.read-thread', staffId: chef.staffId })).at(-1)).toMatchObject({
      allowed: true,
      reason: 'Bevakar vid frånvaro',
      role: 'operations-manager',
    });
  });

  it('R8.8 a protected patient’s name is one logged press in', async () => {
    const hidden = await clinic.addPatient({ name: 'Skyddad Person', protectedIdentity: true });
    const own = await caseWith(clinic, hidden, nurse.staffId);
    await patientWrites(service, clock, clinic, own, 'Hej.');
    const page = await nurse.browser.get(desk(own, 'thread'));
    expect(page.text).toContain('Skyddade personuppgifter');
    expect(page.text).not.toMatch(/Skyddad Person|1980-05-17/);
    expect(await raw.audit({ operation: 'person.read', personId: hidden })).toEqual([]);
    const shown = await nurse.browser.get(desk(own, 'name'));
    expect(shown.text).toContain('Skyddad Person');
    expect(await raw.audit({ operation: 'person.read', personId: hidden })).toMatchObject([
      { personId: hidden, allowed: true },
    ]);
    expect((await doctor.browser.get(desk(own, 'name'))).status).toBe(403);
  });

  it('everybody sees where it stands; whoever takes part comes to what was written at once', async () => {
    const status = await booker.browser.get(desk(of));
    expect(status.status).toBe(200);
    expect(status.text).toContain('Hemlig Patient, född 1980-05-17');
    expect(status.text).not.toMatch(/Hemligt ämne|Hemlig text/);
    expect(/<title>([^<]*)/.exec(status.text)?.[1]).toMatch(/^Ärende –/);
    expect((await nurse.browser.get(`${desk(of)}?said=taken`)).location).toBe(
      `${desk(of, 'thread')}?said=taken`,
    );
  });
});

describe('to open a case', () => {
  const form = { subject: 'Uppföljning', text: 'Hur går det?', assignTo: '' };
  const opensFor = (personId: string): string => `/desk/cases/open/${personId}`;
  const casesOf = (personId: string): Promise<Case[]> =>
    service.records.cases.ofPeople([{ clinicId: clinic.clinicId, personId }], 20);

  it('R6.6 staff open one with a first message; the same form posted twice opens one', async () => {
    const patientId = await clinic.addPatient({ name: 'Vuxen Patient' });
    const page = await nurse.browser.get(opensFor(patientId));
    expect(page.text).toContain('Vuxen Patient, född');
    expect(page.text).not.toMatch(/vårdnadshavare|under 18/i);
    const given = { ...form, assignTo: nurse.staffId };
    const [one, same] = [
      await nurse.browser.submit(page, opensFor(patientId), given),
      await nurse.browser.submit(page, opensFor(patientId), given),
    ];
    expect([one.status, same.location]).toEqual([303, one.location]);
    const cases = await casesOf(patientId);
    expect(cases).toMatchObject([{ assignedTo: nurse.staffId, openedBy: nurse.staffId }]);
    expect(one.location).toBe(`${desk(cases[0]!)}?said=opened`);
    const thread = await nurse.browser.get((await nurse.browser.get(one.location!)).location!);
    expect(thread.text).toContain('Ärendet är öppnat');
    expect(thread.text).toContain('Hur går det?');
    const again = await nurse.browser.submit(page, opensFor(patientId), { ...given, text: 'Något annat' });
    expect(again.status).toBe(422);
    expect(again.text).toContain('har redan skickats, med en annan text');
    expect(await casesOf(patientId)).toHaveLength(1);
  });

  it('what is wrong is told at its field, with all that was typed, and nothing is opened', async () => {
    const patientId = await clinic.addPatient();
    const page = await booker.browser.get(opensFor(patientId));
    const wrong: [Record<string, string>, string][] = [
      [{ subject: ' ' }, 'Skriv med några ord vad det gäller.'],
      [{ subject: 'a'.repeat(121) }, 'högst 120 tecken'],
      [{ text: ' ' }, 'Skriv ett meddelande till patienten.'],
      [{ text: `Långt ${'å'.repeat(10_001)}` }, 'Skriv kortare'],
      [{ assignTo: 'nobody-here' }, 'arbetar inte på mottagningen'],
    ];
    for (const [change, told] of wrong) {
      const shown = await booker.browser.submit(page, opensFor(patientId), {
        ...form,
        subject: 'Ett ämne',
        text: 'En lång text',
        ...change,
      });
      expect(shown.status).toBe(422);
      expect(shown.text).toContain(told);
      expect(shown.text).toContain(
        `>${change.text?.trim() === '' ? ' ' : (change.text ?? 'En lång text')}</textarea>`,
      );
      expect(shown.text).toContain(`value="${change.subject ?? 'Ett ämne'}"`);
    }
    expect(await casesOf(patientId)).toEqual([]);
  });

  it('R7.1 R7.6 a child’s guardians are those whom the clinic knows, or by number; from 13 there are none', async () => {
    const guardianId = await clinic.addPatient({
      name: 'Vera Vårdnadshavare',
      personalNumber: testPeople.guardian,
      birthDate: undefined,
    });
    const childId = await clinic.addPatient({ name: 'Litet Barn', birthDate: bornYearsAgo(8) });
    const first = await nurse.browser.get(opensFor(childId));
    expect(first.text).toContain('Fråga aldrig barn och unga');
    expect(first.text).not.toContain('Vera Vårdnadshavare');
    for (const [number, told] of [
      ['12345', 'Numret stämmer inte.'],
      [testPeople.stranger, 'Mottagningen har ingen person med det numret.'],
    ] as const) {
      const shown = await nurse.browser.submit(first, opensFor(childId), { ...form, guardianNumber: number });
      expect([shown.status, shown.text.includes(told)]).toEqual([422, true]);
      expect(shown.text).toContain(`value="${number}"`);
    }
    expect(await casesOf(childId)).toEqual([]);
    const opened = await nurse.browser.submit(first, opensFor(childId), {
      ...form,
      assignTo: nurse.staffId,
      guardianNumber: testPeople.guardian,
    });
    expect(opened.status).toBe(303);
    const [made] = await casesOf(childId);
    expect(made?.participants.map(({ role, personId }) => [role, personId])).toEqual([
      ['patient', childId],
      ['guardian', guardianId],
    ]);
    expect(await raw.audit({ operation: 'case.open', personId: guardianId })).not.toEqual([]);
    const second = await nurse.browser.get(opensFor(childId));
    expect(second.text).toContain('Vera Vårdnadshavare');
    expect((await nurse.browser.get(desk(made!, 'thread'))).text).toContain('Vera Vårdnadshavare');

    const before = (await raw.audit({ operation: 'case.open', personId: guardianId })).length;
    const again = await nurse.browser.submit(second, opensFor(childId), { ...form, guardians: guardianId });
    expect(again.status).toBe(303);
    // Also one who was chosen from those whom the clinic knows (R8.2).
    expect(await raw.audit({ operation: 'case.open', personId: guardianId })).toHaveLength(before + 1);

    const teenId = await clinic.addPatient({ name: 'Ungdom', birthDate: bornYearsAgo(14) });
    const page = await nurse.browser.get(opensFor(teenId));
    expect(page.text).toContain('Fråga aldrig barn och unga');
    expect(page.text).not.toContain('Vårdnadshavarens personnummer');
    const forged = await nurse.browser.submit(page, opensFor(teenId), { ...form, guardians: guardianId });
    expect(forged.status).toBe(422);
    expect(forged.text).toContain('har fyllt 13 år och skriver själv');
    expect(await casesOf(teenId)).toEqual([]);
  });

  it('what was typed is shown again where the page is old, or the login has ended meanwhile', async () => {
    const patientId = await clinic.addPatient();
    const anna = await atDesk(service, clinic, { id: 'N5' });
    const page = await anna.browser.get(opensFor(patientId));
    const typed = { ...form, text: 'Halva arbetsdagens text' };
    const stale = await anna.browser.submit(page, opensFor(patientId), { ...typed, csrf: 'x'.repeat(43) });
    expect([stale.status, stale.text.includes('>Halva arbetsdagens text</textarea>')]).toEqual([403, true]);
    const foreign = await anna.browser.post(opensFor(patientId), typed, { 'sec-fetch-site': 'cross-site' });
    expect([foreign.status, foreign.text.includes('Halva')]).toEqual([403, false]);
    clock.passMs(DAY);
    const ended = await anna.browser.submit(page, opensFor(patientId), typed);
    expect([ended.status, ended.text.includes('>Halva arbetsdagens text</textarea>')]).toEqual([401, true]);
    expect(await casesOf(patientId)).toEqual([]);
  });
});

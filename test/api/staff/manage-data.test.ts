import { randomId } from '../../../platform/keys/random-id';
import type { StaffMember } from '../../../records/staff';
import { commands } from '../../../use-cases';
import { carryOut } from '../../../use-cases/carry-out';
import type { CarryOut } from '../../../use-cases/command';
import { createClinic, type TestClinic } from '../../support/clinic';
import { formIn, testPeople, type Shown, type Visitor } from '../../support/patient';
import { testKeys } from '../../support/keys';
import { startService, type Service } from '../../support/service';
import { testStaffProvider } from '../../support/staff';
import { DAY, inMs, openDatabase, type RawDatabase } from '../helpers';
import { another as anotherOf, managed as managedOf, typedIn, allTypedIn } from './managed';

/**
 * The operations manager's fees, log and settings (R5.9, R8.1, R8.2, R8.5, R8.7). No workers: nothing but these
 * pages acts.
 */
const provider = testStaffProvider();
let service: Service;
let raw: RawDatabase;
beforeAll(async () => {
  service = await startService({ workers: false, staffProvider: provider.startFor });
  raw = await openDatabase(service);
});
afterAll(async () => {
  await raw.close();
  await service.close();
  provider.close();
});

const managed = () => managedOf(service);
const another = (clinic: TestClinic, more: Partial<StaffMember> = {}) => anotherOf(service, clinic, more);
const auditOf = async (filter: object) => (await raw.audit(filter)).at(-1);
const settingsOf = async (clinic: TestClinic) =>
  (await clinic.call('GET', '/clinic/settings')).body as Record<string, unknown>;

describe('fees', () => {
  const FEES = '/desk/manage/fees';
  const CHECK = `${FEES}/check`;
  const HEADER = 'feeCode;validFrom;validUntil;visitFeeOre;missedVisitFeeOre';
  const next = `${HEADER}\r\nvisit;2020-01-01;;30000;40000\r\nchat;2020-01-01;;10000;0\r\n`;
  const feesOf = async (clinic: TestClinic) =>
    ((await clinic.call('GET', '/clinic/fees')).body as { rows: { feeCode: string }[] }).rows;

  it('R5.9 a pasted table is looked at first, and holds after the second press, once', async () => {
    const { clinic, browser, member } = await managed();
    const page = await browser.get(FEES);
    expect(page.text).toContain('300 kr');
    const before = await feesOf(clinic);
    const checked = await browser.submit(page, CHECK, { csv: next });
    expect(checked.status).toBe(200);
    expect(checked.text).toContain('1 nya, 0 avslutas, 0 ändras och 1 är som förut. Inget har ändrats än.');
    expect(await feesOf(clinic)).toEqual(before);
    const done = await browser.submit(checked, FEES);
    expect(done.location).toBe(`${FEES}?said=imported`);
    expect((await feesOf(clinic)).map(({ feeCode }) => feeCode)).toEqual(['visit', 'chat']);
    const { version } = await service.records.clinics.feeTable(clinic.clinicId);
    expect((await browser.submit(checked, FEES)).location).toBe(`${FEES}?said=imported`);
    expect((await service.records.clinics.feeTable(clinic.clinicId)).version).toBe(version);
    expect(await auditOf({ operation: 'fees.import' })).toMatchObject({
      staffId: member.staffIds[0],
      loggedIn: true,
    });
    const file = await browser.get(`${FEES}/file`);
    expect(file.headers.get('content-disposition')).toContain('avgifter.csv');
    const same = await browser.submit(await browser.get(FEES), CHECK, { csv: file.text });
    expect(same.text).toContain('Tabellen är likadan som den som gäller.');
  });

  it('R5.9 so is a file, also one in the code page of Windows', async () => {
    const { browser } = await managed();
    const page = await browser.get(FEES);
    const form = new FormData();
    for (const [name, value] of Object.entries(formIn(page, CHECK))) form.set(name, value);
    form.set('csv', 'what was pasted is not taken');
    form.set('file', new Blob([next]), 'Avgifter 2027.csv');
    const checked = await browser.post(CHECK, form);
    expect([checked.status, checked.text.includes('1 nya')]).toEqual([200, true]);
    // å in Windows' code page, where no text may stand: read, and refused by its line.
    form.set('file', new Blob([Buffer.from(next.replace('chat', 'ch\u00e5t'), 'latin1')]), 'a.csv');
    const wrong = await browser.post(CHECK, form);
    expect([wrong.status, wrong.text.includes('chåt')]).toEqual([422, true]);
    expect(wrong.text).toContain('<th scope="row">3</th><td>feeCode</td>');
  });

  it('R5.9 all that is wrong is told line by line; nothing changes', async () => {
    const { clinic, browser } = await managed();
    const page = await browser.get(FEES);
    const before = await feesOf(clinic);
    const csv = `${HEADER}\nvisit;2020-01-01;;300,00;40000\nchat;2020-02-30;;1;1\nchat;2021-01-01;;2;2\n`;
    const wrong = await browser.submit(page, CHECK, { csv });
    expect(wrong.status).toBe(422);
    expect(wrong.text).toContain('<th scope="row">2</th><td>visitFeeOre</td>');
    expect(wrong.text).toContain('<th scope="row">3</th><td>validFrom</td>');
    expect(wrong.text).toContain('2 fel i tabellen');
    expect(typedIn(wrong, 'csv')).toContain('300,00');
    // A fault of the table as a whole says which code and which day.
    const past = await browser.submit(wrong, CHECK, { csv: `${HEADER}\nvisit;2020-01-01;;31000;40000\n` });
    expect(past.text).toContain('visit hade ett annat belopp 2020-01-01.');
    for (const [empty, words] of [
      ['', 'Välj en fil eller klistra in tabellen.'],
      [`${HEADER}${'x'.repeat(100_000)}`, 'Tabellen är för stor.'],
    ] as const) {
      const refused = await browser.submit(wrong, CHECK, { csv: empty });
      expect([refused.status, refused.text.includes(words)]).toEqual([422, true]);
    }
    expect(await feesOf(clinic)).toEqual(before);
  });

  it('R5.9 a table that somebody else has replaced meanwhile is looked at anew', async () => {
    const { clinic, browser } = await managed();
    const checked = await browser.submit(await browser.get(FEES), CHECK, { csv: next });
    const theirs = `${HEADER}\nvisit;2020-01-01;;30000;40000\ntelefon;2020-01-01;;5000;0\n`;
    await clinic.call('POST', '/clinic/fees/import', { role: 'operations-manager', body: { csv: theirs } });
    const refused = await browser.submit(checked, FEES);
    expect(refused.status).toBe(422);
    expect(refused.text).toContain('telefon hade ett belopp 2020-01-01. Det som har varit måste stå kvar.');
    expect((await feesOf(clinic)).map(({ feeCode }) => feeCode)).toEqual(['visit', 'telefon']);

    const both = `${theirs}chat;2020-01-01;;10000;0\n`;
    const again = await browser.submit(refused, CHECK, { csv: both });
    await clinic.call('POST', '/clinic/fees/import', { role: 'operations-manager', body: { csv: theirs } });
    const overtaken = await browser.submit(again, FEES);
    expect(overtaken.status).toBe(409);
    expect(overtaken.text).toContain('Någon annan har ändrat samtidigt.');
    expect((await browser.submit(overtaken, FEES)).location).toBe(`${FEES}?said=imported`);
    expect((await feesOf(clinic)).map(({ feeCode }) => feeCode)).toEqual(['visit', 'telefon', 'chat']);
  });

  it('a table of 500 rows has its light pages', async () => {
    const { clinic, browser } = await managed();
    const rows = Array.from({ length: 499 }, (_, index) => `code-${index};2020-01-01;;30000;40000`);
    const csv = [HEADER, 'visit;2020-01-01;;30000;40000', ...rows].join('\n');
    const checked = await browser.submit(await browser.get(FEES), CHECK, { csv });
    expect(checked.text).toContain('Och 399 till, som inte visas här.');
    expect((await browser.submit(checked, FEES)).status).toBe(303);
    expect(await feesOf(clinic)).toHaveLength(500);
    const page = await browser.get(FEES);
    for (const { text } of [checked, page]) expect(Buffer.byteLength(text)).toBeLessThan(60_000);
  });
});

describe('the log', () => {
  const LOG = '/desk/manage/log';
  const reading = async (browser: Visitor, personId: string, reason = 'Klagomål från patienten') => {
    const asked = await browser.get(`${LOG}/${personId}`);
    const page = await browser.submit(asked, '/desk/reason', { reason });
    return { asked, page: await browser.get(page.location!) };
  };

  it('R8.1 R8.3 a person is found by number, through a form; a reason is asked before anything is shown', async () => {
    const { clinic, browser, member } = await managed();
    const personId = await clinic.addPatient({
      name: 'Tolvan Logg',
      personalNumber: testPeople.patient,
      birthDate: undefined,
    });
    const found = await browser.submit(await browser.get(LOG), LOG, { personalNumber: '19811218-9876' });
    expect([found.status, found.location]).toEqual([303, `${LOG}/${personId}`]);
    expect(await auditOf({ operation: 'person.search', personId })).toMatchObject({
      staffId: member.staffIds[0],
    });
    const { asked, page } = await reading(browser, personId);
    expect([asked.status, asked.text.includes('Varför behöver du läsa det här?')]).toEqual([403, true]);
    expect(asked.text).not.toContain('Tolvan');
    expect(await auditOf({ operation: 'person.read-audit', allowed: false })).toMatchObject({ personId });
    expect(page.status).toBe(200);
    expect(page.text).toContain('Tolvan Logg');
    expect(page.text).toContain('Klagomål från patienten');
    expect(await auditOf({ operation: 'person.read-audit' })).toMatchObject({
      personId,
      allowed: true,
      reason: 'Klagomål från patienten',
      loggedIn: true,
    });
  });

  it('a number that nobody has, or that is none, is told; the search is logged', async () => {
    const { browser, clinic } = await managed();
    const page = await browser.get(LOG);
    const nobody = await browser.submit(page, LOG, { personalNumber: testPeople.stranger });
    expect([nobody.status, nobody.text.includes('Ingen med det numret finns')]).toEqual([404, true]);
    const none = await browser.submit(page, LOG, { personalNumber: '19811218-9875' });
    expect([none.status, none.text.includes('id="personalNumber-problem"')]).toEqual([422, true]);
    expect(await raw.audit({ operation: 'person.search', clinicId: clinic.clinicId })).toHaveLength(2);
  });

  it('R8.7 it says in words who, whether logged in or named by the clinic’s system, what and whether it was allowed', async () => {
    const { clinic, browser } = await managed();
    const personId = await clinic.addPatient();
    await another(clinic, { name: 'Anna Ek', title: 'fysioterapeut', staffIds: ['anna-1'] });
    await clinic.call('GET', `/clinic/people/${personId}`, { staffId: 'anna-1' });
    await clinic.call('GET', `/clinic/people/${personId}`, { staffId: 'nobody-known' });
    const { page } = await reading(browser, personId);
    const rows = rowsIn(page);
    expect(rows[0]).toMatchObject([
      expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/),
      expect.stringContaining('Vera Chef, sjuksköterska (staff-M'),
      'Verksamhetschef, inloggad',
      'Läste loggen',
      'Klagomål från patienten',
      'Tilläts',
    ]);
    expect(rows[1]).toMatchObject([{}, {}, {}, 'Läste loggen', '–', 'Nekades']);
    expect(rows.slice(2).map((row) => row.slice(1))).toEqual([
      [
        'nobody-known',
        'Vårdpersonal, namngiven av mottagningens system',
        'Läste personens uppgifter',
        '–',
        'Tilläts',
      ],
      [
        'Anna Ek, fysioterapeut (anna-1)',
        'Vårdpersonal, namngiven av mottagningens system',
        'Läste personens uppgifter',
        '–',
        'Tilläts',
      ],
      [
        'clinician-1',
        'Vårdpersonal, namngiven av mottagningens system',
        'Antecknade svar om SMS',
        '–',
        'Tilläts',
      ],
      ['clinician-1', 'Vårdpersonal, namngiven av mottagningens system', 'Lade upp personen', '–', 'Tilläts'],
    ]);
  });

  it('R8.2 R8.5 all of it, newest first, in pages and as a file, each row once, also of one instant', async () => {
    const { clinic, browser } = await managed();
    const personId = await clinic.addPatient();
    const now = new Date();
    const at = inMs(-DAY, now);
    const row = (operation: string, when: string, reason: string | null) => ({
      at: when,
      clinicId: clinic.clinicId,
      actor: { kind: 'staff' as const, staffId: 'clinician-1', role: 'clinician' },
      operation,
      subjectId: personId,
      personId,
      reason,
      allowed: true,
    });
    // More of one instant than a page has, and some before and after.
    await service.records.audit.write([
      ...Array.from({ length: 120 }, (_, index) => row(`test.same-${index}`, at, null)),
      ...Array.from({ length: 20 }, (_, index) =>
        row(`test.older-${index}`, inMs(-2 * DAY - index, now), null),
      ),
      row('test.formula', inMs(-3 * DAY, now), '=HYPERLINK("https://evil.example";"x")'),
      { ...row('test.other', at, null), personId: randomId() },
    ]);
    await reading(browser, personId);
    const seen: string[] = [];
    let next: string | undefined = `${LOG}/${personId}`;
    while (next !== undefined) {
      const page: Shown = await browser.get(next);
      expect(Buffer.byteLength(page.text)).toBeLessThan(60_000);
      seen.push(...rowsIn(page).flatMap(([, , , what = '']) => (what.startsWith('test.') ? [what] : [])));
      next = /href="(\/[^"]*\?cursor=[^"]*)"/.exec(page.text)?.[1];
      expect(seen.length).toBeLessThan(200);
    }
    expect(new Set(seen).size).toBe(141);
    expect(seen).toHaveLength(141);
    expect(seen.slice(0, 120).every((what) => what.startsWith('test.same-'))).toBe(true);
    expect(seen.slice(120)).toEqual([
      ...Array.from({ length: 20 }, (_, index) => `test.older-${index}`),
      'test.formula',
    ]);

    const file = await browser.get(`${LOG}/${personId}/file`);
    expect(file.headers.get('content-disposition')).toContain('logg.csv');
    const lines = file.text.trimEnd().split('\r\n');
    expect(lines[0]).toContain('Tid;Vem;Som;Vad;Operation;');
    expect(lines.filter((line) => line.includes('test.'))).toHaveLength(141);
    // No spreadsheet runs what somebody stated.
    expect(lines.at(-1)).toContain(`"'=HYPERLINK(""https://evil.example"";""x"")"`);
    expect(await auditOf({ operation: 'person.download-audit' })).toMatchObject({
      personId,
      reason: 'Klagomål från patienten',
    });
    expect((await browser.get(`${LOG}/${personId}?cursor=nonsense`)).status).toBe(404);
  });

  it('R8.1 another clinic’s person is an unknown; a reason holds for the one person', async () => {
    const { clinic, browser } = await managed();
    const [one, two] = [await clinic.addPatient(), await clinic.addPatient()];
    const theirs = await (await createClinic(service)).addPatient();
    await reading(browser, one);
    expect((await browser.get(`${LOG}/${one}`)).status).toBe(200);
    const other = await browser.get(`${LOG}/${two}`);
    expect([other.status, other.text.includes('Varför behöver du läsa det här?')]).toEqual([403, true]);
    expect((await browser.get(`${LOG}/${two}/file`)).status).toBe(403);
    expect((await browser.get(`${LOG}/${theirs}`)).status).toBe(404);
  });

  it('R8.5 a sample is of that day’s acts of staff, lists left out, and is logged itself', async () => {
    const { clinic, browser } = await managed();
    const personId = await clinic.addPatient({ name: 'Tolvan Prov' });
    const day = '2026-03-14';
    const row = (operation: string, at: string, more: object = {}) => ({
      at,
      clinicId: clinic.clinicId,
      actor: { kind: 'staff' as const, staffId: 'clinician-1', role: 'clinician' },
      operation,
      subjectId: personId,
      personId: personId as string | null,
      reason: null,
      allowed: true,
      ...more,
    });
    // Stockholm's day, not UTC's.
    const [first, last] = ['2026-03-13T23:00:00.000Z', '2026-03-14T22:59:59.999Z'];
    await service.records.audit.write([
      row('person.read', first),
      row('person.change', last),
      row('meeting.read', '2026-03-13T22:59:59.999Z'),
      row('case.read', '2026-03-14T23:00:00.000Z'),
      row('meeting.list', '2026-03-14T12:00:00.000Z'),
      row('form.read-answers', '2026-03-14T12:00:00.000Z', { actor: { kind: 'patient', personId } }),
      row('meeting.book', '2026-03-14T12:00:00.000Z', { personId: null }),
      row('case.open', '2026-03-14T12:00:00.000Z', { clinicId: 'another' }),
    ]);
    const page = await browser.get(`${LOG}/sample?day=${day}`);
    expect(rowsIn(page).map(([, , , what, whose]) => [what, whose])).toEqual([
      ['Läste personens uppgifter', 'Tolvan Prov'],
      ['Ändrade personens uppgifter', 'Tolvan Prov'],
    ]);
    expect(page.text).toContain(`href="${LOG}/${personId}"`);
    expect(await auditOf({ operation: 'audit.sample', personId })).toMatchObject({ allowed: true });

    // Of many it takes a handful, not always the same.
    await service.records.audit.write(
      Array.from({ length: 200 }, (_, index) => row(`test.${index}`, '2026-03-20T10:00:00.000Z')),
    );
    const drawn = await Promise.all(
      Array.from({ length: 4 }, async () =>
        rowsIn(await browser.get(`${LOG}/sample?day=2026-03-20`)).map(([, , , what]) => what),
      ),
    );
    for (const each of drawn) expect(new Set(each).size).toBe(10);
    expect(new Set(drawn.map((each) => each.join(' '))).size).toBeGreaterThan(1);
  });

  /** The rows of a page's table, as texts. */
  const rowsIn = (page: Shown): string[][] =>
    [...page.text.matchAll(/<tr><th scope="row">[^]*?<\/tr>/g)].map(([row]) =>
      row
        .split(/<\/t[dh]>/)
        .slice(0, -1)
        .map((cell) => cell.replace(/<[^>]*>/g, '')),
    );
});

describe('settings', () => {
  const SETTINGS = '/desk/manage/settings';
  const meetings = {
    noticeHours: '48',
    graceMinutes: '10',
    doorOpensMinutesBefore: '20',
    overrunMinutes: '30',
  };

  it('a group is changed by the API’s command; all other settings stay as they are', async () => {
    const { clinic, browser, member } = await managed();
    const before = await settingsOf(clinic);
    const page = await browser.get(SETTINGS);
    expect(page.text).toContain('24 timmar före');
    const form = await browser.get(`${SETTINGS}/meetings`);
    expect(typedIn(form, 'noticeHours')).toBe('24');
    const saved = await browser.submit(form, `${SETTINGS}/meetings`, meetings);
    expect(saved.location).toBe(`${SETTINGS}?said=saved`);
    expect(await settingsOf(clinic)).toEqual({
      ...before,
      noticeHours: 48,
      graceMinutes: 10,
      doorOpensMinutesBefore: 20,
      overrunMinutes: 30,
    });
    expect(await auditOf({ operation: 'clinic.change-settings' })).toMatchObject({
      staffId: member.staffIds[0],
      role: 'operations-manager',
      loggedIn: true,
    });
    // The same form again is saved already.
    const again = await browser.submit(form, `${SETTINGS}/meetings`, meetings);
    expect(again.location).toBe(`${SETTINGS}?said=saved`);
    expect((await browser.get(saved.location!)).text).toContain('48 timmar före');
  });

  it('each group is read and written back as it is, and changes nothing', async () => {
    const { clinic, browser } = await managed();
    const text = { sv: 'Rad ett\n\n## Rubrik\n- å ä ö "citat" <b>', en: 'Line\none' };
    const before = (await settingsOf(clinic)) as { presentation: object; caseRules: object };
    await clinic.call('PUT', '/clinic/settings', {
      role: 'operations-manager',
      body: {
        ...before,
        presentation: {
          ...before.presentation,
          colour: '#0b4a57',
          controller: 'Regionstyrelsen, 462 80 Vänersborg',
          privacyNotice: text,
          accessibilityStatement: text,
        },
        caseRules: { ...before.caseRules, staffEmails: ['a@example.org', 'b@example.org'] },
      },
    });
    const now = await settingsOf(clinic);
    for (const group of ['contact', 'meetings', 'notices', 'cases', 'look', 'privacy', 'accessibility']) {
      const page = await browser.get(`${SETTINGS}/${group}`);
      const saved = await browser.submit(page, `${SETTINGS}/${group}`, allTypedIn(page));
      expect([group, saved.location]).toEqual([group, `${SETTINGS}?said=saved`]);
    }
    expect(await settingsOf(clinic)).toEqual(now);
  });

  it('quiet hours, addresses and texts are set and taken away', async () => {
    const { clinic, browser } = await managed();
    const change = async (group: string, fields: Record<string, string>) => {
      const page = await browser.get(`${SETTINGS}/${group}`);
      return browser.submit(page, `${SETTINGS}/${group}`, fields);
    };
    const quiet = { quietFrom: '20:00', quietUntil: '08:00', quietUnlessBefore: '11:00' };
    await change('notices', { hasQuietHours: 'yes', ...quiet });
    expect(await settingsOf(clinic)).toMatchObject({
      linkInSms: false,
      noticeRules: { quietHours: { from: '20:00', until: '08:00', unlessBefore: '11:00' } },
    });
    await change('notices', { linkInSms: 'yes', ...quiet });
    expect(await settingsOf(clinic)).toMatchObject({ linkInSms: true, noticeRules: { quietHours: null } });
    expect((await browser.get(SETTINGS)).text).not.toContain('Tyst från');
    await change('notices', { linkInSms: 'yes', hasQuietHours: 'yes', ...quiet });

    const rules = { opensAt: '07:30', closesAt: '17:00', warnMinutesBeforeClosing: '60', burstMinutes: '15' };
    await change('cases', {
      ...rules,
      patientsMayOpen: 'yes',
      staffEmails: 'a@example.org\r\nb@example.org',
      managerEmails: '',
    });
    expect((await settingsOf(clinic)).caseRules).toEqual({
      opensAt: '07:30',
      closesAt: '17:00',
      warnMinutesBeforeClosing: 60,
      burstMinutes: 15,
      patientsMayOpen: true,
      staffEmails: ['a@example.org', 'b@example.org'],
      managerEmails: [],
    });
    await change('privacy', { privacySv: 'En text\r\n\r\ntill', privacyEn: 'A text' });
    expect((await settingsOf(clinic)).presentation).toMatchObject({
      privacyNotice: { sv: 'En text\n\ntill', en: 'A text' },
    });
    await change('privacy', { privacySv: '', privacyEn: '  ' });
    expect((await settingsOf(clinic)).presentation).toMatchObject({ privacyNotice: null });
  });

  it('what is wrong is told at its field by the API’s own schema; nothing is saved', async () => {
    const { clinic, browser } = await managed();
    const before = await settingsOf(clinic);
    const cases = {
      opensAt: '08:00',
      closesAt: '16:00',
      warnMinutesBeforeClosing: '60',
      burstMinutes: '1',
      staffEmails: 'a@example.org',
      managerEmails: '',
    };
    for (const [group, fields, wrong] of [
      [
        'meetings',
        { ...meetings, noticeHours: '2 dygn', graceMinutes: '0' },
        ['noticeHours', 'graceMinutes'],
      ],
      ['contact', { phone: '', supportPhone: '010' }, ['phone']],
      [
        'notices',
        { hasQuietHours: 'yes', quietFrom: '21:00', quietUntil: '21:00', quietUnlessBefore: '22:00' },
        ['quietUntil'],
      ],
      [
        'notices',
        { hasQuietHours: 'yes', quietFrom: '21:00', quietUntil: '07:00', quietUnlessBefore: '06:00' },
        ['quietUnlessBefore'],
      ],
      ['cases', { ...cases, closesAt: '07:00' }, ['closesAt']],
      ['cases', { ...cases, staffEmails: 'x', burstMinutes: '0' }, ['staffEmails', 'burstMinutes']],
      ['look', { colour: '#ffff00', controller: '', dataProtectionOfficer: '' }, ['colour']],
      ['privacy', { privacySv: 'Bara svenska', privacyEn: '' }, ['privacyEn']],
    ] as [string, Record<string, string>, string[]][]) {
      const page = await browser.get(`${SETTINGS}/${group}`);
      const refused = await browser.submit(page, `${SETTINGS}/${group}`, fields);
      expect([group, refused.status]).toEqual([group, 422]);
      const told = [...refused.text.matchAll(/id="(\w+)-problem"/g)].map(([, name]) => name);
      expect(wrong.every((name) => told.includes(name))).toBe(true);
      const { hasQuietHours, ...typed } = fields;
      for (const [name, value] of Object.entries(typed)) expect(typedIn(refused, name)).toBe(value);
      expect(refused.text.includes('name="hasQuietHours" value="yes" checked')).toBe(hasQuietHours === 'yes');
    }
    expect(await settingsOf(clinic)).toEqual(before);
  });

  it('a page on which somebody has changed the same meanwhile is told so, and overwrites nothing', async () => {
    const { clinic, browser } = await managed();
    const { browser: second } = await another(clinic, { roles: ['operations-manager'] });
    const path = `${SETTINGS}/meetings`;
    const [mine, theirs] = [await browser.get(path), await second.get(path)];
    await second.submit(theirs, path, { ...meetings, graceMinutes: '33' });
    const stale = await browser.submit(mine, path, meetings);
    expect(stale.status).toBe(409);
    expect(stale.text).toContain('Någon annan har ändrat det här sedan du öppnade sidan.');
    expect(stale.text).toMatch(/Väntetid på patienten<\/dt><dd>33 minuter/);
    expect(typedIn(stale, 'graceMinutes')).toBe('10');
    expect(await settingsOf(clinic)).toMatchObject({ graceMinutes: 33 });
    // Wrong and stale: it stays stale once it is right.
    const wrong = await browser.submit(mine, path, { ...meetings, noticeHours: 'x' });
    expect((await browser.submit(wrong, path, { ...meetings, graceMinutes: '11' })).status).toBe(409);
    // Another group is not touched by it.
    const contact = await browser.get(`${SETTINGS}/contact`);
    await second.submit(await second.get(path), path, { ...meetings, graceMinutes: '34' });
    await browser.submit(contact, `${SETTINGS}/contact`, { phone: '010-1', supportPhone: '010-2' });
    expect(await settingsOf(clinic)).toMatchObject({ graceMinutes: 34, phone: '010-1' });
    // Seen, it can be saved.
    expect((await browser.submit(stale, path, meetings)).status).toBe(409);
    const seen = await browser.get(path);
    expect((await browser.submit(seen, path, meetings)).status).toBe(303);
  });

  it('of two managers who save at once nothing is lost, whatever the groups; fees are not touched', async () => {
    const { clinic, browser } = await managed();
    const { browser: second } = await another(clinic, { roles: ['operations-manager'] });
    const [one, two] = [await browser.get(`${SETTINGS}/meetings`), await second.get(`${SETTINGS}/contact`)];
    const phones = { phone: '010-7', supportPhone: '010-8' };
    const csv =
      'feeCode;validFrom;validUntil;visitFeeOre;missedVisitFeeOre\nvisit;2020-01-01;;30000;40000\nchat;2020-01-01;;1;1\n';
    const [saved, alsoSaved, imported] = await Promise.all([
      browser.submit(one, `${SETTINGS}/meetings`, meetings),
      second.submit(two, `${SETTINGS}/contact`, phones),
      clinic.call('POST', '/clinic/fees/import', { role: 'operations-manager', body: { csv } }),
    ]);
    // Whoever lost is told, and what was saved stands.
    const now = await settingsOf(clinic);
    expect([303, 409]).toContain(saved.status);
    expect([303, 409]).toContain(alsoSaved.status);
    expect([saved.status, alsoSaved.status]).toContain(303);
    expect(now.noticeHours).toBe(saved.status === 303 ? 48 : 24);
    expect(now.phone).toBe(alsoSaved.status === 303 ? '010-7' : '010-000 00 11');
    expect([imported.status, (now.fees as object[]).length]).toEqual([200, 2]);
  });

  it('carried out twice, as after a crash, it is one change and is not refused by itself', async () => {
    const { clinic, member } = await managed();
    const { records, temporal, clock } = service;
    const deps = { records, temporal, clock, roomKey: testKeys.roomKey };
    const twice = async (
      operation: 'clinic.change-settings' | 'staff.change',
      params: object,
      body: object,
    ) => {
      const acceptance = await records.commands.accept(
        randomId(),
        {
          clinicId: clinic.clinicId,
          operation,
          actor: { kind: 'staff', staffId: member.staffIds[0]!, role: 'operations-manager', loggedIn: true },
          reason: null,
          params: { ...params },
          body,
        },
        new Date(),
      );
      if (acceptance.kind !== 'carry-out') throw new Error(acceptance.kind);
      // Its process died before its answer was stored.
      await (commands[operation] as CarryOut)(deps, acceptance.command);
      return carryOut(deps, acceptance.command);
    };
    const before = await settingsOf(clinic);
    const changed = { ...before, graceMinutes: 44 };
    expect((await twice('clinic.change-settings', { asRead: '' }, changed)).status).toBe(200);
    expect(await settingsOf(clinic)).toEqual(changed);
    expect((await twice('clinic.change-settings', { asRead: '' }, before)).status).toBe(409);
    expect(await settingsOf(clinic)).toEqual(changed);

    const { memberId, name, title, staffIds, roles, login, isActive, changedAt } = member;
    const body = { name, title: 'chef', staffIds, roles, login, isActive };
    const asRead = { memberId, asRead: changedAt };
    expect((await twice('staff.change', asRead, body)).status).toBe(200);
    expect((await twice('staff.change', asRead, { ...body, title })).status).toBe(409);
    expect((await records.staff.find(clinic.clinicId, memberId))?.title).toBe('chef');
  });
});

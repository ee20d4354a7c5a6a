import { createClinic, type TestClinic } from '../../support/clinic';
import { filledForm, problemsIn, readOf, titleOf } from '../../support/desk-forms';
import { CO_ORDINATION_NUMBER, testPeople, type Visitor } from '../../support/patient';
import { startService, type Service } from '../../support/service';
import { addStaff, staffVisitor } from '../../support/staff';
import { waitUntil } from '../../support/wait-until';
import type { DeskRole } from '../../../rules/staff';
import { DAY, inMs, openDatabase, type RawDatabase } from '../helpers';

/** People on the desk: found, added and changed (R2.2, R3.2, R7.8, R8.8; issue 17). */
let service: Service;
let raw: RawDatabase;
beforeAll(async () => {
  service = await startService({ workers: false });
  raw = await openDatabase(service);
});
afterAll(async () => {
  await raw.close();
  await service.close();
});

/** A clinic with one at its desk. */
async function atDesk(roles: DeskRole[] = ['clinician']): Promise<{ clinic: TestClinic; desk: Visitor }> {
  const clinic = await createClinic(service);
  return { clinic, desk: await deskOf(clinic, roles) };
}

let members = 0;
async function deskOf(clinic: TestClinic, roles: DeskRole[]): Promise<Visitor> {
  members += 1;
  return staffVisitor(service, await addStaff(service, clinic, { id: `P${members}`, roles }));
}

const auditOf = ({ clinicId }: TestClinic, operation: string) => raw.audit({ clinicId, operation });

async function find(desk: Visitor, sought: string) {
  return desk.submit(await desk.get('/desk/people'), '/desk/people', { sought });
}

/** As the record has them, also of one with protected data. */
const personOf = async ({ call }: TestClinic, personId: string) => {
  const as = { role: 'operations-manager', reason: 'a test' };
  return (await call('GET', `/clinic/people/${personId}`, as)).body as Record<string, unknown>;
};

it.each([
  ['twelve digits', '198112189876'],
  ['with a hyphen', '19811218-9876'],
  ['with a space', ' 19811218 9876 '],
  ['as it is pasted', '“19811218\u2011\u200b9876”'],
  ['ten digits, of the one who has them', '811218-9876'],
  ['with spaces around the hyphen', '811218 - 9876'],
])('R8.8 a person is found by number: %s', async (_, typed) => {
  const { clinic, desk } = await atDesk(['booker']);
  const personId = await clinic.addPatient({ personalNumber: testPeople.patient, birthDate: undefined });
  const found = await find(desk, typed);
  expect([found.status, found.location]).toEqual([303, `/desk/people/${personId}`]);
  const page = await desk.get(found.location!);
  expect(page.status).toBe(200);
  expect(readOf(page)).toMatch(/Tolvan Testperson.*19811218-9876.*1981-12-18/);
  expect(titleOf(page)).toBe('Person – Digitalt vårdmöte');
  const searches = await auditOf(clinic, 'person.search');
  expect(searches.map((row) => row.personId)).toEqual([null, personId]);
  expect(await auditOf(clinic, 'person.read')).toMatchObject([{ personId, role: 'booker', loggedIn: true }]);
});

it('R8.8 a search without a hit is logged, finds nobody of another clinic, and leads to adding', async () => {
  const { clinic, desk } = await atDesk();
  const other = await createClinic(service);
  await other.addPatient({ personalNumber: testPeople.patient, birthDate: undefined });
  const none = await find(desk, '19811218-9876');
  expect([none.status, none.location]).toEqual([200, null]);
  expect(readOf(none)).toContain('Ingen på mottagningen har det numret');
  expect(await auditOf(clinic, 'person.search')).toMatchObject([
    { personId: null, allowed: true, staffId: expect.any(String) as string },
  ]);

  const add = await desk.submit(none, '/desk/people/add/number');
  expect(add.status).toBe(200);
  expect(filledForm(add, '/desk/people/add')).toMatchObject({ number: '19811218-9876', name: '' });

  for (const wrong of ['', '198112189875', '811218-9875', 'har mellanslag i']) {
    const refused = await find(desk, wrong);
    expect([refused.status, Object.keys(problemsIn(refused))]).toEqual([422, ['sought']]);
  }
  expect(await auditOf(clinic, 'person.search')).toHaveLength(5);
  expect(service.logLines.join('\n')).not.toMatch(/19811218|811218-987/);
});

it('a meeting is found by the booking’s reference; several are listed', async () => {
  const { clinic, desk } = await atDesk();
  const patientId = await clinic.addPatient();
  const hidden = await clinic.addPatient({ name: 'Hemlig Testperson', protectedIdentity: true }, false);
  const { meetingId } = await clinic.book({ patientId, startAt: inMs(3 * DAY), reference: 'PAS/17-a' });
  const one = await find(desk, 'PAS/17-a');
  expect([one.status, one.location]).toEqual([303, `/desk/meetings/${meetingId}`]);

  const second = await clinic.book({ patientId: hidden, startAt: inMs(4 * DAY), reference: 'PAS/17-a' });
  const both = await find(desk, 'PAS/17-a');
  expect(both.status).toBe(200);
  expect(both.text).toContain(`/desk/meetings/${meetingId}"`);
  expect(both.text).toContain(`/desk/meetings/${second.meetingId}"`);
  expect(readOf(both)).toContain('Skyddade personuppgifter');
  expect(both.text).not.toContain('Hemlig');
  const rows = await auditOf(clinic, 'person.search');
  expect(rows.map(({ personId }) => personId)).toEqual(
    expect.arrayContaining([null, patientId, hidden]) as unknown[],
  );
  expect(readOf(await find(desk, 'PAS/18'))).toContain('Inget möte har den referensen');
});

const newPerson = {
  name: 'Tilde Testperson',
  number: '19811218-9876',
  mobile: '070-174 06 05',
  email: 'tilde@example.se',
  language: 'en',
  noticesBy: 'email',
  unsuitable: ['telephone', 'video-telephony'],
  sms: 'asked',
};

async function addAs(desk: Visitor, fields: Record<string, string | string[]>) {
  const page = await desk.get('/desk/people/add');
  return desk.submit(page, '/desk/people/add', fields);
}

it('a person is added with all that is asked for; the same form posted twice adds one', async () => {
  const { clinic, desk } = await atDesk(['booker']);
  const page = await desk.get('/desk/people/add');
  const added = await desk.submit(page, '/desk/people/add', newPerson);
  expect(added.location).toMatch(/^\/desk\/people\/[\w-]{22}\?said=added$/);
  const again = await desk.submit(page, '/desk/people/add', newPerson);
  expect(again.location).toBe(added.location);

  const personId = added.location!.slice('/desk/people/'.length, -'?said=added'.length);
  expect(await personOf(clinic, personId)).toMatchObject({
    name: 'Tilde Testperson',
    personalNumber: testPeople.patient,
    birthDate: '1981-12-18',
    mobile: '+46701740605',
    email: 'tilde@example.se',
    language: 'en',
    noticesBy: 'email',
    unsuitableWays: ['telephone', 'video-telephony'],
    protectedIdentity: false,
    smsConsent: { given: true, source: 'asked' },
    careHistoryConsent: null,
  });
  expect(await raw.db.collection('people').countDocuments({ clinicId: clinic.clinicId })).toBe(1);
  const shown = readOf(await desk.get(added.location!));
  expect(shown).toContain('Personen är tillagd.');
  expect(shown).toMatch(/Samtycke till sms Ja, \d{4}-\d\d-\d\d/);
  expect(await auditOf(clinic, 'person.add')).toContainEqual(
    expect.objectContaining({ personId, loggedIn: true }),
  );
});

it('A4, B7 a person who could not be added at once is added once, with the consent, however often one presses', async () => {
  const { clinic, desk } = await atDesk(['booker']);
  const { people } = service.records;
  const { add } = people;
  const first = await desk.get('/desk/people/add');
  const typed = { ...newPerson, number: '', 'birth.year': '1990', 'birth.month': '2', 'birth.day': '3' };
  people.add = () => Promise.reject(new Error('a fault of ours'));
  const received = await desk.submit(first, '/desk/people/add', typed);
  people.add = add;
  expect(received.status).toBe(503);
  expect(readOf(received)).toContain('Trycker du på samma knapp igen ser du hur det gick');
  const shown = await waitUntil(
    () => desk.submit(received, '/desk/people/add', typed),
    ({ status }) => status === 303,
  );
  const personId = shown.location!.slice('/desk/people/'.length, -'?said=added'.length);
  expect(await personOf(clinic, personId)).toMatchObject({ smsConsent: { given: true, source: 'asked' } });
  expect(await raw.db.collection('people').countDocuments({ clinicId: clinic.clinicId })).toBe(1);
});

it('what cannot be added is told at its fields, what was typed stays, and nothing is added', async () => {
  const { clinic, desk } = await atDesk();
  const before = await raw.contents();
  const cases: [Record<string, string>, string[]][] = [
    [
      { name: ' ', number: '', mobile: '08-123', email: 'tilde@', 'birth.year': '' },
      ['birth', 'name', 'mobile', 'email'],
    ],
    [{ name: 'Kim', number: '', mobile: '', email: '' }, ['birth']],
    [{ number: '811218-9876' }, ['number']],
    [{ number: '19811218-9875' }, ['number']],
    [{ 'birth.year': '1981', 'birth.month': '2', 'birth.day': '30' }, ['birth']],
    [{ 'birth.year': '1980', 'birth.month': '5', 'birth.day': '17' }, ['birth']],
    [{ number: '', 'birth.year': '80', 'birth.month': '5', 'birth.day': '17' }, ['birth']],
    [{ number: '', 'birth.year': '2199', 'birth.month': '1', 'birth.day': '1' }, ['birth']],
    [{ mobile: '+47 406 12 345' }, ['mobile']],
  ];
  for (const [typed, fields] of cases) {
    const refused = await addAs(desk, { ...newPerson, ...typed });
    expect([refused.status, Object.keys(problemsIn(refused)).sort()]).toEqual([422, fields.sort()]);
    expect(filledForm(refused, '/desk/people/add')).toMatchObject({ ...newPerson, ...typed });
    expect(readOf(refused)).toContain('Personen är inte tillagd än');
  }
  expect(await raw.contents()).toEqual(before);

  expect(await raw.db.collection('people').countDocuments({ clinicId: clinic.clinicId })).toBe(0);
});

it('a co-ordination number and a birth date of one figure are taken as they are typed', async () => {
  const { clinic, desk } = await atDesk();
  const numbered = await addAs(desk, { name: 'Kim Testperson', number: CO_ORDINATION_NUMBER });
  const dated = await addAs(desk, {
    name: 'Nyfödd',
    'birth.year': '2024',
    'birth.month': '5',
    'birth.day': '7',
  });
  const idIn = (location: string | null): string => /people\/([\w-]{22})/.exec(location ?? '')?.[1] ?? '';
  expect(await personOf(clinic, idIn(numbered.location))).toMatchObject({
    personalNumber: CO_ORDINATION_NUMBER,
    identityKind: 'co-ordination-number',
  });
  expect(await personOf(clinic, idIn(dated.location))).toMatchObject({
    personalNumber: null,
    birthDate: '2024-05-07',
    mobile: null,
    smsConsent: null,
  });
});

it('a number that the clinic has leads to the person who has it', async () => {
  const { clinic, desk } = await atDesk();
  const personId = await clinic.addPatient({ personalNumber: testPeople.patient, birthDate: undefined });
  const refused = await addAs(desk, newPerson);
  expect([refused.status, Object.keys(problemsIn(refused))]).toEqual([409, ['number']]);
  expect(refused.text).toContain(`href="/desk/people/${personId}"`);
  expect(refused.text).not.toContain('Tolvan Testperson');
  expect(await auditOf(clinic, 'person.add')).toContainEqual(expect.objectContaining({ personId }));
  expect(await raw.db.collection('people').countDocuments({ clinicId: clinic.clinicId })).toBe(1);
});

it('contact ways are changed; a foreign number only where the clinic takes such', async () => {
  const { clinic, desk } = await atDesk(['booker']);
  const personId = await clinic.addPatient({ mobile: '+46701740605' });
  const path = `/desk/people/${personId}/change`;
  const page = await desk.get(path);
  const form = filledForm(page, path);
  expect(form).toMatchObject({ name: 'Tolvan Testperson', mobile: '070-174 06 05', language: 'sv' });
  const foreign = await desk.post(path, { ...form, mobile: '+47 406 12 345', email: 'kim@example.se' });
  expect([foreign.status, Object.keys(problemsIn(foreign))]).toEqual([422, ['mobile']]);
  expect(filledForm(foreign, path)).toMatchObject({ mobile: '+47 406 12 345', email: 'kim@example.se' });
  expect(await personOf(clinic, personId)).toMatchObject({ mobile: '+46701740605', email: null });

  const typed = { ...filledForm(foreign, path), mobile: '0701740606', name: 'Tolvan Ny' };
  const changed = await desk.post(path, typed);
  expect(changed.location).toBe(`/desk/people/${personId}?said=changed`);
  const again = await desk.post(path, typed);
  expect(again.location).toBe(changed.location);
  expect(await personOf(clinic, personId)).toMatchObject({
    name: 'Tolvan Ny',
    mobile: '+46701740606',
    email: 'kim@example.se',
  });
  // The consent was for the number of before (R2.2).
  expect(readOf(await desk.get(changed.location!))).toMatch(/Uppgifterna är sparade.*E-post/);
});

it('of two who change a person at once the later is told, and sees how it stands', async () => {
  const { clinic, desk } = await atDesk();
  const personId = await clinic.addPatient({ mobile: '+46701740605' });
  const path = `/desk/people/${personId}/change`;
  const colleague = await deskOf(clinic, ['booker']);
  const [mine, theirs] = [
    filledForm(await desk.get(path), path),
    filledForm(await colleague.get(path), path),
  ];
  expect((await colleague.post(path, { ...theirs, mobile: '0701740606' })).status).toBe(303);
  const told = await desk.post(path, { ...mine, email: 'kim@example.se' });
  expect(told.status).toBe(409);
  expect(readOf(told)).toMatch(/Någon annan har ändrat.*Så här står det nu.*070-174 06 06/);
  expect(filledForm(told, path)).toMatchObject({ email: 'kim@example.se', mobile: '070-174 06 05' });
  expect(await personOf(clinic, personId)).toMatchObject({ mobile: '+46701740606', email: null });
  const saved = await desk.post(path, { ...filledForm(told, path), mobile: '0701740606' });
  expect(saved.status).toBe(303);
  expect(await personOf(clinic, personId)).toMatchObject({ mobile: '+46701740606', email: 'kim@example.se' });

  const both = [filledForm(await desk.get(path), path), filledForm(await colleague.get(path), path)];
  const answers = await Promise.all([
    desk.post(path, { ...both[0], name: 'Ett' }),
    colleague.post(path, { ...both[1], name: 'Två' }),
  ]);
  expect(answers.map(({ status }) => status).sort()).toEqual([303, 409]);
});

it('R2.2 R3.2 consents are recorded with who asked; a stale page is told', async () => {
  const { clinic, desk } = await atDesk(['booker']);
  const personId = await clinic.addPatient({ mobile: '+46701740605' }, false);
  const [sms, history] = ['sms-consent', 'care-history-consent'].map(
    (page) => `/desk/people/${personId}/${page}`,
  ) as [string, string];
  const smsPage = await desk.get(sms);
  const none = await desk.submit(smsPage, sms);
  expect([none.status, Object.keys(problemsIn(none))]).toEqual([422, ['answer']]);
  const yes = await desk.submit(smsPage, sms, { answer: '1177' });
  expect(yes.location).toBe(`/desk/people/${personId}?said=sms`);
  expect((await desk.submit(smsPage, sms, { answer: '1177' })).location).toBe(yes.location);
  const { smsConsent } = await personOf(clinic, personId);
  expect(smsConsent).toMatchObject({
    given: true,
    source: '1177',
    recordedBy: expect.stringMatching(/^staff-P/) as string,
  });
  expect(smsConsent).not.toHaveProperty('seenRecordedAt');

  const stale = await desk.submit(await staleOf(smsPage, desk), sms, { answer: 'no' });
  expect(stale.status).toBe(409);
  expect(readOf(stale)).toMatch(/Någon annan har ändrat.*Nu gäller Ja/);
  expect((await personOf(clinic, personId)).smsConsent).toMatchObject({ given: true });
  expect((await desk.submit(stale, sms, { answer: 'no' })).status).toBe(303);
  expect((await personOf(clinic, personId)).smsConsent).toMatchObject({ given: false, source: 'asked' });

  const historyPage = await desk.get(history);
  expect(historyPage.text).not.toContain('value="guardian"');
  expect((await desk.submit(historyPage, history, { answer: 'person' })).status).toBe(303);
  expect((await personOf(clinic, personId)).careHistoryConsent).toMatchObject({
    given: true,
    givenBy: 'person',
  });
  const guardian = await desk.submit(await desk.get(history), history, { answer: 'guardian' });
  expect([guardian.status, Object.keys(problemsIn(guardian))]).toEqual([422, ['answer']]);
});

/** A page as it was, with a key of its own: one that somebody else has had open. */
async function staleOf(page: Awaited<ReturnType<Visitor['get']>>, desk: Visitor) {
  const fresh = await desk.get(page.path);
  const key = /name="formKey" value="([^"]*)"/;
  return { ...page, text: page.text.replaceAll(new RegExp(key, 'g'), key.exec(fresh.text)![0]) };
}

it('R7.1 for a child of at most 12 a guardian can answer', async () => {
  const { clinic, desk } = await atDesk();
  const personId = await clinic.addPatient({ birthDate: inMs(-5 * 365 * DAY).slice(0, 10) }, false);
  const path = `/desk/people/${personId}/care-history-consent`;
  expect((await desk.submit(await desk.get(path), path, { answer: 'no-guardian' })).status).toBe(303);
  expect((await personOf(clinic, personId)).careHistoryConsent).toMatchObject({
    given: false,
    givenBy: 'guardian',
  });
});

it('R8.8 who has protected data is shown by one logged press to those who perform, to nobody else', async () => {
  const { clinic, desk } = await atDesk(['clinician']);
  const staffId = `staff-P${members}`;
  const booker = await deskOf(clinic, ['booker']);
  const colleague = await deskOf(clinic, ['clinician']);
  const secrets = ['Hemlig', '19811218', '070-174', '+4670174', 'hemlig@example.se', '1981-12-18'];
  const personId = await clinic.addPatient({
    name: 'Hemlig Testperson',
    personalNumber: testPeople.patient,
    birthDate: undefined,
    mobile: '+46701740605',
    email: 'hemlig@example.se',
    protectedIdentity: true,
  });
  await clinic.book({
    patientId: personId,
    startAt: inMs(3 * DAY),
    participants: [{ role: 'staff', staffId }],
  });
  const path = `/desk/people/${personId}`;
  for (const visitor of [desk, booker, colleague])
    for (const page of ['', '/sms-consent', '/care-history-consent']) {
      const shown = await visitor.get(path + page);
      expect([shown.status, secrets.filter((secret) => shown.text.includes(secret))]).toEqual([200, []]);
      expect(readOf(shown)).toContain('Skyddade personuppgifter');
    }
  expect((await find(booker, '19811218-9876')).location).toBe(path);
  expect((await desk.get(`${path}/change`)).location).toBe(`${path}/protected/change`);

  const opened = await desk.get(`${path}/protected`);
  expect(readOf(opened)).toMatch(/Hemlig Testperson.*19811218-9876/);
  expect(titleOf(opened)).not.toContain('Hemlig');
  for (const page of ['protected', 'protected/change']) {
    for (const visitor of [booker, colleague]) {
      const refused = await visitor.get(`${path}/${page}`);
      expect([refused.status, secrets.filter((secret) => refused.text.includes(secret))]).toEqual([403, []]);
    }
  }
  const manager = await deskOf(clinic, ['operations-manager']);
  const asked = await manager.get(`${path}/protected`);
  expect([asked.status, asked.text.includes('Hemlig')]).toEqual([403, false]);
  const stated = await manager.submit(asked, '/desk/reason', { reason: 'uppföljning av en avvikelse' });
  expect(readOf(await manager.get(stated.location!))).toContain('Hemlig Testperson');
  expect(await auditOf(clinic, 'person.read-protected')).toMatchObject([
    { personId, role: 'clinician', allowed: true },
    { personId, role: 'booker', allowed: false },
    { personId, role: 'clinician', allowed: false },
    { personId, role: 'booker', allowed: false },
    { personId, role: 'clinician', allowed: false },
    { personId, role: 'operations-manager', allowed: false },
    { personId, role: 'operations-manager', allowed: true, reason: 'uppföljning av en avvikelse' },
  ]);
  const form = filledForm(await desk.get(`${path}/protected/change`), `${path}/protected/change`);
  const byBooker = await booker.get(path);
  const csrf = /name="csrf" value="([^"]*)"/.exec(byBooker.text)![1]!;
  expect((await booker.post(`${path}/protected/change`, { ...form, csrf, name: 'Annan' })).status).toBe(403);
  expect((await booker.post(`${path}/change`, { ...form, csrf, name: 'Annan' })).location).toBe(
    `${path}/protected/change`,
  );
  // Nor by a form that was opened before the data was protected, or says so.
  for (const seen of ['', '2026-01-01T00:00:00.000Z'])
    for (const [name, mobile] of [
      ['', ''],
      ['Annan', 'inget nummer'],
    ] as const) {
      const stale = await booker.post(`${path}/change`, { name, mobile, csrf, seen });
      expect([stale.status, secrets.filter((secret) => stale.text.includes(secret))]).toEqual([303, []]);
      expect(stale.location).toBe(`${path}/protected/change`);
    }
  expect(await personOf(clinic, personId)).toMatchObject({ name: 'Hemlig Testperson' });
  const changed = await desk.post(`${path}/protected/change`, { ...form, name: 'Hemlig Ny' });
  expect(changed.status).toBe(303);
  expect(await personOf(clinic, personId)).toMatchObject({ name: 'Hemlig Ny', protectedIdentity: true });
});

it('somebody becomes protected, and the same form posted again tells that it is done', async () => {
  const { clinic, desk } = await atDesk(['booker']);
  const personId = await clinic.addPatient();
  const path = `/desk/people/${personId}/change`;
  const form = { ...filledForm(await desk.get(path), path), protectedIdentity: 'yes' };
  for (let press = 0; press < 2; press += 1)
    expect((await desk.post(path, form)).location).toBe(`/desk/people/${personId}?said=changed`);
  expect(readOf(await desk.get(`/desk/people/${personId}`))).toContain('Skyddade personuppgifter');
});

it('a person’s page has meetings and cases with the ways on, also those of a child whose guardian it is', async () => {
  const { clinic, desk } = await atDesk();
  const guardianId = await clinic.addPatient({ name: 'Maria Testperson' });
  const childId = await clinic.addPatient(
    { birthDate: inMs(-5 * 365 * DAY).slice(0, 10), name: 'Lilla' },
    false,
  );
  const own = await clinic.book({ patientId: guardianId, startAt: inMs(2 * DAY) });
  const { meetingId } = await clinic.book({
    patientId: childId,
    startAt: inMs(3 * DAY),
    participants: [
      { role: 'staff', staffId: 'clinician-1' },
      { role: 'guardian', personId: guardianId },
    ],
    suitability: {
      assessedBy: 'clinician-1',
      disability: false,
      answers: Object.fromEntries(
        [
          'physical-meeting-not-required',
          'adapted-to-the-person',
          'enough-known',
          'follow-up-possible',
          'child-needs-met',
          'child-can-be-examined',
          'child-protected',
        ].map((question) => [question, true]),
      ),
    },
  });
  const page = await desk.get(`/desk/people/${guardianId}`);
  const shown = readOf(page);
  for (const href of [
    `/desk/meetings/${own.meetingId}`,
    `/desk/meetings/${meetingId}`,
    `/desk/book?person=${guardianId}`,
    `/desk/cases/open/${guardianId}`,
  ])
    expect(page.text).toContain(`href="${href}"`);
  expect(shown).toContain('Vårdnadshavare (Lilla)');
  expect(shown).toContain('Inga ärenden.');
  expect((await auditOf(clinic, 'person.read')).map((row) => row.personId)).toEqual([guardianId, childId]);
});

it('another clinic’s person is unknown; a page of before, or from elsewhere, changes nothing', async () => {
  const { clinic, desk } = await atDesk();
  const other = await createClinic(service);
  const theirs = await other.addPatient();
  for (const page of ['', '/protected', '/change', '/sms-consent', '/care-history-consent'])
    expect((await desk.get(`/desk/people/${theirs}${page}`)).status).toBe(404);

  const personId = await clinic.addPatient();
  const path = `/desk/people/${personId}/change`;
  const form = filledForm(await desk.get(path), path);
  const before = await raw.contents();
  const refused = [
    await desk.post(path, { ...form, csrf: 'x'.repeat(43), name: 'Annan' }),
    await desk.post(path, { ...form, name: 'Annan' }, { 'sec-fetch-site': 'cross-site' }),
    await desk.post('/desk/people', { sought: testPeople.patient }),
    await desk.post(path, { ...form, language: 'de' }),
    await desk.post(path, { ...form, seen: 'yesterday' }),
  ];
  expect(refused.map(({ status }) => status)).toEqual([403, 403, 403, 403, 403]);
  expect((await desk.post(`/desk/people/${theirs}/change`, { ...form, name: 'Annan' })).status).toBe(404);
  expect(await raw.contents()).toEqual(before);
});

describe('R7.8 number and birth date', () => {
  it('are replaced on a page of their own, which says what that means; the log names it', async () => {
    const { clinic, desk } = await atDesk(['booker']);
    const personId = await clinic.addPatient({ personalNumber: testPeople.patient, birthDate: undefined });
    const address = `/desk/people/${personId}/identity`;
    expect((await desk.get(`/desk/people/${personId}`)).text).toContain(`href="${address}"`);
    const page = await desk.get(address);
    expect(filledForm(page, address)).toMatchObject({ number: '19811218-9876', 'birth.year': '' });
    expect(readOf(page)).toContain('Den som loggar in med det nya numret kommer åt personens möten');

    const wrong = await desk.submit(page, address, { number: '19900101-2384' });
    expect([wrong.status, Object.keys(problemsIn(wrong))]).toEqual([422, ['number']]);
    const changed = await desk.submit(page, address, { number: '19900101-2385' });
    expect([changed.status, changed.location]).toEqual([303, `/desk/people/${personId}?said=identity`]);
    const after = readOf(await desk.get(changed.location!));
    expect(after).toContain('Nummer och födelsedatum är sparade.');
    expect(after).toMatch(/19900101-2385.*1990-01-01/);
    // The one that was refused at a field is logged too.
    const asked = { personId, role: 'booker', loggedIn: true };
    expect(await auditOf(clinic, 'person.replace-identity')).toMatchObject([asked, asked]);
  });

  it('of somebody else are refused at the field; a page that is too old is told, and shows how it stands', async () => {
    const { clinic, desk } = await atDesk();
    await clinic.addPatient({ personalNumber: testPeople.stranger, birthDate: undefined });
    const personId = await clinic.addPatient({ birthDate: '2017-01-01' });
    const address = `/desk/people/${personId}/identity`;
    const page = await desk.get(address);
    expect(filledForm(page, address)).toMatchObject({ number: '', 'birth.year': '2017', 'birth.day': '01' });
    const known = await desk.submit(page, address, {
      number: testPeople.stranger,
      'birth.year': '',
      'birth.month': '',
      'birth.day': '',
    });
    expect([known.status, Object.keys(problemsIn(known))]).toEqual([409, ['number']]);

    const stale = await desk.get(address);
    await clinic.call('PUT', `/clinic/people/${personId}/identity`, {
      body: { personalNumber: testPeople.child },
    });
    const late = await desk.submit(stale, address, { ...filledForm(stale, address), 'birth.day': '02' });
    expect(late.status).toBe(409);
    expect(readOf(late)).toMatch(/Någon annan har ändrat.*20170101-2393/);
    expect((await personOf(clinic, personId)).birthDate).toBe('2017-01-01');
  });

  it('R8.8 of one with protected data are changed where they are shown', async () => {
    const { clinic, desk } = await atDesk(['booker']);
    const personId = await clinic.addPatient(
      { personalNumber: testPeople.patient, birthDate: undefined },
      false,
    );
    const open = await desk.get(`/desk/people/${personId}/identity`);
    await clinic.call('PATCH', `/clinic/people/${personId}`, { body: { protectedIdentity: true } });
    const path = `/desk/people/${personId}/protected/identity`;
    const led = await desk.get(`/desk/people/${personId}/identity`);
    expect([led.location, led.text]).toEqual([path, expect.not.stringContaining('8112')]);
    const posted = await desk.submit(open, `/desk/people/${personId}/identity`, { number: '19900101-2385' });
    expect(posted.location).toBe(path);
    expect((await desk.get(path)).status).toBe(403);
    expect((await personOf(clinic, personId)).personalNumber).toBe(testPeople.patient);
  });
});

import { createClinic, type TestClinic } from '../../support/clinic';
import { formIn, visitor } from '../../support/patient';
import { startService, type Service } from '../../support/service';
import { openDatabase, type RawDatabase } from '../helpers';
import { addStaff, logInAsStaff, staffVisitor, testStaffProvider } from '../../support/staff';

/** The desk's way in (R8.1, R8.7; design, decision 18). */
const provider = testStaffProvider();
let service: Service;
let clinic: TestClinic;
let raw: RawDatabase;
beforeAll(async () => {
  service = await startService({ workers: false, staffProvider: provider.startFor });
  clinic = await createClinic(service);
  raw = await openDatabase(service);
});
afterAll(async () => {
  await raw.close();
  await service.close();
  provider.close();
});

const auditOf = async (operation: string) => (await raw.audit({ operation })).at(-1);

it('R8.7 a member of staff logs in with the staff’s login and comes to where they wanted', async () => {
  const member = await addStaff(service, clinic, { id: 'S001', name: 'Anna Ek' });
  const browser = visitor(service.apiUrl);
  const asked = await browser.get('/desk/today?day=2026-12-01');
  expect([asked.status, formIn(asked, '/desk/login')]).toEqual([
    401,
    { returnTo: '/desk/today?day=2026-12-01' },
  ]);
  expect(asked.text).not.toContain('Anna Ek');

  const entered = await logInAsStaff(browser, 'S001', '/desk/today?day=2026-12-01');
  expect([entered.status, entered.location]).toEqual([303, '/desk/today?day=2026-12-01']);
  const today = await browser.get(entered.location!);
  expect(today.status).toBe(200);
  expect(today.text).toContain('Anna Ek, sjuksköterska');
  expect(today.text).toContain('Inga möten den här dagen.');
  expect(await auditOf('staff.log-in')).toMatchObject({
    actor: 'staff',
    staffId: member.staffIds[0],
    loggedIn: true,
    allowed: true,
  });
  expect(await auditOf('meeting.list')).toMatchObject({ staffId: member.staffIds[0], loggedIn: true });
});

it('R8.7 the log tells who logged in from who was only named by the clinic’s system', async () => {
  await clinic.call('GET', '/clinic/meetings?day=2026-12-01', { staffId: 'named-only' });
  const row = await auditOf('meeting.list');
  expect(row).toMatchObject({ staffId: 'named-only' });
  expect(row).not.toHaveProperty('loggedIn');
});

it('somebody whom no clinic has recorded is told so, and sees nothing', async () => {
  const browser = visitor(service.apiUrl);
  const refused = await logInAsStaff(browser, 'X001');
  expect(refused.status).toBe(403);
  expect(refused.text).toContain('Du är inte inlagd som personal');
  expect(browser.cookies.has('vardmote-desk')).toBe(false);
  expect(await auditOf('staff.log-in')).toMatchObject({ actor: 'stranger', allowed: false });
});

it('who works at two clinics chooses, and sees the one alone', async () => {
  const other = await createClinic(service, { name: 'Andra mottagningen' });
  await addStaff(service, clinic, { id: 'L001' });
  const atOther = await addStaff(service, other, { id: 'L001', title: 'läkare' });
  const browser = visitor(service.apiUrl);
  const entered = await logInAsStaff(browser, 'L001');
  expect(entered.location).toBe('/desk/clinic?to=%2Fdesk%2Ftoday');
  const choose = await browser.get(entered.location!);
  expect(choose.text).toContain('Andra mottagningen');
  const chosen = await browser.submit(choose, '/desk/clinic', { memberId: atOther.memberId });
  expect([chosen.status, chosen.location]).toEqual([303, '/desk/today']);
  const today = await browser.get('/desk/today');
  expect(today.text).toContain('Andra mottagningen');
  expect(today.text).toContain('läkare');

  // Nobody chooses to be somebody else.
  const stranger = await addStaff(service, other, { id: 'V001', roles: ['operations-manager'] });
  const refused = await browser.submit(choose, '/desk/clinic', { memberId: stranger.memberId });
  expect(refused.status).toBe(404);
});

it('a role that is taken away is gone with the next click; so is one who has left', async () => {
  const member = await addStaff(service, clinic, { id: 'S002' });
  const browser = await staffVisitor(service, member);
  expect((await browser.get('/desk/today')).status).toBe(200);
  const changed = (change: object) =>
    service.records.staff.change({ ...member, ...change, changedAt: new Date().toISOString() });
  expect(await changed({ roles: [] })).toBe('changed');
  const without = await browser.get('/desk/today');
  expect(without.status).toBe(403);
  expect(without.text).toContain('Du har ingen roll än');
  expect(await changed({ isActive: false })).toBe('changed');
  expect((await browser.get('/desk/today')).location).toBe('/desk/clinic');
  expect((await browser.get('/desk/clinic')).status).toBe(403);
});

it('logging out ends the session; a page of before does nothing any more', async () => {
  const member = await addStaff(service, clinic, { id: 'R001', roles: ['booker'] });
  const browser = await staffVisitor(service, member);
  const page = await browser.get('/desk/today');
  const forged = await browser.post('/desk/logout', { csrf: 'x'.repeat(43) });
  expect(forged.status).toBe(403);
  const foreign = await browser.post('/desk/logout', formIn(page, '/desk/logout'), {
    'sec-fetch-site': 'cross-site',
  });
  expect(foreign.status).toBe(403);
  const secret = browser.cookies.get('vardmote-desk')!;
  const out = await browser.submit(page, '/desk/logout');
  expect(out.location).toBe('/desk/logged-out');
  browser.cookies.set('vardmote-desk', secret);
  expect((await browser.get('/desk/today')).status).toBe(401);
});

it('a login leads nowhere but to a page of the desk', async () => {
  const browser = visitor(service.apiUrl);
  for (const away of [
    'https://evil.example/',
    '//evil.example',
    '/my',
    '/desk/../my',
    '/desk/today?to=https://x',
  ]) {
    const entered = await logInAsStaff(browser, 'S001', away);
    expect(entered.location).toBe('/desk/today');
  }
});

it('R8.7 the clinic’s system records staff: a reference and a login are one person’s', async () => {
  const body = {
    name: 'Bo Berg',
    title: 'läkare',
    staffIds: ['bo'],
    roles: ['clinician'],
    login: 'SE0000000000-B001',
  };
  const as = { role: 'operations-manager' };
  const added = await clinic.call('POST', '/clinic/staff', { ...as, body });
  expect([added.status, added.body]).toEqual([
    201,
    { ...body, memberId: expect.any(String) as string, shownName: 'Bo Berg', isActive: true },
  ]);
  const { memberId } = added.body as { memberId: string };
  for (const twice of [{ staffIds: ['bo', 'other'], login: null }, { staffIds: ['third'] }]) {
    const refused = await clinic.call('POST', '/clinic/staff', { ...as, body: { ...body, ...twice } });
    expect([refused.status, refused.body]).toMatchObject([409, { title: 'staff-known' }]);
  }
  const path = `/clinic/staff/${memberId}`;
  const changed = await clinic.call('PUT', path, {
    ...as,
    body: { ...body, login: null, title: 'överläkare' },
  });
  expect(changed.body).toMatchObject({ memberId, title: 'överläkare', login: null });
  const { items } = (await clinic.call('GET', '/clinic/staff')).body as { items: object[] };
  expect(items).toContainEqual(changed.body);
  const elsewhere = await (await createClinic(service)).call('PUT', path, { ...as, body });
  expect(elsewhere.status).toBe(404);
  const byBooker = await clinic.call('POST', '/clinic/staff', { role: 'booker', body });
  expect(byBooker.status).toBe(403);
  const numbered = await clinic.call('POST', '/clinic/staff', {
    ...as,
    body: { ...body, login: '198112189876' },
  });
  expect(numbered.body).toMatchObject({ title: 'wrong-input', errors: [{ field: '/body/login' }] });
});

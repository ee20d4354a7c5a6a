import { withoutOtherLanguage } from '../../support/desk-forms';
import { randomId } from '../../../platform/keys/random-id';
import type { StaffMember } from '../../../records/staff';
import { openCase } from '../../support/cases';
import { createClinic, type TestClinic } from '../../support/clinic';
import { formIn, type Shown } from '../../support/patient';
import { startService, type Service } from '../../support/service';
import { staffVisitor, testStaffProvider } from '../../support/staff';
import { addInvoiceAndTask, DAY, dayInStockholm, inMs, openDatabase, type RawDatabase } from '../helpers';
import { another as anotherOf, managed as managedOf, routesOf, typedIn } from './managed';

/**
 * The operations manager's overview and staff, and one's own page (R6.5, R8.1, R8.7). No workers: nothing but
 * these pages acts.
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
const staffOf = async (clinic: TestClinic) =>
  ((await clinic.call('GET', '/clinic/staff')).body as { items: StaffMember[] }).items;

describe('who gets in', () => {
  const bodies: Record<string, Record<string, string>> = {
    'staff.add': { name: '', title: '', shownName: '', staffIds: '', login: '' },
    'staff.change': { name: '', title: '', shownName: '', staffIds: '', login: '', asRead: '' },
    'fees.check': { csv: '' },
    'fees.import': { csv: '', asRead: '' },
    'person.search': { personalNumber: '' },
    'clinic.change-settings': { was: '' },
  };

  it('R8.1 nobody but the operations manager; each refused try is logged', async () => {
    const { clinic, member } = await managed();
    const personId = await clinic.addPatient();
    const { browser, member: nurse } = await another(clinic, { roles: ['booker', 'clinician'] });
    const { csrf = '' } = formIn(await browser.get('/desk/me'), '/desk/logout');
    const before = await raw.contents();
    const routes = routesOf(service);
    expect(routes.length).toBeGreaterThan(20);
    for (const { method, path, operation, roles } of routes) {
      expect(roles).toEqual(['operations-manager']);
      const address = path.replace('{memberId}', member.memberId).replace('{personId}', personId);
      const answer =
        method === 'get'
          ? await browser.get(address)
          : await browser.post(address, { csrf, ...bodies[operation] });
      expect([address, answer.status]).toEqual([address, 403]);
      expect(answer.text).toContain('Du har inte behörighet till sidan');
      expect(answer.text).not.toContain('Tolvan');
      expect(await auditOf({ staffId: nurse.staffIds[0], operation })).toMatchObject({ allowed: false });
    }
    expect(await raw.contents()).toEqual(before);
    expect((await browser.get('/desk/me')).text).not.toContain('href="/desk/manage"');
  });

  it('a form that is not ours, or is of before, changes nothing', async () => {
    const { clinic, browser } = await managed();
    const page = await browser.get('/desk/manage/settings/contact');
    const before = await raw.contents();
    const typed = { phone: '1', supportPhone: '2' };
    const action = '/desk/manage/settings/contact';
    const stale = await browser.submit(page, action, { ...typed, csrf: 'x'.repeat(43) });
    const foreign = await browser.post(
      action,
      { ...formIn(page, action), ...typed },
      { 'sec-fetch-site': 'cross-site' },
    );
    // With a file the token is looked for before the file is read.
    const file = new FormData();
    file.set('csrf', 'x'.repeat(43));
    file.set('csv', '');
    file.set('file', new Blob(['feeCode']), 'a.csv');
    expect([
      stale.status,
      foreign.status,
      (await browser.post('/desk/manage/fees/check', file)).status,
    ]).toEqual([403, 403, 403]);
    expect(await raw.contents()).toEqual(before);
    expect(await settingsOf(clinic)).toMatchObject({ phone: '010-000 00 11' });
  });

  it('each page weighs less than 60 KB, and names nobody in its title or address', async () => {
    const { clinic, member, browser } = await managed();
    const personId = await clinic.addPatient({ name: 'Tolvan Titel' });
    for (const { method, path } of routesOf(service)) {
      if (method !== 'get' || path.includes('{personId}')) continue;
      const page = await browser.get(path.replace('{memberId}', member.memberId));
      expect([path, page.status]).toEqual([path, 200]);
      expect(Buffer.byteLength(page.text)).toBeLessThan(60_000);
      expect(/<title>([^<]*)/.exec(page.text)?.[1] ?? '').not.toMatch(/Vera|Tolvan/);
    }
    expect(personId).toMatch(/^[\w-]{22}$/);
  });
});

describe('the overview', () => {
  it('R6.5 R5.1 R2.10 its numbers are the lengths of the lists that they lead to', async () => {
    const { clinic, browser } = await managed();
    const other = await createClinic(service);
    const startAt = inMs(10 * DAY);
    const week = dayInStockholm(startAt);
    const ended = async (of: TestClinic, outcome: string, corrections: object[] = []) => {
      const patientId = await of.addPatient({ name: `Patient ${outcome}` });
      const meeting = await of.book({ patientId, startAt });
      await raw.db.collection<{ _id: string }>('meetings').updateOne(
        { _id: meeting.meetingId },
        {
          $set: {
            'course.outcome': { outcome, decidedBy: 'evidence', because: [], way: null },
            corrections,
          },
        },
      );
      return meeting;
    };
    const noShow = await ended(clinic, 'no-show');
    await ended(clinic, 'no-show', [{ number: 1, outcome: 'completed', was: 'no-show' }]);
    await ended(clinic, 'unclear');
    await ended(clinic, 'completed', [
      { number: 1, outcome: 'unclear', was: 'completed' },
      { number: 2, outcome: 'no-show', was: 'unclear' },
    ]);
    await ended(clinic, 'completed');
    await ended(other, 'no-show');
    const { taskId } = await addInvoiceAndTask(service, noShow.meetingId);
    const due = (dueAt: string) =>
      raw.db.collection<{ _id: string }>('tasks').updateOne({ _id: taskId }, { $set: { dueAt } });
    await due(startAt);
    const breached = await openCase(clinic, await clinic.addPatient());
    const near = await openCase(clinic, await clinic.addPatient());
    const later = await openCase(clinic, await clinic.addPatient());
    const waits = (caseId: string, deadlineAt: string, breachedAt: string | null) =>
      raw.db
        .collection<{ _id: string }>('cases')
        .updateOne(
          { _id: caseId },
          { $set: { waitsForReply: true, urgentAt: deadlineAt, 'course.clock': { deadlineAt, breachedAt } } },
        );
    await waits(breached.caseId, inMs(-DAY), inMs(-DAY));
    await waits(near.caseId, inMs(0), null);
    await waits(later.caseId, inMs(3 * DAY), null);

    const figures = (page: Shown) =>
      [...page.text.matchAll(/<a href="([^"]*)">([^<]*)<\/a><\/th><td><span class="tag [a-z]*">(\d+)</g)].map(
        ([, href = '', label, count]) => [href.split('?')[0], label, Number(count)],
      );
    const page = await browser.get(`/desk/manage?week=${week}`);
    expect(figures(page)).toEqual([
      ['/desk/tasks', 'Försenade uppgifter', 0],
      ['/desk/inbox', 'Ärenden utan svar i tid', 1],
      ['/desk/inbox', 'Ärenden som ska besvaras i dag', 1],
      ['/desk/manage/week', 'Uteblivna besök', 2],
      ['/desk/manage/week', 'Oklara, behöver avgöras', 1],
      ['/desk/manage/week', 'Inget meddelande nådde fram', 1],
    ]);
    const lists = [...page.text.matchAll(/href="(\/desk\/manage\/week[^"]*)">/g)].map(([, href = '']) =>
      href.replaceAll('&amp;', '&'),
    );
    const noShows = await browser.get(lists[0]!);
    expect(noShows.text.match(/href="\/desk\/meetings\//g)).toHaveLength(2);
    expect(noShows.text).toContain(`/desk/meetings/${noShow.meetingId}`);
    expect(noShows.text).toContain('Patient no-show');
    // Whose they are is logged; a list of nothing names nobody.
    const read = await raw.audit({ operation: 'meeting.list', clinicId: clinic.clinicId });
    expect(read.filter(({ personId }) => personId !== null)).toHaveLength(2);
    expect((await browser.get(lists[1]!)).text.match(/href="\/desk\/meetings\//g)).toHaveLength(1);
    expect((await browser.get(lists[2]!)).text).toContain(`/desk/tasks/${taskId}`);

    await due(inMs(-1));
    expect(figures(await browser.get('/desk/manage'))[0]).toEqual(['/desk/tasks', 'Försenade uppgifter', 1]);
    const before = dayInStockholm(inMs(-21 * DAY));
    expect(figures(await browser.get(`/desk/manage?week=${before}`)).slice(3)).toMatchObject([
      [{}, {}, 0],
      [{}, {}, 0],
      [{}, {}, 0],
    ]);
  });

  it('R8.8 its lists show no protected name', async () => {
    const { clinic, browser } = await managed();
    const patientId = await clinic.addPatient({ name: 'Hemlig Person', protectedIdentity: true });
    const startAt = inMs(10 * DAY);
    const { meetingId } = await clinic.book({ patientId, startAt });
    await raw.db
      .collection<{ _id: string }>('meetings')
      .updateOne({ _id: meetingId }, { $set: { 'course.outcome': { outcome: 'unclear' } } });
    const page = await browser.get(`/desk/manage/week?show=unclear&week=${dayInStockholm(startAt)}`);
    expect(page.text).toContain('Skyddade personuppgifter');
    expect(page.text).not.toContain('Hemlig');
  });
});

describe('staff', () => {
  const STAFF = '/desk/manage/staff';
  const typed = {
    name: 'Bo Berg',
    title: 'läkare',
    shownName: '',
    staffIds: 'bo.berg\r\nbo2',
    roles: ['booker', 'clinician'],
    login: 'SE0000000000-BO01',
    isActive: 'yes',
  };

  it('R8.7 a manager adds one, by the same command as the API; the same form twice adds one', async () => {
    const { clinic, browser, member } = await managed();
    const page = await browser.get(`${STAFF}/new`);
    const added = await browser.submit(page, STAFF, typed);
    expect([added.status, added.location]).toEqual([303, `${STAFF}?said=added`]);
    const again = await browser.submit(page, STAFF, typed);
    expect([again.status, again.location]).toEqual([303, `${STAFF}?said=added`]);
    const others = (await staffOf(clinic)).filter(({ memberId }) => memberId !== member.memberId);
    expect(others).toMatchObject([
      {
        name: 'Bo Berg',
        title: 'läkare',
        shownName: 'Bo Berg',
        staffIds: ['bo.berg', 'bo2'],
        roles: ['booker', 'clinician'],
        login: 'SE0000000000-BO01',
        isActive: true,
      },
    ]);
    expect(await auditOf({ operation: 'staff.add' })).toMatchObject({
      staffId: member.staffIds[0],
      role: 'operations-manager',
      loggedIn: true,
      allowed: true,
    });
    const list = await browser.get(added.location!);
    expect(list.text).toContain('Personen är tillagd.');
    expect(list.text).toContain('Bo Berg');
    expect(withoutOtherLanguage(await browser.get(`${STAFF}?said=nonsense`))).not.toContain('nonsense');
  });

  it('R8.7 what is wrong is told at its field, with all that was typed; nothing is kept', async () => {
    const { clinic, browser } = await managed();
    const page = await browser.get(`${STAFF}/new`);
    const before = await staffOf(clinic);
    const wrong = { ...typed, name: ' ', staffIds: 'å', login: '19811218-9876' };
    const refused = await browser.submit(page, STAFF, wrong);
    expect(refused.status).toBe(422);
    for (const field of ['name', 'staffIds', 'login'])
      expect(refused.text).toContain(`id="${field}-problem"`);
    for (const field of ['title', 'roles']) expect(refused.text).not.toContain(`id="${field}-problem"`);
    expect([typedIn(refused, 'title'), typedIn(refused, 'login')]).toEqual(['läkare', '19811218-9876']);
    expect(refused.text).toMatch(/value="clinician" checked/);
    expect(await staffOf(clinic)).toEqual(before);
  });

  it('R8.7 a reference or a login that is another’s is refused, and says which', async () => {
    const { clinic, browser, member } = await managed();
    const page = await browser.get(`${STAFF}/new`);
    const known = await browser.submit(page, STAFF, { ...typed, staffIds: member.staffIds[0]! });
    expect([known.status, known.text.includes(`${member.staffIds[0]} (Vera Chef)`)]).toEqual([409, true]);
    const next = await browser.get(`${STAFF}/new`);
    const login = await browser.submit(next, STAFF, { ...typed, login: member.login! });
    expect([login.status, login.text.includes('id="login-problem"')]).toEqual([409, true]);
    expect(await staffOf(clinic)).toHaveLength(1);
  });

  it('R8.7 one is changed; what somebody else changed meanwhile is told and not overwritten', async () => {
    const { clinic, browser } = await managed();
    const { member } = await another(clinic, {
      name: 'Anna Ek',
      shownName: 'Anna Ek',
      title: 'fysioterapeut',
    });
    const path = `${STAFF}/${member.memberId}`;
    const page = await browser.get(path);
    expect([typedIn(page, 'name'), typedIn(page, 'shownName')]).toEqual(['Anna Ek', '']);
    const change = {
      name: 'Anna Ek',
      title: 'arbetsterapeut',
      shownName: 'A. E.',
      staffIds: member.staffIds[0]!,
      roles: 'booker',
      login: member.login!,
      isActive: 'yes',
    };
    const changed = await browser.submit(page, path, change);
    expect(changed.location).toBe(`${STAFF}?said=changed`);
    expect((await staffOf(clinic)).find(({ name }) => name === 'Anna Ek')).toMatchObject({
      title: 'arbetsterapeut',
      shownName: 'A. E.',
      roles: ['booker'],
    });
    // The page of before.
    const { formKey } = formIn(await browser.get(path), path);
    const stale = await browser.submit(page, path, { ...change, title: 'annat', formKey: formKey! });
    expect(stale.status).toBe(409);
    expect(stale.text).toContain('Någon annan har ändrat uppgifterna');
    expect([typedIn(stale, 'title'), stale.text.includes('arbetsterapeut')]).toEqual(['annat', true]);
    expect((await staffOf(clinic)).some(({ title }) => title === 'annat')).toBe(false);
    // Seen, it can be saved all the same.
    const saved = await browser.submit(stale, path, { ...change, title: 'annat' });
    expect(saved.location).toBe(`${STAFF}?said=changed`);
    expect((await staffOf(clinic)).some(({ title }) => title === 'annat')).toBe(true);
  });

  it('R8.7 of two managers who change the same record at once one is told', async () => {
    const { clinic, browser } = await managed();
    const { browser: second } = await another(clinic, { roles: ['operations-manager'] });
    const { member } = await another(clinic, {});
    const path = `${STAFF}/${member.memberId}`;
    const browsers = [browser, second];
    const pages = await Promise.all(browsers.map((each) => each.get(path)));
    const posts = await Promise.all(
      browsers.map((each, index) =>
        each.submit(pages[index]!, path, {
          ...typed,
          staffIds: member.staffIds[0]!,
          login: member.login!,
          title: `titel ${index}`,
        }),
      ),
    );
    expect(posts.map(({ status }) => status).sort()).toEqual([303, 409]);
    const won = posts.findIndex(({ status }) => status === 303);
    expect((await staffOf(clinic)).find((each) => each.memberId === member.memberId)?.title).toBe(
      `titel ${won}`,
    );
  });

  it('a manager cannot take away their own role, login or record; another manager can', async () => {
    const { clinic, browser, member } = await managed();
    const path = `${STAFF}/${member.memberId}`;
    const own = {
      name: member.name,
      title: 'chef',
      shownName: '',
      staffIds: member.staffIds[0]!,
      roles: ['operations-manager', 'booker'],
      login: member.login!,
      isActive: 'yes',
    };
    const { isActive, ...left } = own;
    const faults: [Record<string, string | string[]>, string][] = [
      [{ ...own, roles: ['booker'] }, 'roles'],
      [{ ...own, login: '' }, 'login'],
      [left, 'isActive'],
    ];
    for (const [wrong, field] of faults) {
      const refused = await browser.submit(await browser.get(path), path, wrong);
      expect([refused.status, refused.text.includes(`id="${field}-problem"`)]).toEqual([422, true]);
    }
    expect(isActive).toBe('yes');
    expect((await staffOf(clinic))[0]).toMatchObject({ title: member.title, roles: ['operations-manager'] });
    expect((await browser.submit(await browser.get(path), path, own)).location).toBe(`${STAFF}?said=changed`);

    const { browser: second } = await another(clinic, { roles: ['operations-manager'] });
    await second.submit(await second.get(path), path, { ...own, roles: ['booker'] });
    // Gone with the next click.
    expect((await browser.get(STAFF)).status).toBe(403);
    await second.submit(await second.get(path), path, left);
    expect((await browser.get('/desk/today')).location).toBe('/desk/clinic');
  });

  it('who has another login by now is at the desk no more', async () => {
    const { clinic, browser } = await managed();
    const { member, browser: theirs } = await another(clinic, { name: 'Fel Person' });
    expect((await theirs.get('/desk/today')).status).toBe(200);
    const path = `${STAFF}/${member.memberId}`;
    const change = { ...typed, staffIds: member.staffIds[0]!, login: `${member.login}-ny` };
    expect((await browser.submit(await browser.get(path), path, change)).status).toBe(303);
    expect((await theirs.get('/desk/today')).location).toBe('/desk/clinic');
    expect((await theirs.get('/desk/clinic')).status).toBe(403);
  });

  it('all sessions of a member are ended by a button, and nobody else’s', async () => {
    const { clinic, browser } = await managed();
    const { member, browser: one } = await another(clinic, {});
    const two = await staffVisitor(service, member);
    const { browser: colleague } = await another(clinic, {});
    const path = `${STAFF}/${member.memberId}`;
    const ended = await browser.submit(await browser.get(path), `${path}/log-out`);
    expect(ended.location).toBe(`${path}?said=ended`);
    expect((await browser.get(ended.location!)).text).toContain('Personen är utloggad överallt.');
    expect([(await one.get('/desk/today')).status, (await two.get('/desk/today')).status]).toEqual([
      401, 401,
    ]);
    expect([(await colleague.get('/desk/today')).status, (await browser.get(STAFF)).status]).toEqual([
      200, 200,
    ]);
    expect(await auditOf({ operation: 'staff.end-sessions' })).toMatchObject({
      subjectId: member.memberId,
      allowed: true,
    });
  });

  it('R8.1 another clinic’s member is an unknown', async () => {
    const { browser } = await managed();
    const { member, browser: theirs } = await managed();
    const path = `${STAFF}/${member.memberId}`;
    const page = await browser.get(`${STAFF}/new`);
    const { csrf = '' } = formIn(page, STAFF);
    const answers = [
      await browser.get(path),
      await browser.post(path, { csrf, ...typed, asRead: member.changedAt }),
      await browser.post(`${path}/log-out`, { csrf }),
      await browser.get(`${STAFF}/${randomId()}`),
    ];
    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404, 404]);
    expect((await theirs.get(path)).status).toBe(200);
  });
});

describe('one’s own page', () => {
  it('says who one is, and logs out everywhere', async () => {
    const clinic = await createClinic(service);
    const { member, browser } = await another(clinic, {
      name: 'Anna Ek',
      title: 'fysioterapeut',
      shownName: 'A. E.',
      roles: ['booker', 'clinician'],
    });
    const elsewhere = await staffVisitor(service, member);
    const { browser: colleague } = await another(clinic, {});
    const page = await browser.get('/desk/me');
    for (const words of [
      'Anna Ek',
      'A. E., fysioterapeut',
      'Bokning, Vårdpersonal',
      member.login!,
      'Testmottagningen',
    ])
      expect(page.text).toContain(words);
    expect(page.text).toContain('href="/desk/clinic"');
    expect(page.text).toContain('name="everywhere" value="yes"');
    const out = await browser.submit(page, '/desk/logout', { everywhere: 'yes' });
    expect(out.location).toBe('/desk/logged-out');
    expect((await elsewhere.get('/desk/me')).status).toBe(401);
    expect((await colleague.get('/desk/me')).status).toBe(200);
  });
});

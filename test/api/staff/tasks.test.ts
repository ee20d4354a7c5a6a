import { deskRoutes } from '../../../api/staff/routes';
import { desiredTask, taskKinds, type DesiredTask } from '../../../rules/tasks';
import { saveTasks } from '../../../use-cases/read-models/meeting-and-invoice';
import { createClinic, ofChild, suitable, type TestClinic, type TestMeeting } from '../../support/clinic';
import { formIn, type Shown, type Visitor } from '../../support/patient';
import { startService, type Service } from '../../support/service';
import { addStaff, staffVisitor } from '../../support/staff';
import type { StaffMember } from '../../../records/staff';
import { openCase } from '../../support/cases';
import {
  addInvoiceAndTask,
  bornYearsAgo,
  DAY,
  HOUR,
  inMs,
  openDatabase,
  waitForNoWorkflow,
  type AuditRow,
  type RawDatabase,
} from '../helpers';

/** What staff are asked to do, on the desk (R2.10, R5.11, R6.9, R7.9, R8.8). */
let service: Service;
let clinic: TestClinic;
let raw: RawDatabase;
let nurse: StaffMember;
let booker: StaffMember;
let atNurse: Visitor;
let atBooker: Visitor;

beforeAll(async () => {
  service = await startService({ workers: false });
  waitForNoWorkflow(service);
  clinic = await createClinic(service);
  raw = await openDatabase(service);
  nurse = await addStaff(service, clinic, {
    id: 'S001',
    name: 'Anna Ek',
    staffIds: ['clinician-1', 'anna.ek'],
  });
  booker = await addStaff(service, clinic, { id: 'R001', name: 'Bo Berg', roles: ['booker'] });
  atNurse = await staffVisitor(service, nurse);
  atBooker = await staffVisitor(service, booker);
});
afterAll(async () => {
  await raw.close();
  await service.close();
});

const book = async (person: object = {}): Promise<TestMeeting> =>
  clinic.book({
    patientId: await clinic.addPatient(person, false),
    startAt: inMs(10 * DAY),
    suitability: suitable({ child: 'birthDate' in person }),
  });

/** A task of a meeting, as its cause writes it. */
async function addTask(
  { meetingId }: Pick<TestMeeting, 'meetingId'>,
  kind: DesiredTask['kind'] = 'nobody-reached',
  more: Partial<DesiredTask> = {},
): Promise<string> {
  const { records } = service;
  const meeting = await records.meetings.get(meetingId);
  const desired = { ...desiredTask(kind, '1', 'open'), because: ['no-consent'], ...more };
  await records.transaction((session) => saveTasks(records, meeting, [desired], new Date(), session));
  return (await records.tasks.ofMeeting(meetingId)).find((task) => task.kind === kind)!.taskId;
}

/** The addresses that the desk's table has, as one tells them. */
const routes = [
  ...deskRoutes({ publicUrl: 'https://mote.example', jitsi: {} } as never),
  { path: '/desk/logout' },
].map((route) => new RegExp(`^${route.path.replaceAll(/\{\w+\}/g, '[A-Za-z0-9_-]{22}')}$`));
const path = (taskId: string, page = ''): string => `/desk/tasks/${taskId}${page && `/${page}`}`;
const standing = (taskId: string) => service.records.tasks.find(clinic.clinicId, taskId);
const lastOf = async (operation: string): Promise<AuditRow | undefined> =>
  (await raw.audit({ operation })).at(-1);
/** Follows to where a post led. */
const follow = (browser: Visitor, shown: Shown): Promise<Shown> => {
  expect(shown.status).toBe(303);
  return browser.get(shown.location!);
};

describe('the list', () => {
  it('what is due first comes first, late in words; mine, nobody’s and all; by kind; 50 a page', async () => {
    const own = await createClinic(service);
    const member = await addStaff(service, own, { id: 'S002', name: 'Mia Mo', staffIds: ['mia', 'mm'] });
    const browser = await staffVisitor(service, member);
    const empty = await browser.get('/desk/tasks');
    expect(empty.text).toContain('Det finns inga uppgifter här.');

    const { records } = service;
    const { meetingId } = await own.book({
      patientId: await own.addPatient({ name: 'Listad Person', mobile: null }, false),
      startAt: inMs(10 * DAY),
    });
    const meeting = await records.meetings.get(meetingId);
    const desired = Array.from({ length: 52 }, (_, index) =>
      desiredTask(index % 2 ? 'register-visit' : 'clinic-absent', String(index), 'open', {
        dueAt: inMs((index - 1) * HOUR),
      }),
    );
    await records.transaction((session) => saveTasks(records, meeting, desired, new Date(), session));
    const inOrder = (await records.tasks.ofMeeting(meetingId)).sort((a, b) => (a.dueAt < b.dueAt ? -1 : 1));
    await records.tasks.assign(own.clinicId, inOrder[3]!.taskId, 'mia');
    await records.tasks.assign(own.clinicId, inOrder[1]!.taskId, 'mm');
    await records.tasks.assign(own.clinicId, inOrder[2]!.taskId, 'another');
    const idsOn = ({ text }: Shown): string[] =>
      [...text.matchAll(/href="\/desk\/tasks\/([A-Za-z0-9_-]{22})"/g)].map(([, id]) => id!);
    const ids = (some: typeof inOrder): string[] => some.map(({ taskId }) => taskId);

    const first = await browser.get('/desk/tasks');
    expect(first.status).toBe(200);
    expect(idsOn(first)).toEqual(ids(inOrder.slice(0, 50)));
    expect(first.text.match(/Försenad/g)).toHaveLength(2);
    expect(first.text.length).toBeLessThan(60_000);
    expect(first.text).toContain('Listad Person');
    const [, next] = /href="(\/desk\/tasks\?after=[^"]*)"/.exec(first.text)!;
    const second = await browser.get(next!);
    expect(idsOn(second)).toEqual(ids(inOrder.slice(50)));
    expect(second.text).not.toContain('/desk/tasks?after=');

    expect(idsOn(await browser.get('/desk/tasks?show=mine'))).toEqual(ids([inOrder[1]!, inOrder[3]!]));
    const nobodys = await browser.get('/desk/tasks?show=nobodys');
    expect(idsOn(nobodys)).toEqual(ids([inOrder[0]!, ...inOrder.slice(4, 52)]));
    const ofKind = await browser.get('/desk/tasks?kind=register-visit');
    expect(idsOn(ofKind)).toEqual(ids(inOrder.filter(({ kind }) => kind === 'register-visit')));
    expect(idsOn(await browser.get('/desk/tasks?state=done'))).toEqual([]);
    // What no list knows is no question.
    for (const odd of ['?show=x&state=y&kind=z', '?after=x', '?after=%00', '?kind=__proto__'])
      expect(idsOn(await browser.get(`/desk/tasks${odd}`))).toHaveLength(50);
  });

  it('R8.2, R8.8 it is logged for each patient on it, and has no name of one with protected data', async () => {
    const own = await createClinic(service);
    const browser = await staffVisitor(
      service,
      await addStaff(service, own, { id: 'S002', roles: ['booker'] }),
    );
    const protectedId = await own.addPatient(
      { name: 'Hemlig Testsson', protectedIdentity: true, mobile: null },
      false,
    );
    const meeting = await own.book({ patientId: protectedId, startAt: inMs(10 * DAY) });
    const { taskId } = await addInvoiceAndTask(service, meeting.meetingId);
    const list = await browser.get('/desk/tasks');
    expect(list.text).toContain('Skyddade personuppgifter');
    expect(list.text).not.toContain('Hemlig');
    expect(await lastOf('task.list')).toMatchObject({ personId: protectedId, loggedIn: true });
    const page = await browser.get(path(taskId));
    expect(page.text).toContain('Skyddade personuppgifter');
    expect(page.text).not.toMatch(/Hemlig|1980-05-17/);
    expect(await lastOf('task.read')).toMatchObject({ personId: protectedId, subjectId: taskId });
  });

  it('another clinic’s task is an unknown one', async () => {
    const other = await createClinic(service);
    const browser = await staffVisitor(service, await addStaff(service, other, { id: 'S002' }));
    const taskId = await addTask(await book());
    const before = await raw.contents();
    for (const page of ['', 'contact', 'contact/protected'])
      expect((await browser.get(path(taskId, page))).status).toBe(404);
    const own = await browser.get('/desk/tasks');
    const { csrf = '' } = formIn(own, '/desk/logout');
    for (const [page, fields] of [
      ['assignment', { to: '', from: '' }],
      ['done', { result: 'done' }],
    ] as const)
      expect((await browser.post(path(taskId, page), { csrf, ...fields })).status).toBe(404);
    expect(await raw.contents()).toEqual(before);
    expect(await lastOf('task.finish')).toMatchObject({ allowed: false, clinicId: other.clinicId });
  });
});

describe('every kind', () => {
  it.each(taskKinds)('%s says what it is, why, and where it is done', async (kind) => {
    const meeting = await book({ mobile: null });
    const invoiceId =
      kind.includes('invoice') ||
      kind.includes('credit') ||
      kind.includes('billing') ||
      kind.includes('issue')
        ? (await addInvoiceAndTask(service, meeting.meetingId)).invoiceId
        : null;
    const taskId = await addTask(meeting, kind, { occasion: 'x', invoiceId, because: [] });
    const page = await atNurse.get(path(taskId));
    expect(page.status).toBe(200);
    expect(page.text).toContain(`href="/desk/meetings/${meeting.meetingId}"`);
    expect(page.text).not.toMatch(/undefined|\[object/);
    expect(page.text.match(/<h1>/g)).toHaveLength(1);
    const primary = /<a href="([^"]*)" class="button">/.exec(page.text)?.[1];
    const at = `/desk/meetings/${meeting.meetingId}`;
    const expected: Partial<Record<typeof kind, string | undefined>> = {
      'unclear-outcome': `${at}/outcome`,
      'doubtful-outcome': `${at}/correct`,
      'clinic-not-ready': `${at}/readiness`,
      'approve-participant': `${at}/claims`,
      'register-visit': `${at}/registered`,
      'meeting-taken-over': at,
      // They are a case's, and this one is none.
      'reply-due': undefined,
      'document-contact': undefined,
    };
    // Each way is a row of the desk's table.
    for (const [, href = ''] of page.text.matchAll(/href="(\/desk\/[^"?]*)"/g))
      expect([href, routes.some((route) => route.test(href))]).toEqual([href, true]);
    const usual = invoiceId === null ? path(taskId, 'contact') : `/desk/invoices/${invoiceId}`;
    expect(primary).toBe(kind in expected ? expected[kind] : usual);
  });

  it('R6.3 a case’s leads to the case', async () => {
    const { caseId } = await openCase(clinic, await clinic.addPatient({ mobile: null }, false));
    const { records } = service;
    const careCase = await records.cases.get(caseId);
    const desired = desiredTask('reply-due', '7', 'open');
    await records.transaction((session) => saveTasks(records, careCase, [desired], new Date(), session));
    const [task] = await records.tasks.ofCase(caseId);
    const page = await atNurse.get(path(task!.taskId));
    expect(page.text).toContain(`<a href="/desk/cases/${caseId}" class="button">`);
    expect(page.text).not.toContain('/desk/meetings/');
  });
});

describe('R8.1 why a meeting is unclear is care content', () => {
  it('those who take part read it; a booker does not; the manager says why first', async () => {
    const taskId = await addTask(await book(), 'unclear-outcome', { because: ['patient-tried-to-come-in'] });
    const evidence = 'Patienten försökte komma in.';
    expect((await atNurse.get(path(taskId))).text).toContain(evidence);
    const bookers = await atBooker.get(path(taskId));
    expect(bookers.text).not.toContain(evidence);
    expect(bookers.text).toContain(path(taskId, 'why'));
    expect((await atBooker.get(path(taskId, 'why'))).status).toBe(403);
    const id = 'L001';
    const other = await staffVisitor(service, await addStaff(service, clinic, { id }));
    expect((await other.get(path(taskId))).text).not.toContain(evidence);
    expect((await other.get(path(taskId, 'why'))).status).toBe(403);

    const roles: StaffMember['roles'] = ['operations-manager'];
    const chief = await staffVisitor(service, await addStaff(service, clinic, { id: 'V002', roles }));
    expect((await chief.get(path(taskId))).text).not.toContain(evidence);
    const asked = await chief.get(path(taskId, 'why'));
    const stated = await chief.submit(asked, '/desk/reason', { reason: 'En granskning av utfallet' });
    expect(stated.location).toBe(path(taskId, 'why'));
    expect((await follow(chief, await chief.get(stated.location!))).text).toContain(evidence);
    expect(await lastOf('task.read')).toMatchObject({ reason: 'En granskning av utfallet' });
    // Why a call is needed is contact, which all see (R2.10).
    const call = await addTask(await book());
    expect((await atBooker.get(path(call))).text).toContain('Det finns inget samtycke till sms');
  });
});

describe('who has it', () => {
  it('is taken, handed over and given up, and posting the same form twice does it once', async () => {
    const taskId = await addTask(await book());
    const list = await atNurse.get('/desk/tasks?show=nobodys');
    const taken = await atNurse.submit(list, path(taskId, 'assignment'));
    expect(taken.location).toBe(`${path(taskId)}?said=taken`);
    expect((await follow(atNurse, taken)).text).toContain('Uppgiften är din.');
    expect(await standing(taskId)).toMatchObject({ assignedTo: 'clinician-1' });
    expect(await lastOf('task.assign')).toMatchObject({ staffId: 'clinician-1', allowed: true });
    const events = async (): Promise<number> => (await raw.audit({ operation: 'task.assign' })).length;

    const page = await atNurse.get(path(taskId));
    const form = formIn(page, path(taskId, 'assignment'));
    const hand = () => atNurse.post(path(taskId, 'assignment'), { ...form, to: booker.memberId });
    expect((await hand()).location).toBe(`${path(taskId)}?said=handed`);
    expect(await standing(taskId)).toMatchObject({ assignedTo: booker.staffIds[0] });
    const before = await events();
    await service.records.tasks.assign(clinic.clinicId, taskId, null);
    expect((await hand()).location).toBe(`${path(taskId)}?said=handed`);
    expect(await standing(taskId)).toMatchObject({ assignedTo: null });
    expect(await events()).toBe(before + 1);
    await service.records.tasks.assign(clinic.clinicId, taskId, booker.staffIds[0]!);

    const bookers = await atBooker.get(path(taskId));
    expect(bookers.text).toContain('Bo Berg');
    const freed = await atBooker.submit(bookers, path(taskId, 'assignment'), { to: '' });
    expect(freed.location).toBe(`${path(taskId)}?said=freed`);
    expect(await standing(taskId)).toMatchObject({ assignedTo: null });
  });

  it('two at once: one has it, and the other is told who', async () => {
    const taskId = await addTask(await book());
    const pages = await Promise.all([atNurse.get(path(taskId)), atBooker.get(path(taskId))]);
    const answers = await Promise.all([
      atNurse.submit(pages[0], path(taskId, 'assignment')),
      atBooker.submit(pages[1], path(taskId, 'assignment')),
    ]);
    expect(answers.map(({ location }) => location).sort()).toEqual([
      `${path(taskId)}?refused=assigned-meanwhile`,
      `${path(taskId)}?said=taken`,
    ]);
    const isNurses = (await standing(taskId))?.assignedTo === 'clinician-1';
    const [loser, place] = isNurses ? ([atBooker, 1] as const) : ([atNurse, 0] as const);
    const told = await follow(loser, answers[place]);
    expect(told.text).toContain('Någon annan hann före.');
    expect(told.text).toContain(`${isNurses ? 'Anna Ek' : 'Bo Berg'} har uppgiften nu.`);
  });

  it('the API’s `from` is held to; without it the last one counts, as before', async () => {
    const taskId = await addTask(await book());
    const assign = (body: object) => clinic.call('PUT', `/clinic/tasks/${taskId}/assignment`, { body });
    expect((await assign({ staffId: 'a', from: null })).status).toBe(200);
    const late = await assign({ staffId: 'b', from: null });
    expect([late.status, late.body]).toMatchObject([409, { title: 'assigned-meanwhile' }]);
    expect(await standing(taskId)).toMatchObject({ assignedTo: 'a' });
    expect((await assign({ staffId: 'a', from: null })).status).toBe(200);
    expect((await assign({ staffId: 'b' })).body).toMatchObject({ assignedTo: 'b' });
  });

  it('goes to nobody who has left or is another clinic’s, and nowhere by a stale or forged page', async () => {
    const taskId = await addTask(await book());
    const gone = await addStaff(service, clinic, { id: 'V001', isActive: false });
    const others = await addStaff(service, await createClinic(service), { id: 'V001' });
    const page = await atNurse.get(path(taskId));
    for (const { memberId } of [gone, others]) {
      const refused = await atNurse.submit(page, path(taskId, 'assignment'), { to: memberId });
      expect((await follow(atNurse, refused)).text).toContain('Kollegan finns inte kvar');
    }
    const form = formIn(page, path(taskId, 'assignment'));
    const forged = await atNurse.post(path(taskId, 'assignment'), { ...form, csrf: 'x'.repeat(43) });
    expect([forged.status, forged.text]).toEqual([403, expect.stringContaining('Sidan var för gammal')]);
    expect(await standing(taskId)).toMatchObject({ assignedTo: null });
  });
});

describe('what came of it', () => {
  it('R2.10 is said once; whoever comes second is told who and what', async () => {
    const taskId = await addTask(await book());
    const [page, others] = await Promise.all([atNurse.get(path(taskId)), atBooker.get(path(taskId))]);
    const nothing = await atNurse.submit(page, path(taskId, 'done'));
    expect(nothing.status).toBe(422);
    expect(nothing.text).toContain('<a href="#result">Välj hur det gick.</a>');
    expect(await standing(taskId)).toMatchObject({ state: 'open' });

    const form = formIn(page, path(taskId, 'done'));
    const finish = () => atNurse.post(path(taskId, 'done'), { ...form, result: 'reached' });
    const done = await finish();
    expect(done.location).toBe(`${path(taskId)}?said=finished`);
    expect((await follow(atNurse, done)).text).toContain('Patienten är nådd');
    expect(await standing(taskId)).toMatchObject({
      state: 'done',
      result: 'reached',
      doneBy: 'clinician-1',
    });
    const told = async (): Promise<number> =>
      (await raw.db.collection('events').find({ type: 'task.done' }).toArray()).filter(
        ({ data }) => (data as { taskId: string }).taskId === taskId,
      ).length;
    expect(await told()).toBe(1);
    expect((await finish()).location).toBe(`${path(taskId)}?said=finished`);
    expect(await told()).toBe(1);

    const second = await follow(
      atBooker,
      await atBooker.submit(others, path(taskId, 'done'), { result: 'not-reached' }),
    );
    expect(second.text).toContain('Någon annan hann före');
    expect(second.text).toMatch(/Klar, [^<]*av Anna Ek, Patienten är nådd/);
    expect(await standing(taskId)).toMatchObject({ result: 'reached', doneBy: 'clinician-1' });
    expect(await told()).toBe(1);
  });

  it('what is done elsewhere cannot be said to be done here', async () => {
    const taskId = await addTask(await book(), 'unclear-outcome');
    const page = await atNurse.get(path(taskId));
    expect(page.text).not.toContain(path(taskId, 'done'));
    const { csrf = '', formKey = '' } = formIn(page, path(taskId, 'assignment'));
    const answer = await atNurse.post(path(taskId, 'done'), { csrf, formKey, result: 'done' });
    expect((await follow(atNurse, answer)).text).toContain('när det den gäller är gjort');
    expect(await standing(taskId)).toMatchObject({ state: 'open' });
  });
});

describe('R7.9 how to reach them', () => {
  it('shows number, address, relay and a way in text; of a deaf person that one does not call', async () => {
    const person = { name: 'Döv Person', mobile: '+46701740699', email: 'dov@example.org' };
    const taskId = await addTask(await book(person));
    const page = await atBooker.get(path(taskId, 'contact'));
    expect(page.status).toBe(200);
    expect(page.text).toContain('href="tel:+46701740699"');
    expect(page.text).toContain('href="mailto:dov@example.org"');
    expect(page.text).toContain('https://bildtelefoni.net');
    expect(page.text).toContain('/desk/cases/open/');
    expect(page.text).not.toContain('Ring inte');
    expect(page.text).not.toMatch(/<title>[^<]*Döv/);
    expect(await lastOf('person.read')).toMatchObject({ subjectId: taskId, role: 'booker', allowed: true });

    const deaf = await addTask(await book({ ...person, unsuitableWays: ['telephone'] }));
    expect((await atBooker.get(path(deaf, 'contact'))).text).toContain('Ring inte');
  });

  it('R7.1, R7.2 up to 12 the guardian is named and logged; from 13 neither, nor the guardian’s number', async () => {
    const guardianId = await clinic.addPatient({ name: 'Vera Vårdnad', mobile: '+46701740698' }, false);
    const ofChild = async (years: number): Promise<string> => {
      const meeting = await book({ birthDate: bornYearsAgo(years), mobile: '+46701740697' });
      await raw.db.collection<{ _id: string }>('meetings').updateOne(
        { _id: meeting.meetingId },
        {
          $push: {
            participants: {
              participantId: `guardian-of-${years}`.padEnd(22, 'x'),
              role: 'guardian',
              personId: guardianId,
              staffId: null,
            },
          } as never,
        },
      );
      return addTask(meeting);
    };
    const young = await atNurse.get(path(await ofChild(8), 'contact'));
    expect(young.text).toContain('Vera Vårdnad');
    expect(young.text).toContain('Fråga aldrig barn');
    expect(await lastOf('person.read')).toMatchObject({ personId: guardianId });

    const older = await atNurse.get(path(await ofChild(15), 'contact'));
    expect(older.text).not.toContain('Vera Vårdnad');
    expect(older.text).toContain('agerar själv');
    expect(older.text).toContain('+46701740697');
  });

  it('R7.3 a stopped guardian is not contacted, nor is a number that the child shares with them', async () => {
    const [shared, name] = ['+46701740694', 'Sten Stoppad'];
    const guardianId = await clinic.addPatient({ name, mobile: shared }, false);
    const patientId = await clinic.addPatient({ birthDate: bornYearsAgo(8), mobile: shared }, false);
    const meeting = await clinic.book(
      ofChild(patientId, inMs(3 * DAY), { role: 'guardian', personId: guardianId }),
    );
    const contact = path(await addTask(meeting), 'contact');
    const before = await atNurse.get(contact);
    expect(before.text).toContain(name);
    expect(before.text).toContain(shared);
    const stops = `/clinic/people/${patientId}/guardian-stops`;
    await clinic.call('POST', stops, { body: { guardianId, reason: 'Efter samtal' } });
    const after = await atNurse.get(contact);
    expect(after.status).toBe(200);
    expect(after.text).not.toContain(name);
    expect(after.text).not.toContain(shared);
    expect(after.text).toContain('Numret som finns är vårdnadshavarens. Använd det inte.');
    await clinic.call('POST', `${stops}/lift`, { body: { guardianId } });
    expect((await atNurse.get(contact)).text).toContain(name);
  });

  it('R7.2 a number that was recorded before the child turned 13 is not shown', async () => {
    const meeting = await book({ birthDate: bornYearsAgo(13), mobile: '+46701740696' });
    const { patientId } = await service.records.meetings.get(meeting.meetingId);
    const person = (await service.records.people.find(clinic.clinicId, patientId))!;
    const recordedAt = inMs(-365 * DAY);
    const mobile = { number: '+46701740696', recordedAt };
    await service.records.people.change({ ...person, personal: { ...person.personal, mobile } }, inMs(0));
    const page = await atNurse.get(path(await addTask(meeting), 'contact'));
    expect(page.text).not.toContain('+46701740696');
    expect(page.text).toContain('vårdnadshavarens');
  });

  it('R8.8 protected data are one logged press in, for those who perform', async () => {
    const person = { name: 'Hemlig Testsson', protectedIdentity: true, mobile: '+46701740695' };
    const taskId = await addTask(await book(person));
    const closed = await atNurse.get(path(taskId, 'contact'));
    expect(closed.text).toContain(path(taskId, 'contact/protected'));
    expect(closed.text).not.toMatch(/Hemlig|70174069/);
    const open = await atNurse.get(path(taskId, 'contact/protected'));
    expect(open.text).toContain('Hemlig Testsson');
    expect(open.text).toContain('+46701740695');

    const refusedToBooker = await atBooker.get(path(taskId, 'contact/protected'));
    expect(refusedToBooker.status).toBe(403);
    expect(await lastOf('person.read')).toMatchObject({ role: 'booker', allowed: false, subjectId: taskId });
    const bookers = await atBooker.get(path(taskId, 'contact'));
    expect(bookers.text).not.toMatch(/Hemlig|70174069|contact\/protected/);
    const other = await staffVisitor(service, await addStaff(service, clinic, { id: 'S002' }));
    const notTheirs = await other.get(path(taskId, 'contact/protected'));
    expect([notTheirs.status, notTheirs.text]).toEqual([403, expect.not.stringContaining('Hemlig')]);

    const chief = await staffVisitor(
      service,
      await addStaff(service, clinic, { id: 'X001', roles: ['operations-manager'] }),
    );
    const asked = await chief.get(path(taskId, 'contact/protected'));
    expect(asked.text).toContain('Varför behöver du läsa det här?');
    const stated = await chief.submit(asked, '/desk/reason', { reason: 'Patienten ska ringas upp' });
    expect(stated.location).toBe(path(taskId, 'contact/protected'));
    expect((await chief.get(stated.location!)).text).toContain('Hemlig Testsson');
  });
});

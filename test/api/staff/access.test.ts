import { z } from 'zod';
import { csrfTokenOf } from '../../../api/frame/same-site';
import { deskRoutes } from '../../../api/staff/routes';
import type { DeskRoute, DeskRouteDeps } from '../../../api/staff/frame/route';
import { randomId, randomSecret } from '../../../platform/keys/random-id';
import type { StaffMember } from '../../../records/staff';
import { createClinic, type TestClinic } from '../../support/clinic';
import { formIn, visitor, type Visitor } from '../../support/patient';
import { startService, type Service } from '../../support/service';
import { addStaff, logInAsStaff, staffVisitor, testStaffProvider } from '../../support/staff';
import {
  openDatabase,
  populate,
  waitForNoWorkflow,
  type AuditRow,
  type Ids,
  type RawDatabase,
} from '../helpers';

/**
 * Decision 10, R8.1, R8.2: the desk's table, walked in full. Each operation has its line below; a route whose
 * operation has none fails.
 */

/**
 * What a role may: `yes`; `own`, of their own patients alone; `why`, once they have said why; `no`.
 */
type May = 'yes' | 'own' | 'why' | 'no';
type Line = [of: DeskRoute['subject'], booker: May, clinician: May, manager: May];

/** By operation; a row that differs from the others of its operation has a line by its method and path. */
const lines: Record<string, Line> = {
  'meeting.list': ['clinic', 'yes', 'yes', 'yes'],
  'meeting.read': ['meeting', 'yes', 'yes', 'yes'],
  'meeting.take-over': ['meeting', 'yes', 'yes', 'yes'],
  'task.list': ['clinic', 'yes', 'yes', 'yes'],
  'task.read': ['task', 'yes', 'yes', 'yes'],
  'get /desk/tasks/{taskId}/why': ['task', 'no', 'own', 'why'],
  'get /desk/tasks/{taskId}/contact': ['task', 'yes', 'yes', 'yes'],
  'get /desk/tasks/{taskId}/contact/protected': ['task', 'no', 'own', 'why'],
  'task.assign': ['task', 'yes', 'yes', 'yes'],
  'task.finish': ['task', 'yes', 'yes', 'yes'],
  'invoice.list': ['clinic', 'yes', 'yes', 'yes'],
  'invoice.read': ['invoice', 'yes', 'yes', 'yes'],
  'get /desk/invoices/{invoiceId}/why': ['invoice', 'no', 'own', 'why'],
  'invoice.approve': ['invoice', 'yes', 'yes', 'yes'],
  'invoice.waive': ['invoice', 'yes', 'yes', 'yes'],
  'invoice.credit': ['invoice', 'yes', 'yes', 'yes'],
  'invoice.replace': ['invoice', 'yes', 'yes', 'yes'],
  'invoice.object': ['invoice', 'yes', 'yes', 'yes'],
  'get /desk/take-over': ['clinic', 'yes', 'no', 'yes'],
  'post /desk/take-over': ['clinic', 'yes', 'no', 'yes'],
};

/** What a form carries where blank fields do not fit its schema: by `method path`. */
const forms: Record<string, (ids: Ids) => Record<string, string>> = {};

const routes = deskRoutes({ publicUrl: 'https://mote.example', jitsi: {} } as unknown as DeskRouteDeps);
const nameOf = ({ method, path }: DeskRoute): string => `${method} ${path}`;
const lineNameOf = (route: DeskRoute): string => (nameOf(route) in lines ? nameOf(route) : route.operation);
const table = routes.map((route) => [nameOf(route), route] as const);
const posts = table.filter(([, { method }]) => method === 'post');

const provider = testStaffProvider();
let service: Service;
let clinic: TestClinic;
let other: TestClinic;
let raw: RawDatabase;
let ids: Ids & Record<string, string>;

/** Who works at both clinics, under the same references. */
const people = {
  booker: { id: 'R001', roles: ['booker'], staffIds: ['booker-1'] },
  clinician: { id: 'S001', roles: ['clinician'], staffIds: ['clinician-1'] },
  colleague: { id: 'S002', roles: ['clinician'], staffIds: ['clinician-2'] },
  manager: { id: 'V001', roles: ['operations-manager'], staffIds: ['manager-1'] },
} as const;
type Who = keyof typeof people;
const members = new Map<string, StaffMember>();
const memberAt = (at: TestClinic, who: Who): StaffMember => members.get(`${at.clinicId} ${who}`)!;

beforeAll(async () => {
  service = await startService({ workers: false, staffProvider: provider.startFor });
  waitForNoWorkflow(service);
  clinic = await createClinic(service);
  other = await createClinic(service);
  for (const at of [clinic, other])
    for (const [who, { id, roles: given, staffIds }] of Object.entries(people))
      members.set(
        `${at.clinicId} ${who}`,
        await addStaff(service, at, { id, roles: [...given], staffIds: [...staffIds] }),
      );
  ids = { ...(await populate(service, clinic)), memberId: memberAt(clinic, 'clinician').memberId };
  raw = await openDatabase(service);
});
afterAll(async () => {
  await raw.close();
  await service.close();
  provider.close();
});

const logIn = (who: Who, at = clinic): Promise<Visitor> => staffVisitor(service, memberAt(at, who));
const secretOf = (browser: Visitor): string => browser.cookies.get('vardmote-desk') ?? '';

/** The row's address; what the fixtures have no id for gets one that nobody has. */
const pathOf = ({ path }: DeskRoute): string =>
  path.replace(/\{(\w+)\}/g, (_, name: string) => ids[name] ?? randomId());
const hasUnknownId = ({ path }: DeskRoute): boolean =>
  [...path.matchAll(/\{(\w+)\}/g)].some(([, name]) => ids[name!] === undefined);

/** Fields that fit the row's schema, blank where they can be. */
function fieldsOf(route: DeskRoute): Record<string, string> {
  const own = forms[nameOf(route)]?.(ids);
  if (own) return own;
  if (!route.body) return {};
  const { properties = {}, required = [] } = z.toJSONSchema(route.body, {
    io: 'input',
    unrepresentable: 'any',
  }) as { properties?: Record<string, { enum?: string[]; const?: string }>; required?: string[] };
  const fields = Object.fromEntries(
    required.map((name) => [name, properties[name]?.const ?? properties[name]?.enum?.[0] ?? '']),
  );
  if (!route.body.safeParse(fields).success) throw new Error(`${nameOf(route)} needs a line in forms`);
  return fields;
}

interface Knocked {
  status: number;
  text: string;
  /** What the audit log got through it. */
  rows: AuditRow[];
}

/** Asks for a row as its pages do. News that go on and on are not read. */
async function knock(
  route: DeskRoute,
  browser: Visitor,
  { fields, headers = {} }: { fields?: Record<string, string>; headers?: Record<string, string> } = {},
): Promise<Knocked> {
  const known = new Set((await raw.audit({ operation: route.operation })).map(({ _id }) => _id));
  const isPost = route.method === 'post';
  const posted = fields ?? { ...fieldsOf(route), csrf: csrfTokenOf(secretOf(browser)), formKey: randomId() };
  const stop = new AbortController();
  const response = await fetch(`${service.apiUrl}${pathOf(route)}`, {
    method: route.method.toUpperCase(),
    redirect: 'manual',
    signal: stop.signal,
    headers: {
      accept: 'text/html',
      cookie: [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; '),
      ...(isPost
        ? { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'same-origin' }
        : {}),
      ...headers,
    },
    ...(isPost ? { body: new URLSearchParams(posted) } : {}),
  });
  const goesOn = response.headers.get('content-type')?.startsWith('text/event-stream') ?? false;
  const text = goesOn ? '' : await response.text();
  if (goesOn) stop.abort();
  const rows = (await raw.audit({ operation: route.operation })).filter(({ _id }) => !known.has(_id));
  return { status: response.status, text, rows };
}

/** Says why, on the page that asks (R8.1). */
async function stateReason(route: DeskRoute, browser: Visitor): Promise<string> {
  const { text, status } = await knock(route, browser);
  expect(status).toBe(403);
  const asked = { path: pathOf(route), status, headers: new Headers(), text, location: null };
  expect((await browser.submit(asked, '/desk/reason', { reason: 'x' })).status).toBe(422);
  const stated = await browser.submit(asked, '/desk/reason', { reason: 'en granskning' });
  expect([stated.status, stated.location]).toEqual([303, pathOf(route)]);
  return 'en granskning';
}

/** It was let in: what came of it is for the row's own tests. */
function expectLetIn(route: DeskRoute, { status, rows }: Knocked, who: Who, reason: string | null): void {
  expect(rows).not.toEqual([]);
  expect(new Set(rows.map(({ allowed }) => allowed))).toEqual(new Set([true]));
  for (const row of rows)
    expect(row).toMatchObject({
      clinicId: clinic.clinicId,
      staffId: people[who].staffIds[0],
      loggedIn: true,
      ...(reason === null ? {} : { reason }),
    });
  if (route.subject !== 'clinic' && route.subject !== 'people-in-body')
    expect(rows.map(({ personId }) => personId)).toContain(ids.personId);
  const well = route.method === 'get' ? [200, 303] : [200, 303, 409, 422];
  expect([...well, ...(hasUnknownId(route) ? [404] : [])]).toContain(status);
}

/** It was kept out, and the log says that somebody tried. */
function expectKeptOut({ status, text, rows }: Knocked, who: Who): void {
  expect(status).toBe(403);
  expect(rows).toMatchObject([
    { allowed: false, clinicId: clinic.clinicId, staffId: people[who].staffIds[0] },
  ]);
  expect(text).not.toContain('Tolvan Testperson');
}

describe('decision 10: the desk’s table', () => {
  it('has a line for each row, and no line for none', () => {
    const used = routes.map(lineNameOf);
    expect(used.filter((name) => !(name in lines))).toEqual([]);
    expect(Object.keys(lines).filter((name) => !used.includes(name))).toEqual([]);
    expect(new Set(table.map(([name]) => name)).size).toBe(table.length);
    expect(Object.keys(forms).filter((name) => !table.some(([each]) => each === name))).toEqual([]);
  });

  it('every row stands below /desk, says what it does, and changes something only by a form', () => {
    for (const { path, operation, summary } of routes) {
      expect(path).toMatch(/^\/desk\/[a-z{]/);
      expect(operation).toMatch(/^[a-z]+\.[a-z-]+$/);
      expect(summary).not.toBe('');
    }
    expect(routes.filter(({ unattended, method }) => unattended && method !== 'get')).toEqual([]);
  });
});

describe.each(table)('R8.1 %s', (_name, route) => {
  const [of, booker, clinician, manager] = lines[lineNameOf(route)] ?? ['clinic', 'no', 'no', 'no'];
  const may: [Who, May][] = [
    ['booker', booker],
    ['clinician', clinician],
    ['colleague', clinician],
    ['manager', manager],
  ];
  const isAllowed = (who: Who, given: May): boolean =>
    given === 'yes' || (given === 'own' && who === 'clinician');
  const keptOut = may.filter(([who, given]) => !isAllowed(who, given));

  it('is about what its line says', () => {
    expect(route.subject).toBe(of);
  });

  it('asks who is not logged in to log in, and does nothing', async () => {
    const before = await raw.contents();
    const nobody = visitor(service.apiUrl);
    const asked = await knock(route, nobody, { fields: fieldsOf(route) });
    expect([asked.status, asked.rows]).toEqual([401, []]);
    expect(asked.text).toContain('action="/desk/login"');
    const forScript = await knock(route, nobody, { fields: {}, headers: { accept: 'application/json' } });
    expect([forScript.status, JSON.parse(forScript.text)]).toEqual([401, { refused: 'login-required' }]);
    nobody.cookies.set('vardmote-desk', randomSecret());
    expect((await knock(route, nobody)).status).toBe(401);
    expect(await raw.contents()).toEqual(before);
  });

  it('keeps out whom its line keeps out, writes it down, and changes nothing', async () => {
    const before = await raw.contents();
    for (const [who] of keptOut) expectKeptOut(await knock(route, await logIn(who)), who);
    expect(await raw.contents()).toEqual(before);
  });

  it('gives another clinic’s staff nothing of this clinic', async () => {
    const before = await raw.contents();
    const isSomebodys = of !== 'clinic' && of !== 'people-in-body';
    const isRight = (given: May, status: number): boolean => {
      if (given === 'no') return status === 403;
      return isSomebodys ? status === 404 : status !== 200 || !route.path.includes('{');
    };
    // Nothing but what stands in the address that is asked for.
    const ours = ['Tolvan Testperson', ids.personId, ids.invoiceId, ids.taskId].filter(
      (each) => !pathOf(route).includes(each),
    );
    for (const [who, given] of may) {
      const { status, text, rows } = await knock(route, await logIn(who, other));
      expect([who, status, isRight(given, status)]).toEqual([who, status, true]);
      expect(ours.filter((each) => text.includes(each))).toEqual([]);
      expect(new Set(rows.map(({ clinicId }) => clinicId))).toEqual(new Set([other.clinicId]));
      expect(rows.map(({ personId }) => personId)).not.toContain(ids.personId);
    }
    // What is nobody's, another clinic has of its own.
    expect(isSomebodys ? await raw.contents() : before).toEqual(before);
  });

  it('lets in whom its line lets in', async () => {
    for (const [who, given] of may.filter(([each, what]) => what === 'why' || isAllowed(each, what))) {
      const browser = await logIn(who);
      const reason = given === 'why' ? await stateReason(route, browser) : null;
      expectLetIn(route, await knock(route, browser), who, reason);
    }
  });
});

describe.each(posts)('%s', (_name, route) => {
  it('does nothing for a form that is not ours', async () => {
    const browser = await logIn('manager');
    const before = await raw.contents();
    const commands = await raw.db.collection('commands').countDocuments();
    const fields = fieldsOf(route);
    const csrf = csrfTokenOf(secretOf(browser));
    const anothers = csrfTokenOf(secretOf(await logIn('manager')));
    const foreign: [fields: Record<string, string>, headers: Record<string, string>][] = [
      [fields, {}],
      [{ ...fields, csrf: anothers }, {}],
      [{ ...fields, csrf }, { 'sec-fetch-site': 'cross-site' }],
      [{ ...fields, csrf }, { 'sec-fetch-site': 'same-site' }],
    ];
    for (const [posted, headers] of foreign) {
      const { status, rows } = await knock(route, browser, { fields: posted, headers });
      expect([status, rows]).toEqual([403, []]);
    }
    expect(await raw.contents()).toEqual(before);
    expect(await raw.db.collection('commands').countDocuments()).toBe(commands);
  });
});

describe('the session', () => {
  it('a cookie from before the login is never kept, and what it opened is over', async () => {
    const browser = visitor(service.apiUrl);
    // One that somebody else has set, and one that was a login itself.
    const planted = randomSecret();
    const before = await staffVisitor(service, memberAt(clinic, 'colleague'));
    for (const old of [planted, secretOf(before)]) {
      browser.cookies.set('vardmote-desk', old);
      const entered = await logInAsStaff(browser, 'S001');
      expect(entered.status).toBe(303);
      expect(secretOf(browser)).not.toBe(old);
      const stranger = visitor(service.apiUrl);
      stranger.cookies.set('vardmote-desk', old);
      expect((await stranger.get('/desk/today')).status).toBe(401);
    }
  });

  it('a form of before a log-out does nothing afterwards, nor one of before the next login', async () => {
    const meeting = await clinic.book({ patientId: ids.personId, startAt: inDays(12) });
    const path = `/desk/meetings/${meeting.meetingId}/take-over`;
    const browser = await logIn('colleague');
    const stale = formIn(await browser.get(path), path);
    await browser.submit(await browser.get('/desk/today'), '/desk/logout');
    browser.cookies.set('vardmote-desk', secretOf(await logIn('colleague')));
    const refused = await browser.post(path, { ...stale, reason: 'absent' });
    expect(refused.status).toBe(403);
    expect((await service.records.meetings.get(meeting.meetingId)).takeOvers).toBeUndefined();
  });

  it('the same form twice is one act, and with other content none', async () => {
    const meeting = await clinic.book({ patientId: ids.personId, startAt: inDays(13) });
    const path = `/desk/meetings/${meeting.meetingId}/take-over`;
    const browser = await logIn('colleague');
    const form = { ...formIn(await browser.get(path), path), reason: 'absent' };
    const done = `${path}?said=taken-over`;
    expect((await browser.post(path, form)).location).toBe(done);
    expect((await browser.post(path, form)).location).toBe(done);
    const otherwise = await browser.post(path, { ...form, reason: 'delayed' });
    expect(otherwise.location).toBe(`${path}?refused=posted-before`);
    const { takeOvers } = await service.records.meetings.get(meeting.meetingId);
    expect(takeOvers).toMatchObject([{ from: 'clinician-1', to: 'clinician-2', reason: 'absent' }]);
  });
});

const inDays = (days: number): string => new Date(Date.now() + days * 24 * 3_600_000).toISOString();

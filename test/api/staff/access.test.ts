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
  'audit.sample': ['clinic', 'no', 'no', 'yes'],
  'audit.search': ['clinic', 'no', 'no', 'yes'],
  'case.assign': ['case', 'no', 'no', 'yes'],
  'post /desk/cases/{caseId}/assign': ['case', 'yes', 'yes', 'yes'],
  'case.close': ['case', 'no', 'yes', 'yes'],
  'case.document': ['case', 'no', 'yes', 'yes'],
  'case.keep-message': ['case', 'no', 'own', 'why'],
  'case.list': ['clinic', 'yes', 'yes', 'yes'],
  'case.list-status': ['clinic', 'yes', 'yes', 'yes'],
  'case.open': ['person', 'yes', 'yes', 'yes'],
  'case.read': ['case', 'no', 'yes', 'yes'],
  'get /desk/cases/{caseId}': ['case', 'yes', 'yes', 'yes'],
  'get /desk/cases/{caseId}/assign': ['case', 'yes', 'yes', 'yes'],
  'case.read-file': ['case', 'no', 'own', 'why'],
  'case.read-thread': ['case', 'no', 'own', 'why'],
  'case.thread-status': ['case', 'no', 'own', 'why'],
  'case.write': ['case', 'no', 'own', 'why'],
  'clinic.change-settings': ['clinic', 'no', 'no', 'yes'],
  'clinic.read-overview': ['clinic', 'no', 'no', 'yes'],
  'clinic.read-settings': ['clinic', 'no', 'no', 'yes'],
  'fees.check': ['clinic', 'no', 'no', 'yes'],
  'fees.import': ['clinic', 'no', 'no', 'yes'],
  'fees.read': ['clinic', 'no', 'no', 'yes'],
  'form.fill-in': ['meeting', 'yes', 'yes', 'yes'],
  'form.read': ['meeting', 'yes', 'yes', 'yes'],
  'form.read-answers': ['meeting', 'no', 'own', 'why'],
  'invoice.approve': ['invoice', 'yes', 'yes', 'yes'],
  'invoice.credit': ['invoice', 'yes', 'yes', 'yes'],
  'invoice.list': ['clinic', 'yes', 'yes', 'yes'],
  'invoice.object': ['invoice', 'yes', 'yes', 'yes'],
  'invoice.read': ['invoice', 'yes', 'yes', 'yes'],
  'get /desk/invoices/{invoiceId}/why': ['invoice', 'no', 'own', 'why'],
  'invoice.replace': ['invoice', 'yes', 'yes', 'yes'],
  'invoice.waive': ['invoice', 'yes', 'yes', 'yes'],
  'meeting.book': ['people-in-body', 'yes', 'yes', 'yes'],
  'meeting.cancel': ['meeting', 'yes', 'yes', 'yes'],
  'meeting.chat-status': ['meeting', 'no', 'own', 'why'],
  'meeting.confirm-readiness': ['meeting', 'no', 'own', 'why'],
  'post /desk/meetings/{meetingId}/readiness': ['meeting', 'yes', 'yes', 'yes'],
  'meeting.correct-outcome': ['meeting', 'yes', 'yes', 'yes'],
  'meeting.day-events': ['clinic', 'yes', 'yes', 'yes'],
  'meeting.decide-claim': ['meeting', 'yes', 'yes', 'yes'],
  'meeting.enter': ['meeting', 'no', 'own', 'why'],
  'meeting.list': ['clinic', 'no', 'no', 'yes'],
  'get /desk/take-over': ['clinic', 'yes', 'no', 'yes'],
  'get /desk/today': ['clinic', 'yes', 'yes', 'yes'],
  'meeting.list-now': ['clinic', 'yes', 'yes', 'yes'],
  'meeting.note-try': ['meeting', 'yes', 'yes', 'yes'],
  'meeting.note-whereabouts': ['meeting', 'no', 'own', 'why'],
  'meeting.offer-times': ['meeting', 'yes', 'yes', 'yes'],
  'meeting.read': ['meeting', 'yes', 'yes', 'yes'],
  'meeting.read-chat': ['meeting', 'no', 'own', 'why'],
  'meeting.read-claims': ['meeting', 'yes', 'yes', 'yes'],
  'meeting.read-costs': ['meeting', 'yes', 'yes', 'yes'],
  'meeting.read-file': ['meeting', 'no', 'own', 'why'],
  'meeting.read-link': ['meeting', 'yes', 'yes', 'yes'],
  'meeting.read-room': ['meeting', 'no', 'own', 'why'],
  'meeting.read-suitability': ['meeting', 'no', 'own', 'why'],
  'meeting.read-timeline': ['meeting', 'yes', 'yes', 'yes'],
  'meeting.rebook': ['meeting', 'yes', 'yes', 'yes'],
  'meeting.register-visit': ['meeting', 'yes', 'yes', 'yes'],
  'meeting.room-status': ['meeting', 'no', 'own', 'why'],
  'meeting.state-outcome': ['meeting', 'yes', 'yes', 'yes'],
  'meeting.take-over': ['clinic', 'yes', 'no', 'yes'],
  'post /desk/meetings/{meetingId}/take-over': ['meeting', 'yes', 'yes', 'yes'],
  'meeting.write-chat': ['meeting', 'no', 'own', 'why'],
  'person.add': ['clinic', 'yes', 'yes', 'yes'],
  'person.change': ['person', 'yes', 'yes', 'yes'],
  'person.download-audit': ['person', 'no', 'no', 'why'],
  'person.open-addition': ['clinic', 'yes', 'yes', 'yes'],
  'person.open-search': ['clinic', 'yes', 'yes', 'yes'],
  'person.read': ['person', 'yes', 'yes', 'yes'],
  'get /desk/cases/{caseId}/name': ['case', 'no', 'own', 'why'],
  'get /desk/book': ['clinic', 'yes', 'yes', 'yes'],
  'get /desk/meetings/{meetingId}/name': ['meeting', 'no', 'own', 'why'],
  'post /desk/book/check': ['people-in-body', 'yes', 'yes', 'yes'],
  'post /desk/book/edit': ['people-in-body', 'yes', 'yes', 'yes'],
  'get /desk/tasks/{taskId}/contact/protected': ['task', 'no', 'own', 'why'],
  'get /desk/tasks/{taskId}/contact': ['task', 'yes', 'yes', 'yes'],
  'person.read-audit': ['person', 'no', 'no', 'why'],
  'post /desk/people/{personId}/protected/change': ['person', 'no', 'own', 'why'],
  'person.read-protected': ['person', 'no', 'own', 'why'],
  'person.read-protected-name': ['meeting', 'no', 'own', 'why'],
  'person.record-care-history-consent': ['meeting', 'yes', 'yes', 'yes'],
  'post /desk/people/{personId}/care-history-consent': ['person', 'yes', 'yes', 'yes'],
  'person.record-sms-consent': ['person', 'yes', 'yes', 'yes'],
  'person.allow-guardian': ['person', 'yes', 'yes', 'yes'],
  'person.read-guardian-stops': ['person', 'no', 'own', 'why'],
  'person.stop-guardian': ['person', 'yes', 'yes', 'yes'],
  'person.replace-identity': ['person', 'yes', 'yes', 'yes'],
  'post /desk/people/{personId}/protected/identity': ['person', 'no', 'own', 'why'],
  'person.search': ['clinic', 'no', 'no', 'yes'],
  'post /desk/people': ['clinic', 'yes', 'yes', 'yes'],
  'post /desk/book/add-person': ['people-in-body', 'yes', 'yes', 'yes'],
  'staff.add': ['clinic', 'no', 'no', 'yes'],
  'form.show-answer': ['clinic', 'yes', 'yes', 'yes'],
  'staff.change': ['clinic', 'no', 'no', 'yes'],
  'staff.end-sessions': ['clinic', 'no', 'no', 'yes'],
  'staff.list': ['clinic', 'no', 'no', 'yes'],
  'staff.lock': ['clinic', 'yes', 'yes', 'yes'],
  'staff.new': ['clinic', 'no', 'no', 'yes'],
  'staff.read-lock': ['clinic', 'yes', 'yes', 'yes'],
  'staff.read-own': ['clinic', 'yes', 'yes', 'yes'],
  'staff.unlock': ['clinic', 'yes', 'yes', 'yes'],
  'task.assign': ['task', 'yes', 'yes', 'yes'],
  'task.finish': ['task', 'yes', 'yes', 'yes'],
  'task.list': ['clinic', 'yes', 'yes', 'yes'],
  'task.read': ['task', 'yes', 'yes', 'yes'],
  'get /desk/tasks/{taskId}/why': ['task', 'no', 'own', 'why'],
};

/** What a form carries where blank fields do not fit its schema: by `method path`. */
const forms: Record<string, (ids: Ids) => Record<string, string>> = Object.fromEntries(
  ['edit', 'add-person', 'check', 'confirm'].map((step) => [
    `post /desk/book/${step}`,
    ({ personId }) => ({ person: personId }),
  ]),
);

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
const isSomebodys = ({ subject }: DeskRoute): boolean => subject !== 'clinic' && subject !== 'people-in-body';

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

/** A form that can carry files, without any. */
function withFiles(fields: Record<string, string>): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  return form;
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
      ...(isPost ? { 'sec-fetch-site': 'same-origin' } : {}),
      cookie: [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; '),
      ...headers,
    },
    ...(isPost ? { body: route.takesFiles ? withFiles(posted) : new URLSearchParams(posted) } : {}),
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
  expect([stated.status, stated.location]).toEqual([303, expect.stringMatching(/^\/desk\//)]);
  return 'en granskning';
}

/** It was let in: what came of it is for the row's own tests. */
function expectLetIn(route: DeskRoute, { status, rows }: Knocked, who: Who, reason: string | null): void {
  // What a page asks again and again is logged where it opens.
  expect(new Set(rows.map(({ allowed }) => allowed))).toEqual(new Set(route.quiet ? [] : [true]));
  for (const row of rows)
    expect(row).toMatchObject({
      clinicId: clinic.clinicId,
      staffId: people[who].staffIds[0],
      loggedIn: true,
      ...(reason === null ? {} : { reason }),
    });
  if (isSomebodys(route) && !route.quiet)
    expect(rows.map(({ personId }) => personId)).toContain(ids.personId);
  expect([200, 303, 404, 409, 422]).toContain(status);
}

/** It was kept out, and the log says that somebody tried. */
function expectKeptOut({ status, text, rows }: Knocked, who: Who): void {
  expect(status).toBe(403);
  expect(rows).not.toEqual([]);
  for (const row of rows)
    expect(row).toMatchObject({
      allowed: false,
      clinicId: clinic.clinicId,
      staffId: people[who].staffIds[0],
    });
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

describe('every page has the ways to the desk’s parts', () => {
  const inOrder = ['today', 'inbox', 'tasks', 'people', 'invoices', 'take-over', 'manage', 'me'];
  /** Booking begins at a person; the lock comes by itself, and goes by a login. */
  const isNoPart = ['/desk/book', '/desk/unlocked'];
  const parts = routes.filter(
    ({ method, path, unattended }) =>
      method === 'get' && /^\/desk\/[a-z-]+$/.test(path) && !unattended && !isNoPart.includes(path),
  );

  it('to each that the table has', () => {
    expect(parts.map(({ path }) => path).sort()).toEqual(inOrder.map((part) => `/desk/${part}`).sort());
  });

  it.each(['booker', 'clinician', 'manager'] as const)('for a %s, to those that are open', async (who) => {
    const browser = await logIn(who);
    const open = inOrder
      .map((part) => parts.find(({ path }) => path === `/desk/${part}`)!)
      .filter((route) => mayOf(route).some(([each, given]) => each === who && given === 'yes'))
      .map(({ path }) => path);
    for (const path of open) {
      const { status, text } = await browser.get(path);
      const [nav = ''] = /<nav[^]*?<\/nav>/.exec(text) ?? [];
      expect([path, status, [...nav.matchAll(/href="([^"]*)"/g)].map(([, href]) => href)]).toEqual([
        path,
        200,
        open,
      ]);
      expect([...nav.matchAll(/href="([^"]*)" aria-current="page"/g)].map(([, href]) => href)).toEqual([
        path,
      ]);
    }
  });
});

/** Who knocks, and what their line says. */
function mayOf(route: DeskRoute): [Who, May][] {
  const [, booker, clinician, manager] = lines[lineNameOf(route)]!;
  return [
    ['booker', booker],
    ['clinician', clinician],
    ['colleague', clinician],
    ['manager', manager],
  ];
}
const isAllowed = (who: Who, given: May): boolean =>
  given === 'yes' || (given === 'own' && who === 'clinician');

/** One look at everything for a group of tests: none of them may have changed anything. */
function changesNothing(): void {
  let before: Awaited<ReturnType<RawDatabase['contents']>>;
  beforeAll(async () => {
    before = await raw.contents();
  });
  afterAll(async () => {
    expect(await raw.contents()).toEqual(before);
  });
}

describe('who is not logged in is asked to log in, and does nothing', () => {
  changesNothing();
  it.each(table)('%s', async (_name, route) => {
    const nobody = visitor(service.apiUrl);
    const asked = await knock(route, nobody, { fields: fieldsOf(route) });
    expect([asked.status, asked.rows]).toEqual([401, []]);
    expect(asked.text).toContain('action="/desk/login"');
    nobody.cookies.set('vardmote-desk', randomSecret());
    const script = await knock(route, nobody, { headers: { accept: 'application/json' } });
    expect([script.status, script.rows, script.text]).toEqual([401, [], '{"refused":"login-required"}']);
  });
});

describe('R8.1 whom the line keeps out is kept out, and it is written down', () => {
  changesNothing();
  it.each(table)('%s', async (_name, route) => {
    expect(route.subject).toBe(lines[lineNameOf(route)]![0]);
    for (const [who] of mayOf(route).filter(([each, given]) => !isAllowed(each, given)))
      expectKeptOut(await knock(route, await logIn(who)), who);
  });
});

describe('a form that is not ours does nothing', () => {
  changesNothing();
  it.each(posts)('%s', async (_name, route) => {
    const browser = await logIn('manager');
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
    expect(await raw.db.collection('commands').countDocuments()).toBe(commands);
  });
});

describe('R8.1 another clinic’s staff get nothing of this clinic', () => {
  async function expectNothingElsewhere(route: DeskRoute): Promise<void> {
    const isRight = (given: May, status: number): boolean => {
      if (given === 'no') return status === 403;
      return isSomebodys(route) ? status === 404 : status !== 200 || !route.path.includes('{');
    };
    // Nothing but what stands in the address that is asked for.
    const ours = ['Tolvan Testperson', ids.personId, ids.invoiceId, ids.taskId].filter(
      (each) => !pathOf(route).includes(each),
    );
    for (const [who, given] of mayOf(route).filter(([each]) => each !== 'colleague')) {
      const { status, text, rows } = await knock(route, await logIn(who, other));
      expect([who, status, isRight(given, status)]).toEqual([who, status, true]);
      expect(ours.filter((each) => text.includes(each))).toEqual([]);
      expect(rows.filter(({ clinicId }) => clinicId !== other.clinicId)).toEqual([]);
      expect(rows.map(({ personId }) => personId)).not.toContain(ids.personId);
    }
  }

  describe('that is about somebody', () => {
    changesNothing();
    it.each(table.filter(([, route]) => isSomebodys(route)))('%s', (_name, route) =>
      expectNothingElsewhere(route),
    );
  });
  // What is of their own clinic they can change.
  it.each(table.filter(([, route]) => !isSomebodys(route)))('%s', (_name, route) =>
    expectNothingElsewhere(route),
  );
});

describe('R8.1 whom the line lets in is let in: reading first, then acts', () => {
  const reading = table.filter(([, { method }]) => method === 'get');
  it.each([...reading, ...posts])('%s', async (_name, route) => {
    for (const [who, given] of mayOf(route).filter(
      ([each, what]) => what === 'why' || isAllowed(each, what),
    )) {
      const browser = await logIn(who);
      const reason = given === 'why' ? await stateReason(route, browser) : null;
      expectLetIn(route, await knock(route, browser), who, reason);
    }
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

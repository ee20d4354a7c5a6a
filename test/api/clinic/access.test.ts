import type { Express } from 'express';
import pino from 'pino';
import { createApp, patientDeps, type ApiDeps } from '../../../api/app';
import { expressPath } from '../../../api/clinic/mount';
import { clinicRoutes } from '../../../api/clinic/routes';
import { openRoutes } from '../../../api/open-routes';
import { patientRoutes } from '../../../api/patient/routes';
import { createThreadStreams } from '../../../api/patient/thread/thread-streams';
import type { ClinicRoute } from '../../../api/route';
import { deskRoutes } from '../../../api/staff/routes';
import { staffRoles } from '../../../rules/staff';
import { commands } from '../../../use-cases';
import { randomId } from '../../../platform/keys/random-id';
import {
  bookingOf,
  suitable,
  createClinic,
  type CallAnswer,
  type CallOptions,
  type TestClinic,
} from '../../support/clinic';
import { startService, type Service } from '../../support/service';
import {
  DAY,
  addInvoiceAndTask,
  addMember,
  addThreads,
  expectProblem,
  inMs,
  openDatabase,
  pathWith,
  populate,
  rightBodies,
  rightFile,
  rightQueries,
  waitForNoWorkflow,
  type AuditRow,
  type Ids,
  type RawDatabase,
  dayInStockholm,
} from '../helpers';

/**
 * Decision 10, R8.1, R8.2: one table of who may do what; each row the same way in, and each use written down.
 */
let service: Service;
let clinic: TestClinic;
let other: TestClinic;
let ids: Ids;
let raw: RawDatabase;

const patient = {
  name: 'Tolvan Okänd-Testsson',
  personalNumber: '198112189876',
  birthDate: '1981-12-18',
  mobile: '+46701740699',
  email: 'tolvan.okand@example.org',
};

beforeAll(async () => {
  // Every route is tried with a wrong key, all in the same minute.
  service = await startService({ workers: false, wrongKeysPerMinute: 1_000 });
  waitForNoWorkflow(service);
  clinic = await createClinic(service);
  other = await createClinic(service);
  const personId = await clinic.addPatient(patient);
  const relativeId = await clinic.addPatient();
  const formId = await clinic.addForm();
  const meeting = await clinic.book({ patientId: personId, startAt: inMs(10 * DAY), formIds: [formId] });
  ids = {
    personId,
    relativeId,
    formId,
    meetingId: meeting.meetingId,
    participantId: meeting.patientParticipantId,
    ...(await addInvoiceAndTask(service, meeting.meetingId)),
    ...(await addThreads(clinic, personId, meeting)),
    memberId: await addMember(clinic),
  };
  await populate(service, other);
  raw = await openDatabase(service);
  await clinic.call('PUT', `${meeting.path}/forms/${formId}/answers`, {
    body: rightBodies['form.fill-in']!(ids),
  });
});
afterAll(async () => {
  await raw.close();
  await service.close();
});

const routes = clinicRoutes({} as Parameters<typeof clinicRoutes>[0]);
const table = routes.map((route) => [route.operation, route] as const);

const BODY: typeof rightBodies = {
  ...rightBodies,
  'person.add': () => ({ name: 'Kim Testsson', birthDate: '1990-01-01' }),
  'person.change': () => ({ language: 'sv' }),
  // Who has it keeps it: else the rows after it would be about somebody else's patient.
  'meeting.take-over': () => ({ from: 'clinician-1', to: 'clinician-1', reason: 'absent' }),
};

/** A request that is right in everything but what the test says. */
const send = (
  route: ClinicRoute,
  by: TestClinic,
  options: CallOptions = {},
  given = ids,
): Promise<CallAnswer> =>
  by.call(route.method.toUpperCase(), pathWith(route.path, given) + (rightQueries[route.operation] ?? ''), {
    role: route.roles[0]!,
    reason: 'a test of access',
    ...(route.upload ? rightFile() : { body: BODY[route.operation]?.(given) }),
    ...options,
    headers: { ...(route.upload ? rightFile().headers : {}), ...options.headers },
  });

/** What the audit log got through a call. */
async function auditOf(call: () => Promise<CallAnswer>): Promise<{ answer: CallAnswer; rows: AuditRow[] }> {
  const before = new Set((await raw.audit()).map((row) => JSON.stringify(row)));
  const answer = await call();
  return { answer, rows: (await raw.audit()).filter((row) => !before.has(JSON.stringify(row))) };
}

/** Of a meeting that is to come there is no outcome to correct, and nobody has claimed an invitation. */
const nothingToDo: Record<string, number[]> = {
  'meeting.correct-outcome': [409],
  'meeting.decide-claim': [422],
  'meeting.take-over': [422],
  // Nobody writes in the chat of a meeting that is to come.
  'meeting.write-chat': [409],
};

/** Commands that no clinic gives. */
const patientsOnly = ['meeting.choose-offered-time'];

describe('decision 10: the tables', () => {
  const stub = {
    log: pino({ level: 'silent' }),
    jitsi: {},
    jitsiEventsSecret: 'a-secret-of-the-test',
    publicUrl: 'https://mote.example',
    homeUrl: null,
    supportPhone: '010-000 00 12',
    trustedProxies: 0,
    staffProvider: {},
  } as unknown as ApiDeps;

  interface Layer {
    name: string;
    route?: { path: string; methods: Record<string, boolean> };
    handle?: { stack?: Layer[] };
  }
  const stackOf = (app: Express): Layer[] => (app as unknown as { router: { stack: Layer[] } }).router.stack;
  /** What takes every method that a path has no route for. */
  const NONE_OF_THEM = '_all';
  const mounted = (layers: Layer[]): string[] =>
    layers.flatMap((layer) =>
      layer.route
        ? Object.keys(layer.route.methods)
            .filter((method) => method !== NONE_OF_THEM)
            .map((method) => `${method} ${layer.route!.path}`)
        : mounted(layer.handle?.stack ?? []),
    );
  const login = { ...patientDeps(stub), temporal: stub.temporal, provider: stub.identityProvider };
  const desk = { ...patientDeps(stub), provider: stub.staffProvider! };
  const tables = [
    ...routes,
    ...patientRoutes({ ...stub, streams: createThreadStreams(stub) }),
    ...deskRoutes(stub),
    ...openRoutes({ ...stub, login, desk, document: () => ({}) }),
  ].map(({ method, path }) => `${method} ${expressPath(path)}`);

  it('every route that is mounted stands in one of them, once, and every row is mounted', () => {
    expect(mounted(stackOf(createApp(stub))).sort()).toEqual([...tables].sort());
    expect(new Set(tables).size).toBe(tables.length);
  });

  it('D13 every path says which methods it has, after all of them', () => {
    const all = (layers: Layer[]): Layer[] =>
      layers.flatMap((layer) => (layer.route ? [layer] : all(layer.handle?.stack ?? [])));
    const lastOf = new Map<string, string[]>();
    for (const { route } of all(stackOf(createApp(stub))))
      lastOf.set(route!.path, Object.keys(route!.methods));
    const expected = [...new Set(tables.map((each) => each.split(' ')[1]!))].map((path) => [
      path,
      [NONE_OF_THEM],
    ]);
    expect([...lastOf].sort()).toEqual(expected.sort());
  });

  it('one that is mounted beside them is seen by this test', () => {
    const app = createApp(stub);
    app.get('/unlisted', (_request, response) => response.send('x'));
    expect(mounted(stackOf(app))).toContain('get /unlisted');
  });

  it('what is mounted without being a route is known: middleware, and the files of the documentation', () => {
    const layers = stackOf(createApp(stub)).filter((layer) => !layer.route);
    expect(layers.filter(({ name }) => name === 'serveStatic')).toHaveLength(1);
    // Addresses without ports, logs, what they carry, headers, only paths, who is told when again, who is kept
    // from a page, held bodies, when it came, JSON, the clinic’s routes, the patients’, files that are only
    // read, the desk’s routes, no such address and errors of programs and patients.
    expect(layers).toHaveLength(17);
  });

  it('every row names operation, roles and whose data; operations are unique; every command has its row', () => {
    for (const { operation, roles, summary, path } of routes) {
      expect(operation).toMatch(/^[a-z]+(\.[a-z-]+)$/);
      expect(roles.length).toBeGreaterThan(0);
      expect(roles.every((role) => staffRoles.includes(role))).toBe(true);
      expect(summary).not.toBe('');
      expect(path).toMatch(/^\/clinic\//);
    }
    expect(new Set(routes.map(({ operation }) => operation)).size).toBe(routes.length);
    const handled = routes.flatMap(({ handle }) => (typeof handle === 'string' ? [handle] : []));
    expect([...handled, ...patientsOnly].sort()).toEqual(Object.keys(commands).sort());
  });
});

describe.each(table)('R8.1 %s', (operation, route) => {
  it('is refused without the clinic’s key, and with a wrong one', async () => {
    const unknown = { headers: { authorization: `Bearer vk_${'0'.repeat(64)}` } };
    const { rows } = await auditOf(async () => {
      expectProblem(await send(route, clinic, { headers: { authorization: undefined } }), 401);
      const answer = await send(route, clinic, unknown);
      expectProblem(answer, 401);
      return answer;
    });
    expect(rows).toEqual([]);
  });

  it('D16 is refused without saying who acts and in which role', async () => {
    const wrong: [string, string | undefined, string][] = [
      ['acting-staff', undefined, 'acting-staff-missing'],
      ['acting-staff', 'two words', 'wrong-acting-staff'],
      ['acting-staff', 'x'.repeat(65), 'wrong-acting-staff'],
      ['acting-role', undefined, 'acting-role-missing'],
      ['acting-role', 'doctor', 'wrong-acting-role'],
      ['acting-reason', 'x', 'wrong-acting-reason'],
      ['acting-reason', 'x'.repeat(201), 'wrong-acting-reason'],
    ];
    for (const [name, value, type] of wrong) {
      const answer = await send(route, clinic, { headers: { [name]: value } });
      const errors = expectProblem(answer, 400);
      const { title } = answer.body as { title: string };
      expect([title, ...errors.map(({ field }) => field)]).toEqual([type, `/headers/${name}`]);
    }
  });

  it('is refused in a role that may not, written down, and nothing is changed', async () => {
    const before = await raw.contents();
    for (const role of staffRoles.filter((each) => !route.roles.includes(each))) {
      const { answer, rows } = await auditOf(() => send(route, clinic, { role, staffId: `a-${role}` }));
      expectProblem(answer, 403);
      expect(rows).toMatchObject([
        { operation, role, staffId: `a-${role}`, allowed: false, clinicId: clinic.clinicId },
      ]);
      expect(rows[0]!.personId).toBe(route.subject === 'clinic' ? null : ids.personId);
    }
    expect(await raw.contents()).toEqual(before);
  });

  it('R8.2 is written down for each role that may: who, which clinic, when, what, whose and why', async () => {
    for (const role of route.roles) {
      const from = new Date().toISOString();
      const { answer, rows } = await auditOf(() =>
        send(route, clinic, { role, staffId: 'clinician-1', reason: 'a reason' }),
      );
      expect(nothingToDo[operation] ?? [200, 201, 503]).toContain(answer.status);
      expect(rows).not.toEqual([]);
      for (const row of rows) {
        expect(row).toMatchObject({
          clinicId: clinic.clinicId,
          staffId: 'clinician-1',
          role,
          operation,
          reason: 'a reason',
          allowed: true,
        });
        expect(row.at >= from && row.at <= new Date().toISOString()).toBe(true);
        expect(Object.keys(row).sort()).toEqual(
          [
            '_id',
            'actor',
            'actorId',
            'allowed',
            'at',
            'clinicId',
            'operation',
            'personId',
            'reason',
            'role',
            'staffId',
            'subjectId',
          ].sort(),
        );
      }
      const whose = rows.map(({ personId }) => personId);
      const expectedPeople = operation === 'meeting.book' ? [ids.personId, ids.relativeId] : [ids.personId];
      expect(route.subject === 'clinic' ? expectedPeople : whose).toEqual(expectedPeople);
      const [, subject] = /\{(meetingId|caseId|personId|invoiceId|taskId|memberId)\}/.exec(route.path) ?? [];
      expect(rows[0]!.subjectId).toBe(subject ? ids[subject as keyof Ids] : null);
    }
  });
});

describe('R8.1 another clinic gets nothing of this one, and its try is written down under it', () => {
  const ofNobody = table.filter(([, { subject }]) => subject === 'clinic');
  it.each(ofNobody)('%s', async (_operation, route) => {
    const { answer, rows } = await auditOf(() => send(route, other));
    expect(JSON.stringify(answer.body)).not.toMatch(new RegExp(Object.values(ids).join('|')));
    expect(new Set(rows.map((row) => row.clinicId))).toEqual(new Set([other.clinicId]));
    expect(rows.map(({ personId }) => personId)).not.toContain(ids.personId);
  });

  const ofSomebody = table.filter(([, { subject }]) => subject !== 'clinic');
  it.each(ofSomebody)('%s', async (operation, route) => {
    const before = await raw.contents();
    const { answer, rows } = await auditOf(() => send(route, other));
    // What is named in the body is looked up by the command.
    const inBody = route.subject === 'people-in-body';
    expectProblem(answer, inBody ? 422 : 404);
    expect(rows).toMatchObject([{ operation, clinicId: other.clinicId, personId: null, allowed: inBody }]);
    expect(await raw.contents()).toEqual(before);
  });
});

describe('R8.1 care content', () => {
  const answersPath = (): string => `/clinic/meetings/${ids.meetingId}/forms/${ids.formId}/answers`;

  it('is read by a clinician who takes part', async () => {
    const { status, body } = await clinic.call('GET', answersPath(), { staffId: 'clinician-1' });
    expect([status, (body as { answers: unknown }).answers]).toEqual([200, { how: 3 }]);
  });

  it('is not read by a clinician who does not take part, and the try is written down', async () => {
    const { answer, rows } = await auditOf(() =>
      clinic.call('GET', answersPath(), { staffId: 'clinician-2' }),
    );
    expectProblem(answer, 403);
    expect(answer.body).toMatchObject({ title: 'not-your-patient' });
    expect(JSON.stringify(answer.body)).not.toContain('"how"');
    expect(rows).toMatchObject([
      { staffId: 'clinician-2', operation: 'form.read-answers', personId: ids.personId, allowed: false },
    ]);
  });

  it.each([undefined, ' '])('is not read by the operations manager without a reason (%p)', async (reason) => {
    const path = `/clinic/people/${ids.personId}/audit`;
    for (const address of [answersPath(), path]) {
      const answer = await clinic.call('GET', address, {
        role: 'operations-manager',
        headers: { 'acting-reason': reason },
      });
      expectProblem(answer, reason === undefined ? 403 : [400, 403]);
    }
  });

  it('is read by the operations manager with one, which stands in the log that the patient can be shown', async () => {
    const reason = 'Patienten har begart utdrag';
    const options = { role: 'operations-manager', staffId: 'chefen', reason };
    expect((await clinic.call('GET', answersPath(), options)).status).toBe(200);
    const { body } = await clinic.call('GET', `/clinic/people/${ids.personId}/audit`, options);
    const { items } = body as { items: (AuditRow & { operation: string })[] };
    expect(items[0]).toMatchObject({ operation: 'person.read-audit', staffId: 'chefen', reason });
    expect(items[1]).toMatchObject({
      operation: 'form.read-answers',
      staffId: 'chefen',
      reason,
      allowed: true,
    });
    expect(items.some(({ allowed }) => !allowed)).toBe(true);
    expect([...items].sort((a, b) => (a.at < b.at ? 1 : -1)).map(({ at }) => at)).toEqual(
      items.map(({ at }) => at),
    );
  });
});

describe('R8.1 who sees status and contact only', () => {
  let own: { path: string; meetingId: string };
  let hiddenId: string;
  const whole = ['system', 'clinician', 'manager with a reason'] as const;
  const partly = ['booker', 'another clinician', 'manager'] as const;
  const as: Record<(typeof whole | typeof partly)[number], CallOptions> = {
    system: { role: 'system', staffId: 'pas' },
    clinician: { role: 'clinician', staffId: 'clinician-1' },
    'manager with a reason': { role: 'operations-manager', reason: 'a complaint' },
    booker: { role: 'booker', staffId: 'clinician-1' },
    'another clinician': { role: 'clinician', staffId: 'clinician-2' },
    manager: { role: 'operations-manager', staffId: 'clinician-1' },
  };
  const read = async (who: keyof typeof as, path: string) => {
    const answer = await clinic.call('GET', path, as[who]);
    expect([who, path, answer.status]).toEqual([who, path, 200]);
    return answer.body as Record<string, unknown> & { items: Record<string, unknown>[] };
  };

  beforeAll(async () => {
    hiddenId = await clinic.addPatient(
      {
        name: 'Skyddad Testsson',
        personalNumber: '198107249289',
        birthDate: undefined,
        protectedIdentity: true,
      },
      false,
    );
    own = await clinic.book({ patientId: hiddenId, startAt: inMs(40 * DAY) });
    const { records } = service;
    const { meetingId } = own;
    const at = inMs(0);
    const reasons = ['not-entitled' as const];
    await records.evidence.refused({
      meetingId,
      startVersion: 1,
      participantId: 'p',
      role: 'patient',
      reasons,
      at,
    });
    await records.evidence.joined(
      { meetingId, startVersion: 1, participantId: 'p', role: 'patient' },
      'a',
      at,
    );
    const { course } = await records.meetings.get(meetingId);
    await records.transaction(async (session) => {
      await records.meetings.saveCourse(
        {
          ...course,
          version: course.version + 1,
          state: 'ended',
          outcome: { outcome: 'unclear', because: ['patient-tried'], decidedBy: 'evidence', way: null },
        },
        session,
      );
      await records.meetings.addCorrection(
        meetingId,
        {
          number: 1,
          commandId: 'c',
          outcome: 'completed',
          way: null,
          was: 'unclear',
          by: 'x',
          at,
          reason: 'patient-explained',
        },
        session,
      );
      const desired = { state: 'open', dueAt: null, invoiceId: null, reminders: 0, overdue: false } as const;
      await records.tasks.save(
        { clinicId: clinic.clinicId, patientId: hiddenId, meetingId },
        [
          { ...desired, kind: 'unclear-outcome', occasion: '1', because: ['patient-tried'] },
          { ...desired, kind: 'nobody-reached', occasion: '1', because: ['no-consent'] },
        ],
        new Date(),
        session,
      );
    });
  });

  it('a meeting: why it came to that, and why that was corrected, is for those who see content', async () => {
    const lists = [
      `/clinic/meetings?patientId=${hiddenId}`,
      `/clinic/meetings?day=${dayInStockholm(inMs(40 * DAY))}`,
    ];
    const seenBy = async (who: keyof typeof as) => [
      await read(who, own.path),
      ...(await Promise.all(
        lists.map(async (list) =>
          (await read(who, list)).items.find(({ meetingId }) => meetingId === own.meetingId)!,
        ),
      )),
    ];
    for (const who of whole)
      for (const meeting of await seenBy(who))
        expect(meeting).toMatchObject({
          outcome: { outcome: 'completed', because: ['patient-explained'] },
          corrections: [{ was: 'unclear', reason: 'patient-explained' }],
        });
    for (const who of partly)
      for (const meeting of await seenBy(who)) {
        expect(meeting).toMatchObject({
          state: 'ended',
          patientId: hiddenId,
          gates: {},
          outcome: { outcome: 'completed' },
          corrections: [{ was: 'unclear', outcome: 'completed' }],
        });
        expect(JSON.stringify(meeting)).not.toContain('patient-explained');
      }
  });

  it('its timeline: who came, who was refused and why', async () => {
    const evidence = ['entry-refused', 'joined-room'];
    const happenings = async (who: keyof typeof as) => {
      const timeline = await read(who, `${own.path}/timeline`);
      const { happenings: all } = timeline as unknown as { happenings: { what: string; detail: string }[] };
      return {
        complete: timeline.complete,
        whats: all.map(({ what }) => what),
        text: JSON.stringify(timeline),
      };
    };
    for (const who of whole) {
      const { complete, whats, text } = await happenings(who);
      expect(complete).toBe(true);
      expect(whats).toEqual(expect.arrayContaining([...evidence, 'booked', 'outcome-corrected']));
      expect(text).toContain('completed patient-explained');
    }
    for (const who of partly) {
      const { complete, whats, text } = await happenings(who);
      expect(complete).toBe(false);
      expect(whats).toEqual(expect.arrayContaining(['booked', 'outcome-corrected']));
      expect(whats.filter((what) => evidence.includes(what))).toEqual([]);
      expect(text).not.toMatch(/patient-explained|not-entitled/);
    }
  });

  it('its tasks: the reasons that are evidence; those of a call to make are for all', async () => {
    const tasksBy = async (who: keyof typeof as) => {
      const lists = [
        `${own.path}/tasks`,
        '/clinic/tasks?kind=unclear-outcome',
        '/clinic/tasks?kind=nobody-reached',
      ];
      return (await Promise.all(lists.map(async (list) => (await read(who, list)).items)))
        .flat()
        .filter(({ meetingId }) => meetingId === own.meetingId);
    };
    for (const who of whole) {
      const tasks = await tasksBy(who);
      expect(tasks).toHaveLength(4);
      for (const { kind, because } of tasks)
        expect(because).toEqual(kind === 'unclear-outcome' ? ['patient-tried'] : ['no-consent']);
    }
    for (const who of partly)
      for (const { kind, because } of await tasksBy(who))
        expect(because).toEqual(kind === 'unclear-outcome' ? undefined : ['no-consent']);
  });

  it('R8.8 a person with protected data, read, found and changed; all others are for every role', async () => {
    const search = (who: keyof typeof as) =>
      clinic.call('POST', '/clinic/people/search', { ...as[who], body: { personalNumber: '198107249289' } });
    const change = (who: keyof typeof as) =>
      clinic.call('PATCH', `/clinic/people/${hiddenId}`, { ...as[who], body: { language: 'sv' } });
    const seenBy = async (who: keyof typeof as) => [
      await read(who, `/clinic/people/${hiddenId}`),
      (await search(who)).body as object,
      (await change(who)).body as object,
    ];
    for (const who of whole)
      for (const person of await seenBy(who))
        expect(person).toMatchObject({
          personId: hiddenId,
          name: 'Skyddad Testsson',
          personalNumber: '198107249289',
        });
    for (const who of partly)
      for (const person of await seenBy(who)) {
        const nothing = { name: null, personalNumber: null, birthDate: null, mobile: null, email: null };
        expect(person).toMatchObject({ personId: hiddenId, protectedIdentity: true, ...nothing });
      }
    for (const who of partly)
      expect(await read(who, `/clinic/people/${ids.relativeId}`)).toMatchObject({
        name: 'Tolvan Testperson',
      });
  });

  it('a command’s answer is kept once, and told to each who asks again as far as they see', async () => {
    const { participants } = await service.records.meetings.get(own.meetingId);
    const body = { participantId: participants[0]!.participantId };
    for (const who of [...partly, ...whole, ...partly]) {
      const noted = { ...as[who], body, key: 'a-try-that-was-noted' };
      const { status, body: answered } = await clinic.call('POST', `${own.path}/tries`, noted);
      expect(status).toBe(200);
      const isWhole = whole.some((each) => each === who);
      expect([who, JSON.stringify(answered).includes('patient-explained')]).toEqual([who, isWhole]);
    }
  });
});

describe('R8.2 whose data', () => {
  it('a list is written down for each patient on it', async () => {
    const third = await createClinic(service);
    const patients = [await third.addPatient({}, false), await third.addPatient({}, false)];
    const startAt = inMs(20 * DAY);
    for (const patientId of patients) await third.book({ patientId, startAt });
    const day = dayInStockholm(startAt);
    const { answer, rows } = await auditOf(() => third.call('GET', `/clinic/meetings?day=${day}`));
    const listed = (answer.body as { items: { patientId: string }[] }).items.map(
      ({ patientId }) => patientId,
    );
    const logged = rows.flatMap(({ personId }) => personId ?? []);
    expect(logged.sort()).toEqual([...listed].sort());
  });

  it('a search is written down for the patient found, and for nobody where none is', async () => {
    const search = (personalNumber: string) =>
      auditOf(() => clinic.call('POST', '/clinic/people/search', { body: { personalNumber } }));
    const found = await search(patient.personalNumber);
    expect(found.answer.body).toMatchObject({ personId: ids.personId });
    expect(found.rows.map(({ personId }) => personId)).toContain(ids.personId);
    const none = await search('199001012385');
    expect(none.answer.status).toBe(404);
    expect(none.rows.map(({ personId }) => personId)).toEqual([null]);
  });

  it('a person who is added is written down as that person', async () => {
    const { answer, rows } = await auditOf(() =>
      clinic.call('POST', '/clinic/people', { body: { name: 'Kim Testsson', birthDate: '1990-01-01' } }),
    );
    expect(rows.map(({ personId }) => personId)).toContain((answer.body as { personId: string }).personId);
  });

  it('a guardian who is booked into a child’s meeting is written down too', async () => {
    const [child, guardian] = [
      await clinic.addPatient({ birthDate: '2020-01-01' }),
      await clinic.addPatient(),
    ];
    const participants = [
      { role: 'staff', staffId: 'clinician-1' },
      { role: 'guardian', personId: guardian },
    ];
    const { rows } = await auditOf(() =>
      clinic.call('POST', '/clinic/meetings', {
        body: bookingOf({
          patientId: child,
          startAt: inMs(9 * DAY),
          participants,
          suitability: suitable({ child: true }),
        }),
      }),
    );
    expect(rows.map(({ personId }) => personId)).toContain(child);
  });

  it('a reading that cannot be written down is not answered', async () => {
    const { write } = service.records.audit;
    service.records.audit.write = () => Promise.reject(new Error('no audit log'));
    try {
      for (const path of [`/clinic/people/${ids.personId}`, `/clinic/meetings/${ids.meetingId}`]) {
        const answer = await clinic.call('GET', path);
        expectProblem(answer, 500);
        expect(JSON.stringify(answer.body)).not.toContain('no audit log');
      }
    } finally {
      service.records.audit.write = write;
    }
  });

  it('the log holds no personal data (R8.3)', async () => {
    const log = JSON.stringify(await raw.audit());
    expect(log).toContain(ids.personId);
    for (const secret of [
      ...Object.values(patient),
      '8112189876',
      '701740699',
      'Tolvan',
      'Inför mötet',
      'Kim Testsson',
    ]) {
      expect([secret, log.includes(secret)]).toEqual([secret, false]);
    }
  });
});

describe('R8.1 the key', () => {
  it.each([
    ['another scheme', (key: string) => `Basic ${Buffer.from(`a:${key}`).toString('base64')}`],
    ['no scheme', (key: string) => key],
    ['a part of it', (key: string) => `Bearer ${key.slice(0, -1)}`],
    ['more than it', (key: string) => `Bearer ${key}x`],
    ['other capitals', (key: string) => `Bearer ${key.toUpperCase()}`],
  ])('is refused as %s', async (_name, header) => {
    const answer = await clinic.call('GET', '/clinic/settings', {
      headers: { authorization: header(clinic.apiKey) },
    });
    expectProblem(answer, 401);
  });

  it('is not taken from the query', async () => {
    const answer = await clinic.call('GET', `/clinic/settings?authorization=${clinic.apiKey}`, {
      headers: { authorization: undefined },
    });
    expectProblem(answer, 401);
  });

  it('stands nowhere in the database in plain text', async () => {
    for (const { name } of await raw.db.listCollections().toArray()) {
      const rows = JSON.stringify(await raw.db.collection(name).find().toArray());
      expect([name, rows.includes(clinic.apiKey)]).toEqual([name, false]);
    }
  });

  it('a clinic with the right key may ask many things at once', async () => {
    const { write } = service.records.audit;
    // A slow moment of the database: all are under way together.
    service.records.audit.write = async (rows) => {
      await new Promise((resolve) => setTimeout(resolve, 1_000));
      await write(rows);
    };
    try {
      const answers = await Promise.all(
        Array.from({ length: 120 }, () => clinic.call('GET', '/clinic/settings')),
      );
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    } finally {
      service.records.audit.write = write;
    }
  });

  it('is not to be guessed: too many wrong ones are a 429 problem', async () => {
    const usual = await startService({ workers: false });
    const there = await createClinic(usual);
    const wrong = { headers: { authorization: `Bearer vk_${randomId()}${randomId()}` } };
    let answer = await there.call('GET', '/clinic/settings', wrong);
    for (let tries = 0; tries < 80 && answer.status === 401; tries += 1) {
      answer = await there.call('GET', '/clinic/settings', wrong);
    }
    expectProblem(answer, 429);
    await usual.close();
  });

  it('C8 as many wrong ones at once are looked up as one after the other', async () => {
    const few = await startService({ workers: false, wrongKeysPerMinute: 5 });
    const there = await createClinic(few);
    const looked = jest.spyOn(few.records.clinics, 'byApiKey');
    const wrong = () => ({ headers: { authorization: `Bearer vk_${randomId()}${randomId()}` } });
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => there.call('GET', '/clinic/settings', wrong())),
    );
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(5);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(15);
    expect(looked).toHaveBeenCalledTimes(5);
    await few.close();
  });
});

import type { Express } from 'express';
import pino from 'pino';
import { createApp, patientDeps, type ApiDeps } from '../../../api/app';
import { expressPath } from '../../../api/clinic/mount';
import { openRoutes } from '../../../api/open-routes';
import { patientRoutes } from '../../../api/patient/routes';
import { createThreadStreams } from '../../../api/patient/thread/thread-streams';
import { deskRoutes } from '../../../api/staff/routes';
import { staffRoles } from '../../../rules/staff';
import { commands } from '../../../use-cases';
import { expectProblem, type Ids } from '../helpers';
import { auditOf, clinic, ids, other, raw, routes, send, table, withEveryRoute } from './access-setup';

/**
 * Decision 10, R8.1, R8.2: one table of who may do what; each row the same way in, and each use written down.
 */
withEveryRoute();

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
      // The child's log names the guardian in a row of its own; the guardian's own log has none (R7.10).
      const expectedPeople =
        operation === 'meeting.book'
          ? [ids.personId, ids.relativeId]
          : operation === 'person.stop-guardian' || operation === 'person.allow-guardian'
            ? [ids.personId, ids.personId]
            : [ids.personId];
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

import { clinicRoutes } from '../../../api/clinic/routes';
import type { ClinicRoute } from '../../../api/route';
import { randomId } from '../../../platform/keys/random-id';
import { createClinic, type CallOptions, type TestClinic } from '../../support/clinic';
import { startService, type Service } from '../../support/service';
import {
  expectProblem,
  openDatabase,
  pathWith,
  populate,
  rightBodies,
  startedWorkflows,
  waitForNoWorkflow,
  type Ids,
  type RawDatabase,
} from '../helpers';
import { fieldsOf, withValue } from './wrong-bodies';

/**
 * Every input, one at a time, in every way that it can be wrong: a 4xx that names the field. After each group
 * of them nothing has been written and no workflow started. No workers run: nothing but the requests can
 * change anything.
 */
let service: Service;
let clinic: TestClinic;
let other: TestClinic;
let ids: Ids;
let otherIds: Ids;
let raw: RawDatabase;
let before: Awaited<ReturnType<RawDatabase['contents']>>;

beforeAll(async () => {
  service = await startService({ workers: false });
  waitForNoWorkflow(service);
  clinic = await createClinic(service);
  other = await createClinic(service);
  ids = await populate(service, clinic);
  otherIds = await populate(service, other);
  raw = await openDatabase(service);
  // Of each clinic a meeting and a message case.
  expect(await startedWorkflows(service, 4)).toBe(4);
  before = await raw.contents();
});
afterAll(async () => {
  await raw.close();
  await service.close();
});

/** May do everything, so that nothing but the input can be the reason. */
const allowed: CallOptions = { role: 'operations-manager', reason: 'a test of refusals' };

/** Nothing since the group before this one. */
async function expectNothingWritten(): Promise<void> {
  const was = before;
  before = await raw.contents();
  expect(before).toEqual(was);
  expect(await startedWorkflows(service, 4)).toBe(4);
}
/** Writes what a test needs, beside what all of them look at. */
async function write<T>(act: () => Promise<T>): Promise<T> {
  await expectNothingWritten();
  const result = await act();
  before = await raw.contents();
  return result;
}

async function expectRefused(
  { method, path }: Pick<ClinicRoute, 'method' | 'path'>,
  options: CallOptions,
  pointer: string,
  status: number | number[] = [400, 422],
): Promise<void> {
  const answer = await clinic.call(method.toUpperCase(), pathWith(path, ids), { ...allowed, ...options });
  const errors = expectProblem(answer, status);
  const within = (place: string) => (each: string) => `${each}/`.startsWith(`${place}/`);
  const fields = errors.map((error) => error.field);
  expect(fields.filter(within(pointer))).not.toEqual([]);
  // A neighbour in the same part may be wrong because of it; nothing else may.
  const part = pointer.split('/').length > 3 ? pointer.slice(0, pointer.lastIndexOf('/')) : pointer;
  expect(fields.filter((each) => !within(part)(each))).toEqual([]);
  expect(errors.flatMap(({ reason, message }) => [reason, message])).not.toContain('');
}

const routes = clinicRoutes({} as Parameters<typeof clinicRoutes>[0]);
const routeOf = (operation: string): ClinicRoute => routes.find((route) => route.operation === operation)!;
const withBody = routes.filter((route) => route.body);
const withoutBody = routes.filter((route) => route.method !== 'get' && !route.body && !route.upload);

it('covers every route that takes a body', () => {
  expect(Object.keys(fieldsOf).sort()).toEqual(withBody.map((route) => route.operation).sort());
  expect(Object.keys(rightBodies).sort()).toEqual(Object.keys(fieldsOf).sort());
  expect(withoutBody.map(({ operation }) => operation).sort()).toEqual([
    'case.close',
    'invoice.object',
    'invoice.replace',
    'meeting.register-visit',
  ]);
});

it.each(withoutBody.map((route) => [route.operation, route] as const))(
  '%s takes no body and no query',
  async (_operation, route) => {
    await expectRefused(route, { body: { reason: 'goodwill' } }, '/body');
    await expectRefused({ ...route, path: `${route.path}?day[$ne]=1` }, {}, '/query/day[$ne]');
    await expectNothingWritten();
  },
);

describe.each(withBody.map((route) => [route.operation, route] as const))(
  '%s refuses',
  (operation, route) => {
    const fields = fieldsOf[operation] ?? [];
    const right = (): Record<string, unknown> => rightBodies[operation]!(ids);

    it.each(fields.flatMap(({ at, wrong }) => wrong.map(([name, value]) => [at, name, value] as const)))(
      '%s that is %s',
      async (at, _name, value) => {
        await expectRefused(route, { body: withValue(right(), at, value) }, `/body/${at}`);
      },
    );

    it('a request without any one of the fields that it needs', async () => {
      for (const { at, optional: mayBeAbsent } of fields) {
        if (mayBeAbsent || /\/\d+$/.test(at)) continue;
        await expectRefused(route, { body: withValue(right(), at, undefined) }, `/body/${at}`);
      }
    });

    it('a field that it does not know, wherever it stands', async () => {
      await expectRefused(route, { body: { ...right(), other: 1 } }, '/body/other');
      await expectRefused(route, { body: { ...right(), $where: 'sleep(1000)' } }, '/body/$where');
    });

    it.each([
      ['no body', undefined],
      ['a list', []],
    ])('%s', async (_name, body) => {
      await expectRefused(route, { body }, '/body');
    });

    it('D16 a body of another content type, by its name', async () => {
      for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/xml']) {
        const answer = { body: right(), headers: { 'content-type': type } };
        await expectRefused(route, answer, '/headers/content-type', 415);
      }
    });

    it.each([
      ['malformed JSON', '{"name": ', 400],
      ['a JSON text', '"name"', 400],
      ['null', 'null', 400],
      ['a body of more than 200 kB', JSON.stringify({ name: 'x'.repeat(210_000) }), 413],
    ])('%s', async (_name, body, status) => {
      const answer = await clinic.call(route.method.toUpperCase(), pathWith(route.path, ids), {
        ...allowed,
        body,
      });
      expectProblem(answer, status);
    });

    it('an address with a query', async () => {
      const path = `${route.path}?day[$ne]=1`;
      await expectRefused({ ...route, path }, { body: right() }, '/query/day[$ne]');
    });

    it('all of it, and writes nothing', async () => {
      await expectNothingWritten();
    });
  },
);

describe('what hangs together', () => {
  it('a birth date that contradicts the number', async () => {
    const body = {
      ...rightBodies['person.add']!(ids),
      personalNumber: '198112189876',
      birthDate: '1981-12-19',
    };
    await expectRefused(routeOf('person.add'), { body }, '/body/birthDate');
  });

  it('a person without number and birth date', async () => {
    await expectRefused(routeOf('person.add'), { body: { name: 'Tolvan' } }, '/body/birthDate');
  });

  it('a form with two questions of the same id', async () => {
    const one = { questionId: 'a', label: 'a', required: true, type: 'date' };
    await expectRefused(
      routeOf('form.add'),
      { body: { title: 'x', questions: [one, one] } },
      '/body/questions',
    );
  });

  it('a number question whose least is more than its most: nobody could answer it, and the meeting not start', async () => {
    const question = { questionId: 'a', label: 'a', required: true, type: 'number', min: 5, max: 1 };
    await expectRefused(
      routeOf('form.add'),
      { body: { title: 'x', questions: [question] } },
      '/body/questions/0',
    );
  });

  it('a fee that is valid until before it is valid from', async () => {
    const body = withValue(rightBodies['clinic.change-settings']!(ids), 'fees/0/validUntil', '2019-12-31');
    await expectRefused(routeOf('clinic.change-settings'), { body }, '/body/fees');
  });

  it('R7.1 a guardian without a person, a member of staff with one, a nested unknown field', async () => {
    const route = routeOf('meeting.book');
    const right = { ...rightBodies['meeting.book']!(ids), interpreterNeeded: false };
    const withSecond = (participant: object) => ({
      body: { ...right, participants: [{ role: 'staff', staffId: 'clinician-1' }, participant] },
    });
    const at = '/body/participants/1';
    await expectRefused(route, withSecond({ role: 'guardian' }), `${at}/personId`);
    await expectRefused(route, withSecond({ role: 'guardian', personId: null }), `${at}/personId`);
    await expectRefused(
      route,
      withSecond({ role: 'staff', staffId: 's', personId: ids.personId }),
      `${at}/personId`,
    );
    await expectRefused(route, withSecond({ role: 'guest', personId: null, name: 'Kim' }), `${at}/name`);
  });

  it('R1.2 an answer to a question that there is not', async () => {
    const route = routeOf('meeting.book');
    for (const question of ['other', '$where', '__proto__']) {
      const body = JSON.stringify(rightBodies['meeting.book']!(ids)).replace(
        '"answers":{',
        `"answers":{"${question}":true,`,
      );
      await expectRefused(route, { body }, `/body/suitability/answers/${question}`);
    }
  });

  it('R5.1 an interpreter is needed and none takes part', async () => {
    const body = withValue(rightBodies['meeting.book']!(ids), 'participants/2', undefined);
    await expectRefused(routeOf('meeting.book'), { body }, '/body/participants');
  });

  it.each(['meeting.state-outcome', 'meeting.correct-outcome'])(
    'R4.6 %s: a way to go on is said for the back-up routine, and for nothing else',
    async (operation) => {
      const body = { ...rightBodies[operation]!(ids), outcome: 'completed' };
      await expectRefused(routeOf(operation), { body }, '/body/way');
    },
  );

  it('R4.7 what is confirmed at the start is not what is confirmed before the door opens', async () => {
    const route = routeOf('meeting.confirm-readiness');
    await expectRefused(route, { body: { moment: 'at-start' } }, '/body/allPresentAreEntitled');
    const not = { moment: 'at-start', allPresentAreEntitled: false };
    await expectRefused(route, { body: not }, '/body/allPresentAreEntitled');
    const both = { ...rightBodies['meeting.confirm-readiness']!(ids), allPresentAreEntitled: true };
    await expectRefused(route, { body: both }, '/body/allPresentAreEntitled');
  });

  it('writes nothing, all of it', async () => {
    await expectNothingWritten();
  });

  it('the same number twice at one clinic, also at the same instant', async () => {
    const third = await createClinic(service);
    const body = { name: 'Tolvan Testperson', personalNumber: '198112189876' };
    // All have looked before the first one writes.
    const { findByIdentity } = service.records.people;
    service.records.people.findByIdentity = async (...asked) => {
      const found = await findByIdentity(...asked);
      await new Promise((resolve) => setTimeout(resolve, 500));
      return found;
    };
    const answers = await Promise.all(
      Array.from({ length: 12 }, () => third.call('POST', '/clinic/people', { body })),
    );
    service.records.people.findByIdentity = findByIdentity;
    const statuses = answers.map(({ status }) => status).sort();
    expect(statuses).toEqual([201, ...Array.from({ length: 11 }, () => 409)]);
    const later = await third.call('POST', '/clinic/people', { body });
    expect(expectProblem(later, 409)).toMatchObject([{ field: '/body/personalNumber' }]);
    before = await raw.contents();
  });
});

describe('addresses and queries', () => {
  const list = routeOf('meeting.list');
  const query = (text: string) => ({ ...list, path: `/clinic/meetings?${text}` });

  it.each([
    ['', '/query/day'],
    ['day=2026-02-30', '/query/day'],
    ['day=', '/query/day'],
    ['day=today', '/query/day'],
    ['day=2026-11-23&day=2026-11-24', '/query/day'],
    ['day[$gt]=', '/query'],
    ['day=2026-11-23&state=other', '/query/state'],
    ['day=2026-11-23&state[$ne]=ended', '/query'],
    ['day=2026-11-23&cursor=garbage', '/query/cursor'],
    ['day=2026-11-23&cursor=', '/query/cursor'],
    [`day=2026-11-23&cursor=${'a'.repeat(121)}`, '/query/cursor'],
    [`day=2026-11-23&cursor=${Buffer.from('2026-99-99 x').toString('base64url')}`, '/query/cursor'],
    ['day=2026-11-23&limit=1000', '/query/limit'],
  ])('the list of meetings refuses ?%s', async (text, pointer) => {
    await expectRefused(query(text), {}, pointer);
  });

  it.each([
    ['from=2026-11-23', '/query/from'],
    ['until=yesterday', '/query/until'],
    ['from=2026-11-23T08:00:00Z&from=2026-11-23T09:00:00Z', '/query/from'],
    ['from[$gt]=', '/query'],
    ['state=lost', '/query/state'],
    ['state[$ne]=dead', '/query'],
    ['cursor=garbage', '/query/cursor'],
    [`cursor=${'a'.repeat(401)}`, '/query/cursor'],
    [`cursor=${Buffer.from('2026-11-23T08:00:00Z x y').toString('base64url')}`, '/query/cursor'],
    ['limit=1000', '/query/limit'],
  ])('the list of events refuses ?%s', async (text, pointer) => {
    await expectRefused({ method: 'get', path: `/clinic/events?${text}` }, {}, pointer);
  });

  it.each([
    ['state=late', '/query/state'],
    ['state[$ne]=open', '/query'],
    ['kind=other', '/query/kind'],
    ['kind=register-visit&kind=approve-invoice', '/query/kind'],
    ['assignedTo=', '/query/assignedTo'],
    ['assignedTo=two words', '/query/assignedTo'],
    ['cursor=garbage', '/query/cursor'],
    ['limit=1000', '/query/limit'],
  ])('the list of tasks refuses ?%s', async (text, pointer) => {
    await expectRefused({ method: 'get', path: `/clinic/tasks?${text}` }, {}, pointer);
  });

  it.each([
    ['state=late', '/query/state'],
    ['state[$ne]=ended', '/query'],
    ['assignedTo=', '/query/assignedTo'],
    ['unassigned=yes', '/query/unassigned'],
    ['cursor=garbage', '/query/cursor'],
    ['limit=1000', '/query/limit'],
  ])('the inbox refuses ?%s', async (text, pointer) => {
    await expectRefused({ method: 'get', path: `/clinic/cases?${text}` }, {}, pointer);
  });

  it.each(['after=-1', 'after=1.5', 'after=x', 'after[$gt]=', 'limit=1000'])(
    'a thread refuses ?%s',
    async (text) => {
      await expectRefused({ method: 'get', path: `/clinic/cases/{caseId}/thread?${text}` }, {}, '/query');
    },
  );

  it.each([
    ['until=2026-11-23', '/query/from'],
    ['from=2026-11-23', '/query/until'],
    ['from=2026-11-23&until=2026-02-30', '/query/until'],
    ['from=2026-11-23&until=2026-11-22', '/query/until'],
    ['from=2026-11-23T00:00:00Z&until=2026-11-24', '/query/from'],
    ['from=2026-11-23&until=2026-11-24&patient=1', '/query/patient'],
  ])('the billing file refuses ?%s', async (text, pointer) => {
    await expectRefused({ method: 'get', path: `/clinic/billing-file?${text}` }, {}, pointer);
  });

  it.each(['at=2026-11-23', 'at=now', 'at[$gt]=', 'if=missed'])('the costs refuse ?%s', async (text) => {
    await expectRefused({ method: 'get', path: `/clinic/meetings/{meetingId}/costs?${text}` }, {}, '/query');
  });

  const malformed = ['a', 'a'.repeat(23), '$ne', '%24gt', '%00', '..%2f..%2fpeople', "a'||'1'=='1"];
  it.each(
    routes.filter((route) => route.path.includes('{')).map((route) => [route.operation, route] as const),
  )('%s refuses ids that are none of ours', async (operation, route) => {
    const name = /\{(\w+)\}/.exec(route.path)![1]!;
    for (const value of malformed) {
      const path = route.path.replace(`{${name}}`, value);
      const body = rightBodies[operation]?.(ids);
      await expectRefused({ ...route, path }, { body }, `/params/${name}`, 400);
    }
  });

  it('an address that is not even well-formed is a 400', async () => {
    const answer = await clinic.call('GET', '/clinic/people/%E0%A4%A', allowed);
    expectProblem(answer, 400);
  });

  it('a body where none belongs is refused', async () => {
    // fetch sends no body with GET; the raw request does.
    const { request } = await import('node:http');
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const sent = request(
        `${service.apiUrl}/clinic/settings`,
        {
          method: 'GET',
          headers: {
            authorization: `Bearer ${clinic.apiKey}`,
            'acting-staff': 'a',
            'acting-role': 'booker',
            'content-type': 'application/json',
            'content-length': 9,
          },
        },
        (response) => {
          response.resume();
          resolve(response.statusCode);
        },
      );
      sent.on('error', reject);
      sent.end('{"a": 12}');
    });
    expect(status).toBe(400);
  });

  it('write nothing where they are wrong', async () => {
    await expectNothingWritten();
  });
});

describe('ids that are not the clinic’s', () => {
  const subjects = routes.filter((route) => route.path.includes('{'));

  it.each(subjects.map((route) => [route.operation, route] as const))(
    'R8.1 %s answers the same for another clinic’s as for one that nobody has',
    async (operation, route) => {
      const method = route.method.toUpperCase();
      const names = [...route.path.matchAll(/\{(\w+)\}/g)].map((match) => match[1] as keyof Ids);
      for (const name of names) {
        const answerFor = async (given: Ids) => {
          const body = rightBodies[operation]?.(ids);
          const { status, body: answered } = await clinic.call(method, pathWith(route.path, given), {
            ...allowed,
            body,
          });
          expect([404, 422]).toContain(status);
          return { status, body: answered as unknown };
        };
        const unknown = await answerFor({ ...ids, [name]: randomId() });
        expect(await answerFor({ ...ids, [name]: otherIds[name] })).toEqual(unknown);
        expect(unknown.status === 404 || name === 'formId').toBe(true);
      }
      await expectNothingWritten();
    },
  );

  it.each([
    ['patientId', 'personId', 'patientId'],
    ['participants/1/personId', 'personId', 'participants/1/personId'],
    ['participants/2/personId', 'personId', 'participants/2/personId'],
    ['formIds/0', 'formId', 'formIds/0'],
  ] as const)('R8.1 meeting.book: %s', async (at, name, pointer) => {
    const route = routeOf('meeting.book');
    const bodyWith = (value: string) => ({ body: withValue(rightBodies['meeting.book']!(ids), at, value) });
    await expectRefused(route, bodyWith(randomId()), `/body/${pointer}`, 422);
    await expectRefused(route, bodyWith(otherIds[name]), `/body/${pointer}`, 422);
    const answers = await Promise.all(
      [randomId(), otherIds[name]].map(
        async (value) =>
          (await clinic.call('POST', '/clinic/meetings', { ...allowed, ...bodyWith(value) })).body as unknown,
      ),
    );
    expect(answers[0]).toEqual(answers[1]);
    await expectNothingWritten();
  });

  it('R8.1 meeting.enter: a participant of another clinic’s meeting', async () => {
    const body = { participantId: otherIds.participantId, identityChecked: 'known-to-staff' };
    await expectRefused(routeOf('meeting.enter'), { body }, '/body/participantId', 422);
    await expectNothingWritten();
  });

  it('R8.1 a number that only another clinic knows is not found', async () => {
    await write(() => other.addPatient({ personalNumber: '199001012385', birthDate: undefined }));
    const body = { personalNumber: '199001012385' };
    expect((await other.call('POST', '/clinic/people/search', { body })).status).toBe(200);
    expectProblem(await clinic.call('POST', '/clinic/people/search', { body }), 404);
    expectProblem(
      await clinic.call('POST', '/clinic/people/search', { body: { personalNumber: '198112189876' } }),
      404,
    );
    await expectNothingWritten();
  });

  it('R3.1 a form of the clinic that was not given for this meeting', async () => {
    const formId = await write(() => clinic.addForm());
    const path = `/clinic/meetings/${ids.meetingId}/forms/${formId}/answers`;
    const body = rightBodies['form.fill-in']!(ids);
    await expectRefused({ method: 'put', path }, { body }, '/params/formId', 422);
    await expectNothingWritten();
  });
});

describe('the bodies that all these differ from', () => {
  it.each(withBody.map((route) => [route.operation, route] as const))(
    '%s are taken',
    async (operation, route) => {
      const { status } = await clinic.call(route.method.toUpperCase(), pathWith(route.path, ids), {
        ...allowed,
        body: rightBodies[operation]!(ids),
      });
      // Without workers a command about a meeting or an invoice waits; nobody has the number that is searched
      // for; the door is not open, nor the chat, and the meeting has no outcome to correct.
      const expected = /^(meeting|case|invoice)\./.test(operation) ? [200, 201, 503] : [200, 201];
      const others: Record<string, number[]> = {
        'person.search': [404],
        'meeting.correct-outcome': [409],
        'meeting.write-chat': [409],
        // Nobody has come with that invitation.
        'meeting.decide-claim': [422],
      };
      expect(others[operation] ?? expected).toContain(status);
    },
  );
});

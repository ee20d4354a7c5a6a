import pino from 'pino';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createApp, type ApiDeps } from '../../api/app';
import { createApiServer } from '../../api/server';
import { createClinic, type TestClinic } from '../support/clinic';
import { startService, type Service } from '../support/service';
import { testKeys } from '../support/keys';
import { DAY, MINUTE, expectProblem, inMs, openDatabase, type RawDatabase } from './helpers';

/** What the process shows to those who are no clinic, and what it keeps out of its logs. */
let service: Service;
let clinic: TestClinic;
let raw: RawDatabase;

beforeAll(async () => {
  service = await startService();
  clinic = await createClinic(service);
  raw = await openDatabase(service);
});
afterAll(async () => {
  await raw.close();
  await service.close();
});

/** What an API needs of those whom these tests do not ask. */
const minimal = {
  log: pino({ level: 'silent' }),
  jitsi: {},
  jitsiEventsSecret: 'a-secret-of-the-test',
  publicUrl: 'https://mote.example',
  homeUrl: null,
  supportPhone: '010-000 00 12',
  trustedProxies: 0,
} as unknown as ApiDeps;

const get = (path: string, init: RequestInit = {}) =>
  fetch(`${service.apiUrl}${path}`, { redirect: 'manual', ...init });

describe('the process', () => {
  it('is alive and ready', async () => {
    expect(await (await get('/healthz')).json()).toEqual({ status: 'alive' });
    const ready = await get('/readyz');
    expect(ready.status).toBe(200);
    expect(await ready.json()).toEqual({
      status: 'ready',
      checks: { database: true, temporal: true, clock: true },
    });
  });

  it.each([
    ['database', 503, 'not-ready'],
    ['temporal', 200, 'degraded'],
  ] as const)('B8 is alive without its %s, and answers %i: %s', async (gone, status, says) => {
    const ping = (name: string) => () =>
      name === gone ? Promise.reject(new Error('gone')) : Promise.resolve();
    const server = createServer(
      createApp({
        ...minimal,
        records: { ping: ping('database'), serverTime: () => Promise.resolve(new Date()) },
        temporal: { ping: ping('temporal') },
      } as unknown as ApiDeps),
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    try {
      const ready = await fetch(`${url}/readyz`);
      expect(ready.status).toBe(status);
      expect(ready.headers.get('retry-after')).toBe(status === 503 ? '2' : null);
      const reachable = await fetch(`${url}/hooks/reachable`);
      expect([reachable.status, reachable.headers.get('retry-after')]).toEqual(
        status === 503 ? [503, '2'] : [200, null],
      );
      const state = (await ready.json()) as { away?: string[] };
      expect(state).toMatchObject({ status: says, checks: { clock: true, [gone]: false } });
      expect(state.away?.join() ?? '').toMatch(gone === 'temporal' ? /^temporal: .*are stored/ : /^$/);
      expect((await fetch(`${url}/healthz`)).status).toBe(200);
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });

  it.each([
    '/',
    '/healthz',
    '/openapi.json',
    '/docs',
    '/docs/start.js',
    '/docs/files/swagger-ui.css',
    '/docs/files/swagger-ui-bundle.js',
    '/assets/vardmote.css',
    '/m/1abcdefghijklmnopqrstuv',
  ])('%s is there, with the headers that keep a page to itself', async (path) => {
    const response = await get(path);
    expect(response.status).toBe(200);
    const policy = response.headers.get('content-security-policy') ?? '';
    for (const part of [
      "default-src 'none'",
      "script-src 'self'",
      "frame-ancestors 'none'",
      "base-uri 'none'",
    ]) {
      expect(policy.split(';').map((each) => each.trim())).toContain(part);
    }
    expect(policy).not.toMatch(/unsafe-eval|script-src[^;]*unsafe-inline|\*/);
    expect(response.headers.get('referrer-policy')).toBe('no-referrer');
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    expect(response.headers.get('x-powered-by')).toBeNull();
  });

  it('B14 says whether it is alive and ready however often it is asked, and before all limits', () => {
    const from = createApp({ ...minimal, trustedProxies: 0 });
    const stack = (from as unknown as { router: { stack: { route?: { path: string; stack: unknown[] } }[] } })
      .router.stack;
    for (const path of ['/healthz', '/readyz']) {
      // The handler alone: no limit before it.
      expect(stack.find(({ route }) => route?.path === path)?.route?.stack).toHaveLength(1);
    }
    expect(stack.find(({ route }) => route?.path === '/docs')?.route?.stack).toHaveLength(2);
  });

  it.each([
    'http://a:99999/login/callback?code=secret-code-of-c3',
    '//a:99999/login/callback?code=secret-code-of-c3',
  ])('C3 the target %s is a 400, and nothing of it stands in the log', async (target) => {
    const { hostname, port } = new URL(service.apiUrl);
    const status = await new Promise((resolve, reject) => {
      const sent = request({ hostname, port, path: target }, (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      sent.on('error', reject).end();
    });
    expect(status).toBe(400);
    expect(service.logLines.join('')).not.toMatch(/99999|secret-code-of-c3/);
  });

  /** Asks for a target as it is written, which `fetch` would tidy up. */
  const askFor = (target: string, accept = 'text/html,*/*;q=0.8') =>
    new Promise<{ status: number; type: string; text: string }>((resolve, reject) => {
      const { hostname, port } = new URL(service.apiUrl);
      const sent = request({ hostname, port, path: target, headers: { accept } }, (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (part: string) => (text += part));
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            type: String(response.headers['content-type']),
            text,
          }),
        );
      });
      sent.on('error', reject).end();
    });
  const code = `1${'a'.repeat(22)}`;

  it.each([
    [`//m/${code}`, 400],
    [`///m/${code}`, 400],
    [`http://mote.example/m/${code}`, 400],
    ['//my/meetings', 400],
    [`/m//${code}`, 404],
    [`/%2fm/${code}`, 404],
    [`/m%2f${code}`, 404],
    [`/./m/${code}`, 404],
    [`/clinic/../m/${code}`, 404],
    ['/m/%zz', 400],
    ['/%zz', 404],
    ['/..', 404],
  ])('D13 the address %s is answered %i by a page that says what to do', async (target, status) => {
    const { type, text, ...answer } = await askFor(target);
    expect(answer.status).toBe(status);
    expect(type).toMatch(/^text\/html/);
    expect(text).toContain('Öppna länken i ditt sms igen');
    expect(text).toContain('href="/my"');
  });

  it.each([
    ['//clinic/meetings', 400],
    ['http://mote.example/clinic/meetings', 400],
    ['/%2fclinic/meetings', 404],
    ['/./clinic/meetings', 404],
    ['/m/../clinic/meetings', 404],
    ['/clinic%2fmeetings', 404],
    ['/CLINIC/none', 404],
    ['/clinic//meetings', 404],
    ['//hooks/46elks/x', 400],
  ])('D13 of the API’s, %s is answered %i by a problem', async (target, status) => {
    const { type, text, ...answer } = await askFor(target, '*/*');
    expect(answer.status).toBe(status);
    expect(type).toMatch(/^application\/problem\+json/);
    expect(JSON.parse(text)).toMatchObject({ status, errors: [] });
  });

  it('C3 what an error carries does not get into the log', async () => {
    const { find } = service.records.people;
    const error = Object.assign(new TypeError('no "secret-of-quote" at https://a.example/?q=secret-of-url'), {
      code: 'ERR_INVALID_URL',
      input: 'secret-of-input',
      body: { name: 'secret-of-body' },
      cause: new Error('E11000 dup key: { number: secret-of-row }'),
    });
    service.records.people.find = () => Promise.reject(error);
    const before = service.logLines.length;
    await clinic.call('GET', '/clinic/people/aaaaaaaaaaaaaaaaaaaaaa');
    service.records.people.find = find;
    const lines = service.logLines.slice(before).join('\n');
    expect(lines).toContain('ERR_INVALID_URL');
    expect(lines).not.toContain('secret-of');
  });

  it('C8 wrong keys are looked up so often and no more; a right one is not held up by them', async () => {
    const own = await startService({ workers: false, wrongKeysPerMinute: 3 });
    const right = await createClinic(own);
    expect((await right.call('GET', '/clinic/settings')).status).toBe(200);
    const looked = jest.spyOn(own.records.clinics, 'byApiKey');
    const statuses: number[] = [];
    for (let number = 0; number < 6; number += 1) {
      const headers = { authorization: `Bearer vk_wrong_key_of_a_test_${number}` };
      statuses.push((await fetch(`${own.apiUrl}/clinic/settings`, { headers })).status);
    }
    expect(statuses).toEqual([401, 401, 401, 429, 429, 429]);
    expect(looked).toHaveBeenCalledTimes(3);
    expect((await right.call('GET', '/clinic/settings')).status).toBe(200);
    looked.mockRestore();
    await own.close();
  });

  it('B11 keeps connections longer than a proxy does', async () => {
    const server = createApiServer((_request, response) => void response.end('x'));
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    const response = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    const seconds = Number(/timeout=(\d+)/.exec(response.headers.get('keep-alive') ?? '')?.[1]);
    expect(seconds).toBeGreaterThan(120);
    expect(server.requestTimeout).toBeGreaterThan(10 * MINUTE);
    server.closeAllConnections();
    server.close();
  });

  it('the documentation loads nothing from elsewhere and has no script in its page', async () => {
    const page = await (await get('/docs')).text();
    expect(page).not.toMatch(/(src|href)="(https?:)?\/\//);
    expect(page).not.toMatch(/<script(?![^>]*\bsrc=)/);
    for (const [, address] of page.matchAll(/(?:src|href)="(\/[^"]+)"/g)) {
      expect([address, (await get(address!)).status]).toEqual([address, 200]);
    }
  });

  it.each(['/clinic/nothing', '/docs/files/package.jso', '/clinic', '/hooks/nothing'])(
    'an address of programs without anything is a 404 problem: %s',
    async (path) => {
      const response = await get(path, { headers: { accept: 'text/html' } });
      const answer = { status: response.status, headers: response.headers, body: await response.json() };
      expectProblem(answer, 404);
      expect(response.headers.get('x-powered-by')).toBeNull();
    },
  );

  it('D13 any other address without anything is a page in Swedish, and a problem for who asks for data', async () => {
    for (const path of ['/nothing', '/minamoten', '/my/nothing', '/favicon.txt']) {
      const page = await get(path, { headers: { accept: 'text/html,*/*;q=0.8', 'accept-language': 'sv' } });
      expect([page.status, page.headers.get('content-type')]).toEqual([404, 'text/html; charset=utf-8']);
      const text = await page.text();
      expect(text).toContain('<html lang="sv"');
      expect(text).toContain('010-000 00 12');
      const data = await get(path, { headers: { accept: 'application/json' } });
      expectProblem({ status: data.status, headers: data.headers, body: await data.json() }, 404);
    }
  });

  it.each([
    ['DELETE', '/clinic/meetings', 'GET, HEAD, POST, OPTIONS'],
    ['GET', '/clinic/people/search', 'POST, OPTIONS'],
    ['PUT', '/clinic/cases/waiting', 'GET, HEAD, OPTIONS'],
    ['PATCH', '/clinic/meetings/0123456789abcdefghijkl', 'GET, HEAD, OPTIONS'],
    ['GET', '/hooks/46elks/x', 'POST, OPTIONS'],
    ['GET', '/hooks/jitsi/events/occupant/joined', 'POST, OPTIONS'],
    ['POST', '/healthz', 'GET, HEAD, OPTIONS'],
    ['DELETE', '/readyz', 'GET, HEAD, OPTIONS'],
    ['POST', '/openapi.json', 'GET, HEAD, OPTIONS'],
    ['PUT', '/docs', 'GET, HEAD, OPTIONS'],
    ['POST', '/docs/files/swagger-ui.css', 'GET, HEAD, OPTIONS'],
    ['POST', '/assets/vardmote.css', 'GET, HEAD, OPTIONS'],
  ])('D13 another method than an address has is 405 with Allow: %s %s', async (method, path, allow) => {
    const response = await get(path, { method });
    expectProblem({ status: response.status, headers: response.headers, body: await response.json() }, 405);
    expect(response.headers.get('allow')).toBe(allow);
    const asked = await get(path, { method: 'OPTIONS' });
    expect([asked.status, asked.headers.get('allow'), await asked.text()]).toEqual([204, allow, '']);
  });

  it.each([
    ['DELETE', '/m/1abcdefghijklmnopqrstuv', 'GET, HEAD, POST, OPTIONS'],
    ['PUT', '/my', 'GET, HEAD, OPTIONS'],
    ['DELETE', '/my/meetings/0123456789abcdefghijkl/consent', 'GET, HEAD, POST, OPTIONS'],
    ['DELETE', '/', 'GET, HEAD, OPTIONS'],
  ])('D13 among patients’ addresses 405 is a page: %s %s', async (method, path, allow) => {
    const page = await get(path, { method });
    expect([page.status, page.headers.get('allow')]).toEqual([405, allow]);
    expect(page.headers.get('content-type')).toMatch('text/html');
    expect(await page.text()).not.toContain('1abcdefghijklmnopqrstuv');
  });

  it.each([
    ['GET', '/m'],
    ['GET', '/m/a/b'],
    ['GET', '/my/meetings/a/b/c'],
  ])(
    'R3.5 among patients’ addresses what is not there is a page, and shows nothing of the address: %s %s',
    async (method, path) => {
      const response = await get(path, { method });
      expect(response.status).toBe(404);
      expect(response.headers.get('content-type')).toMatch('text/html');
      expect(await response.text()).not.toContain('1abcdefghijklmnopqrstuv');
    },
  );

  it('the clinic’s answers are kept by nobody on the way', async () => {
    const answers = [
      await clinic.call('GET', '/clinic/settings'),
      await clinic.call('GET', '/clinic/people/x'),
    ];
    for (const { headers } of answers) expect(headers.get('cache-control')).toBe('no-store');
    expect((await get('/clinic/settings')).headers.get('cache-control')).toBe('no-store');
  });
});

describe('R2.3 where the link in an SMS leads', () => {
  it('is the same for every code, real or not, and kept by nobody', async () => {
    const patientId = await clinic.addPatient();
    const meeting = await clinic.book({ patientId, startAt: inMs(DAY) });
    const codes = [
      '1abcdefghijklmnopqrstuv',
      'x',
      meeting.meetingId,
      meeting.patientParticipantId,
      '%00',
      '..%2f',
    ];
    const pages = await Promise.all(
      codes.map(async (code) => {
        const response = await get(`/m/${code}`);
        const kept = [
          'cache-control',
          'x-robots-tag',
          'content-type',
          'etag',
          'set-cookie',
          'content-length',
        ];
        return {
          status: response.status,
          headers: kept.map((name) => response.headers.get(name)),
          text: await response.text(),
        };
      }),
    );
    for (const page of pages) expect(page).toEqual(pages[0]);
    expect(pages[0]).toMatchObject({ status: 200 });
    expect(pages[0]!.headers).toContain('no-store');
    expect(pages[0]!.text).toMatch(/lang="sv"/);
    expect(pages[0]!.text).not.toMatch(/Testmottagningen|jitsi|token/i);
  });

  it('changes nothing when it is opened by GET or HEAD, however often', async () => {
    // Without workers: no SMS of the booking is written while we look.
    const quiet = await startService({ workers: false });
    const there = await openDatabase(quiet);
    const someone = await createClinic(quiet);
    await someone.book({ patientId: await someone.addPatient(), startAt: inMs(DAY) });
    const before = [await there.contents(), (await there.audit()).length];
    for (const method of ['GET', 'HEAD', 'GET', 'HEAD']) {
      const response = await fetch(`${quiet.apiUrl}/m/1abcdefghijklmnopqrstuv`, { method });
      expect(response.status).toBe(200);
      expect(response.headers.get('set-cookie')).toBeNull();
    }
    expect([await there.contents(), (await there.audit()).length]).toEqual(before);
    await there.close();
    await quiet.close();
  });
});

describe('R8.3 the logs', () => {
  it('have a line for each request with its pattern, and never a code, token, body, query, key or name', async () => {
    const person = {
      name: 'Loggad Namnsson',
      mobile: '+46701740677',
      email: 'loggad@example.org',
      personalNumber: '198112189876',
      birthDate: '1981-12-18',
    };
    const patientId = await clinic.addPatient(person);
    const meeting = await clinic.book({ patientId, startAt: inMs(5 * MINUTE) });
    await clinic.call('POST', '/clinic/people/search', { body: { personalNumber: person.personalNumber } });
    await clinic.call('POST', '/clinic/people', { body: { ...person, mobile: '08-1234567' } });
    await clinic.call('POST', '/clinic/people', { body: `{"name": "${person.name}", ` });
    await clinic.call('POST', '/clinic/people', { body: person });
    const entry = await clinic.call('POST', `${meeting.path}/entry`, {
      body: { participantId: meeting.staffParticipantId, identityChecked: 'known-to-staff' },
    });
    expect(entry.body).toMatchObject({ admitted: true });
    const { token, url } = (entry.body as { room: { token: string; url: string } }).room;
    await get('/m/1codeOfASecretLink12345?utm=secret-of-the-query');
    await get('/clinic/people/secret-of-the-path?personalNumber=198112189876');
    await get('/nowhere/secret-of-the-path');
    await get('/hooks/46elks/secret-report-token', {
      method: 'POST',
      body: new URLSearchParams({ id: 's70df59406a1b', status: 'delivered' }),
    });
    await get('/hooks/jitsi/events/room/created', {
      method: 'POST',
      headers: { authorization: `Bearer ${testKeys.jitsiEventsSecret}` },
    });

    // Each line tells each thing once: a reader that takes the first of two values would be told wrongly.
    const requestLines = service.logLines.filter((line) => line.includes('"responseTime"'));
    expect(requestLines.length).toBeGreaterThan(3);
    for (const line of requestLines) {
      const keys = [...line.matchAll(/"(\w+)":/g)].map((match) => match[1]);
      expect(keys).toEqual([...new Set(keys)]);
      expect(keys).toEqual(expect.arrayContaining(['requestId', 'route', 'status']));
    }

    const log = service.logLines.join('\n');
    for (const route of [
      '/m/:code',
      '/hooks/46elks/:token',
      '/clinic/people/:personId',
      '/clinic/meetings/:meetingId/entry',
    ]) {
      expect(log).toContain(`"route":"${route}"`);
    }
    expect(log).toContain(`"clinicId":"${clinic.clinicId}"`);
    for (const secret of [
      ...Object.values(person),
      'Namnsson',
      '701740677',
      '8112189876',
      '08-1234567',
      token,
      url,
      url.split('/').pop()!,
      clinic.apiKey,
      'codeOfASecretLink',
      'secret-of-the-query',
      'secret-of-the-path',
      'secret-report-token',
      testKeys.jitsiEventsSecret,
      testKeys.jitsiAppSecret,
    ]) {
      expect([secret, log.includes(secret)]).toEqual([secret, false]);
    }
  });

  it('have what went wrong inside without what was being done', async () => {
    const { find } = service.records.people;
    service.records.people.find = () => Promise.reject(new Error('the database is gone'));
    const before = service.logLines.length;
    const answer = await clinic.call('GET', '/clinic/people/aaaaaaaaaaaaaaaaaaaaaa');
    service.records.people.find = find;
    expectProblem(answer, 500);
    expect(JSON.stringify(answer.body)).not.toMatch(/database|stack|\.ts/);
    const lines = service.logLines.slice(before).join('\n');
    expect(lines).toContain('the database is gone');
    const requestId = /Request (\S+)\./.exec((answer.body as { detail: string }).detail)?.[1] ?? 'none';
    expect(lines).toContain(requestId);
  });
});

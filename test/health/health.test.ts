import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { createHealth, type Check } from '../../health/check';
import { noticeChecks, ownChecks } from '../../health/checks';
import { surelyAheadMs } from '../../health/clock';
import { createInsideServer } from '../../health/inside-server';
import { createMailer } from '../../integrations/mail/mailer';
import { registry } from '../../platform/metrics';
import { createStoredFigures, type StoredFigures } from '../../platform/metrics/stored';
import { readFigures } from '../../use-cases/figures';
import { defaultNoticeRules } from '../../rules/notices';
import { createElksClient } from '../../integrations/sms/elks';
import { createClinic } from '../support/clinic';
import { startService, type Service } from '../support/service';
import { waitUntil } from '../support/wait-until';

const check = (name: string, needed: boolean, look: Check['look'], keptMs = 0): Check => ({
  name,
  needed,
  keptMs,
  look,
});
const there = (): Promise<boolean> => Promise.resolve(true);
const away = (): Promise<boolean> => Promise.reject(new Error('away'));

describe('what a process needs', () => {
  it('is all there, partly, or not', async () => {
    const stateWith = (...checks: Check[]) => createHealth(checks)();
    const database = check('database', true, there);
    expect(await stateWith(database, check('sms-provider', false, there))).toEqual({
      status: 'ready',
      checks: { database: true, 'sms-provider': true },
    });
    expect(await stateWith(database, check('sms-provider', false, away))).toMatchObject({
      status: 'degraded',
    });
    expect(await stateWith(check('database', true, away), check('x', false, there))).toMatchObject({
      status: 'not-ready',
      checks: { database: false, x: true },
    });
  });

  it('is looked at once for all who ask within a while', async () => {
    let looks = 0;
    const health = createHealth([
      check(
        'sms-provider',
        false,
        () => {
          looks += 1;
          return there();
        },
        60_000,
      ),
    ]);
    await Promise.all([health(), health()]);
    await health();
    expect(looks).toBe(1);
  });

  it('counts as away where it does not answer', async () => {
    jest.useFakeTimers();
    try {
      const state = createHealth([check('database', true, () => new Promise(() => undefined))])();
      await jest.advanceTimersByTimeAsync(5_000);
      expect((await state).status).toBe('not-ready');
    } finally {
      jest.useRealTimers();
    }
  });
});

describe('the clock', () => {
  const at = (ms: number): Date => new Date(1_000_000 + ms);
  it.each([
    ['agrees where the other told a time in between', 0, 50, 100, 0],
    ['is surely ahead by what lies after we heard', 0, 4_100, 100, 4_000],
    ['is surely behind by what lies before we asked', 0, -4_000, 100, -4_000],
  ])('%s', (_, asked, told, heard, ahead) => {
    expect(surelyAheadMs(at(asked), at(told), at(heard))).toBe(ahead);
  });

  it.each([
    ['as ours', 0, true],
    ['a second off', 1_000, true],
    ['a minute ahead', 60_000, false],
    ['a minute behind', -60_000, false],
  ])('of the database: %s', async (_, offMs, passes) => {
    const [, , clock] = ownChecks({
      records: {
        ping: () => Promise.resolve(),
        serverTime: () => Promise.resolve(new Date(Date.now() + offMs)),
      },
      temporal: { ping: () => Promise.resolve() },
    });
    expect(await clock!.look()).toBe(passes);
  });
});

describe('of a running service', () => {
  let service: Service;
  let url: string;
  const figures: StoredFigures = {
    noticesOfLastDay: [{ channel: 'sms', state: 'failed', count: 3 }],
    noticesLeft: 5,
    tasksWaiting: [{ kind: 'nobody-reached', count: 2 }],
    casesWaiting: { inTime: 4, overdue: 1 },
    commandsWaiting: { count: 1, oldestSeconds: 90 },
    eventsWaiting: { count: 0, oldestSeconds: 0 },
  };
  beforeAll(async () => {
    service = await startService();
    const elks = createElksClient({
      baseUrl: service.elksUrl,
      username: 'user',
      password: 'pass',
      timeoutMs: 2_000,
    });
    const server = createInsideServer({
      health: createHealth([...ownChecks(service), ...noticeChecks({ elks, mailer: service.mailer })]),
      storedFigures: createStoredFigures(() => Promise.resolve(figures)),
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    closeServer = () => {
      server.close();
      server.closeAllConnections();
    };
  });
  let closeServer: () => void;
  afterAll(async () => {
    closeServer();
    await service.close();
  });

  it('the worker’s own port tells whether database, Temporal, clock, provider and mail server are there', async () => {
    const ready = await fetch(`${url}/readyz`);
    expect(await ready.json()).toEqual({
      status: 'ready',
      checks: { database: true, temporal: true, clock: true, 'sms-provider': true, 'mail-server': true },
    });
    expect(ready.status).toBe(200);
    expect(await (await fetch(`${url}/healthz`)).json()).toEqual({ status: 'alive' });
    expect((await fetch(`${url}/other`)).status).toBe(404);
    const posted = await fetch(`${url}/readyz`, { method: 'POST' });
    expect([posted.status, posted.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
    // Asking has sent nothing.
    expect([service.outbox.messages(), service.mailbox.messages()]).toEqual([[], []]);
  });

  it('shows figures, and none with an id or an address in it', async () => {
    await fetch(`${service.apiUrl}/m/1abcdefghijklmnopqrstuv`);
    await fetch(`${service.apiUrl}/clinic/meetings/a-meetings-id-of-the-test`);
    await fetch(`${service.apiUrl}/nothing/here`);
    const text = await (await fetch(`${url}/metrics`)).text();
    expect(text).toContain('vardmote_check_passed{check="database"} 1');
    expect(text).toContain('vardmote_notices_last_day{channel="sms",state="failed"} 3');
    expect(text).toContain('vardmote_notices_left_waiting 5');
    expect(text).toContain('vardmote_tasks_waiting{kind="nobody-reached"} 2');
    expect(text).toContain('vardmote_cases_waiting{deadline="to-come"} 4');
    expect(text).toContain('vardmote_cases_waiting{deadline="passed"} 1');
    expect(text).toContain('vardmote_commands_oldest_waiting_seconds 90');
    expect(text).toMatch(/^vardmote_sms_account_balance \d+$/m);
    expect(text).toMatch(/^process_cpu_seconds_total /m);
    expect(text).toMatch(/request_duration_seconds_count\{method="GET",route="\/m\/:code",status="200"\} 1/);
    expect(text).toMatch(/request_duration_seconds_count\{method="GET",route="none",status="404"\} 1/);
    expect(text).not.toMatch(/1abcdefghijklmnopqrstuv|a-meetings-id|\/nothing/);
  });

  it('counts what happens, and each figure that the documentation names is there', async () => {
    const clinic = await createClinic(service, { noticeRules: { ...defaultNoticeRules, quietHours: null } });
    const patientId = await clinic.addPatient();
    const meeting = await clinic.book({
      patientId,
      startAt: new Date(Date.now() + 3 * 3_600_000).toISOString(),
    });
    await waitUntil(
      async () => (await service.records.ledger.ofMeeting(meeting.meetingId)).map(({ state }) => state),
      (states) => states.includes('delivered'),
    );
    const entry = { participantId: meeting.patientParticipantId, identityChecked: 'known-to-staff' };
    await clinic.call('POST', `${meeting.path}/entry`, {
      body: entry,
      headers: { 'idempotency-key': undefined },
    });
    const outcome = { outcome: 'back-up-routine', way: 'telephone' };
    expect((await clinic.call('POST', `${meeting.path}/outcome`, { body: outcome })).status).toBe(200);

    const stored = createStoredFigures(() => readFigures(service.records, new Date()));
    await (await fetch(`${url}/readyz`)).text();
    const text = `${await registry.metrics()}\n${await stored()}`;
    for (const figure of [
      'vardmote_notice_lateness_seconds_count{kind="booking"} 1',
      'vardmote_notice_steps_total{state="handing-over"} 1',
      'vardmote_notice_steps_total{state="delivered"} 1',
      'vardmote_notices_last_day{channel="sms",state="delivered"} 1',
      'vardmote_entries_refused_total{reason="too-early"} 1',
      'vardmote_outcomes_total{outcome="back-up-routine"} 1',
      'vardmote_commands_total{operation="meeting.book",status="201"} 1',
      'vardmote_tasks_waiting{kind="register-visit"} 1',
    ])
      expect(text.split('\n')).toContain(figure);
    expect(text).toMatch(/^vardmote_clock_drift_seconds -?[\d.]+$/m);

    const there = new Set([...text.matchAll(/^# TYPE (vardmote_\w+) /gm)].map(([, name]) => name));
    const documented = ['figures.md', 'runbook.md']
      .map((file) => readFileSync(path.join(__dirname, '../../docs', file), 'utf8'))
      .flatMap((page) => [...page.matchAll(/vardmote_\w+/g)].map(([name]) => name));
    expect(new Set(documented)).toEqual(there);
  });

  it('shows no stored figures rather than old ones where the database cannot be read', async () => {
    const fresh = createStoredFigures(() => Promise.reject(new Error('away')));
    expect(await fresh()).toBe('');
  });

  it('is never on the port that patients and clinics reach', async () => {
    expect((await fetch(`${service.apiUrl}/metrics`)).status).toBe(404);
  });

  it('is degraded, not away, with a wrong login at the provider and no mail server', async () => {
    const elks = createElksClient({
      baseUrl: service.elksUrl,
      username: 'user',
      password: 'wrong',
      timeoutMs: 2_000,
    });
    const mailer = createMailer({
      url: 'smtp://127.0.0.1:9?tls=off',
      from: 'a@example.com',
      timeoutMs: 2_000,
    });
    expect(await elks.account()).toEqual({ kind: 'away', reason: 'http-401' });
    expect(await mailer.whyAway()).toBe('connection-refused');
    expect(await createHealth([...ownChecks(service), ...noticeChecks({ elks, mailer })])()).toMatchObject({
      status: 'degraded',
      checks: { 'sms-provider': false, 'mail-server': false },
    });
  });
});

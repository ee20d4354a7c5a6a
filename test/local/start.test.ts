import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { get } from 'node:http';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { demo, demoSettings, demoSuitability } from '../../local/demo-clinic';
import { withNoticeHours } from '../../rules/cancellation';
import { waitUntil } from '../support/wait-until';

/**
 * `npm start` as a newcomer runs it, real processes and all, and kill -9 of each of them in the middle of a
 * meeting's life.
 */
const root = path.join(__dirname, '..', '..');
const newState = () => mkdtempSync(path.join(tmpdir(), 'vardmote start '));
const state = newState();
let launcher: Launcher;

interface Launcher {
  process: ChildProcess;
  state: string;
  output: string;
}

function start(folder = state): Launcher {
  const env: NodeJS.ProcessEnv = { ...process.env, VARDMOTE_STATE: folder };
  for (const name of ['TEMPORAL_ADDRESS', 'MONGODB_URI', 'PORT', 'LOCAL_PORT', 'LOCAL_MAIL_PORT', 'NODE_ENV'])
    env[name] = undefined;
  const started: Launcher = {
    process: spawn(process.execPath, ['local/start.mjs'], { cwd: root, env }),
    state: folder,
    output: '',
  };
  const keep = (chunk: Buffer): void => {
    started.output += chunk.toString();
  };
  started.process.stdout?.on('data', keep);
  started.process.stderr?.on('data', keep);
  return started;
}

const upAgain = (of = launcher) =>
  waitUntil(
    () => of.output,
    (text) => text.includes('vardmote is running.'),
    240_000,
  );

async function stop({ process: { pid }, process: ended, state: folder }: Launcher): Promise<void> {
  if (pid) process.kill(pid, 'SIGTERM');
  await waitUntil(
    () => ended.exitCode ?? ended.signalCode,
    (code) => code !== null,
    40_000,
  );
  rmSync(folder, { recursive: true, force: true });
}

interface Run {
  addresses: string[];
  children: { name: string; pid: number }[];
}
const run = (of = state): Run => JSON.parse(readFileSync(path.join(of, 'run.json'), 'utf8')) as Run;
const keyOf = (of: string): string =>
  (JSON.parse(readFileSync(path.join(of, 'secrets.json'), 'utf8')) as { DEMO_CLINIC_KEY: string })
    .DEMO_CLINIC_KEY;

/** Kills a child of the start; one that is being started again, once it is there. */
const kill = (name: string): Promise<boolean> =>
  waitUntil(
    () => {
      const pid = run()
        .children.filter((child) => child.name.toLowerCase().includes(name))
        .at(-1)?.pid;
      try {
        return pid !== undefined && process.kill(pid, 'SIGKILL');
      } catch {
        // It has ended by itself, and the start has not noticed yet.
        return false;
      }
    },
    (killed) => killed,
    60_000,
  );

async function call<T>(method: string, url: string, body?: unknown): Promise<T> {
  const clinicKey = keyOf(state);
  const key = randomUUID();
  // Whatever is being killed at this moment: the same command again until it has its answer (decision 6).
  return waitUntil(
    async () => {
      try {
        const response = await fetch(url, {
          method,
          headers: {
            authorization: `Bearer ${clinicKey}`,
            'acting-staff': 'tester',
            'acting-role': 'operations-manager',
            'idempotency-key': key,
            'content-type': 'application/json',
          },
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
          signal: AbortSignal.timeout(10_000),
        });
        return response.ok
          ? ((await response.json()) as T)
          : (`${response.status} ${await response.text()}` as never);
      } catch (error) {
        return String(error) as never;
      }
    },
    (answer) => typeof answer === 'object',
    // A command whose process was killed is another's after half a minute.
    120_000,
  );
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

afterAll(() => stop(launcher), 60_000);

/** Two checkouts started in the same second: each comes up at addresses of its own, and says its own. */
async function besideAnother(): Promise<void> {
  launcher = start();
  const other = start(newState());
  await Promise.all([upAgain(launcher), upAgain(other)]);
  for (const [own, others] of [
    [launcher, other],
    [other, launcher],
  ] as const) {
    const addresses = run(own.state).addresses;
    for (const address of addresses) expect(own.output).toContain(address);
    expect(own.output).toContain(keyOf(own.state));
    expect(own.output).not.toContain(keyOf(others.state));
    expect(addresses.filter((address) => run(others.state).addresses.includes(address))).toEqual([]);
    // The clinic of one is not known to the other: neither talks to the other's database.
    const [, apiUrl = ''] = addresses;
    const asked = await fetch(`${apiUrl}/clinic/settings`, {
      headers: {
        authorization: `Bearer ${keyOf(others.state)}`,
        'acting-staff': 'tester',
        'acting-role': 'operations-manager',
      },
    });
    expect(asked.status).toBe(401);
  }
  await stop(other);
}

/** Another program takes the API's port while the API is down: everything moves, and goes on. */
async function portTaken(): Promise<void> {
  const [, apiUrl = ''] = run().addresses;
  launcher.output = '';
  await kill('api');
  const squatter = await waitUntil(
    () => listen(Number(new URL(apiUrl).port)),
    (server) => server !== null,
  );
  await upAgain();
  expect(launcher.output).toContain('Everything moves to other ports.');
  expect(run().addresses[1]).not.toBe(apiUrl);
  expect(launcher.output).toContain(`${run().addresses[1] ?? ''}/docs`);
  squatter?.close();
}

const listen = (port: number): Promise<Server | null> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(null));
    server.listen(port, '127.0.0.1', () => resolve(server));
  });

/** R8.3 nobody else on the machine, and no other site's page, reads what the stand has. */
async function shutToOthers(): Promise<void> {
  const { port } = new URL(run().addresses[0] ?? '');
  const statusAs = (host: string): Promise<number | undefined> =>
    new Promise((resolve, reject) => {
      get({ host: '127.0.0.1', port, path: '/summary.txt', headers: { host } }, (response) => {
        response.resume();
        resolve(response.statusCode);
      }).on('error', reject);
    });
  for (const host of [`localhost:${port}`, `127.0.0.1:${port}`, `[::1]:${port}`, 'localhost'])
    expect([host, await statusAs(host)]).toEqual([host, 200]);
  for (const host of [`evil.example:${port}`, `localhost.evil.example:${port}`, '10.0.0.1', '@'])
    expect([host, await statusAs(host)]).toEqual([host, 421]);
  const modeOf = (...place: string[]): number => statSync(path.join(state, ...place)).mode & 0o777;
  for (const folder of [[], ['database'], ['logs'], ['temporal']])
    expect([folder, modeOf(...folder)]).toEqual([folder, 0o700]);
  for (const file of [['secrets.json'], ['logs', 'api.log'], ['logs', 'database.log'], ['outbox.jsonl']])
    expect([file, modeOf(...file)]).toEqual([file, 0o600]);
}

/**
 * Corrected, approved, issued, credited and replaced, with processes killed while each is under way (R5.8).
 */
async function billedThroughKills(meetingUrl: string, apiUrl: string): Promise<void> {
  const invoices = async () =>
    (await call<{ items: { invoiceId: string; state: string }[] }>('GET', `${meetingUrl}/invoices`)).items;
  const lastIs = (state: string) => waitUntil(invoices, (items) => items.at(-1)?.state === state, 60_000);
  const correct = (was: string, outcome: string) => () =>
    call('POST', `${meetingUrl}/outcome/corrections`, { was, outcome, reason: 'wrong-entry' });
  const toLast = (what: string, body: object) => async () =>
    call('POST', `${apiUrl}/clinic/invoices/${(await invoices()).at(-1)?.invoiceId ?? ''}/${what}`, body);

  for (const { act, killed, then } of [
    { act: correct('could-not-start', 'completed'), killed: ['worker'], then: 'proposed' },
    { act: toLast('approve', {}), killed: ['temporal', 'worker'], then: 'handed-over' },
    { act: toLast('billing-answer', { to: 'basis', accepted: true }), killed: ['api'], then: 'issued' },
    { act: correct('completed', 'clinic-absent'), killed: ['database'], then: 'crediting' },
    {
      act: toLast('billing-answer', { to: 'credit', accepted: true }),
      killed: ['worker'],
      then: 'nothing-to-charge',
    },
    { act: correct('clinic-absent', 'completed'), killed: ['api', 'worker'], then: 'proposed' },
  ]) {
    const acted = act();
    await pause(30);
    for (const name of killed) await kill(name);
    await acted;
    await lastIs(then);
  }
  expect((await invoices()).map(({ state }) => state)).toEqual([
    'nothing-to-charge',
    'credited',
    'nothing-to-charge',
    'proposed',
  ]);
}

it('B10 B14 starts from nothing beside another, moves where a port is taken, and a meeting lives on through kill -9 of all', async () => {
  await besideAnother();
  await shutToOthers();
  await portTaken();
  const [localUrl = '', apiUrl = ''] = run().addresses;
  expect(launcher.output).toContain(`${apiUrl}/docs`);

  const seconds = (count: number): number => count / 60;
  const reminder = (before: number, usefulUntil: number) => ({
    when: { minutesBefore: seconds(before) },
    skipWithinMinutesOfStart: 0,
    usefulUntilMinutesAfterStart: usefulUntil,
  });
  await call('PUT', `${apiUrl}/clinic/settings`, {
    ...withNoticeHours(demoSettings),
    noticeRules: {
      reminders: { morning: reminder(42, 0), soon: reminder(22, 0), start: reminder(0, 1) },
      quietHours: null,
    },
  });
  const book = async (inSeconds: number) => {
    const { meetingId } = await call<{ meetingId: string }>('POST', `${apiUrl}/clinic/meetings`, {
      startAt: new Date(Date.now() + inSeconds * 1_000).toISOString(),
      durationMinutes: 1,
      patientId: demo.patientId,
      participants: [{ role: 'staff', staffId: demo.staffId }],
      agreed: true,
      toldOfFee: true,
      feeCode: demo.feeCode,
      suitability: demoSuitability,
    });
    return meetingId;
  };
  const meetingId = await book(55);

  // What was told before anything was killed was told: else it would be the schedule that decides what this
  // proves.
  const phoneNow = async () =>
    (await (await fetch(`${localUrl}/outbox/messages.json`)).json()) as { message: string }[];
  const [first] = await waitUntil(phoneNow, (messages) =>
    messages.some(({ message }) => message.startsWith('Hej')),
  );
  const link = /https?:\S+/.exec(first?.message ?? '')?.[0];
  if (!link) throw new Error('the first SMS has no link');
  // Over by the time that everything has started anew, and billed while the first one goes on.
  const billedId = await book(10);
  await pause(1_000);
  await kill('worker');
  await pause(6_000);
  await kill('temporal');
  await pause(8_000);
  await kill('api');
  await pause(6_000);
  await kill('database');
  await pause(8_000);
  await kill('worker');
  await kill('temporal');
  await kill('database');
  await pause(14_000);
  // The start itself, with everything left running; the next one clears up and goes on.
  launcher.process.kill('SIGKILL');
  await pause(1_000);
  launcher = start();
  await upAgain();
  expect(launcher.output).toContain('An earlier start was killed');
  const [localUrlNow = localUrl, apiUrlNow = apiUrl] = run().addresses;

  const meetingUrl = (id: string) => `${apiUrlNow}/clinic/meetings/${id}`;
  const ended = (id: string) =>
    waitUntil(
      () => call<{ state: string; outcome: { outcome: string } | null }>('GET', meetingUrl(id)),
      (read) => read.state === 'ended',
      120_000,
    );
  expect((await ended(billedId)).outcome).toMatchObject({ outcome: 'could-not-start' });
  await billedThroughKills(meetingUrl(billedId), apiUrlNow);
  expect((await ended(meetingId)).outcome).toMatchObject({ outcome: 'could-not-start' });

  const timeline = await call<{ deliveries: { kind: string; state: string; reason: string | null }[] }>(
    'GET',
    `${meetingUrl(meetingId)}/timeline`,
  );
  // Both meetings are the same patient's; the link's code tells them apart, wherever the stand has moved to.
  const { pathname: code } = new URL(link);
  const phone = (
    (await (await fetch(`${localUrlNow}/outbox/messages.json`)).json()) as { message: string }[]
  ).filter(({ message }) => message.includes(code));
  const kinds = { booking: /^Hej/, morning: /^Påminnelse/, soon: /börjar snart/, start: /börjar nu/ };
  for (const [kind, pattern] of Object.entries(kinds)) {
    const received = phone.filter(({ message }) => pattern.test(message)).length;
    const row = timeline.deliveries.find((each) => each.kind === kind);
    // Never twice; and what did not come has its recorded reason.
    expect(received).toBeLessThanOrEqual(1);
    expect({ kind, received, state: row?.state }).toEqual({
      kind,
      received,
      state: expect.stringMatching(received === 1 ? /sent|delivered|unknown/ : /expired|unknown|skipped/),
    });
  }
  // The first came before anything was killed.
  expect(phone.filter(({ message }) => kinds.booking.test(message))).toHaveLength(1);

  // What the clinic's system heard: everything once or more, in order, without a gap, and rightly signed.
  const heard = await waitUntil(
    async () =>
      (
        (await (await fetch(`${localUrlNow}/receiver/events.json`)).json()) as {
          body: string;
          signature: string;
        }[]
      ).map(({ body, signature }) => ({
        ...(JSON.parse(body) as { type: string; subject: string; sequence: number }),
        signature,
      })),
    (events) => events.filter(({ type }) => type === 'invoice.proposed').length === 2,
    90_000,
  );
  for (const id of [meetingId, billedId]) {
    const ofIt = heard.filter(({ subject }) => subject === id);
    expect(ofIt.map(({ sequence }) => sequence)).toEqual(ofIt.map((_, index) => index + 1));
  }
  expect(new Set(heard.map(({ signature }) => signature))).toEqual(new Set(['holds']));
  const billed = heard.filter(({ type }) => type.startsWith('billing.')).map(({ type }) => type);
  expect(billed).toEqual(['billing.basis', 'billing.credit']);
}, 900_000);

import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { randomUUID } from 'node:crypto';
import { promisify } from 'node:util';
import type { mongo } from 'mongoose';
import { localSettings } from '../../config';
import { makeClinic } from '../../faults/clinic';
import { connectRecords } from '../../records/connection';
import { bookingOf } from '../support/clinic';
import { compileService } from '../support/compiled';
import { misbehaviours, startPeer, type Peer } from '../support/peers';
import { startReceiver } from '../support/receiver';
import { waitUntil } from '../support/wait-until';
import { startProcesses, type Body, type Running } from './processes';

/**
 * What the runbook says of deployments, outages and keys, tried with the real processes. Restores have a file
 * of their own.
 */
const LONGEST_MS = 240_000;
const AT_ONCE = 6;
const ROUNDS = 2;

let folder: string;
let codeFolder: string;
let running: Running;
/** Where people log in, and where the clinic's events go: it never has done with an answer. */
let peer: Peer;

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'vardmote-shutdown-'));
  codeFolder = compileService();
  peer = await startPeer(misbehaviours['goes on without end']);
  const issuer = `http://127.0.0.1:${peer.port}`;
  running = await startProcesses(folder, codeFolder, folder, { OIDC_ISSUER: issuer });
  await makeClinic(running.records, localSettings(running.rig.env).DEMO_CLINIC_KEY);
  await running.rig.startService();
}, LONGEST_MS);
afterAll(async () => {
  await running.stop();
  await peer.close();
  for (const each of [folder, codeFolder]) rmSync(each, { recursive: true, force: true });
}, 60_000);

interface Done {
  key: string;
  url: string;
  body: Body;
  answer: { status: number; body: Body };
}

it(
  'SIGTERM under load: every command that was answered is there, once, and the same key again gets the same answer',
  async () => {
    const { command, rig } = running;
    const done: Done[] = [];
    let stopped = false;
    /**
     * A clinic's system that books for new persons, one command after the other, and repeats what has no
     * answer.
     */
    async function load(): Promise<void> {
      while (!stopped) {
        const send = async (url: string, body: Body): Promise<Done> => {
          const key = randomUUID();
          const each = { key, url, body, answer: await command('POST', url, body, key) };
          done.push(each);
          return each;
        };
        const person = await send('/clinic/people', { name: 'Tolvan Testperson', birthDate: '1980-05-17' });
        const startAt = new Date(Date.now() + 48 * 3_600_000).toISOString();
        await send('/clinic/meetings', bookingOf({ patientId: person.answer.body.personId, startAt }));
      }
    }
    const loads = Array.from({ length: AT_ONCE }, load);
    const exits: { api: number | null; worker: number | null }[] = [];
    for (let round = 1; round <= ROUNDS; round += 1) {
      const before = done.length;
      while (done.length < before + 2 * AT_ONCE) await new Promise((resolve) => setTimeout(resolve, 20));
      exits.push({ api: await rig.shutDown('api'), worker: await rig.shutDown('worker-1') });
    }
    const before = done.length;
    while (done.length < before + AT_ONCE) await new Promise((resolve) => setTimeout(resolve, 20));
    stopped = true;
    await Promise.all(loads);

    // Asked to end, each ends by itself and well; a worker that is only starting, at once.
    for (const { api, worker } of exits) {
      expect(api).toBe(0);
      expect([0, null]).toContain(worker);
    }
    expect(done.length).toBeGreaterThan(ROUNDS * 2 * AT_ONCE);
    const again = await Promise.all(done.map(({ key, url, body }) => command('POST', url, body, key)));
    expect(again).toEqual(done.map(({ answer }) => answer));
    expect(new Set(again.map(({ status }) => status))).toEqual(new Set([201]));
    // Nothing was made twice by a command that was repeated.
    const meetingIds = done
      .filter(({ url }) => url.endsWith('/meetings'))
      .map(({ answer }) => answer.body.meetingId);
    expect(new Set(await running.records.meetings.notClosed())).toEqual(new Set(meetingIds));
    // And each meeting has its workflow.
    for (const meetingId of meetingIds) {
      const { status } = await running.client.workflow.getHandle(`meeting-${String(meetingId)}`).describe();
      expect(status.name).toBe('RUNNING');
    }
  },
  LONGEST_MS,
);

it(
  'B12 SIGTERM while SMS provider, webhook and login hang: each process ends within its grace, nothing is lost',
  async () => {
    const { command, rig, provider, sentTo } = running;
    const mobile = '+46701740605';
    provider.faults.set([{ fault: 'hang-after-accepting', to: mobile }]);
    const connectedBefore = peer.connections();
    await command('PUT', '/clinic/webhook', { url: `http://127.0.0.1:${peer.port}/` });
    const { personId } = (
      await command('POST', '/clinic/people', { name: 'Tolvan Testperson', birthDate: '1980-05-17', mobile })
    ).body;
    await command('PUT', `/clinic/people/${String(personId)}/sms-consent`, { given: true, source: 'asked' });
    const booking = bookingOf({
      patientId: personId,
      startAt: new Date(Date.now() + 48 * 3_600_000).toISOString(),
    });
    const { meetingId } = (await command('POST', '/clinic/meetings', booking)).body;
    await waitUntil(
      () => provider.faults.strikes()['hang-after-accepting'] ?? 0,
      (strikes) => strikes > 0,
    );
    // The event's webhook; then the login, which asks its provider first.
    await waitUntil(peer.connections, (connections) => connections > connectedBefore);
    const asked = peer.connections();
    const login = fetch(`${rig.apiUrl}/login`, {
      method: 'POST',
      headers: { origin: rig.apiUrl, 'content-type': 'application/x-www-form-urlencoded' },
      redirect: 'manual',
    }).then(
      ({ status }) => status,
      () => 'cut',
    );
    await waitUntil(peer.connections, (connections) => connections > asked);

    const begun = performance.now();
    const ended = async (name: string): Promise<{ name: string; code: number | null; seconds: number }> => {
      const code = await rig.shutDown(name);
      return { name, code, seconds: (performance.now() - begun) / 1_000 };
    };
    const ends = await Promise.all(['api', 'worker-1', 'worker-2'].map(ended));
    // Their graces: END_MS of api/main.ts and worker/main.ts, which docker-compose.yml is longer than.
    const late = ends.filter(({ name, seconds }) => seconds > (name === 'api' ? 15 : 30) + 2);
    expect(late).toEqual([]);
    // By themselves: a kill has no code.
    expect(ends.filter(({ code }) => code === null)).toEqual([]);
    await login;

    // What was in hand is taken up by the next processes, once.
    provider.faults.set([]);
    const receiver = await startReceiver();
    try {
      await command('PUT', '/clinic/webhook', { url: receiver.url });
      await waitUntil(
        () => receiver.taken(String(meetingId)),
        (taken) => taken.includes(`${String(meetingId)}/1`),
        120_000,
      );
      await waitUntil(
        async () => (await running.records.ledger.ofMeeting(String(meetingId))).map(({ state }) => state),
        (states) => !states.includes('handing-over'),
      );
      expect(sentTo(mobile)).toHaveLength(1);
    } finally {
      receiver.close();
    }
  },
  LONGEST_MS,
);

it(
  'B8 Temporal away: degraded, commands are stored and carried out when it is back',
  async () => {
    const { command, rig } = running;
    const patientId = (
      await command('POST', '/clinic/people', { name: 'Tolvan Testperson', birthDate: '1980-05-17' })
    ).body.personId;
    const startAt = new Date(Date.now() + 48 * 3_600_000).toISOString();
    const key = randomUUID();
    const booking = bookingOf({ patientId, startAt });
    rig.freeze('temporal');
    try {
      const ready = await waitUntil(
        async () => (await fetch(`${rig.apiUrl}/readyz`)).json() as Promise<{ status: string }>,
        ({ status }) => status !== 'ready',
      );
      expect(ready).toEqual({
        status: 'degraded',
        checks: { database: true, temporal: false, clock: true },
        away: [expect.stringContaining('temporal: does not answer. Commands are stored')],
      });
      expect((await fetch(`${rig.apiUrl}/readyz`)).status).toBe(200);
      expect((await fetch(`${rig.apiUrl}/healthz`)).status).toBe(200);
      const answer = await sendOnce('/clinic/meetings', booking, key);
      expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '2']);
      expect(await answer.json()).toMatchObject({ title: 'not-carried-out-yet' });
    } finally {
      rig.thaw('temporal');
    }
    expect((await command('POST', '/clinic/meetings', booking, key)).status).toBe(201);
  },
  LONGEST_MS,
);

const sendOnce = (url: string, body: object, key: string): Promise<Response> =>
  fetch(`${running.rig.apiUrl}${url}`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${localSettings(running.rig.env).DEMO_CLINIC_KEY}`,
      'acting-staff': 'clinician-1',
      'acting-role': 'operations-manager',
      'content-type': 'application/json',
      'idempotency-key': key,
    },
    body: JSON.stringify(body),
  });

/** The stand's own database as one sees it who has nothing but a MongoDB shell. */
async function inDatabase<T>(work: (db: mongo.Db) => Promise<T>): Promise<T> {
  const connection = await connectRecords(localSettings(running.rig.env).MONGODB_URI);
  try {
    return await work(connection.db!);
  } finally {
    await connection.close();
  }
}

const daysAgo = (days: number): Date => new Date(Date.now() - days * 24 * 3_600_000);

/**
 * Runs one of the service's entry points until it ends by itself; answers with its exit code and all that it
 * said.
 */
async function ended(file: string, args: string[], env: NodeJS.ProcessEnv): Promise<[number, string]> {
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [path.join(codeFolder, file), ...args], {
      env: { ...running.rig.env, ...env },
      timeout: 60_000,
    });
    return [0, stdout];
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return [code, stdout + stderr];
  }
}

describe('keys', () => {
  const newKey = `k2:${Buffer.alloc(32, 'z').toString('base64')}`;

  it.each([
    ['api/main.js', 'FIELD_KEYS'],
    ['api/main.js', 'HASH_KEYS'],
    ['worker/main.js', 'PAYLOAD_KEYS'],
  ])('%s does not start without a key of %s that is needed', async (file, setting) => {
    const [code, said] = await ended(file, [], { [setting]: newKey, PORT: '0' });
    expect([code, said]).toEqual([
      1,
      expect.stringContaining(`${setting} has no key local-1, which something stored needs`),
    ]);
    expect(said).not.toContain(newKey.slice(3));
  });

  it('one that is needed is not retired; payloads’ for as long as meetings run that began under it', async () => {
    const keys = (...args: string[]) =>
      ended('ops/operations/keys.js', args, { PAYLOAD_KEYS: `${newKey},${running.rig.env.PAYLOAD_KEYS}` });
    expect(await keys('status')).toEqual([
      0,
      expect.stringMatching(
        /FIELD_KEYS local-1: last seen to be written with at \S+; needed for \{"persons":\d+/,
      ),
    ]);
    const retire = () => keys('retire', 'PAYLOAD_KEYS', 'local-1');
    // Api and worker of this stand write with it.
    expect(await retire()).toEqual([
      1,
      expect.stringContaining('a process that writes with local-1 of PAYLOAD_KEYS was seen'),
    ]);
    await inDatabase((db) =>
      db
        .collection('keysInUse')
        .updateOne({ _id: 'PAYLOAD_KEYS:local-1' as never }, { $set: { lastWriterAt: daysAgo(7) } }),
    );
    expect(await retire()).toEqual([1, expect.stringMatching(/still needed: \d+ workflows/)]);
    expect((await keys('retire', 'FIELD_KEYS', 'local-1'))[1]).toContain('put a newer key before it');
  });
});

it(
  'the codec server runs with the payload keys alone, and refuses who shows no token',
  async () => {
    const { MONGODB_URI, PAYLOAD_KEYS } = running.rig.env;
    const port = 23_123;
    const codec = spawn(process.execPath, [path.join(codeFolder, 'codec/main.js')], {
      env: {
        PATH: process.env.PATH,
        MONGODB_URI,
        PAYLOAD_KEYS,
        PORT: String(port),
        CODEC_UI_ORIGIN: 'http://localhost:8080',
        CODEC_ISSUER: 'http://localhost:9',
        CODEC_AUDIENCE: 'vardmote-codec',
        CODEC_ROLE: 'vardmote-reader',
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let log = '';
    codec.stdout.on('data', (chunk: Buffer) => (log += chunk.toString()));
    const url = `http://127.0.0.1:${port}`;
    await waitUntil(
      () =>
        fetch(`${url}/healthz`).then(
          ({ status }) => status,
          () => 0,
        ),
      (status) => status === 200,
      60_000,
    );
    const answer = await fetch(`${url}/decode`, {
      method: 'POST',
      headers: { origin: 'http://localhost:8080', 'content-type': 'application/json' },
      body: '{"payloads":[{"data":"do-not-repeat-me"}]}',
    });
    expect([answer.status, await answer.json()]).toEqual([401, { error: 'login-required' }]);
    const noted = await inDatabase((db) => db.collection('decodes').find().toArray());
    expect(noted).toMatchObject([{ who: null, refused: 'login-required' }]);
    const exit = once(codec, 'exit');
    codec.kill('SIGTERM');
    expect((await exit)[0]).toBe(0);
    expect(log).toContain('a decode was refused');
    expect(log).not.toContain('do-not-repeat-me');
  },
  LONGEST_MS,
);

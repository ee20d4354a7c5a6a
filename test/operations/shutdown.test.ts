import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { randomUUID } from 'node:crypto';
import { localSettings } from '../../config';
import { makeClinic } from '../../faults/clinic';
import { bookingOf } from '../support/clinic';
import { compileService } from '../support/compiled';
import { startProcesses, type Body, type Running } from './processes';

/** SIGTERM in the middle of commands under load, as a deployment sends it (decision 6): real processes. */
const LONGEST_MS = 240_000;
const AT_ONCE = 6;
const ROUNDS = 2;

let folder: string;
let codeFolder: string;
let running: Running;

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'vardmote-shutdown-'));
  codeFolder = compileService();
  running = await startProcesses(folder, codeFolder);
  await makeClinic(running.records, localSettings(running.stand.env).DEMO_CLINIC_KEY);
  await running.stand.startService();
}, LONGEST_MS);
afterAll(async () => {
  await running.stop();
  for (const each of [folder, codeFolder]) rmSync(each, { recursive: true, force: true });
}, 60_000);

interface Done {
  key: string;
  url: string;
  body: Body;
  answer: { status: number; body: Body };
}

it(
  'every command that was answered is there, once, and the same key again gets the same answer',
  async () => {
    const { command, stand } = running;
    const done: Done[] = [];
    let stopped = false;
    /** A clinic's system that books for new persons, one command after the other, and repeats what has no answer. */
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
      exits.push({ api: await stand.shutDown('api'), worker: await stand.shutDown('worker-1') });
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
    for (const { key, url, body, answer } of done) {
      expect([answer.status, await command('POST', url, body, key)]).toEqual([201, answer]);
    }
    // Nothing was made twice by a command that was repeated.
    const meetingIds = done
      .filter(({ url }) => url.endsWith('/meetings'))
      .map(({ answer }) => answer.body.meetingId);
    expect(new Set(await running.records.meetings.notOver())).toEqual(new Set(meetingIds));
    // And each meeting has its workflow.
    for (const meetingId of meetingIds) {
      const { status } = await running.client.workflow.getHandle(`meeting-${String(meetingId)}`).describe();
      expect(status.name).toBe('RUNNING');
    }
  },
  LONGEST_MS,
);

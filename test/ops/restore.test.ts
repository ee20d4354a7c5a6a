import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { localSettings } from '../../config';
import { makeClinic } from '../../faults/clinic';
import { meetingWorkflowId } from '../../temporal/ids';
import { bookingOf } from '../support/clinic';
import { compileService } from '../support/compiled';
import { waitUntil } from '../support/wait-until';
import { startProcesses, type Body, type Running } from './processes';

/**
 * What the runbook says of restores, tried with the real processes, and copies of both databases' files taken
 * at different moments. The provider's own record tells who got what.
 */
const HOUR = 3_600_000;
/** Starting and stopping all processes, several times, on a busy machine. */
const LONGEST_MS = 240_000;

let folder: string;
let codeFolder: string;

const run = (state: string): Promise<Running> => startProcesses(state, codeFolder, folder);

/** A state folder with each of the two databases as it was at one of the moments. */
function stateOf(name: string, of: { database: string; temporal: string }): string {
  const state = path.join(folder, name);
  cpSync(path.join(folder, of.database, 'database'), path.join(state, 'database'), { recursive: true });
  cpSync(path.join(folder, of.temporal, 'temporal'), path.join(state, 'temporal'), { recursive: true });
  cpSync(path.join(folder, of.database, 'secrets.json'), path.join(state, 'secrets.json'));
  return state;
}

const mobiles = {
  cancelled: '+46701740605',
  moved: '+46701740606',
  held: '+46701740607',
  untouched: '+46701740608',
  bookedSince: '+46701740609',
};
const meetings: Partial<Record<keyof typeof mobiles, string>> = {};
/** When the backups of moment A were taken, and when everything had been stopped at moment B. */
let momentA: string;

const startAt = (hours: number): string => new Date(Date.now() + hours * HOUR).toISOString();

async function addPatient({ command }: Running, mobile: string): Promise<string> {
  const { body } = await command('POST', '/clinic/people', {
    name: 'Tolvan Testperson',
    birthDate: '1980-05-17',
    mobile,
  });
  const personId = String(body.personId);
  await command('PUT', `/clinic/people/${personId}/sms-consent`, { given: true, source: 'asked' });
  return personId;
}

async function book(running: Running, who: keyof typeof mobiles): Promise<void> {
  const patientId = await addPatient(running, mobiles[who]);
  const booking = bookingOf({ patientId, startAt: startAt(30) });
  const { status, body } = await running.command('POST', '/clinic/meetings', booking);
  if (status !== 201) throw new Error(`not booked: ${status}`);
  meetings[who] = String(body.meetingId);
}

const heard = (running: Running, who: keyof typeof mobiles, times: number) =>
  waitUntil(
    () => running.sentTo(mobiles[who]).length,
    (count) => count === times,
    60_000,
  );
const reading = async ({ command }: Running, who: keyof typeof mobiles): Promise<Body> =>
  (await command('GET', `/clinic/meetings/${meetings[who]}`, {})).body;
const tasksOf = async ({ records }: Running, who: keyof typeof mobiles): Promise<string[]> =>
  (await records.tasks.ofMeeting(meetings[who]!))
    .filter(({ state }) => state === 'open')
    .flatMap(({ because }) => because);

/** How often each phone rang before anything was restored. */
let rang: Record<string, number>;
const ringing = (running: Running): Record<string, number> =>
  Object.fromEntries(Object.entries(mobiles).map(([who, mobile]) => [who, running.sentTo(mobile).length]));

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'vardmote-restore-'));
  codeFolder = compileService();
  const first = await run(path.join(folder, 'a'));
  try {
    await makeClinic(first.records, localSettings(first.rig.env).DEMO_CLINIC_KEY);
    await first.rig.startService();
    for (const who of ['cancelled', 'moved', 'untouched'] as const) await book(first, who);
    for (const who of ['cancelled', 'moved', 'untouched'] as const) await heard(first, who, 1);
    // The provider takes no more of this one until the backups have been taken.
    first.provider.faults.set([{ fault: 'too-many', to: mobiles.held }]);
    await book(first, 'held');
    await waitUntil(
      async () => (await first.records.ledger.ofMeeting(meetings.held!)).map(({ reason }) => reason),
      (reasons) => reasons.includes('http-429'),
    );
  } finally {
    await first.stop();
  }
  momentA = new Date().toISOString();
  cpSync(path.join(folder, 'a'), path.join(folder, 'b'), { recursive: true });

  const second = await run(path.join(folder, 'b'));
  try {
    await second.rig.startService();
    await heard(second, 'held', 1);
    await book(second, 'bookedSince');
    await second.command('POST', `/clinic/meetings/${meetings.cancelled}/cancel`, { by: 'clinic' });
    await second.command('POST', `/clinic/meetings/${meetings.moved}/rebook`, {
      by: 'clinic',
      startAt: startAt(31),
    });
    for (const [who, times] of [
      ['bookedSince', 1],
      ['cancelled', 2],
      ['moved', 2],
    ] as const) {
      await heard(second, who, times);
    }
    await waitUntil(
      async () => (await second.records.meetings.get(meetings.cancelled!)).course.closed,
      (isClosed) => isClosed,
    );
    rang = ringing(second);
  } finally {
    await second.stop();
  }
}, LONGEST_MS);
afterAll(() => {
  for (const each of [folder, codeFolder]) rmSync(each, { recursive: true, force: true });
});

/** Puts back, notes it, compares and lets notices go, as the runbook says. */
async function restore(
  state: string,
  compareArgs: string[],
  trial: (running: Running, compared: Body) => Promise<void>,
) {
  const running = await run(state);
  try {
    await running.restored('note', '--as-of', momentA);
    await running.rig.startService();
    const compared = JSON.parse(await running.restored('compare', ...compareArgs)) as Body;
    await running.restored('release');
    await trial(running, compared);
  } finally {
    await running.stop();
  }
}

/** Everything that was asked of the workflows and the provider's queue has come to rest. */
const atRest = ({ records }: Running, who: (keyof typeof mobiles)[]) =>
  waitUntil(
    async () =>
      (await Promise.all(who.map((each) => records.ledger.ofMeeting(meetings[each]!))))
        .flat()
        .filter(
          ({ state, kind }) =>
            (kind === 'booking' || kind === 'change' || kind === 'cancellation') &&
            (state === 'planned' || state === 'handing-over'),
        ),
    (open) => open.length === 0,
    60_000,
  );

it(
  'both from the same round: what went since is not sent again, and staff are told where that is not known',
  async () => {
    const state = stateOf('both-a', { database: 'a', temporal: 'a' });
    await restore(state, [], async (running, compared) => {
      expect(compared).toMatchObject({ started: [], orphans: [], refused: [] });
      await atRest(running, ['held', 'cancelled', 'moved', 'untouched']);
      // The one whose SMS waited at that moment: the workflow and the ledger would both have sent it again.
      await waitUntil(
        () => tasksOf(running, 'held'),
        (because) => because.includes('may-have-gone-before-the-restore'),
      );
      // Nobody knows of the cancellation and the move any more: the clinic sends them again, and its patients
      // hear of it again.
      expect(await reading(running, 'cancelled')).toMatchObject({ state: 'booked' });
      expect(ringing(running)).toEqual(rang);
    });
  },
  LONGEST_MS,
);

it(
  'a ledger older than Temporal: nothing is sent again, the records catch up, and what they have lost is ended',
  async () => {
    const state = stateOf('ledger-older', { database: 'a', temporal: 'b' });
    await restore(state, [], async (running, compared) => {
      expect(compared).toMatchObject({ started: [], orphans: [meetings.bookedSince] });
      // The other ones may have caught up by themselves, as their workflows saw the worker again.
      expect(compared.caughtUp).toContain(meetings.cancelled);
      await atRest(running, ['held', 'cancelled', 'moved', 'untouched']);
      expect(await reading(running, 'cancelled')).toMatchObject({
        outcome: { outcome: 'cancelled-by-clinic' },
      });
      expect(await reading(running, 'moved')).toMatchObject({ startVersion: 2 });
      const { times } = await running.records.meetings.get(meetings.moved!);
      // Nobody knows whether the lost time was agreed: it costs nothing (R5.5).
      expect(times.at(-1)).toMatchObject({ startVersion: 2, agreed: false });
      // Its workflow has ended this notice, the ledger had not.
      expect(await tasksOf(running, 'held')).toEqual(['may-have-gone-before-the-restore']);
      expect(ringing(running)).toEqual(rang);
    });
  },
  LONGEST_MS,
);

it(
  'a Temporal older than the ledger: nothing is sent again, and its workflows hear once more what was commanded',
  async () => {
    const state = stateOf('temporal-older', { database: 'b', temporal: 'a' });
    await restore(state, ['--temporal-as-of', momentA], async (running, compared) => {
      expect(compared).toMatchObject({
        started: [meetings.bookedSince],
        orphans: [],
        refused: [],
        // The move. Of the cancelled meeting the record is closed: its workflow is ended, and hears nothing.
        carriedOutAgain: 1,
      });
      const ofCancelled = running.client.workflow.getHandle(meetingWorkflowId(meetings.cancelled!));
      expect((await ofCancelled.describe()).status.name).toBe('TERMINATED');
      await atRest(running, ['held', 'cancelled', 'moved', 'untouched', 'bookedSince']);
      expect(await reading(running, 'cancelled')).toMatchObject({
        outcome: { outcome: 'cancelled-by-clinic' },
      });
      expect(await reading(running, 'moved')).toMatchObject({ startVersion: 2 });
      expect(ringing(running)).toEqual(rang);
      // The workflow that was started again takes commands.
      const { status } = await running.command('POST', `/clinic/meetings/${meetings.bookedSince}/cancel`, {
        by: 'clinic',
      });
      expect(status).toBe(200);
      await heard(running, 'bookedSince', rang.bookedSince! + 1);
      expect(await reading(running, 'bookedSince')).toMatchObject({
        outcome: { outcome: 'cancelled-by-clinic' },
      });
      // And what is done once more is found done.
      const again = JSON.parse(await running.restored('compare', '--temporal-as-of', momentA)) as Body;
      expect(again).toMatchObject({ started: [], orphans: [] });
      // A workflow that was ended from outside is started again too, and the record follows it.
      await running.client.workflow.getHandle(meetingWorkflowId(meetings.untouched!)).terminate('by mistake');
      expect(JSON.parse(await running.restored('compare'))).toMatchObject({ started: [meetings.untouched] });
      const body = { by: 'patient' };
      expect(
        (await running.command('POST', `/clinic/meetings/${meetings.untouched}/cancel`, body)).status,
      ).toBe(200);
      await heard(running, 'untouched', rang.untouched! + 1);
      expect(await reading(running, 'untouched')).toMatchObject({
        outcome: { outcome: 'cancelled-in-time' },
      });
      rang.untouched! += 1;
      expect(ringing(running)).toEqual({ ...rang, bookedSince: rang.bookedSince! + 1 });
    });
  },
  LONGEST_MS,
);

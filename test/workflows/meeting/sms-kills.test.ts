import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { LedgerRow } from '../../../records/ledger';
import { defaultNoticeRules } from '../../../rules/notices';
import { meetingWorkflowId } from '../../../temporal/ids';
import { createClinic } from '../../support/clinic';
import { startProcess } from '../../support/killed-process';
import { startMeetingsWorker } from '../../support/meetings-worker';
import { startService, type Service } from '../../support/service';
import { waitUntil } from '../../support/wait-until';
import { killPoints, type KilledWorkerSettings, type KillPoint } from './killed-sms-worker';

/**
 * kill -9 of the process that hands SMS over, at each point where it matters (R2.7; design, decision 5): real
 * processes, and the provider's own record of what it sent. `KILLS=50 npm test --
 * test/workflows/meeting/sms-kills` for two hundred.
 */
const KILLS_PER_POINT = Number(process.env.KILLS ?? 3);
/** As many meetings at once as there are fictitious numbers, each with one of its own. */
const MOST_PER_POINT = 23;
const ROUNDS = Math.ceil(KILLS_PER_POINT / MOST_PER_POINT);

/** Longer than the call to the provider in killed-sms-worker.ts. */
const LEASE_MS = 6_000;
/**
 * An attempt whose process died is taken for lost after this, longer than the lease: as in production, but
 * sooner.
 */
const ATTEMPT = '10s';

/**
 * The workflows as they are, but for the length of an attempt: how soon Temporal sees that a process has
 * died.
 */
function bundleWithShortAttempts(folder: string): string {
  const code = readFileSync(process.env.TEST_WORKFLOW_BUNDLE ?? '', 'utf8');
  const shorter = code.replace(/startToCloseTimeout: ?['"]30s['"]/g, `startToCloseTimeout: '${ATTEMPT}'`);
  if (shorter === code) throw new Error('the hand-over’s attempt is no longer 30 s: change this test');
  const file = path.join(folder, 'bundle.js');
  writeFileSync(file, shorter);
  return file;
}

/** Starts the SMS worker again whenever it has been killed. */
function supervise(settings: KilledWorkerSettings): { kills: () => number; stop: () => Promise<void> } {
  let [kills, ownEnds, stopped, output] = [0, 0, false, ''];
  let child: ChildProcess;
  const run = (): void => {
    child = startProcess(path.join(__dirname, 'killed-sms-worker.ts'), settings, { stderr: 'pipe' });
    child.stderr?.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.once('exit', (_code, signal) => {
      if (stopped) return;
      if (signal === 'SIGKILL') kills += 1;
      else ownEnds += 1;
      // On a busy machine a server may not answer in time; a worker that never comes up is another matter.
      if (ownEnds > 5) throw new Error(`the SMS worker ends by itself: ${output}`);
      run();
    });
  };
  run();
  const killAtExit = (): void => void child.kill('SIGKILL');
  process.once('exit', killAtExit);
  return {
    kills: () => kills,
    stop: async () => {
      stopped = true;
      child.kill('SIGTERM');
      await waitUntil(
        () => child.exitCode ?? child.signalCode,
        (code) => code !== null,
        40_000,
      );
      process.off('exit', killAtExit);
    },
  };
}

interface Fate {
  point: KillPoint;
  /** How many SMS the provider sent. */
  sent: number;
  row: Pick<LedgerRow, 'state' | 'reason' | 'providerIdFrom'>;
  /** Open ones. */
  tasks: string[];
}

/** Kills the process of each meeting's booking message once, and answers with what became of them all. */
async function killEach(perPoint: number): Promise<Fate[]> {
  const folder = mkdtempSync(path.join(process.env.TEST_FOLDER ?? '', 'kills-'));
  const killed = mkdtempSync(path.join(folder, 'killed-'));
  const service = await startService({ workers: false });
  // It is not what is killed here.
  const stopMeetings = await startMeetingsWorker(service, bundleWithShortAttempts(folder));
  const clinic = await createClinic(service, { noticeRules: { ...defaultNoticeRules, quietHours: null } });
  const startAt = new Date(Date.now() + 10 * 24 * 3_600_000).toISOString();
  const meetings: { meetingId: string; mobile: string; point: KillPoint }[] = [];
  for (let index = 0; index < perPoint * killPoints.length; index += 1) {
    const mobile = `+46701740${605 + index}`;
    const patientId = await clinic.addPatient({ mobile });
    const { meetingId } = await clinic.book({ patientId, startAt });
    meetings.push({ meetingId, mobile, point: killPoints[index % killPoints.length]! });
  }
  const supervisor = supervise({
    mongodbUri: (process.env.TEST_MONGODB_URI ?? '').replace('DATABASE', service.taskQueue),
    temporalAddress: process.env.TEST_TEMPORAL_ADDRESS ?? '',
    taskQueue: service.taskQueue,
    elksUrl: service.elksUrl,
    leaseMs: LEASE_MS,
    points: Object.fromEntries(meetings.map(({ meetingId, point }) => [meetingId, point])),
    killed,
  });
  try {
    await waitUntil(
      () => readdirSync(killed).length,
      (count) => count === meetings.length,
      60_000 + meetings.length * 15_000,
    );
    // Every activity has been carried out to its end, by whichever process, and what can be told has been.
    for (const { meetingId, point } of meetings) {
      await waitUntil(
        async () => {
          const { raw } = await service.client.workflow.getHandle(meetingWorkflowId(meetingId)).describe();
          // Killed before the row, there is none until another process has come.
          const rows = await service.records.ledger.ofMeeting(meetingId);
          const state = rows.find(({ kind }) => kind === 'booking')?.state ?? 'planned';
          return { point, state, pending: (raw.pendingActivities ?? []).length };
        },
        ({ state, pending }) => pending === 0 && expected[point].states.includes(state),
        180_000,
      );
    }
    expect(supervisor.kills()).toBe(meetings.length);
    return await Promise.all(
      meetings.map(async ({ meetingId, mobile, point }) => ({
        point,
        sent: service.sentTo(mobile).length,
        row: await bookingRow(service, meetingId),
        tasks: (await service.records.tasks.ofMeeting(meetingId))
          .filter(({ state }) => state === 'open')
          .map(({ kind, because }) => `${kind} ${because.join()}`),
      })),
    );
  } finally {
    await supervisor.stop();
    await stopMeetings();
    await service.close();
  }
}

const bookingRow = async ({ records }: Service, meetingId: string): Promise<LedgerRow> =>
  (await records.ledger.ofMeeting(meetingId)).find(({ kind }) => kind === 'booking')!;

/** What becomes of each; a call that was slow is found in the history, and is no matter. */
const expected: Record<KillPoint, { sent: number; states: string[]; from: LedgerRow['providerIdFrom'][] }> = {
  'before-the-row': { sent: 1, states: ['sent', 'delivered'], from: ['answer', 'history'] },
  'before-the-post': { sent: 0, states: ['unknown'], from: [null] },
  'after-acceptance': { sent: 1, states: ['sent', 'delivered'], from: ['history'] },
  'before-completion': { sent: 1, states: ['sent', 'delivered'], from: ['answer', 'history'] },
};

it(
  'R2.7 killed at any point: nothing is sent twice, and nothing is lost without a reason and a task',
  async () => {
    const fates: Fate[] = [];
    for (let left = KILLS_PER_POINT; left > 0; left -= MOST_PER_POINT) {
      fates.push(...(await killEach(Math.min(left, MOST_PER_POINT))));
    }
    if (process.env.KILLS) {
      for (const point of killPoints) {
        const of = fates.filter((fate) => fate.point === point);
        const counts = of.map(({ sent, row }) => `${sent} sent, ${row.state} (${row.reason ?? '-'})`);
        const tally = Object.fromEntries(
          [...new Set(counts)].map((each) => [each, counts.filter((count) => count === each).length]),
        );
        console.log(point, tally);
      }
    }
    expect(fates).toHaveLength(KILLS_PER_POINT * killPoints.length);
    expect(fates.filter(({ sent }) => sent > 1)).toEqual([]);
    for (const { point, sent, row, tasks } of fates) {
      expect({ point, sent }).toEqual({ point, sent: expected[point].sent });
      expect(expected[point].from).toContain(row.providerIdFrom);
      expect(expected[point].states).toContain(row.state);
      expect(tasks).toEqual(
        row.state === 'unknown' ? ['nobody-reached process-died-while-handing-over'] : [],
      );
    }
  },
  ROUNDS * 600_000,
);

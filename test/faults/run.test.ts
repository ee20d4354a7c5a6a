import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { check } from '../../faults/checker';
import type { ProviderMessage } from '../../faults/checker/evidence';
import { matchMessages, type MatchedMessage } from '../../faults/checker/matching';
import { reportLines } from '../../faults/report';
import { runFaults, type RunResult, type FaultRig } from '../../faults/run';
import { compileService } from '../support/compiled';

/**
 * A short run of `npm run faults`, with real processes: a worker killed, another one that stands still for
 * longer than its lease, Temporal killed, and a provider that lies all the while. This seed has all of these
 * within half a minute.
 */
const options = { seed: 45, meetings: 20, seconds: 24, leaseSeconds: 4, timeoutSeconds: 2 };

/**
 * What may be under way as a worker is killed is waited for: 30 s for an attempt, and half a minute until the
 * next.
 */
const LONGEST_MS = 330_000;

let folder: string;
let codeFolder: string;
let rig: FaultRig & { stop(): Promise<void> };
let result: RunResult;

beforeAll(async () => {
  const { startFaultRig: startStand } = await import('../../faults/fault-rig.mjs');
  const [kind = '', ...database] = (process.env.VARDMOTE_DATABASE ?? '').split(':');
  folder = mkdtempSync(path.join(tmpdir(), 'vardmote-faults-'));
  codeFolder = compileService();
  rig = await startStand({
    folder,
    codeFolder,
    workflowBundle: process.env.TEST_WORKFLOW_BUNDLE ?? '',
    temporal: process.env.VARDMOTE_TEMPORAL ?? '',
    database: { kind: kind as 'mongod' | 'secantusd', path: database.join(':') },
    timeoutSeconds: options.timeoutSeconds,
    leaseSeconds: options.leaseSeconds,
  });
  result = await runFaults(rig, options);
}, LONGEST_MS);
afterAll(async () => {
  await rig.stop();
  for (const each of [folder, codeFolder]) rmSync(each, { recursive: true, force: true });
}, 60_000);

it('R2.4, R2.7 sends nothing twice, loses nothing without its reason, and nothing stale', () => {
  expect(result.findings).toEqual([]);
  // Something did happen.
  const { evidence, strikes, schedule } = result;
  expect(evidence.meetings.length).toBeGreaterThan(options.meetings / 2);
  // How many became due in time is the machine's affair; a run in which hardly any did would prove nothing.
  expect(evidence.messages.length).toBeGreaterThan(options.meetings / 5);
  expect(Object.keys(strikes)).not.toEqual([]);
  expect(new Set(schedule.processes.map(({ act, process }) => `${act} ${process}`))).toEqual(
    new Set(['kill worker-2', 'freeze worker-1', 'kill temporal']),
  );
});

describe('a fault that is planted into what a run has left behind', () => {
  /** An SMS that the ledger surely knows of. */
  const known = (): ProviderMessage => {
    const { messages, ledger } = result.evidence;
    return messages.find(({ id }) => ledger.some(({ providerId }) => providerId === id))!;
  };
  const kindsWith = (messages: ProviderMessage[]): string[] =>
    check({ ...result.evidence, messages }).findings.map(({ kind }) => kind);

  it('is found: an SMS twice', () => {
    const { messages } = result.evidence;
    expect(kindsWith([...messages, { ...known(), id: 's0' }])).toEqual(['doubled']);
    const lines = reportLines(options, {
      ...result,
      findings: check({ ...result.evidence, messages: [...messages, known()] }).findings,
    });
    expect(lines.join('\n')).toMatch(/WRONG: doubled +1\n/);
  });

  it('is found: an SMS that got lost', () => {
    expect(kindsWith(result.evidence.messages.filter((message) => message !== known()))).toEqual(['lost']);
  });

  it('is found: the old time, long after the move was answered', () => {
    const { evidence } = result;
    const [{ message: sent, meeting, time }] = matchMessages(evidence).matched.filter(
      ({ kind, ...each }) => kind !== 'cancellation' && each.time.startVersion < each.meeting.times.length,
    ) as [MatchedMessage];
    // Whenever the move was answered in this run: here it was as soon as the old time had been told.
    const times = meeting.times.map((each) =>
      each.startVersion > time.startVersion
        ? { ...each, answer: 'done' as const, answeredAt: sent.createdAt }
        : each,
    );
    const late = { ...sent, createdAt: new Date(Date.parse(sent.createdAt) + 3_600_000).toISOString() };
    const { findings } = check({
      ...evidence,
      messages: evidence.messages.map((message) => (message === sent ? late : message)),
      meetings: evidence.meetings.map((each) => (each === meeting ? { ...meeting, times } : each)),
    });
    expect(findings.map(({ kind }) => kind)).toContain('stale');
  });
});

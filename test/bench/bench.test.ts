import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { figures, type Figures, type WorkflowFigures } from '../../bench/figures';
import { documentOf } from '../../bench/report/document';

/**
 * The bench itself, in its short form: that every figure is there and is a number that can be one, and what
 * does not depend on how busy the machine of a test is. How large the others are is nobody's business here.
 */
const root = path.join(__dirname, '..', '..');
const resultFile = path.join(process.env.TEST_FOLDER ?? tmpdir(), 'bench-figures.json');

/** Of the whole: what a change may not grow beyond without somebody deciding so (docs/performance.md). */
const MOST = { events: 145, billable: 43, bytes: 38_500 };

function run(file: string, args: string[]): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [path.join(root, file), ...args], { cwd: root });
    let output = '';
    const keep = (chunk: Buffer): void => {
      output += chunk.toString();
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    // Not "close": what it leaves behind, should it fail, may hold its output open.
    child.once('exit', (code) => resolve({ code, output }));
  });
}

let measured: Figures;
let printed: string;

beforeAll(async () => {
  // What `npm run bench` starts once all is installed, as it is here.
  const { code, output } = await run('bench/measure.mjs', ['--quick', `--result=${resultFile}`]);
  if (code !== 0) throw new Error(`the bench ended with ${String(code)}:\n${output}`);
  printed = output;
  measured = figures.parse(JSON.parse(output.trimEnd().split('\n').at(-1) ?? ''));
}, 600_000);

it('has the figures of every measure, in a file too, and says that those of a short run mean nothing', () => {
  expect(measured.quick).toBe(true);
  expect(measured.machine.node).toBe(process.versions.node);
  expect(JSON.parse(readFileSync(resultFile, 'utf8'))).toEqual(measured);
  for (const heading of ['bookings', 'a meeting', 'status reads', 'kill -9 of a worker'])
    expect(printed).toContain(`\n${heading}`);
});

it('tells the processor time of each process, of the service and of what it is compared with', () => {
  const { bookings, lateness, reads } = measured;
  const parts = ['temporal', 'database', 'api', 'worker', 'client'];
  expect(Object.keys(bookings.service.cpu?.byPart ?? {})).toEqual(parts);
  expect(Object.keys(bookings.floor.cpu?.byPart ?? {})).toEqual(parts);
  // Bare starts go past no API.
  expect(Object.keys(bookings.bare.cpu?.byPart ?? {})).toEqual(parts.filter((part) => part !== 'api'));
  for (const { cpu } of [
    bookings.service,
    bookings.withNotice,
    lateness.service,
    lateness.floor,
    reads.service,
  ])
    expect(cpu?.together).toBeGreaterThan(0);
});

it('R2.6 R2.7 each reminder came once, and none before its instant', () => {
  const { service, bare, floor, poller } = measured.lateness;
  for (const each of [service, bare, floor, poller])
    expect(each).toMatchObject({ early: 0, missing: 0, twice: 0 });
});

it('counts events, bytes and actions of a meeting that has been through everything, and they stay bounded', () => {
  const { meeting, approved, letThrough, bare, together } = measured.meeting;
  const total = (counts: Record<string, number>): number =>
    Object.values(counts).reduce((sum, count) => sum + count, 0);
  for (const workflow of [meeting, approved, letThrough, bare] satisfies WorkflowFigures[]) {
    expect(total(workflow.byType)).toBe(workflow.events);
    expect(workflow.byType).toMatchObject({ WORKFLOW_EXECUTION_STARTED: 1, WORKFLOW_EXECUTION_COMPLETED: 1 });
    expect(workflow.billable).toBeLessThan(workflow.events);
  }
  // One timer and one activity, and its start.
  expect(bare.billable).toBe(3);
  // Its timer has fired: nobody approved it.
  expect(letThrough.byType.TIMER_FIRED).toBe(1);
  expect(together.approved.events).toBe(meeting.events + approved.events);
  for (const whole of [together.approved, together.letThrough]) {
    expect(whole.events).toBeLessThanOrEqual(MOST.events);
    expect(whole.billable).toBeLessThanOrEqual(MOST.billable);
    expect(whole.bytes).toBeLessThanOrEqual(MOST.bytes);
  }
});

it('R2.7 loses no meeting and sends nothing twice when a worker is killed', () => {
  expect(measured.killed).toMatchObject({ missing: 0, twice: 0 });
});

it('R2.6 R2.8 hands over nothing too late and nothing after a cancellation, which itself is always sent', () => {
  const { handedOverTooLate, cancellations, doors, slotsUsed } = measured.fullHour;
  expect(handedOverTooLate).toBe(0);
  expect(cancellations).toMatchObject({ notSent: 0, afterwards: 0 });
  expect(doors.tried).toBe(3);
  expect(slotsUsed).toBeGreaterThan(0);
});

it('keeps no more workflows in memory than the worker may', () => {
  for (const { steps, maxCachedWorkflows } of [measured.memory.service, measured.memory.bare]) {
    expect(steps.map(({ open }) => open)).toEqual([0, 5, 20]);
    for (const { cached } of steps) expect(cached).toBeLessThanOrEqual(maxCachedWorkflows);
  }
});

it('makes the document with every figure of a table, and no path or name of the machine', () => {
  const text = documentOf(measured);
  expect(text).toContain('mean nothing');
  expect(text).not.toMatch(/undefined|NaN|null ms/);
  expect(text).not.toContain(root);
});

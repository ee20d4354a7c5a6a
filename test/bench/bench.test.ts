import { spawn } from 'node:child_process';
import path from 'node:path';
import { figures, type Figures } from '../../bench/figures';
import { documentOf } from '../../bench/report/document';

/**
 * The bench itself, in its short form: that every figure is there and is a number that can be one. How large
 * they are is nobody's business here: the machine of a test is busy.
 */
const root = path.join(__dirname, '..', '..');

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

beforeAll(async () => {
  // What `npm run bench` starts once all is installed, as it is here.
  const { code, output } = await run('bench/measure.mjs', ['--quick']);
  if (code !== 0) throw new Error(`the bench ended with ${String(code)}:\n${output}`);
  measured = figures.parse(JSON.parse(output.trimEnd().split('\n').at(-1) ?? ''));
}, 600_000);

it('has the figures of every measure, and says that those of a short run mean nothing', () => {
  expect(measured.quick).toBe(true);
  expect(measured.machine.node).toBe(process.versions.node);
});

it('R2.6 R2.7 each reminder came once, and none before its instant', () => {
  const { service, bare, poller } = measured.lateness;
  for (const each of [service, bare, poller]) expect(each).toMatchObject({ early: 0, missing: 0, twice: 0 });
});

it('counts events, bytes and actions of a meeting that has been through everything', () => {
  const { meeting, invoice, bare } = measured.meeting;
  for (const workflow of [meeting, invoice, bare]) {
    const events = Object.values(workflow.byType).reduce((total, count) => total + count, 0);
    expect(events).toBe(workflow.events);
    expect(workflow.byType).toMatchObject({ WORKFLOW_EXECUTION_STARTED: 1, WORKFLOW_EXECUTION_COMPLETED: 1 });
    expect(workflow.billable).toBeLessThan(workflow.events);
  }
  // One timer and one activity, and its start.
  expect(bare.billable).toBe(3);
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

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { ZodError } from 'zod';
import { cpuRatio, perOperation, rowOf, withCpu } from '../../bench/cpu';
import { billableActions, totalOf } from '../../bench/measures/actions';
import { sizeOf } from '../../bench/measures/history';
import { latenessOf } from '../../bench/measures/lateness-of';
import { percentile } from '../../bench/numbers';
import { wishesOf } from '../../bench/sizes';
import { readHistory } from '../support/histories';

describe('billable actions', () => {
  it('count starts, timers, activities with their retries, signals and updates', () => {
    const actions = billableActions({
      events: [
        { workflowExecutionStartedEventAttributes: {} },
        { workflowTaskScheduledEventAttributes: {} },
        { timerStartedEventAttributes: {} },
        { timerCanceledEventAttributes: {} },
        { activityTaskScheduledEventAttributes: {} },
        { activityTaskStartedEventAttributes: { attempt: 3 } },
        { activityTaskCompletedEventAttributes: {} },
        { workflowExecutionSignaledEventAttributes: {} },
        { workflowExecutionUpdateAcceptedEventAttributes: {} },
        { workflowExecutionUpdateCompletedEventAttributes: {} },
      ],
    });
    expect(actions).toMatchObject({
      'workflow-started': 1,
      timer: 1,
      activity: 1,
      'activity-retry': 2,
      signal: 1,
      update: 1,
    });
    expect(totalOf(actions)).toBe(7);
  });

  it('count local activities once for each workflow task that ran them, and no marker of a version', () => {
    const marker = (markerName: string, workflowTaskCompletedEventId: number) => ({
      markerRecordedEventAttributes: { markerName, workflowTaskCompletedEventId },
    });
    const events = [
      marker('core_local_activity', 4),
      marker('core_local_activity', 4),
      marker('core_local_activity', 9),
      marker('core_patch', 9),
    ];
    // @ts-expect-error: the ids are 64-bit numbers of the protocol; plain ones do here.
    expect(billableActions({ events })['local-activity-batch']).toBe(2);
  });

  it('agree with the events of a kept history', () => {
    const history = readHistory('v0.1.0-completed.binpb');
    const { byType, events } = sizeOf(history);
    const actions = billableActions(history);
    expect(events).toBe(history.events.length);
    expect(actions.timer).toBe(byType.TIMER_STARTED);
    expect(actions.activity).toBe(byType.ACTIVITY_TASK_STARTED);
  });
});

describe('lateness', () => {
  const arrival = (at: number, message: string) => ({ at, to: null, message });
  const idOf = ({ message }: { message: string }): string => message;

  it('R2.7 tells what came early, twice or never', () => {
    const arrivals = [arrival(990, 'a'), arrival(1_010, 'b'), arrival(1_030, 'b')];
    expect(latenessOf({ dueAt: 1_000, arrivals, cpu: null, idOf }, 3)).toEqual({
      p50Ms: 10,
      p99Ms: 30,
      lastMs: 30,
      early: 1,
      missing: 1,
      twice: 1,
      cpu: null,
    });
  });

  it('takes the nearest rank as percentile', () => {
    const values = Array.from({ length: 200 }, (_, at) => 200 - at);
    expect([0.5, 0.99, 1].map((share) => percentile(values, share))).toEqual([100, 198, 200]);
    expect(percentile([7], 0.5)).toBe(7);
  });
});

describe('processor time', () => {
  it('is read of a process with any name, with that of what it has waited for', () => {
    const stat = '4711 (a) S (b) S 17 4711 4711 0 -1 4194560 1 2 3 4 100 20 3 1 20 0 11 0 99 1 2';
    expect(rowOf(stat)).toEqual({ parent: 17, ms: 1_240 });
  });

  it('is told apart by process, with what a process has started', async () => {
    const busy = "const end = Date.now() + 400; while (Date.now() < end); console.log('done')";
    const starts = `require('node:child_process').spawnSync(process.execPath, ['-e', ${JSON.stringify(busy)}])`;
    const child = spawn(process.execPath, [
      '-e',
      `${starts}; console.log('done'); setInterval(() => 0, 1000)`,
    ]);
    try {
      const { cpu } = await withCpu({ worker: [child.pid!], api: [] }, () => once(child.stdout, 'data'));
      expect(Object.keys(cpu!)).toEqual(['worker', 'client']);
      expect(cpu!.worker).toBeGreaterThan(150);
      expect(perOperation(cpu, 10)?.byPart.worker).toBeCloseTo(cpu!.worker! / 10, 1);
    } finally {
      child.kill('SIGKILL');
    }
  });

  it('is not compared where it is not known', () => {
    const of = (together: number) => ({
      byPart: { temporal: 1, database: 1, worker: together - 2 },
      together,
    });
    expect(cpuRatio(of(8), of(4))).toBe(2);
    expect(cpuRatio(of(8), null)).toBeNull();
    // A Temporal on another machine.
    expect(cpuRatio(of(8), { byPart: { database: 1, worker: 2 }, together: 3 })).toBeNull();
  });
});

describe('the command line', () => {
  it('takes sizes and measures by name', () => {
    const wishes = wishesOf(['--only=reads,memory', '--memory=10,20', '--reminders=50', '--write']);
    expect(wishes).toMatchObject({ quick: false, write: true, only: ['reads', 'memory'] });
    expect(wishes.sizes).toMatchObject({ reminders: 50, memory: { steps: [10, 20] } });
  });

  it.each([
    ['--fast'],
    ['reads'],
    ['--only=writes'],
    ['--memory=10'],
    ['--reminders=few'],
    ['--reminders=2000'],
  ])('refuses %s', (argument) => {
    expect(() => wishesOf([argument])).toThrow(ZodError);
  });
});

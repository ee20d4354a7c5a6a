import type { FaultRule } from '../local/outbox/faults';
import { dealer, diceOf, type Dice } from './dice';
import { meetingPlans, type MeetingPlan } from './meeting-plans';

/** How much shall happen. */
export interface RunOptions {
  seed: number;
  meetings: number;
  /** How long traffic and faults go on; the run ends when all has come to rest after that. */
  seconds: number;
  /** Of the workers: a process that stands still longer has lost what it was handing over. */
  leaseSeconds: number;
  /** Of a call to the provider; shorter than the lease. */
  timeoutSeconds: number;
}

export const processNames = ['temporal', 'database', 'api', 'worker-1', 'worker-2'] as const;
export type ProcessName = (typeof processNames)[number];

/** What is done to a process: kill -9, or standing still (SIGSTOP) for a while. */
export type ProcessAct = { atMs: number; process: ProcessName } & (
  { act: 'kill' } | { act: 'freeze'; forMs: number }
);

/** What the provider does wrong from now on, in the place of what it did before. */
export interface ProviderPhase {
  atMs: number;
  seed: number;
  rules: FaultRule[];
}

/** All that is going to happen, in ms from the beginning; the same wishes give the same schedule. */
export interface Schedule {
  processes: ProcessAct[];
  provider: ProviderPhase[];
  meetings: MeetingPlan[];
}

/** Each part has dice of its own, so that more meetings do not move the kills. */
export function scheduleOf(options: RunOptions): Schedule {
  const untilMs = options.seconds * 1_000;
  return {
    processes: processActs(diceOf(options.seed), untilMs, options.leaseSeconds * 1_000),
    provider: providerPhases(diceOf(options.seed + 1), untilMs),
    meetings: meetingPlans(diceOf(options.seed + 2), options.meetings, untilMs),
  };
}

/**
 * Before the first of them there is something to disturb, and after the last there is time to get up again.
 */
const FIRST_ACT_MS = 5_000;
const LAST_ACT_MS = 4_000;

function processActs(dice: Dice, untilMs: number, leaseMs: number): ProcessAct[] {
  const deal = dealer<[ProcessName, ProcessAct['act']]>(dice, [
    ['worker-1', 'kill'],
    ['worker-2', 'kill'],
    ['worker-1', 'freeze'],
    ['worker-2', 'freeze'],
    ['api', 'kill'],
    ['api', 'freeze'],
    ['database', 'kill'],
    ['temporal', 'kill'],
  ]);
  const acts: ProcessAct[] = [];
  for (let atMs = FIRST_ACT_MS; atMs < untilMs - LAST_ACT_MS; atMs += dice.between(3_000, 9_000)) {
    const [process, act] = deal();
    acts.push(
      act === 'kill'
        ? { atMs, process, act }
        : { atMs, process, act, forMs: leaseMs + dice.between(500, 3_000) },
    );
  }
  return acts;
}

function providerPhases(dice: Dice, untilMs: number): ProviderPhase[] {
  const to = (least: number, most: number): number => dice.between(least, most);
  const deal = dealer<() => FaultRule[]>(dice, [
    () => [],
    () => [
      { fault: 'error-after-accepting', probability: 0.3 },
      { fault: 'error-before-accepting', probability: 0.3 },
      { fault: 'history-error', probability: 0.3 },
    ],
    () => [
      { fault: 'cut-in-the-answer', atByte: to(0, 450), probability: 0.3 },
      { fault: 'cut-after-accepting', probability: 0.2 },
      { fault: 'cut-before-accepting', probability: 0.2 },
    ],
    () => [
      { fault: 'hang-after-accepting', probability: 0.25 },
      { fault: 'hang-before-accepting', probability: 0.25 },
      { fault: 'slow-answer', delayMs: to(200, 4_000), probability: 0.3 },
      { fault: 'history-hang', probability: 0.3 },
    ],
    () => [
      { fault: 'too-many', probability: 0.4 },
      { fault: 'refusal', probability: 0.1 },
      { fault: 'odd-body', probability: 0.2 },
    ],
    () => [
      { fault: 'report-before-answer', probability: 0.2 },
      { fault: 'report-out-of-order', probability: 0.2 },
      { fault: 'report-repeated', times: to(2, 4), probability: 0.2 },
      { fault: 'report-late', delayMs: to(1_000, 8_000), probability: 0.2 },
      { fault: 'report-lost', probability: 0.3 },
      { fault: 'report-failed', probability: 0.2 },
    ],
    () => [
      { fault: 'error-after-accepting', probability: 0.2 },
      { fault: 'hang-after-accepting', probability: 0.1 },
      { fault: 'report-lost', probability: 0.5 },
      { fault: 'hidden-from-history', forMs: to(1_000, 8_000), probability: 0.5 },
    ],
  ]);
  const phases: ProviderPhase[] = [];
  for (let atMs = 2_000; atMs < untilMs; atMs += to(3_000, 7_000))
    phases.push({ atMs, seed: to(1, 1_000_000), rules: deal()() });
  return phases;
}

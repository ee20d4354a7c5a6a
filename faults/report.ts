import { findingKinds } from './checker/evidence';
import type { RunResult } from './run';
import { processNames, type Schedule, type RunOptions } from './schedule';

/** The schedule, as lines: the same for the same wishes. */
export function scheduleLines({ processes, provider, meetings }: Schedule): string[] {
  const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1).padStart(7)} s`;
  const acts = [
    ...processes.map((each) => ({
      atMs: each.atMs,
      what:
        each.act === 'kill'
          ? `kill -9 ${each.process}`
          : `freeze ${each.process} for ${(each.forMs / 1_000).toFixed(1)} s`,
    })),
    ...provider.map(({ atMs, rules }) => ({
      atMs,
      what: `provider: ${rules.map(({ fault, probability }) => `${fault} ${probability ?? 1}`).join(', ') || 'works'}`,
    })),
  ].sort((a, b) => a.atMs - b.atMs);
  const count = (what: string): number =>
    meetings.flatMap(({ acts }) => acts).filter((act) => act.what === what).length;
  return [
    ...acts.map(({ atMs, what }) => `${seconds(atMs)}  ${what}`),
    `${meetings.length} meetings: ${count('rebook')} moves, ${count('cancel')} cancellations, ${count('withdraw-consent')} withdrawals of consent, ${count('enter')} entries`,
  ];
}

/** What a run has come to, as a table; and each finding. */
export function reportLines(options: RunOptions, result: RunResult): string[] {
  const { schedule, evidence, findings, crossings, strikes, notBooked } = result;
  const { ledger, messages, meetings } = evidence;
  const acts = (act: 'kill' | 'freeze'): string =>
    counted(
      processNames.map((name) => [
        name,
        schedule.processes.filter((each) => each.act === act && each.process === name).length,
      ]),
    );
  const rows = (state: string) => ledger.filter((row) => row.state === state);
  const byReason = (state: string): string => withReasons(rows(state).map(({ reason }) => reason));
  const atProvider = new Set(messages.map(({ id }) => id));
  const lines: [string, string | number][] = [
    ['seed', options.seed],
    ['kills (-9)', acts('kill')],
    ['stops, longer than the lease', acts('freeze')],
    ['faults of the provider', counted(Object.entries(strikes).map(([name, times]) => [name, times ?? 0]))],
    ['meetings', meetings.length],
    ['  that could not be booked', withReasons(notBooked)],
    ['moves answered', meetings.reduce((sum, { times }) => sum + times.length - 1, 0)],
    ['cancellations answered', meetings.filter(({ cancelled }) => cancelled?.answer === 'done').length],
    ['SMS accepted by the provider', messages.length],
    [
      '  with their row sent or delivered',
      ledger.filter(({ providerId }) => providerId !== null && atProvider.has(providerId)).length,
    ],
    ['  on their way as the answer came', crossings],
    ['unknown', byReason('unknown')],
    ['expired', byReason('expired')],
    ['skipped', byReason('skipped')],
    ['no consent', byReason('no-consent')],
    ['failed', byReason('failed')],
    ...findingKinds.map((kind): [string, number] => [
      `WRONG: ${kind}`,
      findings.filter((finding) => finding.kind === kind).length,
    ]),
  ];
  const width = Math.max(...lines.map(([name]) => name.length));
  return [
    ...lines.map(([name, value]) => `${name.padEnd(width)}  ${value}`),
    ...findings.map(({ kind, meetingId, what }) => `${kind}: ${meetingId ?? ''} ${what}`),
  ];
}

function counted(all: (readonly [string, number])[]): string {
  const some = all.filter(([, times]) => times > 0).map(([name, times]) => `${name} ${times}`);
  return some.length === 0 ? '0' : some.join(', ');
}

function withReasons(reasons: (string | null)[]): string {
  const times = new Map<string, number>();
  for (const reason of reasons) times.set(reason ?? 'no reason', (times.get(reason ?? 'no reason') ?? 0) + 1);
  return `${reasons.length}${reasons.length > 0 ? ` (${counted([...times])})` : ''}`;
}

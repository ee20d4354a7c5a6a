import fc from 'fast-check';
import { scheduleLines } from '../../faults/report';
import { scheduleOf, type RunOptions } from '../../faults/schedule';
import { faultRuleSchema } from '../../local/outbox/faults';

const options: RunOptions = { seed: 1, meetings: 100, seconds: 120, leaseSeconds: 4, timeoutSeconds: 2 };
const anyOptions = fc.record({
  seed: fc.nat(),
  meetings: fc.integer({ min: 1, max: 90 }),
  seconds: fc.integer({ min: 15, max: 200 }),
  leaseSeconds: fc.constant(4),
  timeoutSeconds: fc.constant(2),
});

describe('the schedule of a fault run', () => {
  it('is the same for the same options, and another for another seed', () => {
    expect(scheduleOf(options)).toEqual(scheduleOf(options));
    expect(scheduleLines(scheduleOf(options))).toEqual(scheduleLines(scheduleOf(options)));
    expect(scheduleOf({ ...options, seed: 2 })).not.toEqual(scheduleOf(options));
  });

  it('does not move a kill where there are more meetings', () => {
    const { processes, provider } = scheduleOf({ ...options, meetings: 10 });
    expect(scheduleOf(options)).toMatchObject({ processes, provider });
  });

  it('keeps any two times of one recipient apart by a minute, so that each SMS tells which one it is about', () => {
    fc.assert(
      fc.property(anyOptions, (some) => {
        const starts = new Map<string, number[]>();
        for (const { number, language, startAtMs, acts } of scheduleOf(some).meetings) {
          const moves = acts.flatMap((act) => (act.what === 'rebook' ? [act.startAtMs] : []));
          const recipient = `${number} ${language}`;
          starts.set(recipient, [...(starts.get(recipient) ?? []), startAtMs, ...moves]);
        }
        for (const all of starts.values()) {
          const sorted = all.sort((a, b) => a - b);
          expect(sorted.every((at, index) => index === 0 || at - sorted[index - 1]! >= 60_000)).toBe(true);
        }
      }),
      { numRuns: 30 },
    );
  });

  it('does within its time all that it does, and lets a process stand still for longer than its lease', () => {
    fc.assert(
      fc.property(anyOptions, (some) => {
        const { processes, provider, meetings } = scheduleOf(some);
        const all = [...processes, ...provider, ...meetings.flatMap(({ acts }) => acts)];
        expect(all.every(({ atMs }) => atMs >= 0 && atMs <= some.seconds * 1_000)).toBe(true);
        const freezes = processes.flatMap((each) => (each.act === 'freeze' ? [each.forMs] : []));
        expect(freezes.every((ms) => ms > some.leaseSeconds * 1_000)).toBe(true);
        // What the provider is told is what it understands.
        for (const rule of provider.flatMap(({ rules }) => rules)) faultRuleSchema.parse(rule);
      }),
      { numRuns: 30 },
    );
  });

  it('has everything in a run of some minutes: each process killed, moves, cancellations, withdrawals, entries', () => {
    const { processes, meetings } = scheduleOf(options);
    const killed = processes.filter(({ act }) => act === 'kill').map(({ process }) => process);
    expect([...new Set(killed)].sort()).toEqual(['api', 'database', 'temporal', 'worker-1', 'worker-2']);
    const acts = new Set(meetings.flatMap((meeting) => meeting.acts.map(({ what }) => what)));
    expect([...acts].sort()).toEqual(['cancel', 'end', 'enter', 'rebook', 'withdraw-consent']);
  });

  it('says where there are more meetings than numbers', () => {
    expect(() => scheduleOf({ ...options, meetings: 5_000 })).toThrow('too many');
  });
});

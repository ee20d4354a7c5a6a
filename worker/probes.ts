import type { Logger } from 'pino';
import { createProbe, type ProbeAddresses } from '../health/probe';
import { gapsFound } from '../platform/metrics';
import type { Records } from '../records';
import type { Clock } from '../rules/clock';
import { probeTargets, type ProbeTarget } from '../rules/gaps';
import { startLoop } from './loop';

/** Often enough that two answers of what is away for seconds lie less than a gap apart. */
const EVERY_MS = 10_000;

/** What the probe has seen last, and what stops it. */
export interface Probes {
  answers: (target: ProbeTarget) => boolean;
  stop: () => Promise<void>;
}

/**
 * Asks again and again whether patients, reports and logins get through, and keeps where they did not (R5.6;
 * design, decision 15). Each worker does: what one of them has reached was there. When all of them are away
 * nobody knows, and that is a gap too.
 */
export function startProbes(
  { records, clock, addresses }: { records: Pick<Records, 'gaps'>; clock: Clock; addresses: ProbeAddresses },
  log: Pick<Logger, 'info' | 'warn'>,
  everyMs = EVERY_MS,
): Probes {
  const probe = createProbe(addresses);
  // Until it has been asked, nothing is known to be wrong.
  let last: readonly ProbeTarget[] = probeTargets;

  async function step(): Promise<boolean> {
    const before = last;
    // As of when they were asked: what answers slowly was there then.
    const askedAt = clock.now();
    last = await probe();
    for (const target of probeTargets) {
      const [was, is] = [before.includes(target), last.includes(target)];
      if (was && !is) log.warn({ target }, 'a probe has no answer: patients may not get through');
      if (!was && is) log.info({ target }, 'a probe has an answer again');
    }
    const ended = await records.gaps.answered([...last], askedAt);
    for (const { kind, from, until } of ended) {
      gapsFound.inc({ kind });
      log.warn({ kind, from, until }, 'a gap has ended: over it no patient is a no-show');
    }
    return true;
  }

  const stop = startLoop({ clock, everyMs }, step, (error) =>
    log.warn({ err: error }, 'a probe could not be noted'),
  );
  return { answers: (target) => last.includes(target), stop };
}

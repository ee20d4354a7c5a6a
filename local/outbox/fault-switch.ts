import { seededRandom } from '../seeded-random';
import {
  afterStrike,
  chooseFault,
  type FaultAt,
  type FaultKind,
  type FaultMoment,
  type FaultRule,
} from './faults';

/**
 * What the stand-in of the provider does wrong at present; nothing until told, and nothing again after a
 * restart.
 */
export interface FaultSwitch {
  /** What is wrong now, with the counts that are left. */
  rules(): FaultRule[];
  /**
   * In the place of all rules before, with chance from its beginning; the same seed and requests give the
   * same faults.
   */
  set(rules: FaultRule[], seed?: number): void;
  /** The fault that strikes now, counted; null for none. */
  strike<Moment extends FaultMoment>(moment: Moment, to: string | null): FaultAt<Moment> | null;
  /** How often each fault has struck. */
  strikes(): Partial<Record<FaultKind, number>>;
  /** Calls the listener whenever the rules have changed. Returns the end of it. */
  subscribe(listener: () => void): () => void;
}

const DEFAULT_SEED = 1;

export function createFaultSwitch(): FaultSwitch {
  let rules: FaultRule[] = [];
  const strikes: Partial<Record<FaultKind, number>> = {};
  let random = seededRandom(DEFAULT_SEED);
  const listeners = new Set<() => void>();

  function change(changed: FaultRule[]): void {
    rules = changed;
    for (const listener of listeners) listener();
  }

  return {
    rules: () => rules,
    set(wanted, seed = DEFAULT_SEED) {
      random = seededRandom(seed);
      change(wanted);
    },
    strike<Moment extends FaultMoment>(moment: Moment, to: string | null) {
      const struck = chooseFault(rules, { moment, to }, random);
      if (struck) strikes[struck.fault] = (strikes[struck.fault] ?? 0) + 1;
      if (struck?.count !== undefined) change(afterStrike(rules, struck));
      // chooseFault gives only what strikes at this moment.
      return struck as FaultAt<Moment> | null;
    },
    strikes: () => ({ ...strikes }),
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

import { added, perOperation, withCpu, type Cpu, type Pids } from '../cpu';
import type { Rate } from '../figures';
import { median, rounded } from '../numbers';
import type { Done } from './load';

/** The same measured in several rounds. */
export interface Rounds {
  /**
   * One more round. What it has begun and not ended is waited for by `rest`: that takes no part in the rate,
   * but its processor time is a part of what it costs.
   */
  round(act: () => Promise<Done>, rest?: () => Promise<unknown>): Promise<void>;
  /** Of the last round. */
  readonly lastPerSecond: number;
  /** The median of the rates, and the processor time of one operation over all rounds. */
  result(): Rate;
}

export function createRounds(pids: Pids): Rounds {
  const rates: number[] = [];
  const cpus: (Cpu | null)[] = [];
  let total = 0;
  return {
    async round(act, rest) {
      const { result, cpu } = await withCpu(pids, async () => {
        const done = await act();
        await rest?.();
        return done;
      });
      rates.push(result.perSecond);
      total += result.count;
      cpus.push(cpu);
    },
    get lastPerSecond() {
      return rounded(rates.at(-1) ?? 0, 1);
    },
    result: () => ({ perSecond: rounded(median(rates), 1), cpu: perOperation(added(cpus), total) }),
  };
}

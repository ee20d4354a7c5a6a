import type { Clock } from '../rules/clock';

/** How often something is done. */
export interface Pace {
  clock: Clock;
  everyMs: number;
  /** The pause grows to this while there is nothing to do; as `everyMs` where it is not given. */
  idleMs?: number;
}

/** Of the time that there was nothing to do: what comes then is noticed late by at most this part of it. */
const IDLE_PART = 1 / 10;

/**
 * Does something again and again, with a pause between, until it is stopped. What fails is told, and tried
 * again after the pause.
 * @param step does it; answers with whether there was anything to do
 * @returns what stops it, and waits for the step under way
 */
export function startLoop(
  { clock, everyMs, idleMs = everyMs }: Pace,
  step: () => Promise<boolean>,
  onError: (error: unknown) => void,
): () => Promise<void> {
  let stopped = false;
  let wake: () => void = () => undefined;

  async function run(): Promise<void> {
    let idleSince = clock.now().getTime();
    while (!stopped) {
      try {
        if (await step()) idleSince = clock.now().getTime();
      } catch (error) {
        onError(error);
      }
      const idleForMs = clock.now().getTime() - idleSince;
      await pause(Math.max(everyMs, Math.min(idleMs, idleForMs * IDLE_PART)));
    }
  }

  const pause = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, stopped ? 0 : ms);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });

  const running = run();
  return () => {
    stopped = true;
    wake();
    return running;
  };
}

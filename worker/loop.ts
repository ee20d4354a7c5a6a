/**
 * Does something again and again, with a pause between, until it is stopped. What fails is told, and tried
 * again after the pause.
 * @returns what stops it, and waits for the step under way
 */
export function startLoop(
  everyMs: number,
  step: () => Promise<void>,
  onError: (error: unknown) => void,
): () => Promise<void> {
  let stopped = false;
  let wake: () => void = () => undefined;

  async function run(): Promise<void> {
    while (!stopped) {
      await step().catch(onError);
      await pause();
    }
  }

  const pause = (): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, stopped ? 0 : everyMs);
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

import type { Question, Reply } from './child';

/** What a process answers to, by the name of the question; `stop` is asked last. */
export type Answers = Record<string, (argument: never) => unknown> & { stop: () => Promise<void> };

/**
 * The child's side of {@link startChild}: starts with the settings, then answers until it is told to stop.
 */
export function serve(start: (settings: never) => Promise<{ ready: unknown; answers: Answers }>): void {
  let answers: Answers | null = null;

  async function answerTo({ what, argument }: Question): Promise<unknown> {
    if (what === 'start') {
      const started = await start(argument as never);
      answers = started.answers;
      return started.ready;
    }
    return answers?.[what]?.(argument as never);
  }

  process.on('message', (question: Question) => {
    const { number } = question;
    answerTo(question).then(
      (answer) => tell({ number, answer }),
      (error: unknown) =>
        tell({ number, error: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
    );
  });
  // Told to stop, or whoever started us is gone: nobody would ever stop us.
  process.once('disconnect', () => process.exit(0));
}

const tell = (reply: Reply): void => void process.send?.(reply);
